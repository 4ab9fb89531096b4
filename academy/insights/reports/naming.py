"""How reports say things: operators, figures, groups, months and values, in the reader's language."""

from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from academy.base.i18n import _, _l, current_language
from academy.base.text import LocalizedText, isolate
from academy.insights.reports.queries.datasets import Column, Dataset
from academy.insights.reports.rules import definitions, kinds
from academy.insights.reports.rules.definitions import Measure
from academy.insights.reports.rules.expressions import ANY, Condition, Node
from academy.web import filters

OPERATORS: dict[str, Any] = {
    kinds.CONTAINS: _l("contains"), kinds.IS: _l("is exactly"), kinds.BEGINS: _l("begins with"), kinds.EQUALS: _l("is equal to"),
    kinds.DIFFERS: _l("is other than"), kinds.BELOW: _l("is less than"), kinds.AT_MOST: _l("is at most"),
    kinds.ABOVE: _l("is more than"), kinds.AT_LEAST: _l("is at least"), kinds.BETWEEN: _l("is between"), kinds.ON: _l("is on"),
    kinds.BEFORE: _l("is before"), kinds.AFTER: _l("is after"), kinds.LAST_DAYS: _l("is within the last days:"),
    kinds.NEXT_DAYS: _l("is within the next days:"), kinds.ONE_OF: _l("is one of"), kinds.NONE_OF: _l("is none of"),
    kinds.YES: _l("is yes"), kinds.NO: _l("is no"), kinds.EMPTY: _l("is empty"), kinds.FILLED: _l("is not empty"),
}  # fmt: skip
KIND_WORDS: dict[str, Any] = {
    kinds.TEXT: _l("Text"), kinds.NAME: _l("Name in both languages"), kinds.NUMBER: _l("Number"), kinds.SHARE: _l("Percentage"),
    kinds.DAY: _l("Day"), kinds.MOMENT: _l("Day and time"), kinds.CHOICE: _l("Choice"), kinds.FLAG: _l("Yes or no"),
}  # fmt: skip
MISTAKES: dict[str, Any] = {
    "column": _l("This column is no longer there. Remove the condition."), "operator": _l("Choose one of the listed values."),
    "value": _l("Enter what to compare with."), "number": _l("Enter a number."),
    "day": _l("Enter a day such as 2027-03-01 or 12/9/1448."), "days": _l("Enter a whole number of days, up to 3660."),
    "order": _l("The first value must not be larger than the second."), "choice": _l("Choose one of the listed values."),
    "many": _l("A filter has at most 20 conditions."), "deep": _l("Groups may lie in each other three deep at most."),
}  # fmt: skip
CHARTS: dict[str, Any] = {"": _l("No chart"), definitions.BAR: _l("Bars"), definitions.LINE: _l("Line")}
RHYTHMS: dict[str, Any] = {
    "": _l("Never"), "daily": _l("Every working day"), "weekly": _l("Every week, on Sunday"),
    "monthly": _l("Every month, on its first day"),
}  # fmt: skip
ROLES: dict[str, Any] = {"manager": _l("a manager"), "administrator": _l("an administrator")}


def measure_label(measure: Measure, dataset: Dataset) -> str:
    """Say what a figure tells."""
    if measure.how == definitions.COUNT:
        return _("Number of rows")
    if measure.how == definitions.PEOPLE:
        return _("Number of people")
    column = str(dataset.column(measure.column).label)
    if measure.how == definitions.SUM:
        return _("Sum: %(column)s", column=column)
    if measure.how == definitions.AVERAGE:
        return _("Average: %(column)s", column=column)
    return _("Share: %(column)s", column=column)


def rule_of(measure: Measure, dataset: Dataset) -> str:
    """Say how a figure is reckoned from its rows."""
    if measure.how == definitions.COUNT:
        return _("The figure is the number of these rows.")
    if measure.how == definitions.PEOPLE:
        return _("The figure is the number of different people in these rows.")
    column = str(dataset.column(measure.column).label)
    if measure.how == definitions.SUM:
        return _(
            "The figure is the sum of “%(column)s” over these rows; rows without a value are left out.", column=column
        )
    if measure.how == definitions.AVERAGE:
        return _(
            "The figure is the average of “%(column)s” over these rows; rows without a value are left out.",
            column=column,
        )
    return _(
        "The figure is the share of these rows in which “%(column)s” is yes; rows without a value are left out.",
        column=column,
    )


def group_label(column: Column) -> str:
    """Say by what rows are grouped: days are taken by the month."""
    if column.kind in kinds.TIMES:
        return _("%(column)s, by month", column=str(column.label))
    return str(column.label)


def group_word(column: Column, word: str) -> str:
    """Name a group."""
    if not word:
        return _("Not stated")
    if column.kind in kinds.TIMES:
        year, month = map(int, word.split("-"))
        return filters.in_digits(format_date(date(year, month, 1), "LLLL yyyy", locale=current_language()))
    if column.kind == kinds.FLAG:
        return _("yes") if word == "yes" else _("no")
    return str(column.choices.get(word, word)) if column.choices else word


def figure(measure: Measure, dataset: Dataset, value: Any) -> str:
    """Write a figure; nothing to reckon is a dash."""
    if value is None:
        return "—"
    if is_percentage(measure, dataset):
        return filters.share(value / 100)
    return filters.number(value if isinstance(value, int) else round(value, 2))


def is_percentage(measure: Measure, dataset: Dataset) -> bool:
    """Whether a figure is told in per cent."""
    return measure.how == definitions.SHARE or (
        bool(measure.column) and dataset.kinds[measure.column] == kinds.SHARE and measure.how == definitions.AVERAGE
    )


def value(column: Column, found: Any) -> Any:
    """Write a value for a page."""
    if found is None or found == "":
        return ""
    match column.kind:
        case kinds.NAME:
            return filters.text(found)
        case kinds.NUMBER:
            return filters.number(round(found, 2) if isinstance(found, float) else found)
        case kinds.SHARE:
            return (filters.score if column.score else filters.percent)(found / 100)
        case kinds.DAY:
            return filters.day(found)
        case kinds.MOMENT:
            return filters.day(found) if isinstance(found, datetime) else ""
        case kinds.CHOICE:
            return str(column.choices.get(found, found))
        case kinds.FLAG:
            return _("yes") if found else _("no")
    return found


def raw(column: Column, found: Any) -> Any:
    """Give a value to a file: numbers and days as such, everything else in words."""
    if isinstance(found, LocalizedText):
        return found.show(current_language())
    if found is None or column.kind in (kinds.TEXT, kinds.DAY, kinds.MOMENT):
        return found
    if column.kind in kinds.FIGURES:
        return round(found, 2)
    return value(column, found)


def in_words(node: Node, dataset: Dataset) -> str:
    """Say a filter in one sentence; "" when it asks for nothing."""
    if isinstance(node, Condition):
        return _condition_in_words(node, dataset)
    inner = []
    for part in node.parts:
        said = in_words(part, dataset)
        inner.append(f"({said})" if not isinstance(part, Condition) and len(part.parts) > 1 else said)
    return (_(" or ") if node.joined == ANY else _(" and ")).join(inner)


def _condition_in_words(node: Condition, dataset: Dataset) -> str:
    column = dataset.column(node.column)
    shown = [str(column.choices[each]) if column.choices else _shown(each) for each in node.values]
    listed = (_(" or ") if column.choices else _(" and ")).join(map(isolate, shown))
    return f"{isolate(str(column.label))} {OPERATORS[node.operator]} {listed}".strip()


def _shown(each: Any) -> str:
    if isinstance(each, date):
        return filters.day(each)
    return filters.number(each) if isinstance(each, int | float) else str(each)
