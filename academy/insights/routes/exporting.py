"""The follow-up of a scope as a file for spreadsheets."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.i18n import _, current_language
from academy.base.spreadsheets import AT_A_TIME
from academy.insights import policies, queries
from academy.insights.queries import FollowUpRow
from academy.insights.routes.asking import asked
from academy.insights.routes.blueprints import bp
from academy.insights.routes.files import given
from academy.web.access import requires
from academy.web.identity import actor


@bp.get("/team/export.<kind>")
@requires(policies.EXPORT)
def export(kind: str) -> ResponseReturnValue:
    """Give the follow-up, as filtered, as a CSV or XLSX file."""
    ask, today = asked(actor()), clock.today()
    query = queries.follow_up(ask.scope.people, state=ask.state, terms=ask.terms, today=today, whole=True)
    rows = db.session.execute(query.execution_options(yield_per=AT_A_TIME))
    words = " · ".join(filter(None, (state_names().get(ask.state, ask.state), ask.words)))
    name = f"team-{today.isoformat()}"
    return given(kind, name, _("Follow-up"), _header(), _lines(rows, today), scope=ask.scope.key, words=words)


def state_names() -> dict[str, str]:
    """Name how an enrolment can stand."""
    return {
        "in_progress": _("In progress"),
        "not_started": _("Not started"),
        "due_soon": _("Due within a week"),
        "overdue": _("Overdue"),
        "completed": _("Completed"),
        "exempted": _("Exempted"),
    }


def _header() -> list[str]:
    return [
        _("Name"), _("E-mail"), _("Employee number"), _("Department"), _("Course code"), _("Course"), _("State"), _("Mandatory"),
        _("Completed activities"), _("Required activities"), _("Quiz result, percent"), _("Time spent, minutes"), _("Credited hours"), _("Due on"), _("Enrolled on"),
        _("Last activity"), _("Completed on"), _("Certificate number"), _("Valid until"),
    ]  # fmt: skip


def _lines(rows: Iterable[Any], today: date) -> Iterator[list[object]]:
    names, words, language = state_names(), (_("yes"), _("no")), current_language()
    for row in rows:
        yield _cells(queries.row_of(row), today, names, words, language)


def _cells(row: FollowUpRow, today: date, names: dict[str, str], words: tuple[str, str], language: str) -> list[object]:
    return [
        row.name.show(language), row.email, row.employee_number, row.org_unit.show(language) if row.org_unit else None,
        row.course_code, row.course.show(language),
        names[row.standing_on(today)], words[0] if row.assigned else words[1], row.done, row.required,
        round(row.best * 100, 1) if row.best is not None else None, row.hours.minutes, row.hours.credited, row.due_on, _day(row.enrolled_at), _day(row.last_activity_at),
        _day(row.completed_at), row.certificate, row.valid_until,
    ]  # fmt: skip


def _day(moment: datetime | None) -> date | None:
    return riyadh_day(moment) if moment else None
