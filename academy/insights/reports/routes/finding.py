"""The list of reports, the page of datasets, and beginning a report."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.access import Actor
from academy.base.errors import Refusal
from academy.base.i18n import _l
from academy.insights.queries.searching import one_page
from academy.insights.reports import naming, policies, services
from academy.insights.reports.forms import NewForm
from academy.insights.reports.queries import finding
from academy.insights.reports.queries.datasets import DATASETS
from academy.insights.reports.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import SIZE, Page, asked_page


@bp.get("/reports")
@requires(policies.BUILD)
def mine() -> str:
    """List one's own reports and those shared with one."""
    rows, number, total = one_page(finding.reports(actor()), size=SIZE, number=asked_page())
    page = Page([finding.row_of(row, actor()) for row in rows], number, max(1, -(-total // SIZE)), total)
    return render_template("reports/mine.html", page=page, datasets=DATASETS, rhythms=naming.RHYTHMS)


@bp.get("/reports/datasets")
@requires(policies.BUILD)
def datasets() -> str:
    """Show what can be reported on: each dataset with its columns, their meaning and unit."""
    return render_template("reports/datasets.html", datasets=list(DATASETS.values()), kinds=naming.KIND_WORDS)


@bp.route("/reports/new", methods=["GET", "POST"])
@requires(policies.BUILD)
def new() -> ResponseReturnValue:
    """Begin a report: its name and its dataset."""
    form = NewForm()
    form.dataset.choices = [(key, dataset.label) for key, dataset in DATASETS.items()]
    if form.validate_on_submit():
        try:
            report = services.create(actor(), form.title.data, form.dataset.data, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("reports.columns", report_id=report.id))
    return render_template("reports/new.html", form=form, datasets=DATASETS), 422 if form.errors else 200


def _leads(visitor: Actor) -> bool:
    return visitor.leads


navigation.enter("main", 16, _l("Reports"), "reports.mine", "file-text", policies.BUILD, shows=_leads)
navigation.enter("admin", 52, _l("Reports"), "reports.mine", "file-text", policies.BUILD)
