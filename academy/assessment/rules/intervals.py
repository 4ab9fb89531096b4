"""Intervals for shares: how far a share of few people can be trusted."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """The lower and upper end of an interval, in the unit of what it belongs to."""

    low: float
    high: float


def wilson(share: float, count: int) -> Interval | None:
    """Return Wilson's score interval (95 %) of a share from 0 to 1 seen in `count` people; None without people.

    Source: Wilson 1927, Journal of the American Statistical Association 22, 209-212. For questions with partial credit
    `share` is the mean share earned: the interval is then too wide rather than too narrow, as no quantity between 0 and
    1 with mean p varies more than p(1 - p).
    """
    if count < 1:
        return None
    square = Z95 * Z95
    middle = share + square / (2 * count)
    reach = Z95 * sqrt(max(0.0, share * (1 - share)) / count + square / (4 * count * count))
    whole = 1 + square / count
    return Interval(max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole))
