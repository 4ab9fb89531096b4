"""Importing people: upload, preview of each row's fate, apply exactly that."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import policies, services
from academy.accounts import queries_of_administration as queries
from academy.accounts.forms.administration import ImportForm
from academy.accounts.jobs import INVITE_PEOPLE
from academy.accounts.models import ImportPlan
from academy.accounts.routes.blueprints import administration
from academy.accounts.rules_of_import import CREATE, FATES, LABELS, REFUSED, SAME, TEMPLATE, UPDATE
from academy.base import clock, jobs
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, _l, current_language, ngettext
from academy.base.spreadsheets import XLSX, write_csv, write_xlsx
from academy.web.access import requires
from academy.web.filters import number
from academy.web.identity import actor
from academy.web.pagination import Page, asked_page

ROWS = 50
INVITED_TOGETHER = 200
FATE_NAMES = {CREATE: _l("Will be added"), UPDATE: _l("Will be changed"), SAME: _l("Unchanged"), REFUSED: _l("Refused")}
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


@administration.route("/people/import", methods=["GET", "POST"])
@requires(policies.MANAGE_PEOPLE)
def import_people() -> ResponseReturnValue:
    """Choose a file of people."""
    form = ImportForm()
    organisations = queries.choices_of_organisations(actor())
    form.organisation_id.choices = [(number, name.show(current_language())) for number, name in organisations]
    if form.validate_on_submit():
        try:
            plan = _keep(form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("administration.import_preview", plan_id=plan.id))
    columns = [column.label for column in TEMPLATE]
    shown = render_template("accounts/administration/import.html", form=form, columns=columns)
    return shown, 422 if form.errors else 200


def _keep(form: ImportForm) -> ImportPlan:
    name = form.file.data.filename or ""
    document = services.read_people(form.file.data.read(), name)
    return services.keep_plan(
        document, organisation_id=form.organisation_id.data, file_name=name, owner_id=actor().person_id, at=clock.now()
    )


@administration.get("/people/import/<int:plan_id>")
@requires(policies.IMPORT_PEOPLE, find=queries.import_plan)
def import_preview(plan: ImportPlan) -> ResponseReturnValue:
    """What would happen to each row."""
    if plan.applied_at is not None:
        flash(_("This file has been imported already."), "info")
        return redirect(url_for("administration.people"))
    return _show(plan)


def _show(plan: ImportPlan, status: int = 200) -> ResponseReturnValue:
    preview = services.preview(plan, actor())
    fate = request.args.get("fate", "")
    rows = [row for row in preview.rows if fate in ("", row.fate)]
    pages = max(1, -(-len(rows) // ROWS))
    number = min(asked_page(), pages)
    page = Page(rows[(number - 1) * ROWS : number * ROWS], number, pages, len(rows))
    organisation = queries.organisation(plan.organisation_id)
    shown = render_template(
        "accounts/administration/import_preview.html", plan=plan, preview=preview, page=page, fate=fate, fates=FATES,
        fate_names=FATE_NAMES, labels=LABELS, organisation=organisation,
        short=services.short_of_seats(organisation, preview.counts[CREATE]),
    )  # fmt: skip
    return shown, status


@administration.post("/people/import/<int:plan_id>/apply")
@requires(policies.IMPORT_PEOPLE, find=queries.import_plan)
def apply_import(plan: ImportPlan) -> ResponseReturnValue:
    """Do what the preview showed."""
    by, at = actor(), clock.now()
    try:
        done = services.apply_plan(plan, request.form.get("digest", ""), actor=by, at=at)
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(url_for("administration.import_preview", plan_id=plan.id))
    if request.form.get("invite"):
        for start in range(0, len(done.created_ids), INVITED_TOGETHER):
            ids = list(done.created_ids[start : start + INVITED_TOGETHER])
            jobs.enqueue(INVITE_PEOPLE, unique_key=f"invite:{plan.id}:{start}", person_ids=ids, actor_id=by.person_id)
    added, changed = len(done.created_ids), done.updated
    flash(ngettext("%(count)s person was added.", "%(count)s people were added.", added, count=number(added)), "ok")
    if changed:
        said = ngettext(
            "%(count)s person's record was changed.", "%(count)s people's records were changed.", changed,
            count=number(changed),
        )  # fmt: skip
        flash(said, "ok")
    return redirect(url_for("administration.people"))


@administration.get("/people/import/template.<kind>")
@requires(policies.MANAGE_PEOPLE)
def import_template(kind: str) -> ResponseReturnValue:
    """An empty file with the headings, in the reader's language."""
    if kind not in MEDIA:
        raise NotFound
    arabic = current_language() == "ar"
    header = [column.ar if arabic else column.en for column in TEMPLATE]
    rows: list[Any] = []
    if kind == "csv":
        body = b"".join(write_csv(header, rows))
    else:
        body = write_xlsx(header, rows, sheet=_("People"), right_to_left=arabic)
    return Response(
        body, content_type=MEDIA[kind], headers={"Content-Disposition": f"attachment; filename=people.{kind}"}
    )
