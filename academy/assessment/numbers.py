"""Exact shares and scores, and how they are kept with a fixed number of decimals."""

from decimal import Decimal
from fractions import Fraction

MOST_PARTS = 10_000


def exact(share: Decimal) -> Fraction:
    """Return the fraction that was kept with ten decimals; parts of a question are far fewer than ten thousand."""
    return Fraction(share).limit_denominator(MOST_PARTS)


def kept(value: Fraction, places: int) -> Decimal:
    """Round for keeping; whoever decides something decides it on the fraction."""
    return Decimal(round(value * 10**places)).scaleb(-places)
