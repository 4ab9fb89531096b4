"""Units of measure of a numeric answer: what was typed is a number and a unit, brought to the question's own unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from academy.assessment.types.checking import check_choice, check_text, exact_number
from academy.assessment.types.parts import Problem
from academy.base.arabic import normalise
from academy.base.numbers import parse_number
from academy.base.text import LocalizedText

UNIT_LENGTH = 40
MOST_UNITS = 20
UNIT_RULES = ("optional", "required", "penalty")
PERCENT_SIGNS = ("%", "٪", "﹪", "％")


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed answer: `value` as written, `factor` to the question's unit (None for a unit that is not accepted).

    `named` says whether any unit was written.
    """

    value: Decimal
    factor: Fraction | None
    named: bool

    @property
    def in_unit(self) -> Fraction:
        """The value in the question's own unit; as written when its unit is unknown."""
        return Fraction(self.value) * (self.factor if self.factor is not None else 1)


def unit_of(content: Mapping[str, Any]) -> LocalizedText | None:
    """Return the question's own unit; authored as one sign for both languages or as {ar, en}."""
    unit = content.get("unit")
    if isinstance(unit, str):
        unit = {"ar": unit, "en": unit}
    return LocalizedText.of(unit) or None


def unit_rule(content: Mapping[str, Any]) -> str:
    """Return whether the unit has to be written: "optional" (the default), "required" or "penalty"."""
    return content.get("unit_rule") or "optional"


def unit_cost(content: Mapping[str, Any]) -> Fraction:
    """Return the share that a missing or wrong unit costs: nothing, everything or what the question says."""
    rule = unit_rule(content)
    if rule == "penalty":
        return Fraction(exact_number(content.get("unit_cost")) or 0) / 100
    return Fraction(1 if rule == "required" else 0)


def accepted_units(content: Mapping[str, Any]) -> list[tuple[LocalizedText, Fraction]]:
    """Return every accepted unit with its factor, the question's own one (factor 1) first."""
    own = unit_of(content)
    others = [
        (LocalizedText.of(each["text"]), Fraction(exact_number(each["factor"]) or 1)) for each in _others(content)
    ]
    return [*([(own, Fraction(1))] if own else []), *others]


def _others(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return content.get("units") or []


def check_units(content: Mapping[str, Any]) -> list[Problem]:
    """Check the unit, the other accepted units, and the rule for writing them."""
    unit = content.get("unit")
    both = {"ar": unit, "en": unit} if isinstance(unit, str) else unit
    problems = [
        *check_text(both, "unit", limit=UNIT_LENGTH, required=False),
        *check_choice(content.get("unit_rule"), UNIT_RULES, "unit_rule", "bad_unit_rule"),
        *_check_others(content.get("units")),
    ]
    if problems:
        return problems
    if (unit_rule(content) != "optional" or _others(content)) and unit_of(content) is None:
        return [Problem("unit", "unit_needed")]
    if unit_rule(content) == "penalty":
        cost = exact_number(content.get("unit_cost"))
        if cost is None or not 0 < cost <= 100:
            return [Problem("unit_cost", "bad_unit_cost")]
    return list(_repeated(content))


def _check_others(units: object) -> Iterator[Problem]:
    if units is None:
        return
    if not isinstance(units, list):
        yield Problem("units", "not_a_list")
        return
    if len(units) > MOST_UNITS:
        yield Problem("units", "too_many", {"most": MOST_UNITS})
        return
    for index, each in enumerate(units):
        if not isinstance(each, Mapping):
            yield Problem(f"units.{index}", "bad_entry")
            continue
        yield from check_text(each.get("text"), f"units.{index}.text", limit=UNIT_LENGTH)
        factor = exact_number(each.get("factor"))
        if factor is None or factor <= 0:
            yield Problem(f"units.{index}.factor", "bad_factor")


def _repeated(content: Mapping[str, Any]) -> Iterator[Problem]:
    own = unit_of(content)
    seen = set(_faces(own)) if own else set()
    for index, each in enumerate(_others(content)):
        faces = set(_faces(LocalizedText.of(each["text"])))
        if faces & seen:
            yield Problem(f"units.{index}.text", "repeated_text")
        seen |= faces


def _faces(unit: LocalizedText) -> list[str]:
    """Return how a unit may be written, folded: «ساعه» for «ساعة», without dots and capitals; signs stay as they are."""
    words = [word for word in (unit.ar, unit.en) if word.strip()]
    return [normalise(word) or word.strip() for word in words]


def read_typed(text: str, content: Mapping[str, Any]) -> Typed | None:
    """Return what was typed: a number alone, or one with a unit after it; None when there is no number.

    Digits of any kind, ٫ and ٬ as `parse_number` takes them. Where the unit may be left out, a number with something
    after it that is no accepted unit is not read.
    """
    units = accepted_units(content)
    plain = exact_number(parse_number(text))
    percent = text.rstrip().endswith(PERCENT_SIGNS)
    if plain is not None and not (percent and any(_is_percent(unit) for unit, _factor in units)):
        return Typed(plain, Fraction(1), named=False)
    for number, word in _splits(text):
        for unit, factor in units:
            if (normalise(word) or word) in _faces(unit) or (_is_percent(unit) and word in PERCENT_SIGNS):
                return Typed(number, factor, named=True)
    if plain is not None:
        return Typed(plain, Fraction(1), named=False)
    if unit_rule(content) == "optional":
        return None
    return next((Typed(number, None, named=True) for number, _word in _splits(text)), None)


def _is_percent(unit: LocalizedText) -> bool:
    return any(word.strip() in PERCENT_SIGNS for word in (unit.ar, unit.en))


def _splits(text: str) -> Iterator[tuple[Decimal, str]]:
    """Yield the ways to cut a text into a number and what stands after it, the longest number first."""
    typed = text.strip()
    for place in range(len(typed) - 1, 0, -1):
        number = exact_number(parse_number(typed[:place])) if typed[place - 1] not in PERCENT_SIGNS else None
        if number is not None:
            yield number, typed[place:].strip()
