"""When and how a certificate is renewed, without asking a database."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from academy.base.numbers import LONGEST_DAYS, MOST_DAYS
from academy.base.numbers import read_days as read_days

LONGEST, MOST_REMINDERS = LONGEST_DAYS, MOST_DAYS


class Stage(StrEnum):
    """How far the renewal of a certificate is: not open yet, open, begun, completed but not issued yet, or no longer offered."""

    EARLY = "early"
    OPEN = "open"
    BEGUN = "begun"
    EARNED = "earned"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule says. Without a rule, the course is taken anew within 90 days before the last day, or later."""

    window_days: int = 90
    grace_days: int = 0
    path_course_id: int | None = None
    automatic: bool = False
    reminders: tuple[int, ...] = (90, 30, 7)

    def opens_on(self, expires_on: date) -> date:
        """Return the first day on which a certificate can be renewed."""
        return expires_on - timedelta(days=self.window_days)

    def path_until(self, expires_on: date) -> date:
        """Return the last day on which completing the shorter way renews it."""
        return expires_on + timedelta(days=self.grace_days)

    def path_on(self, expires_on: date, today: date) -> int | None:
        """Return the shorter course by which it can be renewed today, None when the course itself must be taken anew."""
        return self.path_course_id if today <= self.path_until(expires_on) else None


def next_cycle(cycle: int) -> int:
    """Return the cycle that renews one. The academy's first is never a renewal: imported ones, all below it, leave it free."""
    return max(cycle, 1) + 1


def reminder_on(expires_on: date, reminders: tuple[int, ...], today: date) -> int | None:
    """Return which reminder is due today, as days before the last day: the nearest that was reached; None when none is."""
    left = (expires_on - today).days
    return min((days for days in reminders if days >= left), default=None) if left >= 0 else None
