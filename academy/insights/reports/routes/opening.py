"""The rows behind a figure of a grouped report: whoever sees the figure opens them, and nobody opens what is hidden."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import NotFound
from academy.base.i18n import LANGUAGES
from academy.base.text import clean_line
from academy.insights.reports import naming, policies, reach
from academy.insights.reports.models import Report
from academy.insights.reports.queries import finding
from academy.insights.reports.queries.datasets import Dataset
from academy.insights.reports.queries.running import TooManyGroups
from academy.insights.reports.routes.blueprints import bp
from academy.insights.reports.routes.viewing import definition_of, run_of
from academy.insights.reports.rules.definitions import Definition
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page

LONGEST = 600


@bp.get("/reports/<int:report_id>/rows")
@requires(policies.SEE, find=finding.report)
def behind(report: Report) -> ResponseReturnValue:
    """List the rows behind one figure (`figure`: its place) of one group (`of`: its words, in the language `in`).

    The total has no words. Who has switched the language meanwhile, or was sent the address, opens the same rows.
    """
    definition = definition_of(report)
    if definition is None or not definition.grouped:
        raise NotFound
    words, place = tuple(clean_line(word)[:LONGEST] for word in request.args.getlist("of")), _place()
    try:
        run = run_of(report, definition, actor(), _language()).behind(words, place, reach.threshold_for(actor()))
    except TooManyGroups:
        raise NotFound from None
    if run is None:
        raise NotFound
    listed = run.page(size=SIZE, number=asked_page())
    return render_template(
        "reports/behind.html",
        report=report,
        dataset=run.dataset,
        naming=naming,
        measure=definition.measures[place],
        group=group_in_words(definition, run.dataset, words),
        said=naming.in_words(definition.where, run.dataset),
        columns=[run.dataset.column(key) for key in listed.columns],
        sums=run.sums() if listed.rows else None,
        page=Page(listed.rows, listed.number, max(1, -(-listed.total // SIZE)), listed.total),
        at=clock.now(),
    )


def _language() -> str:
    asked = request.args.get("in", "")
    return asked if asked in LANGUAGES else ""


def _place() -> int:
    asked = request.args.get("figure", "0")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else -1


def group_in_words(definition: Definition, dataset: Dataset, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Name a group: each column grouped by with its word."""
    columns = [dataset.column(key) for key in definition.groups]
    named = zip(columns, words, strict=False)
    return [(naming.group_label(column), naming.group_word(column, word)) for column, word in named]
