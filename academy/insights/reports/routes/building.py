"""The steps of building: the name, the columns with their order, the groups with their figures and chart; copying, deleting."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.insights.reports import naming, policies, services
from academy.insights.reports.forms import ColumnsForm, GroupsForm, NameForm
from academy.insights.reports.models import Report
from academy.insights.reports.queries import finding
from academy.insights.reports.queries.datasets import DATASETS, Dataset
from academy.insights.reports.routes.blueprints import bp
from academy.insights.reports.routes.viewing import definition_of
from academy.insights.reports.rules import definitions
from academy.insights.reports.rules.definitions import Definition, Measure
from academy.web.access import requires
from academy.web.identity import actor

name_act(policies.CHANGE, _l("Report deleted"))
AGAIN = _l("First correct the filter: it names something that is no longer there.")


@bp.route("/reports/<int:report_id>/name", methods=["GET", "POST"])
@requires(policies.CHANGE, find=finding.report)
def name(report: Report) -> ResponseReturnValue:
    """Rename a report."""
    form = NameForm(data={"title": report.title})
    if form.validate_on_submit():
        services.rename(report, form.title.data, at=clock.now())
        return redirect(url_for("reports.view", report_id=report.id))
    return render_template("reports/name.html", form=form, report=report), 422 if form.errors else 200


@bp.route("/reports/<int:report_id>/columns", methods=["GET", "POST"])
@requires(policies.CHANGE, find=finding.report)
def columns(report: Report) -> ResponseReturnValue:
    """Choose columns, put them in order and say how rows are sorted. A button that moves a column keeps the choice too."""
    dataset, definition = DATASETS[report.dataset], definition_of(report)
    if definition is None:
        return _to_filter(report)
    form = _columns_form(dataset, definition)
    if form.validate_on_submit():
        chosen = moved(form.columns.data, request.form.get("move", ""))
        order = [form.order_by.data, form.down.data] if form.order_by.data else None
        of_rows = {} if definition.grouped else {"order": order, "totals": form.totals.data}
        services.keep(report, at=clock.now(), columns=chosen, **of_rows)
        if request.form.get("move"):
            return redirect(url_for("reports.columns", report_id=report.id))
        return redirect(url_for("reports.view", report_id=report.id))
    chosen = list(form.columns.data or []) if form.is_submitted() else list(definition.columns)
    known = [key for key in chosen if key in dataset.kinds]
    ordered = [*known, *(column.key for column in dataset.columns if column.key not in known)]
    shown = [dataset.column(key) for key in ordered]
    page = render_template(
        "reports/columns.html",
        form=form,
        report=report,
        dataset=dataset,
        columns=shown,
        chosen=known,
        grouped=definition.grouped,
    )
    return page, 422 if form.errors else 200


def moved(chosen: list[str], move: str) -> list[str]:
    """Return the chosen columns with one of them a place up or down, as "up:key" says."""
    way, _colon, key = move.partition(":")
    if key not in chosen or way not in ("up", "down"):
        return chosen
    place = chosen.index(key)
    other = place - 1 if way == "up" else place + 1
    if 0 <= other < len(chosen):
        chosen = [*chosen]
        chosen[place], chosen[other] = chosen[other], chosen[place]
    return chosen


def _columns_form(dataset: Dataset, definition: Definition) -> ColumnsForm:
    order = definition.order
    kept = {
        "columns": list(definition.columns),
        "order_by": order.by if order else "",
        "down": bool(order and order.down),
        "totals": definition.totals,
    }
    form = ColumnsForm(data=kept)
    form.columns.choices = [(column.key, column.label) for column in dataset.columns]
    form.order_by.choices = [("", _("Name of the person")), *form.columns.choices]
    if form.order_by.data not in dict(form.order_by.choices) and not form.is_submitted():
        form.order_by.data = ""
    return form


@bp.route("/reports/<int:report_id>/groups", methods=["GET", "POST"])
@requires(policies.CHANGE, find=finding.report)
def groups(report: Report) -> ResponseReturnValue:
    """Choose by what rows are grouped, which figures are told, their order and the chart."""
    dataset, definition = DATASETS[report.dataset], definition_of(report)
    if definition is None:
        return _to_filter(report)
    form = _groups_form(dataset, definition)
    if form.validate_on_submit():
        services.keep(report, at=clock.now(), **_asked(form, definition))
        return redirect(url_for("reports.view", report_id=report.id))
    page = render_template("reports/groups.html", form=form, report=report, dataset=dataset)
    return page, 422 if form.errors else 200


def _asked(form: GroupsForm, definition: Definition) -> dict[str, object]:
    grouped = [key for key in dict.fromkeys([form.first.data, form.second.data]) if key]
    figures = [Measure(*key.split(":", 1)) for key in dict.fromkeys(field.data for field in form.figures) if key]
    measures = figures or ([Measure(definitions.COUNT)] if grouped else [])
    by = {"name": grouped[0] if grouped else ""}
    by |= {f"figure_{place + 1}": measure.key for place, measure in enumerate(measures)}
    order: object = [by.get(form.order_by.data, ""), form.down.data]
    if not measures:
        order = [definition.order.by, definition.order.down] if definition.order else None
    return {
        "groups": grouped,
        "measures": [[measure.how, measure.column] for measure in measures],
        "order": order,
        "totals": form.totals.data,
        "chart": form.chart.data,
    }


def _groups_form(dataset: Dataset, definition: Definition) -> GroupsForm:
    keys = [measure.key for measure in definition.measures]
    order, data = definition.order, {"totals": definition.totals, "chart": definition.chart}
    data |= dict(zip(("first", "second"), [*definition.groups, "", ""], strict=False))
    data |= {f"figure_{place + 1}": key for place, key in enumerate([*keys, "", "", "", ""][:4])}
    if order is not None and order.by in keys:
        data["order_by"] = f"figure_{keys.index(order.by) + 1}"
    form = GroupsForm(data={**data, "down": bool(order and order.down and definition.grouped)})
    groupable = [(c.key, naming.group_label(c)) for c in dataset.columns if definitions.groupable(c.kind)]
    form.first.choices = form.second.choices = [("", _("Nothing")), *groupable]
    offered = [("", _("No figure")), *((m.key, naming.measure_label(m, dataset)) for m in measures_of(dataset))]
    for field in form.figures:
        field.choices = offered
    form.order_by.choices = [
        ("name", _("Name of the group")), ("figure_1", _("First figure")), ("figure_2", _("Second figure")),
        ("figure_3", _("Third figure")), ("figure_4", _("Fourth figure")),
    ]  # fmt: skip
    form.chart.choices = list(naming.CHARTS.items())
    return form


def measures_of(dataset: Dataset) -> list[Measure]:
    """Return every figure that a dataset offers."""
    counts = [Measure(definitions.COUNT), Measure(definitions.PEOPLE)]
    how = (definitions.SUM, definitions.AVERAGE, definitions.SHARE)
    return counts + [Measure(h, c.key) for c in dataset.columns for h in how if definitions.measurable(h, c.kind)]


@bp.post("/reports/<int:report_id>/copy")
@requires(policies.SEE, find=finding.report)
def copy(report: Report) -> ResponseReturnValue:
    """Make an own report that asks for the same."""
    try:
        made = services.copy(report, actor(), _("Copy of %(title)s", title=report.title), at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(url_for("reports.view", report_id=report.id))
    flash(_("The report was copied. This is your own one."), "ok")
    return redirect(url_for("reports.view", report_id=made.id))


@bp.post("/reports/<int:report_id>/delete")
@requires(policies.CHANGE, find=finding.report)
def delete(report: Report) -> ResponseReturnValue:
    """Delete a report with its shares and letters."""
    title = report.title
    services.remove(report, actor(), at=clock.now())
    flash(_("The report %(title)s was deleted.", title=title), "ok")
    return redirect(url_for("reports.mine"))


def _to_filter(report: Report) -> ResponseReturnValue:
    flash(str(AGAIN), "bad")
    return redirect(url_for("reports.where", report_id=report.id))
