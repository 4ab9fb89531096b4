"""What becomes of a quiz's limits when somebody has been granted others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from academy.assessment.rules.attempts import GroupName, Limits
from academy.base.dates import riyadh_day


@dataclass(frozen=True, slots=True)
class GroupShare:
    """What somebody has as one of a group, as far as it holds at the moment that is asked about."""

    name: GroupName
    extra_percent: int = 0
    extra_attempts: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What somebody was granted: at every quiz until the end of `valid_until`, as dates of one quiz, and with groups."""

    extra_percent: int = 0
    extra_attempts: int = 0
    valid_until: date | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    ends_at: datetime | None = None
    groups: Sequence[GroupShare] = ()

    def holds(self, at: datetime) -> bool:
        """Whether what was granted for every quiz still holds; the last day counts whole, in Riyadh."""
        return holds(self.valid_until, at)


def holds(valid_until: date | None, at: datetime) -> bool:
    """Whether something that is valid until a day holds at a moment."""
    return valid_until is None or riyadh_day(at) <= valid_until


def accommodated(limits: Limits, granted: Granted | None, at: datetime) -> Limits:
    """Return the limits of a quiz for somebody who was granted this; dates of one quiz hold without end.

    A date of one's own goes before those of groups, and of several groups the most generous counts. Extra time and extra
    attempts are never added up: the most that one was granted counts, by oneself or with a group.
    """
    if granted is None:
        return limits
    still, groups = granted.holds(at), granted.groups
    return replace(
        limits,
        opens_at=granted.opens_at or min(_told(each.opens_at for each in groups), default=limits.opens_at),
        closes_at=granted.closes_at or max(_told(each.closes_at for each in groups), default=limits.closes_at),
        ends_at=granted.ends_at or max(_told(each.ends_at for each in groups), default=None),
        extra_percent=max([granted.extra_percent if still else 0, *(each.extra_percent for each in groups)]),
        extra_attempts=max([granted.extra_attempts if still else 0, *(each.extra_attempts for each in groups)]),
        groups=tuple(each.name for each in groups),
    )


def _told(moments: Iterable[datetime | None]) -> list[datetime]:
    return [each for each in moments if each is not None]
