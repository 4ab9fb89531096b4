"""Exact shares and scores, and how they are kept with a fixed number of decimals."""

from decimal import Decimal
from fractions import Fraction

MOST_PARTS = 10_000
MOST_THIRDS, HALF_A_PLACE = 700, Fraction(1, 2_000_000)


def exact(share: Decimal) -> Fraction:
    """Return the fraction that was kept with ten decimals; parts of a question are far fewer than ten thousand."""
    return Fraction(share).limit_denominator(MOST_PARTS)


def exact_score(score: Decimal) -> Fraction:
    """Return the points that were kept with six decimals, thirds as thirds: a mean of such scores decides a verdict.

    Of fractions with so small denominators at most one rounds to what was kept; any other score is taken as it was kept.
    """
    near = Fraction(score).limit_denominator(MOST_THIRDS)
    return near if abs(near - Fraction(score)) <= HALF_A_PLACE else Fraction(score)


def kept(value: Fraction, places: int) -> Decimal:
    """Round for keeping; whoever decides something decides it on the fraction."""
    return Decimal(round(value * 10**places)).scaleb(-places)
