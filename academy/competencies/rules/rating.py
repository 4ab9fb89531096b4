"""Rating rounds: who reads what and when, what peers say together, when raters are reminded, and what all this claims.

Of the ratings of peers only the count and the mean to half a level are ever shown, for each competency at which at least
three of them gave a level, and from five on whether they lie far apart; and only once the round is closed. No figure tells
what one of them said, not even when all say the same: half a level covers several sets of answers, and the ends of the scale
are never shown as such. Whoever takes part reads the self-rating and the manager's after handing in their own; everybody else
after closing.

A level that was agreed on supports itself, a self-rating adds nothing (kinds.py). Peers support together the level above or
at the mean as it is shown, and show of it the share that this reaches.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor

from academy.competencies.rules.judging import HIGHEST
from academy.competencies.rules.kinds import CAPS

FLOOR = 3
SPREAD_FROM = 5
LEAST_SHOWN, MOST_SHOWN = Fraction(1, 2), HIGHEST - Fraction(1, 2)
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
        """Their mean level; never shown as it is."""
        return Fraction(self.total, self.count)

    @property
    def shown(self) -> Fraction:
        """Their mean to half a level; at the ends of the scale "half a level or less" and "three and a half or more"."""
        return min(max(Fraction(floor(2 * self.mean + Fraction(1, 2)), 2), LEAST_SHOWN), MOST_SHOWN)

    @property
    def is_lowest(self) -> bool:
        """Whether the figure stands for everything at or below it."""
        return self.shown == LEAST_SHOWN

    @property
    def is_highest(self) -> bool:
        """Whether the figure stands for everything at or above it."""
        return self.shown == MOST_SHOWN

    @property
    def far_apart(self) -> bool | None:
        """Whether two or more levels lie between them; of fewer than five that is not told."""
        return self.high - self.low >= 2 if self.count >= SPREAD_FROM else None


def together(levels: Collection[int]) -> Together | None:
    """Return what peers say together; None when fewer than three gave a level."""
    return Together(len(levels), sum(levels), min(levels), max(levels)) if len(levels) >= FLOOR else None


def reads_others(*, closed: bool, handed_in: bool) -> bool:
    """Whether a reader sees the self-rating and the manager's."""
    return closed or handed_in


def claim_of_peers(found: Together) -> tuple[Fraction, int]:
    """Return the share and the level that the ratings of peers claim."""
    supports = min(max(1, ceil(found.shown)), CAPS["peer"])
    return min(Fraction(1), found.shown / supports), supports


def claim_of_level(level: int) -> tuple[Fraction, int]:
    """Return the share and the level that a level agreed on claims; below the first level nothing of level 1 is shown."""
    return (Fraction(1), level) if level else (Fraction(0), 1)


def reminders_due(closes_at: datetime, at: datetime) -> int:
    """Return how many reminders a rater who has not handed in should have had by now."""
    return sum(closes_at - at <= before for before in REMIND_BEFORE) if at < closes_at else 0


def is_answered_by_silence(agreed_at: datetime, at: datetime) -> bool:
    """Whether the time to answer what was agreed is over."""
    return at >= agreed_at + ANSWER_AGREEMENT_WITHIN
