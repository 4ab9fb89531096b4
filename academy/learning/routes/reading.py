"""Who has read an announcement to the learners of a course or programme, on a page and as a file."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from academy.accounts.models import Organisation
from academy.base.arabic import search_terms
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.i18n import _, current_language, direction
from academy.base.spooling import spooled
from academy.base.spreadsheets import AT_A_TIME, XLSX, write_csv, write_xlsx
from academy.base.text import clean_line
from academy.learning import policies
from academy.learning import policies_of_announcements as rights
from academy.learning.queries import announcing as queries
from academy.learning.queries.announcing import ToLearners
from academy.learning.routes.announcing import draw
from academy.learning.routes.blueprints import bp
from academy.notices.services import missing_to_publish
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page


@bp.get("/teach/announcements/<int:announcement_id>")
@requires(rights.KEEP_TOLD, find=queries.to_learners)
def told(item: ToLearners) -> ResponseReturnValue:
    """An announcement as its readers see it, whom it reaches, and who of them has read it."""
    seen, asked, words = policies.learners_visible(actor()), _asked(), _words()
    counts = queries.reader_counts(item, seen, **asked)
    pages = max(1, -(-counts.matching // SIZE))
    number = min(asked_page(), pages)
    rows = db.session.execute(queries.readers(item, seen, **asked).limit(SIZE).offset((number - 1) * SIZE)).all()
    of = item.row.organisation_id
    return draw(
        "told", item.about, item=item, row=item.row, counts=counts, page=Page(rows, number, pages, counts.matching),
        place=db.session.get(Organisation, of) if of else None, words=words, state=asked["state"],
        only_stop_words=bool(words) and not asked["terms"],
        missing=missing_to_publish(item.row) if item.row.state == "draft" else None,
        filters=[("", _("All")), ("unread", _("Not read yet")), ("read", _("Read"))],
    )  # fmt: skip


@bp.get("/teach/announcements/<int:announcement_id>/readers.<kind>")
@requires(
    rights.KEEP_TOLD,
    find=lambda announcement_id, kind: queries.to_learners(announcement_id) if kind in ("csv", "xlsx") else None,
)
def export_readers(item: ToLearners) -> ResponseReturnValue:
    """Give the readers, as filtered, as a CSV or XLSX file."""
    kind, language = (request.view_args or {}).get("kind"), current_language()
    header = [_("Name"), _("E-mail"), _("Organisation"), _("Department"), _("Read on")]
    asked = queries.readers(item, policies.learners_visible(actor()), **_asked())
    cells = (_cells(row, language) for row in db.session.execute(asked.execution_options(yield_per=AT_A_TIME)))
    disposition = {"Content-Disposition": f'attachment; filename="announcement-{item.row.id}-readers.{kind}"'}
    if kind == "csv":
        return Response(spooled(write_csv(header, cells)), mimetype="text/csv; charset=utf-8", headers=disposition)
    book = write_xlsx(header, cells, sheet=_("Readers"), right_to_left=direction(language) == "rtl")
    return Response(book, mimetype=XLSX, headers=disposition)


def _cells(row: Any, language: str) -> list[object]:
    return [
        row.name.show(language), row.email, row.organisation.show(language),
        row.org_unit.show(language) if row.org_unit else None, riyadh_day(row.read_at) if row.read_at else None,
    ]  # fmt: skip


def _asked() -> dict[str, Any]:
    state = request.args.get("state", "")
    return {"terms": search_terms(_words()), "state": state if state in ("read", "unread") else ""}


def _words() -> str:
    return clean_line(request.args.get("q", ""))[:200]
