"""Rating rounds: who reads what and when, what peers say together, when raters are reminded, and what all this claims.

Of the ratings of peers only the count, the mean and the spread are ever shown, for each competency at which at least three
of them gave a level, and only once the round is closed: nobody learns one rating from two readings of a figure. Whoever takes part reads
the self-rating and the manager's after handing in their own; everybody else after closing.

A level that was agreed on supports itself, a self-rating adds nothing (kinds.py). Peers support together the level above or
at their mean, and show of it the share that the mean reaches.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil

from academy.competencies.rules.kinds import CAPS

FLOOR = 3
MOST_RATED = 12
MOST_PEERS = 10
LONGEST_ROUND = timedelta(days=120)
ANSWER_AGREEMENT_WITHIN = timedelta(days=7)
REMIND_BEFORE = (timedelta(days=3), timedelta(days=1))
QUIET_AFTER_ASKING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Together:
    """What at least three peers say of one competency together."""

    count: int
    total: int
    low: int
    high: int

    @property
    def mean(self) -> Fraction:
        """Their mean level."""
        return Fraction(self.total, self.count)


def together(levels: Collection[int]) -> Together | None:
    """Return what peers say together; None when fewer than three gave a level."""
    return Together(len(levels), sum(levels), min(levels), max(levels)) if len(levels) >= FLOOR else None


def reads_others(*, closed: bool, handed_in: bool) -> bool:
    """Whether a reader sees the self-rating and the manager's."""
    return closed or handed_in


def claim_of_peers(found: Together) -> tuple[Fraction, int]:
    """Return the share and the level that the ratings of peers claim."""
    supports = min(max(1, ceil(found.mean)), CAPS["peer"])
    return min(Fraction(1), found.mean / supports), supports


def claim_of_level(level: int) -> tuple[Fraction, int]:
    """Return the share and the level that a level agreed on claims; below the first level nothing of level 1 is shown."""
    return (Fraction(1), level) if level else (Fraction(0), 1)


def reminders_due(closes_at: datetime, at: datetime) -> int:
    """Return how many reminders a rater who has not handed in should have had by now."""
    return sum(closes_at - at <= before for before in REMIND_BEFORE) if at < closes_at else 0


def is_answered_by_silence(agreed_at: datetime, at: datetime) -> bool:
    """Whether the time to answer what was agreed is over."""
    return at >= agreed_at + ANSWER_AGREEMENT_WITHIN
