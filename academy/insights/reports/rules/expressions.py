"""Filters as trees of conditions: how they are read, kept, and judged for one row.

What is read is only ever one of these frozen shapes; nothing that a person has typed becomes part of a statement but as a value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from academy.base.dates import parse_day, riyadh_day
from academy.base.numbers import parse_number
from academy.base.text import LocalizedText, clean_line
from academy.insights.reports.rules import kinds

ALL, ANY = "all", "any"
MOST_CONDITIONS, DEEPEST, LONGEST, MOST_VALUES, MOST_DAYS = 20, 3, 200, 50, 3660
_FOLDED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class Unreadable(Exception):
    """A condition that asks for nothing we know. `where` is its path in the tree, `why` names the mistake.

    `why` is one of: column, operator, value, number, day, days, order, choice, many, deep.
    """

    def __init__(self, why: str, where: str = "") -> None:
        super().__init__(why, where)
        self.why, self.where = why, where


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to one column; the values are already of its kind."""

    column: str
    operator: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups of which all or any must hold; one without parts asks for nothing."""

    joined: str = ALL
    parts: "tuple[Condition | Group, ...]" = field(default=())


Node = Condition | Group
NOTHING = Group()


def conditions(node: Node) -> Iterator[Condition]:
    """Yield every condition of a tree."""
    if isinstance(node, Condition):
        yield node
        return
    for part in node.parts:
        yield from conditions(part)


# --- Reading ----------------------------------------------------------------


def read(document: Any, known: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> Group:
    """Read a tree as it was kept or typed. `known` gives the kind of each column; raises `Unreadable`."""
    found = _read_group(document if isinstance(document, Mapping) else {}, known, choices, "r", 1)
    if sum(1 for _ in conditions(found)) > MOST_CONDITIONS:
        raise Unreadable("many", "r")
    return found


def _read_group(
    document: Mapping[str, Any], known: Mapping[str, str], choices: Mapping[str, Sequence[str]], where: str, depth: int
) -> Group:
    if depth > DEEPEST:
        raise Unreadable("deep", where)
    parts: list[Node] = []
    for place, part in enumerate(document.get("parts") or ()):
        path = f"{where}.{place}"
        if not isinstance(part, Mapping):
            raise Unreadable("column", path)
        if "parts" in part:
            inner = _read_group(part, known, choices, path, depth + 1)
            parts += [inner] if inner.parts else []
        else:
            parts.append(_read_condition(part, known, choices, path))
    return Group(ANY if document.get("joined") == ANY else ALL, tuple(parts))


def _read_condition(
    part: Mapping[str, Any], known: Mapping[str, str], choices: Mapping[str, Sequence[str]], where: str
) -> Condition:
    column, operator = str(part.get("column", "")), str(part.get("operator", ""))
    if column not in known:
        raise Unreadable("column", where)
    kind = known[column]
    if operator not in kinds.OPERATORS[kind]:
        raise Unreadable("operator", where)
    given = part.get("values") or ()
    typed = [clean_line(str(value)) for value in (given if isinstance(given, list | tuple) else [given])]
    try:
        values = _values(kind, operator, [value for value in typed if value], choices.get(column, ()))
    except Unreadable as mistake:
        raise Unreadable(mistake.why, where) from mistake
    return Condition(column, operator, values)


def _values(kind: str, operator: str, typed: list[str], choices: Sequence[str]) -> tuple[Any, ...]:
    needed = kinds.takes(operator)
    if needed == 0:
        return ()
    if kind == kinds.CHOICE:
        if not typed:
            raise Unreadable("value")
        if len(typed) > MOST_VALUES or not set(typed) <= set(choices):
            raise Unreadable("choice")
        return tuple(sorted(set(typed)))
    if len(typed) < needed or any(len(value) > LONGEST for value in typed):
        raise Unreadable("value")
    values = tuple(_value(kind, operator, value) for value in typed[:needed])
    if len(values) == 2 and values[0] > values[1]:
        raise Unreadable("order")
    return values


def _value(kind: str, operator: str, typed: str) -> Any:
    if kind in kinds.WORDS:
        return typed
    if operator in (kinds.LAST_DAYS, kinds.NEXT_DAYS):
        days = parse_number(typed)
        if days is None or days != days.to_integral_value() or not 0 <= days <= MOST_DAYS:
            raise Unreadable("days")
        return int(days)
    if kind in kinds.TIMES:
        day = parse_day(typed)
        if day is None:
            raise Unreadable("day")
        return day
    number = parse_number(typed)
    if number is None or abs(number) >= 10**12:
        raise Unreadable("number")
    return float(number)


def as_json(node: Node) -> dict[str, Any]:
    """Return a tree as it is kept."""
    if isinstance(node, Group):
        return {"joined": node.joined, "parts": [as_json(part) for part in node.parts]}
    return {"column": node.column, "operator": node.operator, "values": [_as_text(value) for value in node.values]}


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


# --- Judging one row ----------------------------------------------------------------


def holds(node: Node, row: Mapping[str, Any], known: Mapping[str, str], today: date) -> bool:
    """Whether a row meets a filter: what the translation into SQL must agree with, row by row."""
    if isinstance(node, Condition):
        return _meets(node, row[node.column], known[node.column], today)
    if not node.parts:
        return True
    return (any if node.joined == ANY else all)(holds(part, row, known, today) for part in node.parts)


def _meets(condition: Condition, value: Any, kind: str, today: date) -> bool:
    operator, values = condition.operator, condition.values
    if operator in (kinds.EMPTY, kinds.FILLED):
        return _is_empty(value) == (operator == kinds.EMPTY)
    if kind in kinds.WORDS:
        said = (value.ar, value.en) if isinstance(value, LocalizedText) else (value or "",)
        return any(_says(operator, folded(each), folded(values[0])) for each in said if each)
    if kind == kinds.FLAG:
        return value is (operator == kinds.YES)
    if kind == kinds.CHOICE:
        return (value in values) == (operator == kinds.ONE_OF)
    if value is None:
        return operator == kinds.DIFFERS
    if kind in kinds.FIGURES:
        return _compares(operator, float(value) if isinstance(value, Decimal) else value, values)
    day = riyadh_day(value) if isinstance(value, datetime) else value
    first, last = span(operator, values, today)
    return (first is None or day >= first) and (last is None or day <= last)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, LocalizedText) and not value)


def _says(operator: str, said: str, wanted: str) -> bool:
    if operator == kinds.IS:
        return said == wanted
    return said.startswith(wanted) if operator == kinds.BEGINS else wanted in said


def _compares(operator: str, value: Any, values: Sequence[Any]) -> bool:
    first = values[0]
    return {
        kinds.EQUALS: value == first,
        kinds.DIFFERS: value != first,
        kinds.BELOW: value < first,
        kinds.AT_MOST: value <= first,
        kinds.ABOVE: value > first,
        kinds.AT_LEAST: value >= first,
        kinds.BETWEEN: first <= value <= values[-1],
    }[operator]


def folded(text: str) -> str:
    """Fold the case of Latin letters, as both databases fold it; Arabic has none."""
    return text.translate(_FOLDED)


def span(operator: str, values: Sequence[Any], today: date) -> tuple[date | None, date | None]:
    """Return the first and the last day that an operator on days lets through; None is open."""
    first = values[0]
    match operator:
        case kinds.ON:
            return first, first
        case kinds.BEFORE:
            return None, shifted(first, -1)
        case kinds.AFTER:
            return shifted(first, 1), None
        case kinds.BETWEEN:
            return first, values[1]
        case kinds.LAST_DAYS:
            return shifted(today, -first), today
        case _:
            return today, shifted(today, first)


def shifted(day: date, days: int) -> date:
    """Return the day so many days later, held within the calendar."""
    place = min(max(day.toordinal() + days, date.min.toordinal() + 1), date.max.toordinal() - 1)
    return date.fromordinal(place)
