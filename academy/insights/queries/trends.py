"""What was completed, what was exempted and what was overdue, month by month, from the history of duties.

A figure and the rows that it opens are the same condition, so that they cannot tell different things.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from academy.accounts.models import OrgUnit, Person
from academy.base.clock import RIYADH
from academy.base.dates import firsts_of_months
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import CourseVersion
from academy.learning.models import ACTIVE, COMPLETED, DutyEvent, Enrolment

MONTHS = 12
DONE, EXEMPTED, OVERDUE = "completed", "exempted", "overdue"
FIGURES = (DONE, EXEMPTED, OVERDUE)


@dataclass(frozen=True, slots=True)
class Month:
    """A month: courses completed in it, courses from which people were exempted in it, and course places that were overdue at its end (of the present one: now)."""

    first: date
    completed: int
    exempted: int
    overdue: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A course place behind a figure of a month: whose, in which unit they are today, when it became so, by when it was due."""

    person_id: int
    name: LocalizedText
    unit: LocalizedText | None
    course: LocalizedText
    at: datetime
    due_on: date | None


def months_told(today: date) -> list[date]:
    """Return the first days of the months that trends tell, the oldest first."""
    return firsts_of_months(today, MONTHS)


def trends(people: ColumnElement[bool], *, today: date, now: datetime) -> list[Month]:
    """Return the last twelve months of a team (one statement)."""
    events, firsts = _events(people).subquery(), months_told(today)
    columns = [_count(condition) for first in firsts for condition in _of_month(events.c, first, now).values()]
    counts: Sequence[Any] = db.session.execute(select(*columns).select_from(events)).one()
    return [Month(first, *map(int, counts[3 * n : 3 * n + 3])) for n, first in enumerate(firsts)]


def month_rows(people: ColumnElement[bool], first: date, figure: str, *, now: datetime) -> Select[Any]:
    """Return the query of the places behind one figure of a month, in the order of names."""
    events = _events(people).subquery()
    return (
        select(
            Person.id, Person.name, OrgUnit.name.label("unit"), CourseVersion.title, events.c.at, events.c.due_on
        )
        .select_from(events)
        .join(Person, Person.id == events.c.learner_id)
        .join(Enrolment, Enrolment.id == events.c.enrolment_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(_of_month(events.c, first, now)[figure])
        .order_by(Person.search_text, Person.id, events.c.at, events.c.id)
    )  # fmt: skip


def month_row(row: Any) -> MonthRow:
    """Turn a fetched row of `month_rows` into what the page shows."""
    return MonthRow(row.id, row.name, row.unit, row.title, row.at, row.due_on)


def _events(people: ColumnElement[bool]) -> Select[Any]:
    """What was written of the places of a team, each entry with what came before it and until when it held."""
    ordered: dict[str, Any] = {"partition_by": DutyEvent.enrolment_id, "order_by": (DutyEvent.at, DutyEvent.id)}
    return (
        select(
            DutyEvent.id, DutyEvent.enrolment_id, DutyEvent.learner_id,
            DutyEvent.at, DutyEvent.state, DutyEvent.asked, DutyEvent.due_on, DutyEvent.exempted,
            func.lead(DutyEvent.at).over(**ordered).label("until"), func.lag(DutyEvent.state).over(**ordered).label("before"),
            func.lag(DutyEvent.exempted).over(**ordered).label("exempted_before"),
        )
        .join(Person, Person.id == DutyEvent.learner_id)
        .where(people)
    )  # fmt: skip


def _of_month(event: Any, first: date, now: datetime) -> dict[str, ColumnElement[bool]]:
    following = (first + timedelta(days=32)).replace(day=1)
    begin, end = datetime.combine(first, time(), RIYADH), datetime.combine(following, time(), RIYADH)
    end, last = min(end, now), min(following - timedelta(days=1), now.astimezone(RIYADH).date())
    fresh = or_(event.before.is_(None), event.before != COMPLETED, event.exempted_before)
    here = event.at >= begin, event.at < end
    held = and_(event.at < end, or_(event.until.is_(None), event.until >= end))
    return {
        DONE: and_(event.state == COMPLETED, ~event.exempted, fresh, *here),
        EXEMPTED: and_(event.exempted, or_(event.before.is_(None), event.before != COMPLETED), *here),
        OVERDUE: and_(held, event.state == ACTIVE, event.asked, event.due_on < last),
    }


def _count(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
