"""What becomes of a quiz's limits when somebody has been granted others."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from academy.assessment.rules.attempts import Limits
from academy.base.dates import riyadh_day


@dataclass(frozen=True, slots=True)
class Granted:
    """What somebody was granted: at every quiz until the end of `valid_until`, and as dates of one quiz."""

    extra_percent: int = 0
    extra_attempts: int = 0
    valid_until: date | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    ends_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether what was granted for every quiz still holds; the last day counts whole, in Riyadh."""
        return holds(self.valid_until, at)


def holds(valid_until: date | None, at: datetime) -> bool:
    """Whether something that is valid until a day holds at a moment."""
    return valid_until is None or riyadh_day(at) <= valid_until


def accommodated(limits: Limits, granted: Granted | None, at: datetime) -> Limits:
    """Return the limits of a quiz for somebody who was granted this; dates of one quiz hold without end."""
    if granted is None:
        return limits
    still = granted.holds(at)
    return replace(
        limits,
        opens_at=granted.opens_at or limits.opens_at,
        closes_at=granted.closes_at or limits.closes_at,
        ends_at=granted.ends_at,
        extra_percent=granted.extra_percent if still else 0,
        extra_attempts=granted.extra_attempts if still else 0,
    )
