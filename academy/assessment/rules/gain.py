"""What was gained between a test before and a test after: the same people, their scores in pairs.

The difference of the means has a 95 % interval of Student's t for pairs (Student 1908, Biometrika 6, 1-25): mean d +-
t(0.975; n - 1) s(d) / sqrt(n). The normalised gain is that of a class (Hake 1998, American Journal of Physics 66, 64-74):
(mean after - mean before) / (100 - mean before), the share of what could still be gained.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, lgamma, log, sqrt
from statistics import stdev

ENOUGH_PAIRS = 10


@dataclass(frozen=True, slots=True)
class Gain:
    """The gain of `people` who took both: mean percentages, their difference with its 95 % interval, normalised gain.

    `normalised` is None when everybody had everything right before.
    """

    people: int
    before: Fraction
    after: Fraction
    low: float
    high: float
    normalised: Fraction | None

    @property
    def difference(self) -> Fraction:
        """The mean after less the mean before, in percentage points."""
        return self.after - self.before


def gain(pairs: Sequence[tuple[Fraction, Fraction]]) -> Gain | None:
    """Return the gain from (before, after) in percent of each person; None for fewer than `ENOUGH_PAIRS`."""
    count = len(pairs)
    if count < ENOUGH_PAIRS:
        return None
    before = sum((pair[0] for pair in pairs), Fraction(0)) / count
    after = sum((pair[1] for pair in pairs), Fraction(0)) / count
    reach = t_quantile(0.975, count - 1) * stdev(float(late - early) for early, late in pairs) / sqrt(count)
    middle = float(after - before)
    open_still = 100 - before
    return Gain(
        count, before, after, middle - reach, middle + reach, (after - before) / open_still if open_still else None
    )


def t_quantile(share: float, freedom: int) -> float:
    """Return the value that Student's t stays under with probability `share` (above 1/2), by halving the interval."""
    low, high = 0.0, 1.0
    while _t_below(high, freedom) < share:
        high *= 2
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_below(middle, freedom) < share else (low, middle)
    return (low + high) / 2


def _t_below(value: float, freedom: int) -> float:
    """P(t <= value) for value >= 0: DLMF 8.17 with x = freedom / (freedom + value squared)."""
    return 1 - _beta_share(freedom / (freedom + value * value), freedom / 2, 0.5) / 2


def _beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22), after Lentz."""
    if x in (0.0, 1.0):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_share(1 - x, b, a)
    front = exp(a * log(x) + b * log(1 - x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    tiny = 1e-300
    fraction, c, d = 1.0, 1.0, 0.0
    for step in range(400):
        m = step // 2
        if step == 0:
            numerator = 1.0
        elif step % 2 == 0:
            numerator = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            numerator = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / ((1 + numerator * d) or tiny)
        c = (1 + numerator / c) or tiny
        fraction *= c * d
        if step and abs(1 - c * d) < 1e-14:
            break
    return front * (fraction - 1)
