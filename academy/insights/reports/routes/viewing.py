"""A report as its reader sees it: rows page by page, or the figures of groups with their chart."""

from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import Actor
from academy.base.i18n import current_language
from academy.insights.reports import naming, policies, reach
from academy.insights.reports.models import Report
from academy.insights.reports.queries import finding
from academy.insights.reports.queries.datasets import DATASETS, Dataset
from academy.insights.reports.queries.running import Grouped, Run, TooManyGroups
from academy.insights.reports.routes.blueprints import bp
from academy.insights.reports.rules import definitions
from academy.insights.reports.rules.definitions import Definition
from academy.insights.reports.rules.expressions import Unreadable
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """One group of a chart: its name, its figure in words, and how far it reaches of 100; None when it is hidden."""

    name: str
    said: str
    reach: float | None


def definition_of(report: Report) -> Definition | None:
    """Return what a report asks for; None when its filter names what the dataset no longer has."""
    dataset = DATASETS[report.dataset]
    try:
        return definitions.read(report.definition, dataset.kinds, dataset.choices)
    except Unreadable:
        return None


def run_of(report: Report, definition: Definition, reader: Actor, language: str = "") -> Run:
    """Return a report ready to be run for a reader, today and in their language, unless another is named."""
    dataset = DATASETS[report.dataset]
    return Run(dataset, definition, reader, today=clock.today(), language=language or current_language())


@bp.get("/reports/<int:report_id>")
@requires(policies.SEE, find=finding.report)
def view(report: Report) -> ResponseReturnValue:
    """Show a report to one who may open it: always and only what they may see themself."""
    dataset, definition = DATASETS[report.dataset], definition_of(report)
    shown: dict[str, Any] = {
        "report": report,
        "dataset": dataset,
        "definition": definition,
        "naming": naming,
        "said": "",
        "groups": None,
        "marks": [],
        "too_many": False,
        "at": clock.now(),
    }
    if definition is None:
        return render_template("reports/view.html", **shown)
    run = run_of(report, definition, actor())
    if definition.grouped:
        shown |= _grouped(run)
    else:
        listed = run.page(size=SIZE, number=asked_page())
        columns = [dataset.column(key) for key in listed.columns]
        shown |= {
            "columns": columns,
            "sums": run.sums() if definition.totals and listed.rows else None,
            "page": Page(listed.rows, listed.number, max(1, -(-listed.total // SIZE)), listed.total),
        }
    shown["said"] = naming.in_words(definition.where, dataset)
    return render_template("reports/view.html", **shown)


def _grouped(run: Run) -> dict[str, Any]:
    try:
        found = run.grouped(reach.threshold_for(run.actor))
    except TooManyGroups:
        return {"too_many": True}
    return {"groups": found, "marks": marks(run.dataset, run.definition, found)}


def marks(dataset: Dataset, definition: Definition, found: Grouped) -> list[Mark]:
    """Return the marks of the chart: the first figure of each group, the largest reaching to 100."""
    if not definition.chart or not definition.groups:
        return []
    column, measure = dataset.column(definition.groups[0]), definition.measures[0]
    tops = found.tops
    if definition.chart == definitions.LINE:
        tops = sorted(tops, key=lambda row: row.groups)
    largest = max((row.figures[0] or 0 for row in tops[:MOST_BARS]), default=0) or 1
    return [
        Mark(
            naming.group_word(column, row.groups[0]),
            naming.figure(measure, dataset, row.figures[0]) if not row.hidden else "",
            None if row.hidden else max(0.0, (row.figures[0] or 0) / largest * 100),
        )
        for row in tops[:MOST_BARS]
    ]
