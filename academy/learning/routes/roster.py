"""The trainers' roster: how the learners of a course are doing, on a page and as a file."""

from datetime import date, datetime
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from academy.base import clock
from academy.base.arabic import search_terms
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.i18n import _, current_language, direction
from academy.base.spooling import spooled
from academy.base.spreadsheets import AT_A_TIME, XLSX, write_csv, write_xlsx
from academy.base.text import clean_line
from academy.catalogue.models import Course
from academy.catalogue.queries import course_by_key, titles
from academy.learning import policies
from academy.learning.queries import RosterRow, roster_counts, row_of
from academy.learning.queries import roster as the_roster
from academy.learning.routes.blueprints import bp
from academy.web.access import requires
from academy.web.filters import in_digits
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

STATES = ("active", "completed", "exempted", "overdue", "still", "withdrawn")


@bp.get("/teach/<key>/roster")
@requires(policies.SEE_ROSTER, find=course_by_key)
def roster(course: Course) -> ResponseReturnValue:
    """List the learners of a course."""
    today, words, names = clock.today(), _words(), state_names()
    counts = roster_counts(course.id, policies.learners_visible(actor()), **_asked())
    page = _page(course, counts.matching)
    return render_template(
        "learning/roster.html",
        course=course,
        title=titles([course.id])[course.id],
        page=page,
        rows=[row_of(row, today) for row in page.rows],
        counts=counts,
        words=words,
        only_stop_words=bool(words) and not search_terms(words),
        state=_state(),
        states=[("", _("All"))] + [(state, names[state]) for state in STATES],
        state_names=names,
    )


@bp.get("/teach/<key>/roster.<kind>")
@requires(policies.SEE_ROSTER, find=lambda key, kind: course_by_key(key) if kind in ("csv", "xlsx") else None)
def export_roster(course: Course) -> ResponseReturnValue:
    """Give the roster, as filtered, as a CSV or XLSX file."""
    kind = (request.view_args or {}).get("kind")
    header, today, language, names = _header(), clock.today(), current_language(), state_names()
    rows = (row_of(row, today) for row in db.session.execute(_query(course).execution_options(yield_per=AT_A_TIME)))
    cells = (_cells(row, language, names) for row in rows)
    filename = f"{course.key}-learners.{kind}"
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    if kind == "csv":
        return Response(spooled(write_csv(header, cells)), mimetype="text/csv; charset=utf-8", headers=disposition)
    book = write_xlsx(header, cells, sheet=_("Learners"), right_to_left=direction(language) == "rtl")
    return Response(book, mimetype=XLSX, headers=disposition)


def state_names() -> dict[str, str]:
    """Name the states and standings of an enrolment."""
    return {
        "active": _("In progress"),
        "in_progress": _("In progress"),
        "not_started": _("Not started"),
        "due_soon": _("Due soon"),
        "overdue": _("Overdue"),
        "completed": _("Completed"),
        "exempted": _("Exempted"),
        "still": in_digits(_("Stuck for 14 days")),
        "withdrawn": _("Left the course"),
    }


def _query(course: Course) -> Select[Any]:
    return the_roster(course.id, policies.learners_visible(actor()), **_asked())


def _asked() -> dict[str, Any]:
    return {"terms": search_terms(_words()), "state": _state(), "today": clock.today()}


def _page(course: Course, total: int) -> Page:
    pages = max(1, -(-total // SIZE))
    number = min(asked_page(), pages)
    rows = db.session.execute(_query(course).limit(SIZE).offset((number - 1) * SIZE)).all()
    return Page(rows, number, pages, total)


def _words() -> str:
    return clean_line(request.args.get("q", ""))[:200]


def _state() -> str:
    asked = request.args.get("state", "")
    return asked if asked in STATES else ""


def _header() -> list[str]:
    return [
        _("Name"), _("E-mail"), _("Organisation"), _("Department"), _("State"), _("Completed activities"), _("Required activities"),
        _("Quiz result, percent"), _("Time spent, minutes"), _("Credited hours"), _("Due on"), _("Enrolled on"), _("Last activity"), _("Completed on"),
    ]  # fmt: skip


def _cells(row: RosterRow, language: str, names: dict[str, str]) -> list[object]:
    return [
        row.name.show(language), row.email, row.organisation.show(language), row.org_unit.show(language) if row.org_unit else None,
        names[row.standing], row.done, row.required,
        round(row.best * 100, 1) if row.best is not None else None, row.hours.minutes, row.hours.credited, row.due_on, _day(row.enrolled_at), _day(row.last_activity_at),
        _day(row.completed_at),
    ]  # fmt: skip


def _day(moment: datetime | None) -> date | None:
    return riyadh_day(moment) if moment else None
