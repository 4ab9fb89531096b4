"""Taking a report away: small ones at once, large ones as files that are made in the background."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock, storage
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, _l
from academy.insights.reports import policies, reach, services, writing
from academy.insights.reports.models import READY, Report, ReportFile
from academy.insights.reports.queries import finding
from academy.insights.reports.queries.running import Run, TooManyGroups
from academy.insights.reports.routes.blueprints import bp
from academy.insights.reports.routes.viewing import definition_of, run_of
from academy.web.access import requires
from academy.web.filters import number
from academy.web.identity import actor

name_act(policies.EXPORT, _l("Report taken as a file"))


@bp.post("/reports/<int:report_id>/export")
@requires(policies.EXPORT, find=finding.report)
def export(report: Report) -> ResponseReturnValue:
    """Give a report as a file, or order one when it is large. Each is put into the trail."""
    kind, definition = request.form.get("kind", ""), definition_of(report)
    back = redirect(url_for("reports.view", report_id=report.id))
    if kind not in writing.TYPES or definition is None:
        raise NotFound
    run, at = run_of(report, definition, actor()), clock.now()
    try:
        rows = 0 if definition.grouped else run.count()
        if rows > (writing.MOST_PRINTED if kind == "pdf" else writing.MOST_ROWS):
            flash(
                _(
                    "The report has %(rows)s rows, too many for this kind of file. Narrow it with a filter.",
                    rows=number(rows),
                ),
                "bad",
            )
            return back
        if rows > writing.MOST_DIRECT // (10 if kind == "pdf" else 1):
            services.order_file(report, actor(), kind, rows, at=at)
            services.note_export(report, actor(), kind, rows, at=at)
            return redirect(url_for("reports.files"))
        names, lines = writing.header(run), _lines(run, kind)
    except TooManyGroups:
        flash(_("There are too many groups for a table. Narrow the report with a filter."), "bad")
        return back
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return back
    services.note_export(report, actor(), kind, rows or len(lines), at=at)
    body = writing.made(kind, report.title, names, lines, writing.note_of(run, at))
    return _file(body, kind, report.id)


def _lines(run: Run, kind: str) -> list[list[object]]:
    if run.definition.grouped:
        return list(writing.group_lines(run, run.grouped(reach.threshold_for(run.actor))))
    return list(writing.lines(run, run.batch(first=0, size=writing.MOST_DIRECT), kind))


def _file(body: bytes, kind: str, key: int) -> Response:
    named = f'attachment; filename="report-{key}-{clock.today().isoformat()}.{kind}"'
    return Response(body, mimetype=writing.TYPES[kind].split(";")[0], headers={"Content-Disposition": named})


@bp.get("/reports/files")
@requires(policies.BUILD)
def files() -> str:
    """List the files that are made for one, and how far they are."""
    found = finding.files(actor().person_id, at=clock.now())
    return render_template("reports/files.html", files=found, now=clock.now())


@bp.get("/reports/files/<int:file_id>")
@requires(policies.FETCH, find=finding.file)
def fetch(file: ReportFile) -> ResponseReturnValue:
    """Give a file that is ready, while its owner's rights are those it was made with."""
    if file.state != READY or file.expires_at <= clock.now():
        raise NotFound
    try:
        body = storage.made(services.name_of(file))
    except storage.TROUBLE:
        body = None
    if body is None:
        raise NotFound
    return _file(body, file.kind, file.id)
