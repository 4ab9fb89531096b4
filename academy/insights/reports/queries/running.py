"""Running a report for a reader: the rows they may see, page by page or in batches, and the figures of groups."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, String, case, cast, distinct, func, literal, select, union_all

from academy.accounts.models import Person
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.insights.queries.searching import one_page
from academy.insights.reports.queries.datasets.columns import Dataset, halves, shown
from academy.insights.reports.queries.datasets.sql import month_of, riyadh_date
from academy.insights.reports.queries.translating import clause
from academy.insights.reports.reach import readable
from academy.insights.reports.rules import definitions, hiding, kinds
from academy.insights.reports.rules.definitions import Definition, Measure
from academy.insights.reports.rules.hiding import TOTAL

MOST_GROUPS = 1000
Key = tuple[int, int]


class TooManyGroups(Exception):
    """The groups are too many for a table; a filter or another column to group by helps."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of rows, each a tuple of values in the order of the columns."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The figures of one group, None where there is nothing to reckon; all of them None when it is hidden.

    `groups` are the words of each column grouped by, in the order of the report; a subtotal has fewer. `opens`: its rows
    may be listed, as no hidden figure lies within it.
    """

    groups: tuple[str, ...]
    figures: tuple[float | int | None, ...]
    hidden: bool
    subtotal: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Grouped:
    """The figures of all groups and the total; how many of them are kept back as too few people are behind them."""

    rows: Sequence[GroupRow]
    total: GroupRow | None
    hidden: int
    threshold: int

    @property
    def tops(self) -> list[GroupRow]:
        """The groups of the first column: the rows themselves, or their subtotals."""
        return [row for row in self.rows if row.subtotal or len(row.groups) == 1]


class Run:
    """A report as a reader runs it on a day. The rights are in every statement made here; nobody else adds them."""

    def __init__(self, dataset: Dataset, definition: Definition, actor: Actor, *, today: date, language: str) -> None:
        self.dataset, self.definition, self.actor = dataset, definition, actor
        self.today, self.language = today, language
        self.columns = definition.columns or dataset.usual
        self.inside: tuple[ColumnElement[bool], ...] = ()

    def of(self, key: str) -> Any:
        """Return the expression of a column."""
        return self.dataset.column(key).of(self.today)

    def _where(self) -> tuple[ColumnElement[bool], ...]:
        asked = clause(self.definition.where, self.of, self.dataset.kinds, self.today)
        return readable(self.actor), *self.dataset.always(), asked, *self.inside

    # --- Rows ---

    def _rows(self) -> Select[Any]:
        wanted: list[Any] = []
        for key in self.columns:
            expression = self.of(key)
            if self.dataset.kinds[key] == kinds.NAME:
                arabic, english = halves(expression)
                wanted += [arabic.label(f"{key}__ar"), english.label(f"{key}__en")]
            else:
                wanted.append(expression.label(key))
        query = select(*wanted).select_from(self.dataset.source()).where(*self._where())
        return query.order_by(*self._order(), Person.search_text, Person.id, self.dataset.row_id)

    def _order(self) -> list[Any]:
        order = self.definition.order
        if order is None or order.by not in self.dataset.kinds:
            return []
        expression = self.of(order.by)
        if self.dataset.kinds[order.by] == kinds.NAME:
            expression = shown(expression, self.language)
        return [(expression.desc() if order.down else expression.asc()).nulls_last()]

    def _values(self, row: Any) -> tuple[Any, ...]:
        found = iter(row)
        values: list[Any] = []
        for key in self.columns:
            if self.dataset.kinds[key] == kinds.NAME:
                values.append(LocalizedText(next(found) or "", next(found) or ""))
            else:
                value = next(found)
                values.append(float(value) if isinstance(value, Decimal) else value)
        return tuple(values)

    def page(self, *, size: int, number: int) -> Listed:
        """Return one page of rows (one statement, a second past the end)."""
        rows, number, total = one_page(self._rows(), size=size, number=number)
        return Listed(self.columns, [self._values(row) for row in rows], number, total)

    def sums(self) -> dict[str, float | int]:
        """Return the sums of the listed columns that add up, over all rows and not a page (one statement, or none)."""
        adding = [key for key in self.columns if self._adds_up(key)]
        if not adding:
            return {}
        rows = select(*(self.of(key).label(key) for key in adding)).select_from(self.dataset.source())
        each = rows.where(*self._where()).subquery()
        found = db.session.execute(select(*(func.sum(each.c[key]) for key in adding))).one()
        values = [float(value) if isinstance(value, Decimal) else value for value in found]
        return {key: value for key, value in zip(adding, values, strict=True) if value is not None}

    def _adds_up(self, key: str) -> bool:
        return self.dataset.kinds[key] == kinds.NUMBER and self.dataset.column(key).adds_up

    def batch(self, *, first: int, size: int) -> list[tuple[Any, ...]]:
        """Return `size` rows from the place `first` on."""
        rows = db.session.execute(self._rows().limit(size).offset(first))
        return [self._values(row) for row in rows]

    def keys(self, *, most: int) -> list[Key]:
        """Return the keys of the first rows, in their order: what `rows_of` is asked for in parts while the rows may change."""
        rows = db.session.execute(self._rows().with_only_columns(*self._key()).limit(most))
        return [(person, row) for person, row in rows]

    def rows_of(self, keys: Sequence[Key]) -> list[tuple[Any, ...]]:
        """Return the rows of these keys in their order; those that are the reader's no more are left out."""
        persons, rows = ({key[place] for key in keys} for place in (0, 1))
        person_id, row_id = self._key()
        theirs = (
            self._rows()
            .where(person_id.in_(persons), row_id.in_(rows))
            .add_columns(person_id.label("of"), row_id.label("row"))
        )
        found = {(row[-2], row[-1]): self._values(row) for row in db.session.execute(theirs)}
        return [found[key] for key in keys if key in found]

    def _key(self) -> tuple[Any, Any]:
        return Person.id, self.dataset.row_id

    def count(self) -> int:
        """Return how many rows there are."""
        query = select(func.count()).select_from(self.dataset.source()).where(*self._where())
        return int(db.session.scalar(query) or 0)

    # --- Groups ---

    def group_words(self, key: str) -> Any:
        """Return by which text rows are grouped in a column: a month of days, the code of a choice, "" for nothing."""
        kind, expression = self.dataset.kinds[key], self.of(key)
        if kind == kinds.NAME:
            return func.coalesce(shown(expression, self.language), "")
        if kind in kinds.TIMES:
            return func.coalesce(month_of(riyadh_date(expression) if kind == kinds.MOMENT else expression), "")
        if kind == kinds.FLAG:
            return case((expression.is_(True), "yes"), (expression.is_(False), "no"), else_="")
        return func.coalesce(cast(expression, String), "")

    def _facts(self) -> CTE:
        """Each row with the words it is grouped by, its person and the values that are measured."""
        words = [self.group_words(key).label(f"g{place}") for place, key in enumerate(self.definition.groups)]
        values = [
            self._measured(measure).label(f"v{place}")
            for place, measure in enumerate(self.definition.measures)
            if measure.column
        ]
        query = select(Person.id.label("person"), *words, *values).select_from(self.dataset.source())
        return query.where(*self._where()).cte("facts")

    def _measured(self, measure: Measure) -> Any:
        expression = self.of(measure.column)
        if measure.how == definitions.SHARE:
            return case((expression.is_(True), 100.0), (expression.is_(False), 0.0))
        return expression

    def _figures(self, facts: CTE) -> list[Any]:
        """How many rows and people, then each measure and how many people its figure rests on."""
        people = func.count(distinct(facts.c.person))
        wanted: list[Any] = [func.count().label("rows"), people.label("people")]
        for place, measure in enumerate(self.definition.measures):
            if not measure.column:
                wanted.append((func.count() if measure.how == definitions.COUNT else people).label(f"m{place}"))
                continue
            value = facts.c[f"v{place}"]
            figure = func.sum(value) if measure.how == definitions.SUM else func.avg(value)
            behind = func.count(distinct(case((value.is_not(None), facts.c.person))))
            wanted += [figure.label(f"m{place}"), behind.label(f"n{place}")]
        return wanted

    def grouped(self, threshold: int) -> Grouped:
        """Return the figures of groups with their totals (one statement). Raises TooManyGroups."""
        cells = self._cells()
        hidden = hiding.hidden({key: cell for key, (cell, _figures) in cells.items()}, threshold)
        rows = self._arranged({key: self._row(key, figures, hidden) for key, (_cell, figures) in cells.items()})
        width = len(self.definition.groups)
        column = TOTAL if width == 2 else ""
        total = cells.get((TOTAL, column))
        last = self._row((TOTAL, column), total[1], hidden) if total and total[0].rows else None
        shown_hidden = sum(row.hidden for row in rows)
        return Grouped(rows, last, shown_hidden + bool(last and last.hidden), max(threshold, hiding.LEAST))

    def _cells(self) -> dict[hiding.Key, tuple[hiding.Cell, tuple[Any, ...]]]:
        """Every cell and every total, each with how many rows and people are behind it."""
        facts, width = self._facts(), len(self.definition.groups)
        levels: list[tuple[int, ...]] = {0: [()], 1: [(0,), ()], 2: [(0, 1), (0,), (1,), ()]}[width]  # type: ignore[assignment]
        selects = []
        for level in levels:
            names = [facts.c[f"g{place}"] if place in level else literal(TOTAL) for place in range(width)]
            labelled = [name.label(f"k{place}") for place, name in enumerate(names)]
            query = select(*labelled, *self._figures(facts)).group_by(*(facts.c[f"g{place}"] for place in level))
            selects.append(query.select_from(facts).limit(MOST_GROUPS * 2 + 1).subquery())
        found = db.session.execute(union_all(*(select(each) for each in selects))).all()
        if len(found) > MOST_GROUPS * 2:
            raise TooManyGroups
        return dict(self._cell(row, width) for row in found)

    def _cell(self, row: Any, width: int) -> tuple[hiding.Key, tuple[hiding.Cell, tuple[Any, ...]]]:
        key = (row[0] if width else TOTAL, row[1] if width == 2 else "")
        values = row._mapping
        figures, people = [], [values["people"]]
        for place, measure in enumerate(self.definition.measures):
            figure = values[f"m{place}"]
            figures.append(float(figure) if isinstance(figure, Decimal) else figure)
            if measure.column and values[f"n{place}"]:
                people.append(values[f"n{place}"])
        return key, (hiding.Cell(values["rows"], min(people)), tuple(figures))

    def _row(self, key: hiding.Key, figures: tuple[Any, ...], hidden: Collection[hiding.Key]) -> GroupRow:
        width = len(self.definition.groups)
        names = tuple(name for name in key[:width] if name != TOTAL)
        told = (None,) * len(figures) if key in hidden else figures
        subtotal = width == 2 and len(names) == 1 and key[1] == TOTAL
        return GroupRow(names, told, key in hidden, subtotal, opens=hiding.opens(key, hidden))

    # --- What is behind a figure ---

    def behind(self, words: tuple[str, ...], place: int, threshold: int) -> "Run | None":
        """Return the run that lists the rows behind a figure of a group (one statement); None when it does not open.

        A figure opens when it is shown and nothing within it is hidden: nothing that is kept back can then be read off
        the rows, nor reckoned from rows and totals.
        """
        definition = self.definition
        if not 0 <= place < len(definition.measures):
            return None
        found = self.grouped(threshold)
        rows = [*found.rows, *([found.total] if found.total and (definition.totals or not definition.groups) else [])]
        row = next((row for row in rows if row.groups == words), None)
        if row is None or not row.opens or row.figures[place] is None:
            return None
        measured = definition.measures[place].column
        told = (*definition.groups, *filter(None, (measured,)))
        columns = tuple(dict.fromkeys((*self.columns, *told)))
        listing = replace(definition, columns=columns, groups=(), measures=(), totals=True)
        run = Run(self.dataset, listing, self.actor, today=self.today, language=self.language)
        inside = [self.group_words(key) == word for key, word in zip(definition.groups, words, strict=False)]
        run.inside = (*inside, *((self.of(measured).is_not(None),) if measured else ()))
        return run

    def _arranged(self, rows: dict[hiding.Key, GroupRow]) -> list[GroupRow]:
        """The rows in order; with two columns, each group is followed by its parts. Hidden ones come last, by name."""
        if len(self.definition.groups) < 2:
            return sorted((row for key, row in rows.items() if key[0] != TOTAL), key=self._place)
        arranged = []
        tops = sorted((row for key, row in rows.items() if key[0] != TOTAL and key[1] == TOTAL), key=self._place)
        for top in tops:
            parts = [row for key, row in rows.items() if key[0] == top.groups[0] and key[1] != TOTAL]
            arranged += [top, *sorted(parts, key=self._place)]
        return arranged

    def _place(self, row: GroupRow) -> tuple[Any, ...]:
        order, measures = self.definition.order, [measure.key for measure in self.definition.measures]
        if order is not None and order.by in measures:
            figure = row.figures[measures.index(order.by)]
            known = figure is not None
            return row.hidden, not known, (-(figure or 0) if order.down else figure or 0), row.groups
        if order is not None and order.down:
            return False, False, 0, tuple(tuple(-ord(sign) for sign in name) for name in row.groups)
        return False, False, 0, row.groups
