"""From the shares of single answers to the score of an attempt, and from attempts to the one that counts.

What counts decides whether a quiz is passed. *best*: passed when any attempt passed. *first*, *last*: when that attempt
passed. *average*: when the mean of all scores, unrounded, reaches the pass mark and the last attempt missed no floor, as
a floor says what somebody can do now. A quiz that was passed once stays completed: what a later attempt changes is the
result that is shown, never a completion or a certificate.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

CountingMethod = Literal["best", "last", "average", "first"]


@dataclass(frozen=True)
class AttemptScore:
    """What an attempt earned of what it could earn; exact, so that nothing is passed or failed by rounding."""

    raw: Fraction
    max: Fraction

    @property
    def percent(self) -> Fraction:
        """The score between 0 and 100, unrounded; an attempt without points has 0."""
        return self.raw * 100 / self.max if self.max else Fraction(0)


def grade(items: Iterable[tuple[int | Decimal | Fraction, Fraction]]) -> AttemptScore:
    """Add up (points, share between 0 and 1) of every question of the paper, the unanswered ones with share 0.

    Raises ValueError when a share or the points are out of range: a score is what the answers earned, never more.
    """
    raw = most = Fraction(0)
    for points, share in items:
        worth = Fraction(points)
        if worth < 0 or not 0 <= share <= 1:
            raise ValueError(f"points {points} with share {share} is no mark")
        raw += worth * share
        most += worth
    return AttemptScore(raw, most)


def passed(raw: Fraction, maximum: Fraction, pass_percent: int | Decimal | Fraction) -> bool:
    """Say whether the unrounded score reaches the pass mark: 69.99… % is not 70 %. Without any points nobody passes."""
    return maximum > 0 and raw * 100 >= Fraction(pass_percent) * maximum


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A domain whose floor was missed: the percentage reached, unrounded, and the floor in percent."""

    domain: str
    percent: Fraction
    floor: int

    def as_json(self) -> dict[str, object]:
        """Return it as it is kept with the attempt; the percentage is rounded down, as a shown 50 would have sufficed."""
        return {
            "domain": self.domain,
            "percent": self.percent.numerator // self.percent.denominator,
            "floor": self.floor,
        }


def by_domain(items: Iterable[tuple[str | None, int, Fraction]]) -> dict[str, AttemptScore]:
    """Add up (domain, points, share) for each domain; questions of no domain count for none."""
    found: dict[str, list[tuple[int, Fraction]]] = defaultdict(list)
    for domain, points, share in items:
        if domain:
            found[domain].append((points, share))
    return {domain: grade(marks) for domain, marks in found.items()}


def shortfalls(floors: Mapping[str, int], scores: Mapping[str, AttemptScore]) -> list[Shortfall]:
    """Return the domains that stayed under their floor, unrounded; a domain without any points is not judged."""
    judged = [(domain, floor, scores[domain]) for domain, floor in floors.items() if domain in scores]
    return [
        Shortfall(domain, score.percent, floor)
        for domain, floor, score in judged
        if score.max and not passed(score.raw, score.max, floor)
    ]


@dataclass(frozen=True, slots=True)
class Graded:
    """A graded attempt as the counting methods see it; `floors_met` says that no domain stayed under its floor."""

    score: AttemptScore
    passed: bool
    floors_met: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """The percentage that counts and whether it passes; None without a graded attempt."""

    percent: Fraction | None
    passed: bool


def outcome(method: CountingMethod, attempts: Sequence[Graded], pass_percent: int) -> Outcome:
    """Return what counts of graded attempts in their order, by the quiz's method (see the head of this module)."""
    percent = counted(method, [attempt.score for attempt in attempts])
    if percent is None:
        return Outcome(None, False)
    if method == "best":
        return Outcome(percent, any(attempt.passed for attempt in attempts))
    if method == "average":
        whole = any(attempt.score.max for attempt in attempts)
        return Outcome(percent, whole and percent >= pass_percent and attempts[-1].floors_met)
    return Outcome(percent, attempts[0 if method == "first" else -1].passed)


def passed_with(
    method: CountingMethod, attempts: Sequence[Graded], pass_percent: int, least: int | None = None
) -> int | None:
    """Return the index of the attempt with which the quiz was passed for the first time by what counts; None if it never was.

    `least` asks for more than passing: that percentage. A single attempt has to do both, unless their average counts.
    """
    for place in range(len(attempts)):
        found = outcome("last" if method == "best" else method, attempts[: place + 1], pass_percent)
        if found.passed and (found.percent or 0) >= (least or 0):
            return place
    return None


def best_attempt(scores: Sequence[AttemptScore]) -> int | None:
    """Return the index of the attempt with the highest percentage, the earliest of equals; None without attempts."""
    return max(range(len(scores)), key=lambda index: (scores[index].percent, -index), default=None)


def best(scores: Sequence[AttemptScore]) -> Fraction | None:
    """Return the highest percentage."""
    return max((score.percent for score in scores), default=None)


def last(scores: Sequence[AttemptScore]) -> Fraction | None:
    """Return the percentage of the latest attempt; `scores` are in the order of the attempts."""
    return scores[-1].percent if scores else None


def first(scores: Sequence[AttemptScore]) -> Fraction | None:
    """Return the percentage of the first attempt."""
    return scores[0].percent if scores else None


def average(scores: Sequence[AttemptScore]) -> Fraction | None:
    """Return the mean of the percentages, unrounded."""
    return sum((score.percent for score in scores), Fraction(0)) / len(scores) if scores else None


COUNTING_METHODS: dict[CountingMethod, Callable[[Sequence[AttemptScore]], Fraction | None]] = {
    "best": best,
    "last": last,
    "average": average,
    "first": first,
}


def counted(method: CountingMethod, scores: Sequence[AttemptScore]) -> Fraction | None:
    """Return the percentage that counts by the quiz's method; None while no attempt is graded."""
    return COUNTING_METHODS[method](scores)
