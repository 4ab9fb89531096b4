"""What somebody has assigned lately: what came of it, and taking it back within a day."""

from collections import defaultdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.policies import people_managed
from academy.base import clock
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _, _l, ngettext
from academy.base.text import LocalizedText
from academy.insights import policies, services
from academy.insights.routes.blueprints import bp
from academy.learning.models import Assignment
from academy.learning.queries import undoing as queries
from academy.web.access import requires
from academy.web.filters import in_digits, plain
from academy.web.identity import actor
from academy.web.pagination import paginate

name_act(policies.UNDO, _l("Assignment taken back"))


@bp.get("/team/assignments")
@requires(policies.ASSIGN)
def assignments() -> ResponseReturnValue:
    """What the visitor has assigned, the newest first, and what of it can still be taken back."""
    page = paginate(queries.made_by(actor().person_id))
    rows = [queries.made_of(row) for row in page.rows]
    return render_template("insights/assignments.html", page=page, rows=rows, now=clock.now())


@bp.get("/team/assignments/<int:assignment_id>")
@requires(policies.SEE_ASSIGNMENT, find=queries.assignment)
def assignment(row: Assignment) -> ResponseReturnValue:
    """One assignment; while it can be taken back, what that would do to whom. Nothing is changed by looking."""
    made, now = queries.made(row.id), clock.now()
    if made is None or not made.places:
        raise NotFound
    is_open = made.undone_at is None and now < made.open_until()
    groups: dict[str, list[LocalizedText]] = defaultdict(list)
    for each in queries.fates(row.id, people_managed(actor())) if is_open else []:
        groups[each.fate].append(each.name)
    return render_template("insights/assignment.html", made=made, groups=groups, is_open=is_open)


@bp.post("/team/assignments/<int:assignment_id>/undo")
@requires(policies.UNDO, find=queries.assignment)
def undo(row: Assignment) -> ResponseReturnValue:
    """Take an assignment back from those who have not begun."""
    made = queries.made(row.id)
    if made is None or not made.places:
        raise NotFound
    try:
        done = services.take_back(actor(), row, title=plain(made.title), at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
    else:
        back = sum(done.counts.get(fate, 0) for fate in queries.TAKEN_BACK)
        flash(
            in_digits(
                ngettext("Taken back from %(num)s person.", "Taken back from %(num)s people.", back)
                if back
                else _("Nothing was taken back: everybody has begun or was given another due date since.")
            ),
            "ok" if back else "info",
        )
    return redirect(url_for("insights.assignment", assignment_id=row.id))
