"""How far the score of a quiz can be trusted, and the decision at its pass mark, from one administration."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, fsum, lgamma, sqrt

LONGEST = 300
GOOD, FAIR = 0.8, 0.7


@dataclass(frozen=True, slots=True)
class Consistency:
    """How often the same people would get the same verdict twice (0 to 1), and that beyond chance (kappa)."""

    agreement: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """The scores of a quiz as a measurement: all in percentage points of the whole score except `alpha`."""

    attempts: int
    mean: float
    deviation: float
    alpha: float | None
    error: float | None
    consistency: Consistency | None


def variance(values: Sequence[float]) -> float:
    """Return the sample variance (divided by count - 1); 0 for fewer than two values."""
    count = len(values)
    if count < 2:
        return 0.0
    mean = fsum(values) / count
    return fsum((value - mean) ** 2 for value in values) / (count - 1)


def alpha(items: Sequence[Sequence[float]]) -> float | None:
    """Return Cronbach's alpha from the points on each question (one sequence a question, attempts in one order).

    None with fewer than two questions, or when the totals do not vary. Source: Cronbach 1951, Psychometrika 16,
    297-334; with right or wrong questions it is the KR-20 of Kuder and Richardson 1937.
    """
    count = len(items)
    totals = [fsum(points) for points in zip(*items, strict=True)]
    spread = variance(totals)
    if count < 2 or spread <= 0:
        return None
    return count / (count - 1) * (1 - fsum(variance(points) for points in items) / spread)


def standard_error(deviation: float, reliability: float) -> float:
    """Return the standard error of measurement in the unit of `deviation`: deviation · √(1 - reliability).

    Source: Crocker and Algina 1986, Introduction to Classical and Modern Test Theory, chapter 6.
    """
    return deviation * sqrt(max(0.0, 1 - reliability))


def kr21(count: int, mean: float, spread: float) -> float | None:
    """Return KR-21 of a test of `count` right-or-wrong questions from mean and variance of the number right.

    None when it cannot be computed. Source: Kuder and Richardson 1937, Psychometrika 2, 151-160, formula 21.
    """
    if count < 2 or spread <= 0:
        return None
    return count / (count - 1) * (1 - mean * (count - mean) / (count * spread))


def effective_length(mean: float, spread: float, reliability: float) -> int | None:
    """Return how many right-or-wrong questions would measure as well; mean and variance on the scale 0 to 1.

    Source: Livingston and Lewis 1995, Journal of Educational Measurement 32, 179-197, formula 6. With the KR-21 of a
    test of n equal questions it gives n back.
    """
    if spread <= 0 or not 0 < reliability < 1:
        return None
    found = round((mean * (1 - mean) - reliability * spread) / (spread * (1 - reliability)))
    return found if 1 <= found <= LONGEST else None


def consistency(count: int, mean: float, reliability: float, cut: int) -> Consistency | None:
    """Return the consistency of passing with `cut` or more of `count` questions, from a single administration.

    The true shares follow a beta distribution with the given mean share (0 to 1) and a spread that gives this
    reliability; two administrations are independent binomials given the true share. Source: Huynh 1976, Journal of
    Educational Measurement 13, 253-264 (a = (1/r - 1)·mean, b = n/r - n - a); the coefficients of agreement are those
    of Subkoviak 1976 (same journal, 265-276) and Swaminathan, Hambleton and Algina 1974. None unless 0 < r < 1 and
    0 < mean < 1.
    """
    if not 0 < reliability < 1 or not 0 < mean < 1 or not 1 <= count <= LONGEST:
        return None
    whole = count * (1 / reliability - 1)
    a, b = whole * mean, whole * (1 - mean)
    ways = [lgamma(count + 1) - lgamma(x + 1) - lgamma(count - x + 1) for x in range(count + 1)]
    base = _log_beta(a, b)
    together = [_log_beta(a + x, b + 2 * count - x) - base for x in range(2 * count + 1)]
    single = [exp(ways[x] + _log_beta(a + x, b + count - x) - base) for x in range(count + 1)]
    passing = fsum(single[cut:])
    both = fsum(exp(ways[x] + ways[y] + together[x + y]) for x in range(cut, count + 1) for y in range(cut, count + 1))
    agreement = 1 - 2 * (passing - both)
    chance = passing * passing + (1 - passing) * (1 - passing)
    kappa = (agreement - chance) / (1 - chance) if chance < 1 - 1e-12 else None
    return Consistency(min(1.0, max(0.0, agreement)), kappa)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def reliability(items: Sequence[Sequence[float]], points: Sequence[float], pass_percent: int) -> Reliability | None:
    """Return the figures of a quiz from the points earned (one sequence a question) of the points that each is worth.

    The decision at the pass mark rests on KR-21 (Huynh) when all questions weigh the same and are right or wrong;
    otherwise on alpha and the effective length of Livingston and Lewis. None without attempts or points.
    """
    whole = fsum(points)
    if not items or not items[0] or whole <= 0:
        return None
    shares = [fsum(earned) / whole for earned in zip(*items, strict=True)]
    mean, spread = fsum(shares) / len(shares), variance(shares)
    found, deviation = alpha(items), sqrt(spread)
    counted = all(worth == points[0] for worth in points) and all(
        earned in (0, worth) for worth, given in zip(points, items, strict=True) for earned in given
    )
    length, trust = (len(items), kr21(len(items), mean * len(items), spread * len(items) ** 2)) if counted else (
        effective_length(mean, spread, found) if found is not None else None, found
    )  # fmt: skip
    verdict = None
    if length is not None and trust is not None:
        verdict = consistency(length, mean, trust, ceil(length * pass_percent / 100 - 1e-9))
    error = None if found is None else 100 * standard_error(deviation, found)
    return Reliability(len(shares), 100 * mean, 100 * deviation, found, error, verdict)
