"""Whether a question is as hard for two groups of learners who are equally able: differential item functioning."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

ENOUGH_IN_GROUP = 30
CHI_SQUARE_95 = 3.841458820694124
ONE_SIDED_95 = 1.6448536269514722
NOTABLE, LARGE = 1.0, 1.5


@dataclass(frozen=True, slots=True)
class Case:
    """One learner: the score they are matched on, whether of the focal group, whether the question was right."""

    matched: int
    focal: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between the groups at equal scores.

    `delta` is MH D-DIF in ETS delta units with its standard error: negative when the question is harder for the focal
    group. `size` is the ETS class: A negligible, B moderate, C large.
    """

    odds_ratio: float
    delta: float
    error: float
    chi_square: float
    size: Literal["A", "B", "C"]


def mantel_haenszel(cases: Iterable[Case]) -> Difference | None:
    """Return the Mantel-Haenszel difference of a question; None below `ENOUGH_IN_GROUP` a group or if not computable.

    Odds ratio and chi-square (with continuity correction): Mantel and Haenszel 1959; as a measure of items: Holland and
    Thayer 1988, in Wainer and Braun (eds.), Test Validity, 129-145 (delta = -2.35 ln odds ratio; the score matched on
    includes the question itself). Variance: Robins, Breslow and Greenland 1986, Biometrics 42, 311-323.
    """
    tables: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    sizes = [0, 0]
    for case in cases:
        sizes[case.focal] += 1
        tables[case.matched][2 * case.focal + (not case.right)] += 1
    return compare(tables.values()) if min(sizes) >= ENOUGH_IN_GROUP else None


def compare(tables: Iterable[Iterable[int]]) -> Difference | None:
    """Return the difference from one table a score: reference right, reference wrong, focal right, focal wrong."""
    agree = oppose = first = crossed = last = seen = expected = spread = 0.0
    for a, b, c, d in tables:
        count = a + b + c + d
        if count < 2:
            continue
        with_key, against = a * d / count, b * c / count
        agree, oppose = agree + with_key, oppose + against
        p, q = (a + d) / count, (b + c) / count
        first += p * with_key
        crossed += p * against + q * with_key
        last += q * against
        seen, expected = seen + a, expected + (a + b) * (a + c) / count
        spread += (a + b) * (c + d) * (a + c) * (b + d) / (count * count * (count - 1))
    if agree == 0 or oppose == 0 or spread == 0:
        return None
    variance = first / (2 * agree**2) + crossed / (2 * agree * oppose) + last / (2 * oppose**2)
    chi_square = max(0.0, abs(seen - expected) - 0.5) ** 2 / spread
    ratio = agree / oppose
    delta, error = -2.35 * log(ratio), 2.35 * sqrt(variance)
    return Difference(ratio, delta, error, chi_square, _size(delta, error, chi_square))


def _size(delta: float, error: float, chi_square: float) -> Literal["A", "B", "C"]:
    """Return the ETS class. Source: Zieky 1993, in Holland and Wainer (eds.), Differential Item Functioning, 337-347.

    A: not significantly different from 0 (5 %), or below 1 in size. C: at least 1.5 and significantly above 1 (5 %,
    one-sided). B: all others.
    """
    size = abs(delta)
    if chi_square <= CHI_SQUARE_95 or size < NOTABLE:
        return "A"
    return "C" if size >= LARGE and size - NOTABLE > ONE_SIDED_95 * error else "B"
