"""Which rung of the ladder of a due day is to be told."""

from collections.abc import Collection
from datetime import date, timedelta

BEFORE, OVERDUE, MANAGER, ADMINISTRATOR = "before", "overdue", "manager", "administrator"


def own_rung(due_on: date, *, since: date, today: date, before: Collection[int]) -> tuple[str, int] | None:
    """Return the rung that the learner stands on, as (name, days before): the latest that was reached, None before the first.

    `since` is the day the duty began: rungs that lay before it are passed over, for the duty itself was told then.
    """
    left = (due_on - today).days
    if left < 0:
        return OVERDUE, 0
    reached = [days for days in before if left <= days and due_on - timedelta(days=days) > since]
    return (BEFORE, min(reached)) if reached else None
