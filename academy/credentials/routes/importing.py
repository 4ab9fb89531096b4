"""Certificates from before the academy: upload, preview of each row's fate, apply exactly that, and how far it is."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.base import clock
from academy.base.access import kept_by
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, _l, current_language
from academy.base.spreadsheets import XLSX, write_csv, write_xlsx
from academy.base.text import LocalizedText
from academy.credentials import policies, services_of_imports
from academy.credentials import queries_of_imports as queries
from academy.credentials.forms import ImportForm
from academy.credentials.models import CertificateImport
from academy.credentials.queries import organisation_choices
from academy.credentials.routes.blueprints import bp
from academy.credentials.rules_of_imports import (
    FAILED,
    FATES,
    IMPORTED,
    LABELS,
    NEW,
    NOTES,
    PROBLEMS,
    REFUSED,
    SAME,
    TEMPLATE,
)  # fmt: skip
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor
from academy.web.navigation import menu
from academy.web.pagination import Page, asked_page, paginate

name_act(policies.IMPORT_CERTIFICATES, _l("Earlier certificates imported"))
ROWS = 50
FATE_NAMES = {NEW: _l("Will be imported"), SAME: _l("There already"), REFUSED: _l("Refused")}
OUTCOME_NAMES = {
    IMPORTED: _l("Imported"), SAME: _l("There already"), REFUSED: _l("Refused"), FAILED: _l("Could not be written"),
}  # fmt: skip
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


@bp.route("/admin/certificates/import", methods=["GET", "POST"])
@requires(policies.IMPORT_CERTIFICATES, auditors=True)
def import_certificates() -> ResponseReturnValue:
    """Choose a file of earlier certificates; auditors see which were imported."""
    form = ImportForm()
    form.organisation_id.choices = [
        (key, plain(name)) for key, name in organisation_choices(policies.organisations_kept(actor()))
    ]
    if form.validate_on_submit():
        try:
            found = services_of_imports.keep_file(
                form.file.data.read(), form.file.data.filename or "", organisation_id=form.organisation_id.data,
                owner_id=actor().person_id, givers=kept_by(actor()), at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("credentials.certificate_import", import_id=found.id))
    shown = render_template(
        "credentials/imports/choose.html", form=form, columns=[column.label for column in TEMPLATE],
        page=paginate(queries.applied_imports(policies.imports_seen(actor()))), section_navigation=menu("admin"),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@bp.get("/admin/certificates/import/<int:import_id>")
@requires(policies.SEE_IMPORT, find=queries.certificate_import, auditors=True)
def certificate_import(found: CertificateImport) -> ResponseReturnValue:
    """What would happen to each row; once it was applied, what became of each and how far it is."""
    told = {"found": found, "labels": LABELS, "organisation": found.organisation, "section_navigation": menu("admin")}
    if found.applied_at is None:
        preview = services_of_imports.preview(found, today=clock.today())
        fate = _asked(FATES)
        page = _cut([row for row in preview.rows if fate in ("", row.fate)])
        told |= {"preview": preview, "page": page, "fate": fate, "fate_names": FATE_NAMES, "notes": NOTES}
        return render_template("credentials/imports/preview.html", **told)
    outcome = _asked(OUTCOME_NAMES)
    return render_template(
        "credentials/imports/applied.html", **told, progress=queries.progress(found), outcome=outcome,
        page=paginate(queries.outcome_rows(found.id, outcome)), names=OUTCOME_NAMES, problems=PROBLEMS, title_of=_title,
    )  # fmt: skip


@bp.get("/admin/certificates/import/<int:import_id>/progress")
@requires(policies.SEE_IMPORT, find=queries.certificate_import, auditors=True, traced=False)
def import_progress(found: CertificateImport) -> ResponseReturnValue:
    """How far an import is and what came of it so far, for the page that shows it."""
    return render_template(
        "credentials/imports/progress.html", found=found, progress=queries.progress(found), names=OUTCOME_NAMES
    )


@bp.post("/admin/certificates/import/<int:import_id>/apply")
@requires(policies.DECIDE_IMPORT, find=queries.certificate_import)
def apply_certificate_import(found: CertificateImport) -> ResponseReturnValue:
    """Begin to do what the preview showed."""
    try:
        services_of_imports.apply(found.id, request.form.get("digest", ""), actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    else:
        flash(_("The certificates are being imported. You can leave this page and come back."), "ok")
    return redirect(url_for("credentials.certificate_import", import_id=found.id))


@bp.get("/admin/certificates/import/template.<kind>")
@requires(policies.IMPORT_CERTIFICATES)
def import_template(kind: str) -> ResponseReturnValue:
    """An empty file with the headings, in the reader's language."""
    if kind not in MEDIA:
        raise NotFound
    arabic = current_language() == "ar"
    header = [column.ar if arabic else column.en for column in TEMPLATE]
    body = (
        b"".join(write_csv(header, []))
        if kind == "csv"
        else write_xlsx(header, [], sheet=_("Certificates"), right_to_left=arabic)
    )
    named = {"Content-Disposition": f"attachment; filename=certificates.{kind}"}
    return Response(body, content_type=MEDIA[kind], headers=named)


def _asked(known: Any) -> str:
    asked = request.args.get("fate", "")
    return asked if asked in known else ""


def _cut(rows: list[Any]) -> Page:
    pages = max(1, -(-len(rows) // ROWS))
    number = min(asked_page(), pages)
    return Page(rows[(number - 1) * ROWS : number * ROWS], number, pages, len(rows))


def _title(facts: dict[str, Any]) -> LocalizedText:
    return LocalizedText(facts["title_ar"], facts["title_en"])
