"""What a report asks of its dataset: columns, filter, groups, measures, order and chart, read strictly and kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from academy.insights.reports.rules import expressions, kinds
from academy.insights.reports.rules.expressions import Group

COUNT, PEOPLE, SUM, AVERAGE, SHARE = "count", "people", "sum", "average", "share"
MEASURES = (COUNT, PEOPLE, SUM, AVERAGE, SHARE)
NO_CHART, BAR, LINE = "", "bar", "line"
CHARTS = (NO_CHART, BAR, LINE)
MOST_GROUPS, MOST_MEASURES = 2, 4


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of each group: how many rows or people, or the sum, average or share of a column."""

    how: str
    column: str = ""

    @property
    def key(self) -> str:
        """How addresses and orders name it."""
        return f"{self.how}:{self.column}"


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, group or measure the rows stand, and whether the largest comes first."""

    by: str
    down: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A report as it is run. With groups or measures it tells figures, without it lists rows."""

    columns: tuple[str, ...] = ()
    where: Group = field(default=expressions.NOTHING)
    groups: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    order: Order | None = None
    totals: bool = True
    chart: str = NO_CHART

    @property
    def grouped(self) -> bool:
        """Whether it tells figures of groups."""
        return bool(self.measures)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "columns": list(self.columns),
            "where": expressions.as_json(self.where),
            "groups": list(self.groups),
            "measures": [[measure.how, measure.column] for measure in self.measures],
            "order": [self.order.by, self.order.down] if self.order else None,
            "totals": self.totals,
            "chart": self.chart,
        }


def groupable(kind: str) -> bool:
    """Whether rows can be grouped by a column of this kind; days are grouped by month."""
    return kind not in kinds.FIGURES


def measurable(how: str, kind: str) -> bool:
    """Whether a column of this kind has this measure."""
    return kind == kinds.FLAG if how == SHARE else kind == kinds.NUMBER if how == SUM else kind in kinds.FIGURES


def read(document: Mapping[str, Any], known: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> Definition:
    """Read what was kept. What the dataset no longer has is left out; a filter that cannot be read raises `Unreadable`.

    A filter is never left out: a report with a part of it would show more than its author meant.
    """
    columns = tuple(dict.fromkeys(key for key in _texts(document.get("columns")) if key in known))
    groups = tuple(
        dict.fromkeys(key for key in _texts(document.get("groups")) if key in known and groupable(known[key]))
    )[:MOST_GROUPS]
    measures = tuple(dict.fromkeys(_measures(document.get("measures"), known)))[:MOST_MEASURES]
    if groups and not measures:
        measures = (Measure(COUNT),)
    return Definition(
        columns,
        expressions.read(document.get("where"), known, choices),
        groups,
        measures,
        _order(document.get("order"), columns, groups, measures),
        bool(document.get("totals", True)),
        document.get("chart") if document.get("chart") in CHARTS and groups else NO_CHART,  # type: ignore[arg-type]
    )


def _texts(given: Any) -> list[str]:
    return [str(each) for each in given] if isinstance(given, list | tuple) else []


def _measures(given: Any, known: Mapping[str, str]) -> list[Measure]:
    found = []
    for each in given if isinstance(given, list | tuple) else ():
        how, column = (*_texts(each), "", "")[:2]
        if how in (COUNT, PEOPLE):
            found.append(Measure(how))
        elif how in MEASURES and column in known and measurable(how, known[column]):
            found.append(Measure(how, column))
    return found


def _order(given: Any, columns: Sequence[str], groups: Sequence[str], measures: Sequence[Measure]) -> Order | None:
    if not isinstance(given, list | tuple) or len(given) != 2:
        return None
    by = str(given[0])
    offered = {*groups, *(measure.key for measure in measures)} if measures else set(columns)
    return Order(by, bool(given[1])) if by in offered else None
