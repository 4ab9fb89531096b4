"""The rows of numeric answers in our spreadsheet: written and read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from academy.assessment.exchange.numbers import plain
from academy.assessment.exchange.shape import CannotTake, Draft
from academy.assessment.exchange.table_layout import TOLERANCE_KINDS, UNIT_RULES, meaning, word
from academy.assessment.exchange.table_types import Cells, Row, cells, texts
from academy.assessment.types.checking import exact_number
from academy.assessment.types.numeric import unit_of
from academy.base.numbers import parse_number


def numeric_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield answer, tolerance and unit, then the other units; as text, for a spreadsheet keeps 15 digits of a number."""
    head: Cells = {
        "answer": plain(content.get("answer", 0)),
        "tolerance": plain(content.get("tolerance", 0)),
        **cells("unit", unit_of(content)),
    }
    for name, words in (("tolerance_kind", TOLERANCE_KINDS), ("unit_rule", UNIT_RULES)):
        if content.get(name):
            head[name] = word(words, content[name], language)
    if content.get("unit_cost") is not None:
        head["unit_cost"] = plain(content["unit_cost"])
    yield head
    for each in content.get("units") or ():
        yield {**cells("unit", each["text"]), "factor": plain(each["factor"])}


def read_numeric(draft: Draft, rows: Sequence[Row]) -> None:
    """Take answer, tolerance and units."""
    draft.content["answer"] = _number(rows[0], "answer", "", "bad_number")
    draft.content["tolerance"] = _number(rows[0], "tolerance", "0", "bad_tolerance")
    if any(texts(rows[0], "unit").values()):
        draft.content["unit"] = texts(rows[0], "unit")
    others = [row for row in rows[1:] if any(texts(row, "unit").values())]
    if others:
        draft.content["units"] = [
            {"text": texts(row, "unit"), "factor": _number(row, "factor", "", "bad_factor")} for row in others
        ]
    for name, words in (("tolerance_kind", TOLERANCE_KINDS), ("unit_rule", UNIT_RULES)):
        if rows[0].get(name):
            draft.content[name] = meaning(words, rows[0][name]) or rows[0][name]
    if rows[0].get("unit_cost"):
        draft.content["unit_cost"] = _number(rows[0], "unit_cost", "", "bad_unit_cost")


def _number(row: Row, name: str, default: str, problem: str) -> str:
    found = exact_number(parse_number(row.get(name, "") or default))
    if found is None:
        raise CannotTake(problem)
    return format(found, "f")


def whole(row: Row, name: str, problem: str) -> int | None:
    """Return the whole number in a cell, None for an empty one. Raises CannotTake for anything else."""
    if not row.get(name):
        return None
    found = parse_number(row[name])
    if found is None or found != int(found):
        raise CannotTake(problem)
    return int(found)
