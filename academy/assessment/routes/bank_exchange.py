"""Importing questions into a bank (upload, preview, confirm) and taking them out as a file."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import services
from academy.assessment.exchange import FORMATS
from academy.assessment.forms.exchanging import ExportQuestionsForm, ImportQuestionsForm
from academy.assessment.policies_of_bank import IMPORT_TO_BANK, USE_BANK
from academy.assessment.queries_of_bank import BankFilter
from academy.assessment.queries_of_exchange import (
    MOST_EXPORTED,
    BankDesk,
    BankImportPlace,
    banked_questions,
    preview_rows,
)
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.exchanging import export_page, plan_upload, preview_context
from academy.assessment.routes.finding_bank import the_bank_import, the_desk_of_bank
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _, ngettext
from academy.web.access import requires
from academy.web.filters import in_digits
from academy.web.identity import actor


def _place(desk: BankDesk) -> dict[str, Any]:
    return {"organisation": desk.organisation_id, "category": desk.category.id if desk.category else None}


@bp.route("/bank/import", methods=["GET", "POST"])
@requires(USE_BANK, find=the_desk_of_bank)
def bank_import(desk: BankDesk) -> ResponseReturnValue:
    """Choose a file of questions for a category of the bank."""
    form = ImportQuestionsForm()
    if form.validate_on_submit():
        try:
            plan_id = plan_upload(desk, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("assessment.bank_import_preview", plan_id=plan_id))
    action = url_for("assessment.bank_import", **_place(desk))
    page = render_template("assessment/bank/import.html", desk=desk, form=form, formats=FORMATS, action=action)
    return page, 422 if form.errors else 200


@bp.get("/bank/import/<int:plan_id>")
@requires(IMPORT_TO_BANK, find=the_bank_import)
def bank_import_preview(place: BankImportPlace) -> ResponseReturnValue:
    """Show what would be taken, changed, lost and refused, question for question."""
    if place.plan.applied_at is not None:
        flash(_("These questions have been imported already."), "info")
        return redirect(url_for("assessment.bank", **_place(place.desk)))
    return render_template(
        "assessment/bank/import_preview.html",
        desk=place.desk,
        upload=url_for("assessment.bank_import", **_place(place.desk)),
        apply=url_for("assessment.bank_import_apply", plan_id=place.plan.id),
        **preview_context(place.plan),
    )


@bp.post("/bank/import/<int:plan_id>/apply")
@requires(IMPORT_TO_BANK, find=the_bank_import)
def bank_import_apply(place: BankImportPlace) -> ResponseReturnValue:
    """Write the ticked questions of the preview into the bank, as drafts."""
    ticked = set(request.form.getlist("take"))
    left_out = {row.number for row in preview_rows(place.plan) if str(row.number) not in ticked}
    try:
        categories = request.form.get("categories") == "yes"
        count = services.apply_import(
            place.plan, left_out, categories=categories, actor_id=actor().person_id, at=clock.now()
        )
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(url_for("assessment.bank_import_preview", plan_id=place.plan.id))
    flash(in_digits(ngettext("%(num)s question was imported.", "%(num)s questions were imported.", count)), "ok")
    return redirect(url_for("assessment.bank", **_place(place.desk)))


@bp.route("/bank/export", methods=["GET", "POST"])
@requires(USE_BANK, find=the_desk_of_bank)
def bank_export(desk: BankDesk) -> ResponseReturnValue:
    """Take the questions of a category, or of the whole bank, out as a file."""
    form = ExportQuestionsForm()
    ask = BankFilter(desk.organisation_id, category=desk.category.id if desk.category else None)
    questions, incomplete = banked_questions(actor(), ask)
    if len(questions) <= MOST_EXPORTED and form.validate_on_submit():
        made = services.export_from_bank(
            questions, desk.organisation_id, form.format.data, form.language.data,
            actor_id=actor().person_id, at=clock.now(),
        )  # fmt: skip
        name = f"{desk.category.key if desk.category else 'bank'}.{made.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(made.data, content_type=made.media_type, headers=headers)
    shown = questions if len(questions) <= MOST_EXPORTED else []
    page = export_page(
        "assessment/bank/export.html", shown, form, desk=desk, place=_place(desk), most=MOST_EXPORTED,
        too_many=len(questions) > MOST_EXPORTED, incomplete=incomplete,
    )  # fmt: skip
    return page, 422 if form.errors else 200
