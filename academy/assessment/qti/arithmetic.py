"""Expressions that reckon (IM 10.4). Exact where the result is; a double where mathematics leaves the fractions."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from xml.etree.ElementTree import Element

from academy.assessment.qti.bounds import NotUnderstood
from academy.assessment.qti.running import Run, expression, flag
from academy.assessment.qti.values import NULL, Value, bounded, number, truth

HALF = Fraction(1, 2)
MOST_FIGURES = 30
MOST_POWER = 64
Numbers = Sequence[Fraction]


def _reckon(
    name: str, work: Callable[[Numbers], Fraction | int | None], least: int = 1, most: int | None = None
) -> None:
    @expression(name, least=least, most=most)
    def rule(run: Run, element: Element) -> Value:
        found = run.numbers(element)
        return number(work(found)) if found else NULL


def _product(found: Numbers) -> Fraction | None:
    result: Fraction | None = Fraction(1)
    for each in found:
        result = bounded(result * each) if result is not None else None
    return result


def _whole(found: Numbers) -> list[int] | None:
    return [int(each) for each in found] if all(each.denominator == 1 for each in found) else None


def _common(work: Callable[..., int]) -> Callable[[Numbers], int | None]:
    def of(found: Numbers) -> int | None:
        whole = _whole(found)
        return work(*whole) if whole is not None else None

    return of


def rounded(value: Fraction) -> int:
    """Return the nearest whole number, halves upwards: 6.5 is 7, -6.5 is -6 (IM 10.4, round)."""
    return math.floor(value + HALF)


def _power(found: Numbers) -> Fraction | None:
    if len(found) != 2:
        return None
    base, exponent = found
    if exponent.denominator == 1 and abs(exponent) <= MOST_POWER and (base or exponent >= 0):
        return base ** int(exponent)
    return in_doubles(lambda: math.pow(float(base), float(exponent)))


def in_doubles(work: Callable[[], float]) -> Fraction | None:
    """Return the result of work with doubles; None where it has none."""
    try:
        result = work()
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return Fraction(result) if math.isfinite(result) else None


_reckon("sum", lambda found: sum(found, Fraction(0)))
_reckon("product", _product)
_reckon("max", max)
_reckon("min", min)
_reckon("gcd", _common(math.gcd))
_reckon("lcm", _common(math.lcm))
_reckon("subtract", lambda found: found[0] - found[1] if len(found) == 2 else None, 2, 2)
_reckon("divide", lambda found: found[0] / found[1] if len(found) == 2 and found[1] else None, 2, 2)
_reckon("integerDivide", lambda found: found[0] // found[1] if len(found) == 2 and found[1] else None, 2, 2)
_reckon("integerModulus", lambda found: found[0] % found[1] if len(found) == 2 and found[1] else None, 2, 2)
_reckon("power", _power, 2, 2)
_reckon("round", lambda found: rounded(found[0]), 1, 1)
_reckon("truncate", lambda found: math.trunc(found[0]), 1, 1)
_reckon("integerToFloat", lambda found: found[0], 1, 1)


@expression("mathConstant")
def _constant(run: Run, element: Element) -> Value:
    found = {"pi": math.pi, "e": math.e}.get(element.get("name", ""))
    if found is None:
        raise NotUnderstood(name=element.tag)
    return number(Fraction(found))


def to_places(value: Fraction, mode: str, figures: int) -> Fraction:
    """Round to decimal places or significant figures, halves upwards (IM 10.4, roundTo)."""
    if mode == "significantFigures":
        if not value:
            return value
        with localcontext(prec=60):
            figures = figures - 1 - (Decimal(abs(value.numerator)) / value.denominator).adjusted()
    scale = Fraction(10) ** figures
    return rounded(value * scale) / scale


def _figures(run: Run, element: Element) -> tuple[str, int] | None:
    mode, figures = element.get("roundingMode", "significantFigures"), run.setting(element, "figures")
    if mode not in ("significantFigures", "decimalPlaces"):
        raise NotUnderstood(name=element.tag)
    least = 1 if mode == "significantFigures" else 0
    if figures is None or figures.denominator != 1 or not least <= figures <= MOST_FIGURES:
        return None
    return mode, int(figures)


@expression("roundTo", least=1, most=1)
def _round_to(run: Run, element: Element) -> Value:
    found, how = run.numbers(element), _figures(run, element)
    return number(to_places(found[0], *how)) if found and how else NULL


@expression("equalRounded", least=2, most=2)
def _equal_rounded(run: Run, element: Element) -> Value:
    found, how = run.numbers(element), _figures(run, element)
    if found is None or len(found) != 2 or how is None:
        return NULL
    return truth(to_places(found[0], *how) == to_places(found[1], *how))


@expression("equal", least=2, most=2)
def _equal(run: Run, element: Element) -> Value:
    """Whether the second number lies within the tolerance around the first (IM 10.4, equal)."""
    found = run.numbers(element)
    if found is None or len(found) != 2:
        return NULL
    one, other = found
    mode = element.get("toleranceMode", "exact")
    if mode == "exact":
        return truth(one == other)
    around = _tolerances(run, element)
    if mode not in ("absolute", "relative") or around is None:
        raise NotUnderstood(name=element.tag)
    below, above = around if mode == "absolute" else (abs(one) * part / 100 for part in around)
    low, high = one - below, one + above
    over = other >= low if flag(element, "includeLowerBound", True) else other > low
    under = other <= high if flag(element, "includeUpperBound", True) else other < high
    return truth(over and under)


def _tolerances(run: Run, element: Element) -> tuple[Fraction, Fraction] | None:
    words = element.get("tolerance", "0").split()
    holder = Element("tolerance", {str(place): word for place, word in enumerate(words)})
    parts = [run.setting(holder, str(place)) for place in range(len(words))]
    if not 1 <= len(parts) <= 2 or parts[0] is None or parts[-1] is None or min(parts[0], parts[-1]) < 0:
        return None
    return parts[0], parts[-1]


def _doubles(work: Callable[..., float]) -> Callable[[Numbers], Fraction | None]:
    return lambda found: in_doubles(lambda: work(*map(float, found)))


_FUNCTIONS: dict[str, Callable[[Numbers], Fraction | int | None]] = {
    **{name: _doubles(getattr(math, name)) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "atan2")},
    **{name: _doubles(getattr(math, name)) for name in ("sinh", "cosh", "tanh", "exp")},
    "sec": _doubles(lambda x: 1 / math.cos(x)),
    "csc": _doubles(lambda x: 1 / math.sin(x)),
    "cot": _doubles(lambda x: 1 / math.tan(x)),
    "asec": _doubles(lambda x: math.acos(1 / x)),
    "acsc": _doubles(lambda x: math.asin(1 / x)),
    "acot": _doubles(lambda x: math.atan(1 / x) if x else math.pi / 2),
    "sech": _doubles(lambda x: 1 / math.cosh(x)),
    "csch": _doubles(lambda x: 1 / math.sinh(x)),
    "coth": _doubles(lambda x: 1 / math.tanh(x)),
    "log": _doubles(math.log10),
    "ln": _doubles(math.log),
    "toDegrees": _doubles(math.degrees),
    "toRadians": _doubles(math.radians),
    "abs": lambda found: abs(found[0]),
    "signum": lambda found: (found[0] > 0) - (found[0] < 0),
    "floor": lambda found: math.floor(found[0]),
    "ceil": lambda found: math.ceil(found[0]),
}


@expression("mathOperator", least=1, most=2)
def _math(run: Run, element: Element) -> Value:
    name, found = element.get("name", ""), run.numbers(element)
    if name not in _FUNCTIONS:
        raise NotUnderstood(name=f"mathOperator {name}"[:40])
    if found is None or len(found) != (2 if name == "atan2" else 1):
        return NULL
    return number(_FUNCTIONS[name](found))


@expression("statsOperator", least=1, most=1)
def _statistics(run: Run, element: Element) -> Value:
    """Mean, variance or standard deviation of a container (IM 10.4, statsOperator)."""
    name, found = element.get("name", ""), run.numbers(element)
    if name not in ("mean", "sampleVariance", "sampleSD", "popVariance", "popSD"):
        raise NotUnderstood(name=f"statsOperator {name}"[:40])
    freedom = len(found or ()) - name.startswith("sample")
    if not found or freedom < 1:
        return NULL
    mean = bounded(sum(found, Fraction(0)) / len(found))
    if mean is None or name == "mean":
        return number(mean)
    variance = bounded(sum(((each - mean) ** 2 for each in found), Fraction(0)) / freedom)
    if variance is None or not name.endswith("SD"):
        return number(variance)
    spread = variance
    return number(in_doubles(lambda: math.sqrt(float(spread))))
