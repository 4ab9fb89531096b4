"""What was completed, what was exempted and what was overdue, month by month, from the history of duties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from academy.accounts.models import Person
from academy.base.clock import RIYADH
from academy.base.dates import firsts_of_months
from academy.base.db import db
from academy.learning.models import ACTIVE, COMPLETED, DutyEvent

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month: courses completed in it, courses from which people were exempted in it, and course places that were overdue at its end (of the present one: now)."""

    first: date
    completed: int
    exempted: int
    overdue: int


def trends(people: ColumnElement[bool], *, today: date, now: datetime) -> list[Month]:
    """Return the last twelve months of a team (one statement)."""
    ordered: dict[str, Any] = {"partition_by": DutyEvent.enrolment_id, "order_by": (DutyEvent.at, DutyEvent.id)}
    events = (
        select(
            DutyEvent.at, DutyEvent.state, DutyEvent.asked, DutyEvent.due_on, DutyEvent.exempted,
            func.lead(DutyEvent.at).over(**ordered).label("until"), func.lag(DutyEvent.state).over(**ordered).label("before"),
            func.lag(DutyEvent.exempted).over(**ordered).label("exempted_before"),
        )
        .join(Person, Person.id == DutyEvent.learner_id)
        .where(people)
        .subquery()
    )  # fmt: skip
    firsts = firsts_of_months(today, MONTHS)
    columns = [column for first in firsts for column in _of_month(events.c, first, now)]
    counts: Sequence[Any] = db.session.execute(select(*columns)).one()
    return [Month(first, *map(int, counts[3 * n : 3 * n + 3])) for n, first in enumerate(firsts)]


def _of_month(event: Any, first: date, now: datetime) -> tuple[Any, Any, Any]:
    following = (first + timedelta(days=32)).replace(day=1)
    begin, end = datetime.combine(first, time(), RIYADH), datetime.combine(following, time(), RIYADH)
    end, last = min(end, now), min(following - timedelta(days=1), now.astimezone(RIYADH).date())
    fresh = or_(event.before.is_(None), event.before != COMPLETED, event.exempted_before)
    here = event.at >= begin, event.at < end
    completed = and_(event.state == COMPLETED, ~event.exempted, fresh, *here)
    exempted = and_(event.exempted, or_(event.before.is_(None), event.before != COMPLETED), *here)
    held = and_(event.at < end, or_(event.until.is_(None), event.until >= end))
    overdue = and_(held, event.state == ACTIVE, event.asked, event.due_on < last)
    return _count(completed), _count(exempted), _count(overdue)


def _count(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
