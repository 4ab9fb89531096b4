"""Reading the numeric and the calculated questions of Moodle XML, with their units."""

import re
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from academy.assessment.exchange.moodle_calculated import read_data_sets, read_formula
from academy.assessment.exchange.numbers import decimal, number
from academy.assessment.exchange.safe_xml import inner_text
from academy.assessment.exchange.shape import CannotTake, Draft, change, loss
from academy.assessment.exchange.texts import localized

HALF, MOST_FACTOR = 50.0, 100_000
EMPTY_FORMULA = re.compile(r"\\\(\s*\\\)|\\\[\s*\\\]")


def says(element: Element | None) -> bool:
    """Whether an element holds any text but its tags."""
    return bool(re.sub("<[^<>]*>", "", EMPTY_FORMULA.sub("", inner_text(element))).strip())


def value_in(question: Element, name: str) -> str:
    """Return the text of a child, without the spaces around it."""
    return inner_text(question.find(name)).strip()


def weight_of(answer: Element) -> float:
    """Return how many percent of the points an answer earns."""
    found = number(answer.get("fraction", "0"))
    return float(found) if found is not None else 0.0


def full_answers(draft: Draft, question: Element) -> list[Element]:
    """Return the answers that earn everything; note those that earned a part and feedback that is lost.

    A short text keeps what earned half.
    """
    answers = question.findall("answer")
    halves = (HALF,) if draft.type == "short_text" else ()
    if any(0 < weight_of(answer) < 100 and weight_of(answer) not in halves for answer in answers):
        draft.note(change("partly_right"))
    if any(says(answer.find("feedback")) for answer in answers):
        draft.note(loss("feedback"))
    return [answer for answer in answers if weight_of(answer) >= 100]


def read_numeric(draft: Draft, question: Element, texts: Any) -> None:
    """Take a numeric question. Raises CannotTake."""
    draft.type = "numeric"
    found = {
        (number(inner_text(answer.find("text"))), number(inner_text(answer.find("tolerance"))) or number("0"))
        for answer in full_answers(draft, question)
    }
    if len(found) > 1:
        raise CannotTake("several_answers")
    if not found:
        raise CannotTake("no_key")
    value, tolerance = found.pop()
    if value is None or tolerance is None:
        raise CannotTake("wildcard" if inner_text(question.find("answer/text")).strip() == "*" else "bad_number")
    draft.content |= {"answer": format(value, "f"), "tolerance": format(tolerance, "f")}
    _unit(draft, question, texts)


def read_calculated(draft: Draft, question: Element, texts: Any) -> None:
    """Take a calculated question. Raises CannotTake."""
    draft.type = "calculated"
    read_formula(draft, full_answers(draft, question))
    read_data_sets(draft, question)
    _unit(draft, question, texts)


def _unit(draft: Draft, question: Element, texts: Any) -> None:
    units = question.findall("units/unit")
    base = [unit for unit in units if number(value_in(unit, "multiplier") or "1") == 1]
    others = [unit for unit in units if unit not in base[:1]]
    if not base:
        draft.note(*([loss("units")] if units else []))
        return
    draft.content["unit"] = localized(value_in(base[0], "unit_name"), texts.language, texts.notes)
    found = [(localized(value_in(unit, "unit_name"), texts.language, texts.notes), _factor(unit)) for unit in others]
    if any(factor is None for _text, factor in found):
        draft.note(loss("units"))
    kept = [{"text": text, "factor": factor} for text, factor in found if factor is not None]
    draft.content |= {"units": kept} if kept else {}
    _unit_rule(draft, question)


def _factor(unit: Element) -> str | None:
    """Return how many of the question's unit one of this is: Moodle says the reverse, often rounded."""
    multiplier = number(value_in(unit, "multiplier"))
    if multiplier is None or multiplier <= 0:
        return None
    factor = decimal(1 / Fraction(multiplier).limit_denominator(MOST_FACTOR))
    return factor if number(factor) else None


def _unit_rule(draft: Draft, question: Element) -> None:
    """Take what a missing or wrong unit costs, where Moodle asks for one to be typed."""
    penalty = number(value_in(question, "unitpenalty"))
    if value_in(question, "unitgradingtype") not in ("1", "2") or value_in(question, "showunits") != "0" or not penalty:
        return
    share = min(Fraction(penalty), Fraction(1))
    if share == 1:
        draft.content["unit_rule"] = "required"
    elif share > 0:
        draft.content |= {"unit_rule": "penalty", "unit_cost": decimal(share * 100)}
