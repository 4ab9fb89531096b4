"""Importing questions into a quiz (upload, preview, confirm) and taking them out as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.assessment import services
from academy.assessment.exchange import EXPORTS, FORMATS, ONE_LANGUAGE, UNREADABLE, Note, Taken, write
from academy.assessment.forms.exchanging import ExportQuestionsForm, ImportQuestionsForm
from academy.assessment.models import QuestionImport
from academy.assessment.queries_of_editing import EditedQuiz
from academy.assessment.queries_of_exchange import (
    BankDesk,
    ImportPlace,
    given_questions,
    import_place,
    new_categories,
    preview_rows,
)
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.editing import refuse_closed
from academy.assessment.routes.finding_quizzes import the_quiz
from academy.assessment.routes.writing import right_answers
from academy.assessment.services.exchanging import EXPORTED, IMPORTED
from academy.assessment.types import all_types
from academy.base import clock
from academy.base.errors import Invalid, NotFound, Refusal
from academy.base.i18n import LANGUAGE_NAMES, _, _l, current_language, ngettext
from academy.base.text import LocalizedText
from academy.catalogue.kinds import lookups
from academy.catalogue.policies import EDIT_COURSE
from academy.web.access import requires
from academy.web.filters import in_digits, plain
from academy.web.forms import most_bytes
from academy.web.identity import actor

name_act(IMPORTED, _l("Questions imported"))
name_act(EXPORTED, _l("Questions exported"))


def the_import(activity_id: int, plan_id: int) -> ImportPlace | None:
    """Find the visitor's own file of questions at the quiz of an activity."""
    return import_place(activity_id, plan_id, actor().person_id)


@bp.route("/teach/activities/<int:activity_id>/quiz/import", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_quiz)
def import_questions(desk: EditedQuiz) -> ResponseReturnValue:
    """Choose a file of questions."""
    refuse_closed(desk)
    form = ImportQuestionsForm()
    if form.validate_on_submit():
        try:
            plan_id = plan_upload(desk, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("assessment.import_preview", activity_id=desk.activity.id, plan_id=plan_id))
    page = render_template("assessment/edit_import.html", desk=desk, form=form, formats=FORMATS)
    return page, 422 if form.errors else 200


def plan_upload(desk: EditedQuiz | BankDesk, form: ImportQuestionsForm) -> int:
    """Read the uploaded file and keep its questions until the decision; return the number of the preview."""
    known = {key for key, _name in lookups.competency_choices()} if lookups.competency_choices else None
    data = form.file.data.read()
    if len(data) > most_bytes():
        raise Invalid(UNREADABLE["too_big"], field="file")
    plan = services.plan_import(
        desk,
        data,
        form.file.data.filename or "",
        format=form.format.data or None,
        language=form.language.data or None,
        competencies=known or None,
        owner_id=actor().person_id,
        at=clock.now(),
    )
    return int(plan.id)


@bp.get("/teach/activities/<int:activity_id>/quiz/import/<int:plan_id>")
@requires(EDIT_COURSE, find=the_import)
def import_preview(place: ImportPlace) -> ResponseReturnValue:
    """Show what would be taken, changed, lost and refused, question for question."""
    if place.plan.applied_at is not None:
        flash(_("These questions have been imported already."), "info")
        return redirect(url_for("assessment.edit_quiz", activity_id=place.desk.activity.id))
    return render_template("assessment/edit_import_preview.html", desk=place.desk, **preview_context(place.plan))


def preview_context(plan: QuestionImport) -> dict[str, Any]:
    """Return what the page of a preview shows of a file, for a quiz or for the bank."""
    rows = preview_rows(plan)
    return {
        "plan": plan,
        "rows": rows,
        "taken": [row for row in rows if row.taken],
        "labels": {each.name: each.label for each in all_types()},
        "format": FORMATS[plan.document["format"]],
        "language": {"ar": _("Arabic"), "en": _("English")}.get(plan.document["language"], ""),
        "answers": right_answers,
        "new_categories": new_categories(plan),
    }


@bp.post("/teach/activities/<int:activity_id>/quiz/import/<int:plan_id>/apply")
@requires(EDIT_COURSE, find=the_import)
def apply_import(place: ImportPlace) -> ResponseReturnValue:
    """Write the ticked questions of the preview."""
    ticked = set(request.form.getlist("take"))
    left_out = {row.number for row in preview_rows(place.plan) if str(row.number) not in ticked}
    try:
        count = services.apply_import(place.plan, left_out, actor_id=actor().person_id, at=clock.now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        address = url_for("assessment.import_preview", activity_id=place.desk.activity.id, plan_id=place.plan.id)
        return redirect(address)
    flash(in_digits(ngettext("%(num)s question was imported.", "%(num)s questions were imported.", count)), "ok")
    return redirect(url_for("assessment.edit_quiz", activity_id=place.desk.activity.id))


@dataclass(frozen=True, slots=True)
class _Cost:
    """What a format says about one question."""

    number: int
    stem: str
    notes: list[Note]


@bp.route("/teach/activities/<int:activity_id>/quiz/export", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_quiz)
def export_questions(desk: EditedQuiz) -> ResponseReturnValue:
    """Choose a format and take the questions out; a chosen format first says what it cannot carry."""
    form = ExportQuestionsForm()
    if form.validate_on_submit():
        made = services.export_questions(
            desk, form.format.data, form.language.data, actor_id=actor().person_id, at=clock.now()
        )
        name = f"{desk.course.key}-{desk.activity.key}.{made.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(made.data, content_type=made.media_type, headers=headers)
    page = export_page("assessment/edit_export.html", given_questions(desk.quiz.id), form, desk=desk)
    return page, 422 if form.errors else 200


def export_page(template: str, questions: Sequence[Taken], form: ExportQuestionsForm, **context: Any) -> str:
    """Draw the page of an export: the formats, and what the chosen one cannot carry of these questions."""
    chosen, language = request.args.get("format", "xlsx"), request.args.get("language", current_language())
    if chosen not in EXPORTS or language not in LANGUAGE_NAMES:
        raise NotFound
    if request.method == "GET":
        form.format.data, form.language.data = chosen, language
    notes = write(questions, chosen, language).notes
    costs = [
        _Cost(place + 1, plain(LocalizedText.of(question.content.get("stem"))), list(notes[place]))
        for place, question in enumerate(questions)
        if notes.get(place)
    ]
    return render_template(
        template,
        form=form,
        count=len(questions),
        costs=costs,
        chosen=chosen,
        exports=EXPORTS,
        one_language=chosen in ONE_LANGUAGE,
        **context,
    )
