"""A report as a file: its lines in the reader's language, as a workbook, as text, or printed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from academy.base.dates import show_moment
from academy.base.i18n import _, current_language, direction, ngettext
from academy.base.spreadsheets import XLSX, write_csv, write_xlsx
from academy.insights.reports import naming, printing
from academy.insights.reports.queries.running import Grouped, Run
from academy.insights.reports.rules import kinds

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
    "pdf": "application/pdf",
}
MOST_PRINTED, MOST_DIRECT, MOST_ROWS, BATCH = 5_000, 5_000, 200_000, 2_000


def header(run: Run) -> list[str]:
    """Return the names of the columns; files hold bare numbers, so those that are percentages say so."""
    dataset, asked = run.dataset, run.definition
    if asked.grouped:
        groups = [naming.group_label(dataset.column(key)) for key in asked.groups]
        return [
            *(groups or [""]),
            *(
                _named(naming.measure_label(measure, dataset), naming.is_percentage(measure, dataset))
                for measure in asked.measures
            ),
        ]
    columns = [dataset.column(key) for key in run.columns]
    return [_named(str(column.label), column.kind == kinds.SHARE) for column in columns]


def _named(label: str, percentage: bool) -> str:
    return f"{label} (%)" if percentage else label


def lines(run: Run, rows: Iterable[tuple[Any, ...]], kind: str) -> Iterator[list[Any]]:
    """Yield listed rows as a file has them; a printed one ends with the sums, which a spreadsheet reckons itself."""
    columns = [run.dataset.column(key) for key in run.columns]
    many = 0
    for row in rows:
        yield [naming.raw(column, value) for column, value in zip(columns, row, strict=True)]
        many += 1
    if many and kind == "pdf" and run.definition.totals:
        yield _total(run, many)


def _total(run: Run, many: int) -> list[Any]:
    sums = {key: _figure(value) for key, value in run.sums().items()}
    first, *rest = run.columns
    said = ngettext("Total: %(count)s row", "Total: %(count)s rows", many, count=many)
    return [f"{said} · {sums[first]}" if first in sums else said, *(sums.get(key) for key in rest)]


def group_lines(run: Run, found: Grouped) -> Iterator[list[Any]]:
    """Yield the figures of groups as a file has them; what is kept back says so."""
    columns = [run.dataset.column(key) for key in run.definition.groups]
    rows = [*found.rows, *([found.total] if found.total and run.definition.totals else [])]
    for row in rows:
        names: list[Any] = [naming.group_word(column, word) for column, word in zip(columns, row.groups, strict=False)]
        blank = _("All") if not row.groups else _("Together")
        names += [blank] * (max(1, len(columns)) - len(names))
        yield [*names, *([_("hidden")] * len(row.figures) if row.hidden else map(_figure, row.figures))]


def _figure(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) else value


def note_of(run: Run, at: datetime) -> str:
    """Say what the report is about and as of when."""
    moment = show_moment(at, language=current_language(), digits="latn", calendar="gregorian")
    counted = _("As of %(when)s", when=moment)
    return f"{run.dataset.label} · {counted}"


def made(kind: str, title: str, names: list[str], rows: Iterable[list[Any]], note: str) -> bytes:
    """Return a whole file. Rows are taken one by one; a printed one is held to `MOST_PRINTED`."""
    if kind == "csv":
        return b"".join(write_csv(names, rows))
    if kind == "xlsx":
        return write_xlsx(names, rows, sheet=title, right_to_left=direction(current_language()) == "rtl")
    return printing.draw(title, note, names, rows)
