"""Calculated questions in Moodle XML: formulas in Moodle's words, drawn numbers as its data sets, both ways.

Moodle draws one row of prepared values for all numbers of a question, so the rows written are papers as our own draw
makes them. Its data sets know decimals and no steps: steps travel as a mark.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from academy.assessment.exchange.numbers import decimal, number, plain
from academy.assessment.exchange.safe_xml import inner_text
from academy.assessment.exchange.shape import CannotTake, Draft, Note, change, loss, refusal
from academy.assessment.types import kind
from academy.assessment.types.calculated import MOST_VARIABLES
from academy.assessment.types.checking import exact_number
from academy.assessment.types.formula import (
    LONGEST,
    MOST_DECIMALS,
    Call,
    FormulaError,
    Name,
    Number,
    Tree,
    parse,
    printed,
)

ROWS = 50
DECIMALS = 2
RELATIVE, ABSOLUTE = "1", "2"
_SOUND = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")
_BRACED = re.compile(r"\{([^{}=][^{}]*)\}")


# --- Writing ----------------------------------------------------------------


def losses_of_calculated(content: Mapping[str, Any]) -> list[Note]:
    """Return what Moodle cannot hold of a calculated question."""
    if content.get("tolerance_kind") == "figures":
        return [refusal("format_lacks_figures")]
    renamed = any(not _SOUND.fullmatch(each["name"]) for each in content["variables"])
    return [change("variables_renamed")] if renamed else []


def in_moodle_names(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with names that Moodle finds in a text, and its sign for the answer in the explanation."""
    names = {
        each["name"]: each["name"] if _SOUND.fullmatch(each["name"]) else f"v{place}"
        for place, each in enumerate(content["variables"], start=1)
    }
    formula = _renamed(parse(content["formula"]), names)
    said = {**names, "answer": f"={_in_moodle(formula)}"}

    def put(text: Mapping[str, str] | None, known: Mapping[str, str]) -> dict[str, str]:
        return {
            half: _BRACED.sub(lambda found: f"{{{known.get(found[1].strip(), found[1])}}}", value)
            for half, value in (text or {}).items()
        }

    return {
        **content,
        "stem": put(content["stem"], names),
        "hint": put(content.get("hint"), names),
        "explanation": put(content.get("explanation"), said),
        "variables": [{**each, "name": names[each["name"]]} for each in content["variables"]],
        "formula": printed(formula),
    }


def _renamed(tree: Tree, names: Mapping[str, str]) -> Tree:
    if isinstance(tree, Name):
        return Name(names[tree.name])
    if isinstance(tree, Number):
        return tree
    return Call(tree.operation, tuple(_renamed(each, names) for each in tree.over))


def _in_moodle(tree: Tree) -> str:
    """Return a formula as Moodle writes it: names in braces, powers as a function, every operation in brackets."""
    if isinstance(tree, Name):
        return f"{{{tree.name}}}"
    if isinstance(tree, Number):
        return printed(tree)
    over = [_in_moodle(each) for each in tree.over]
    if tree.operation == "negative":
        return f"(-{over[0]})"
    if tree.operation in ("+", "-", "*", "/"):
        return f"({over[0]} {tree.operation} {over[1]})"
    if tree.operation in ("min", "max") and len(over) == 1:
        return over[0]
    return f"{'pow' if tree.operation == '^' else tree.operation}({', '.join(over)})"


def write_calculated(made: Element, content: Mapping[str, Any]) -> None:
    """Add the answer, its tolerance and the data sets; `content` has Moodle's names."""
    for name, value in (("synchronize", "0"), ("single", "1"), ("answernumbering", "none"), ("shuffleanswers", "0")):
        SubElement(made, name).text = value
    relative = content.get("tolerance_kind") == "relative"
    tolerance = Fraction(exact_number(content.get("tolerance", 0)) or 0)
    answer = SubElement(made, "answer", fraction="100", format="moodle_auto_format")
    SubElement(answer, "text").text = _in_moodle(parse(content["formula"]))
    SubElement(answer, "tolerance").text = decimal(tolerance / 100 if relative else tolerance)
    SubElement(answer, "tolerancetype").text = RELATIVE if relative else ABSOLUTE
    SubElement(answer, "correctanswerformat").text = "1"
    SubElement(answer, "correctanswerlength").text = str(content.get("decimals", DECIMALS))


def write_data_sets(made: Element, content: Mapping[str, Any]) -> None:
    """Add the numbers that are drawn, with rows of values."""
    of_type = kind("calculated")
    rows = [of_type.paper(content, Random(seed))["values"] for seed in range(ROWS)]
    sets = SubElement(made, "dataset_definitions")
    for place, each in enumerate(content["variables"]):
        one = SubElement(sets, "dataset_definition")
        _texts(one, status="private", name=each["name"])
        SubElement(one, "type").text = "calculated"
        _texts(one, distribution="uniform", minimum=plain(each["low"]), maximum=plain(each["high"]))
        _texts(one, decimals=str(_places(each)))
        SubElement(one, "itemcount").text = str(ROWS)
        items = SubElement(one, "dataset_items")
        for row, values in enumerate(rows, start=1):
            item = SubElement(items, "dataset_item")
            SubElement(item, "number").text = str(row)
            SubElement(item, "value").text = values[place]
        SubElement(one, "number_of_items").text = str(ROWS)


def _texts(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(SubElement(parent, name), "text").text = text


def _places(variable: Mapping[str, Any]) -> int:
    """Return how many decimals a drawn number has."""
    found = (exact_number(variable[name]) or Decimal(0) for name in ("low", "step"))
    return max(max(0, -int(each.as_tuple().exponent)) for each in found)


def steps_of(content: Mapping[str, Any]) -> str:
    """Return the steps of the numbers as a mark."""
    return " ".join(f"{each['name']}={plain(each['step'])}" for each in content["variables"])


# --- Reading ----------------------------------------------------------------


def read_formula(draft: Draft, answers: Sequence[Element]) -> None:
    """Take the one right formula with its tolerance. Raises CannotTake."""
    if len(answers) != 1:
        raise CannotTake("several_answers" if answers else "no_key")
    (answer,) = answers
    source = inner_text(answer.find("text"))
    tolerance = number(inner_text(answer.find("tolerance"))) or Decimal(0)
    draft.content["formula"] = in_our_words(source)
    relative = inner_text(answer.find("tolerancetype")).strip() != ABSOLUTE
    draft.content["tolerance"] = decimal(Fraction(tolerance) * (100 if relative else 1))
    if relative:
        draft.content["tolerance_kind"] = "relative"
    places = inner_text(answer.find("correctanswerlength")).strip()
    if inner_text(answer.find("correctanswerformat")).strip() == "2":
        draft.note(loss("answer_figures"))
    elif places.isascii() and places.isdigit() and int(places) <= MOST_DECIMALS:
        draft.content["decimals"] = int(places)


def in_our_words(formula: str) -> str:
    """Return a formula of Moodle in our words: names without braces, powers as a sign."""
    text = _BRACED.sub(r" \1 ", formula).replace("pi()", "3.14159265358979")
    while (start := text.find("pow(")) >= 0:
        parts, end = _arguments(text, start + 4)
        if len(parts) != 2:
            raise CannotTake("not_understood")
        text = f"{text[:start]}(({parts[0]})^({parts[1]})){text[end:]}"
    try:
        return printed(parse(text))
    except FormulaError as error:
        raise CannotTake(error.code, near=error.near, most=LONGEST) from error


def _arguments(text: str, place: int) -> tuple[list[str], int]:
    """Return the arguments of a function that opens before `place`, and where it ends. Raises CannotTake."""
    found: list[str] = []
    depth, start = 0, place
    for at in range(place, len(text)):
        sign = text[at]
        if sign == ")" and not depth:
            return [*found, text[start:at]], at + 1
        if sign == "," and not depth:
            found.append(text[start:at])
            start = at + 1
        depth += {"(": 1, ")": -1}.get(sign, 0)
    raise CannotTake("not_understood")


def read_data_sets(draft: Draft, question: Element) -> None:
    """Take the numbers that are drawn; prepared values become a range. Raises CannotTake."""
    sets = question.findall("dataset_definitions/dataset_definition")
    if not sets or len(sets) > MOST_VARIABLES:
        raise CannotTake("not_understood")
    draft.content["variables"] = [
        {
            "name": _text(one, "name"),
            "low": _text(one, "minimum"),
            "high": _text(one, "maximum"),
            "step": format(Decimal(1).scaleb(-min(int(_text(one, "decimals") or 0), MOST_DECIMALS)), "f"),
        }
        for one in sets
        if (_text(one, "decimals") or "0").isdigit()
    ]
    if not any(inner_text(tag).startswith("steps:") for tag in question.findall("tags/tag/text")):
        draft.note(change("drawn_from_range"))


def _text(one: Element, name: str) -> str:
    return inner_text(one.find(f"{name}/text")).strip()[:40]


def put_answer_back(draft: Draft) -> None:
    """Put {answer} where the explanation holds the whole formula once more."""
    formula = draft.content["formula"]
    for half, text in (draft.content.get("explanation") or {}).items():
        told = re.sub(r"\{=([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", lambda found: _answer(found, formula), text)
        draft.content["explanation"][half] = told


def _answer(found: re.Match[str], formula: str) -> str:
    try:
        same = in_our_words(found[1]) == formula
    except CannotTake:
        same = False
    return "{answer}" if same else found[0]
