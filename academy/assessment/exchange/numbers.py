"""Exact numbers of files: plain decimals in, plain decimals out."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from academy.assessment.types.checking import exact_number
from academy.assessment.types.numeric import around

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


def number(text: str | None) -> Decimal | None:
    """Return a number as programs write it (12.5, -1e3), None for anything else."""
    typed = (text or "").strip()
    if len(typed) > 64 or not _NUMBER.fullmatch(typed):
        return None
    try:
        return exact_number(Decimal(typed))
    except InvalidOperation:
        return None


def plain(value: Any) -> str:
    """Return a number of a question's content as a plain decimal."""
    return format(exact_number(value) or Decimal(0), "f")


def limits(content: Mapping[str, Any]) -> tuple[str, str]:
    """Return answer and plain tolerance of a numeric question, whatever kind its tolerance is."""
    value, width = around(content)
    return decimal(value), decimal(width)


def decimal(value: Fraction) -> str:
    """Return a fraction as a plain decimal, rounded to twelve places where it has more."""
    number = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-12))
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def middle(low: Decimal, high: Decimal) -> tuple[str, str]:
    """Return a range as answer and tolerance."""
    return format((low + high) / 2, "f"), format(abs(high - low) / 2, "f")
