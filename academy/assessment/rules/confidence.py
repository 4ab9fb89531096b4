"""How sure learners were, held against how often they were right. For information: it changes no score.

Certainty-based marking (Gardner-Medwin 1995) rewards an honest word on one's own certainty, but only where a wrong answer
may cost points; scores here are never below what the answers earned, so the table is shown and nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from academy.assessment.rules.intervals import Interval, wilson

LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Sureness:
    """The answers given with one level of certainty (1 unsure to 3 certain): how many, and the mean share earned."""

    level: int
    answers: int
    share: Fraction | None

    @property
    def interval(self) -> Interval | None:
        """The interval of the share (95 %); None without answers."""
        return None if self.share is None else wilson(float(self.share), self.answers)


def sureness(told: Iterable[tuple[int, Fraction]]) -> tuple[Sureness, ...]:
    """Return a row for each level from (level, share earned) of each answer; nothing when nobody said how sure they were."""
    given: dict[int, list[Fraction]] = {level: [] for level in LEVELS}
    for level, share in told:
        given[level].append(share)
    if not any(given.values()):
        return ()
    return tuple(
        Sureness(level, len(shares), sum(shares, Fraction(0)) / len(shares) if shares else None)
        for level, shares in given.items()
    )
