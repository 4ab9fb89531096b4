"""Everyone's own list of notices."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from academy.base import clock
from academy.base.i18n import _, current_language
from academy.notices import kinds, policies, queries, rules, services, wording
from academy.notices.models import Notice
from academy.notices.routes.blueprints import bp
from academy.web.access import requires, safe_next
from academy.web.filters import calendar, digits
from academy.web.identity import actor
from academy.web.pagination import paginate


@bp.get("/notices")
@requires(policies.READ_NOTICES)
def mine() -> ResponseReturnValue:
    """The visitor's notices, newest first."""
    page = paginate(queries.notices_of(actor().person_id))
    reader = rules.Reader(current_language(), digits(), calendar())
    known = [(row, kinds.kind(row.kind)) for row in page.rows if row.kind in kinds.KINDS]
    shown = [(row, kind, wording.for_page(kind, row.values, reader)) for row, kind in known]
    return render_template("notices/mine.html", page=page, shown=shown)


@bp.post("/notices/<int:notice_id>/open")
@requires(policies.OPEN_NOTICE, find=queries.notice)
def open_notice(notice: Notice) -> ResponseReturnValue:
    """Mark a notice as read and go where it leads."""
    services.mark_read(notice, at=clock.now())
    return redirect(safe_next(notice.address, url_for("notices.mine")))


@bp.post("/notices/read")
@requires(policies.READ_NOTICES)
def read_all() -> ResponseReturnValue:
    """Mark all of the visitor's notices as read."""
    services.mark_all_read(actor().person_id, at=clock.now())
    flash(_("All notices are marked as read."), "ok")
    return redirect(url_for("notices.mine"))
