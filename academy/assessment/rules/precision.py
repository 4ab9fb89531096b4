"""How far the share right of a few questions can be trusted: an interval of 90 % around what was earned on them.

Where every question has a Rasch difficulty, each was answered right or wrong and all are worth the same, the number
right says all there is to say of an ability (Rasch 1960). The interval holds the abilities at which the number seen lies
in neither tail of its own distribution; it is told as the share right that each end would be expected to reach on these
questions. Everywhere else the questions count as a sample, and the interval is Jeffreys' for a share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import exp, lgamma, log, log1p
from typing import Literal, NamedTuple

from academy.assessment.rules.intervals import Interval

Method = Literal["rasch", "binomial"]
TAIL = 0.05
_FAR, _STEPS, _TINY, _CLOSE, _MOST_TERMS = 20.0, 60, 1e-300, 1e-14, 500


class Mark(NamedTuple):
    """What was earned on a question (its version): the share of its points, 0 to 1."""

    question: int
    points: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Precision:
    """The 90 % interval of a share (0 to 1) and what it rests on."""

    low: float
    high: float
    method: Method


def precision(marks: Sequence[Mark], difficulties: Mapping[int, float]) -> Precision:
    """Return the interval around the share of points earned on scored questions, at least one.

    `difficulties` holds those of the calibration in logits, as far as there are any. The interval always holds the share.
    """
    whole = all(mark.share in (0, 1) and mark.question in difficulties for mark in marks)
    if whole and len({mark.points for mark in marks}) == 1:
        right = sum(mark.share == 1 for mark in marks)
        found = expected_share(tuple(sorted(difficulties[mark.question] for mark in marks)), right)
        return Precision(found.low, found.high, "rasch")
    points = sum(mark.points for mark in marks)
    share = sum((mark.points * mark.share for mark in marks), Fraction(0)) / points
    count = Fraction(points * points, sum(mark.points * mark.points for mark in marks))
    found = jeffreys(float(share), float(count))
    return Precision(found.low, found.high, "binomial")


@lru_cache(maxsize=4096)
def expected_share(difficulties: tuple[float, ...], right: int) -> Interval:
    """Return the share right (0 to 1) expected on these questions at both ends of the interval of the ability.

    The ends are where the chance of as many right or more (or of as many or fewer) is 5 %, the number seen itself
    counted by half: the mid-P interval (Lancaster 1961, Journal of the American Statistical Association 56, 223-234;
    for exact inference on ability: Klauer 1991, Psychometrika 56, 535-547). Over people it holds 90 % or somewhat more; at
    single abilities, as a number right moves in steps, it may hold down to 80 % with few questions. It needs no assumption on how able people are.
    With all right there is no upper end, so the share there is 1; with none right it is 0 below. Difficulties are taken
    as known: their errors, from 100 attempts on, are small beside what a few answers leave open.
    """
    if not 0 <= right <= len(difficulties):
        raise ValueError("there cannot be more right than questions")

    def reached(target: float) -> float:
        low, high = difficulties[0] - _FAR, difficulties[-1] + _FAR
        for _step in range(_STEPS):
            middle = (low + high) / 2
            if _above(_chances(difficulties, middle), right) < target:
                low = middle
            else:
                high = middle
        return sum(_chances(difficulties, low)) / len(difficulties)

    return Interval(
        reached(TAIL) if right else 0.0,
        reached(1 - TAIL) if right < len(difficulties) else 1.0,
    )


def _chances(difficulties: Sequence[float], ability: float) -> list[float]:
    return [1 / (1 + exp(hard - ability)) for hard in difficulties]


def _above(chances: Sequence[float], right: int) -> float:
    """Return the chance of more right than `right`, with half of the chance of exactly as many."""
    numbers = [1.0]
    for chance in chances:
        kept = [number * (1 - chance) for number in numbers]
        numbers = [
            (kept[place] if place < len(kept) else 0.0) + (numbers[place - 1] * chance if place else 0.0)
            for place in range(len(numbers) + 1)
        ]
    return sum(numbers[right + 1 :]) + numbers[right] / 2


@lru_cache(maxsize=4096)
def jeffreys(share: float, count: float) -> Interval:
    """Return Jeffreys' interval (90 %) of a share of `count` questions: the tails of Beta(x + 1/2, n - x + 1/2).

    Nothing right has the lower end 0, all right the upper end 1 (Brown, Cai and DasGupta 2001, Statistical Science 16,
    101-133). With partial credit x is no whole number; the interval is then rather too wide, as shares between 0 and 1
    vary less than right and wrong. With unequal points `count` is Kish's effective number, (Σ points)² / Σ points²
    (Kish 1965, Survey Sampling, section 11.7).
    """
    right = share * count
    a, b = right + 0.5, count - right + 0.5
    low = 0.0 if share <= 0 else _quantile(TAIL, a, b)
    high = 1.0 if share >= 1 else _quantile(1 - TAIL, a, b)
    return Interval(min(low, share), max(high, share))


def _quantile(chance: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _step in range(_STEPS):
        middle = (low + high) / 2
        if below(middle, a, b) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def below(x: float, a: float, b: float) -> float:
    """Return the chance that a share with density Beta(a, b) lies below x: the regularised incomplete beta function.

    Source: the continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions, from whichever side it
    converges fast, evaluated by Lentz's method as modified by Thompson and Barnett 1986, Journal of Computational Physics
    64, 490-509.
    """
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - below(1 - x, b, a)
    front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    value, upper, lower = 1.0, 1.0, 0.0
    for term in range(_MOST_TERMS):
        step = term // 2
        if term == 0:
            part = 1.0
        elif term % 2 == 0:
            part = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        else:
            part = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        lower = 1 / ((1 + part * lower) or _TINY)
        upper = (1 + part / upper) or _TINY
        value *= upper * lower
        if term and abs(1 - upper * lower) < _CLOSE:
            break
    return front * (value - 1)
