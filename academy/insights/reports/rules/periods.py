"""When a report is due by letter: each working day, each week from its Sunday, each month from its first day."""

from datetime import date, timedelta

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"
RHYTHMS = (DAILY, WEEKLY, MONTHLY)
_FRIDAY, _SATURDAY = 4, 5


def begins(rhythm: str, today: date) -> date:
    """Return the day on which the present period began; on Friday and Saturday the working day before."""
    if rhythm == MONTHLY:
        return today.replace(day=1)
    if rhythm == WEEKLY:
        return today - timedelta(days=(today.weekday() + 1) % 7)
    off = {_FRIDAY: 1, _SATURDAY: 2}.get(today.weekday(), 0)
    return today - timedelta(days=off)


def due(rhythm: str, *, since: date, today: date) -> date | None:
    """Return the period to deliver now for somebody who asked on the day `since`: the first is the next that begins."""
    first = begins(rhythm, today)
    return first if first > since else None
