"""Filters as SQL: only columns of the dataset, only operators we know, values only ever as parameters."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, not_, or_, true

from academy.base.dates import RIYADH
from academy.insights.reports.queries.datasets.columns import halves
from academy.insights.reports.queries.datasets.sql import latin_lower
from academy.insights.reports.rules import kinds
from academy.insights.reports.rules.expressions import ANY, Condition, Node, folded, span

Reader = Callable[[str], Any]


def clause(node: Node, of: Reader, known: Mapping[str, str], today: date) -> ColumnElement[bool]:
    """Return a filter as SQL. `of` gives the expression of a column; what it means is said by `expressions.holds`."""
    if isinstance(node, Condition):
        return _condition(node, of(node.column), known[node.column], today)
    parts = [clause(part, of, known, today) for part in node.parts]
    if not parts:
        return true()
    return or_(*parts) if node.joined == ANY else and_(*parts)


def _condition(condition: Condition, expression: Any, kind: str, today: date) -> ColumnElement[bool]:
    operator, values = condition.operator, condition.values
    if operator in (kinds.EMPTY, kinds.FILLED):
        empty = _is_empty(expression, kind)
        return empty if operator == kinds.EMPTY else not_(empty)
    if kind in kinds.WORDS:
        said = halves(expression) if kind == kinds.NAME else (expression,)
        return or_(*(_says(operator, each, values[0]) for each in said))
    if kind == kinds.FLAG:
        return expression.is_(operator == kinds.YES)
    if kind == kinds.CHOICE:
        listed: ColumnElement[bool] = func.coalesce(expression, "").in_(values)
        return listed if operator == kinds.ONE_OF else not_(listed)
    if kind in kinds.FIGURES:
        return _compares(operator, expression, values)
    return _within(expression, kind, *span(operator, values, today))


def _is_empty(expression: Any, kind: str) -> ColumnElement[bool]:
    if kind in kinds.WORDS:
        said = halves(expression) if kind == kinds.NAME else (expression,)
        return and_(*(func.coalesce(each, "") == "" for each in said))
    return expression.is_(None)  # type: ignore[no-any-return]


def _says(operator: str, said: Any, wanted: str) -> ColumnElement[bool]:
    """Compare words without regard to the case of Latin letters."""
    text, value = latin_lower(func.coalesce(said, "", type_=String)), folded(wanted)
    if operator == kinds.IS:
        return text == value
    return (
        text.startswith(value, autoescape=True) if operator == kinds.BEGINS else text.contains(value, autoescape=True)
    )


def _compares(operator: str, expression: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    first = values[0]
    match operator:
        case kinds.EQUALS:
            return expression == first
        case kinds.DIFFERS:
            return or_(expression.is_(None), expression != first)
        case kinds.BELOW:
            return expression < first
        case kinds.AT_MOST:
            return expression <= first
        case kinds.ABOVE:
            return expression > first
        case kinds.AT_LEAST:
            return expression >= first
        case _:
            return expression.between(first, values[-1])


def _within(expression: Any, kind: str, first: date | None, last: date | None) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if kind == kinds.MOMENT:
        if first is not None:
            parts.append(expression >= _midnight(first))
        if last is not None:
            parts.append(expression < _midnight(last + timedelta(days=1)))
    else:
        parts += [expression >= first] if first is not None else []
        parts += [expression <= last] if last is not None else []
    return and_(*parts) if parts else expression.is_not(None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=RIYADH).astimezone(UTC)
