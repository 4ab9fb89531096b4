"""Which rung of the ladder of a due day is to be told."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from academy.base.dates import end_of_day

BEFORE, OVERDUE, MANAGER, ADMINISTRATOR = "before", "overdue", "manager", "administrator"


def over_at(due_on: date) -> datetime:
    """Return the moment from which a due day is over, in UTC: Riyadh's midnight, whatever the working hours (decision 38).

    So something is late exactly from the day after, which is what queries compare: `due_on < riyadh_day(moment)`.
    """
    return end_of_day(due_on) + timedelta(seconds=1)


def own_rung(due_on: date, *, since: date, today: date, before: Collection[int]) -> tuple[str, int] | None:
    """Return the rung that the learner stands on, as (name, days before): the latest that was reached, None before the first.

    `since` is the day the duty began: rungs that lay before it are passed over, for the duty itself was told then.
    """
    left = (due_on - today).days
    if left < 0:
        return OVERDUE, 0
    reached = [days for days in before if left <= days and due_on - timedelta(days=days) > since]
    return (BEFORE, min(reached)) if reached else None
