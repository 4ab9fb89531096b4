"""Writing a question of a quiz, and trying it out."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import services
from academy.assessment.forms import QuestionForm, form_class
from academy.assessment.queries_of_editing import EditedPlace, EditedQuestion, EditedQuiz, edited_place
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.editing import refuse_closed, to_quiz
from academy.assessment.routes.editing_pictures import take_picture
from academy.assessment.routes.finding_quizzes import NewPlace, the_new_question, the_question
from academy.assessment.routes.writing import Writing, carry_out, competency_choices, try_out
from academy.assessment.services.pictures import Owner
from academy.assessment.types import kind
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.base.text import LocalizedText
from academy.catalogue.policies import EDIT_COURSE
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor


def _form(desk: EditedQuiz, chosen: type[QuestionForm], question: EditedQuestion | None) -> QuestionForm:
    targets = [target["key"] for target in desk.version.competencies]
    own, others = competency_choices(targets, question.competency_key if question else None)
    objectives = [(row["id"], plain(LocalizedText.of(row["text"]))) for row in desk.version.objectives]
    if question is None:
        data: dict[str, Any] = chosen.blank()
    else:
        data = {
            **chosen.filled(question.content),
            "seen": question.mark,
            "competency": question.competency_key or "",
            "objective": question.objective or "",
            "difficulty": question.difficulty,
            "points": question.points,
        }
        if question.objective and question.objective not in dict(objectives):
            objectives.append((question.objective, question.objective))
    formdata = request.form if request.method == "POST" else None
    return chosen(formdata, own=own, others=others, objectives=objectives, data=data)


@bp.route("/teach/activities/<int:activity_id>/quiz/new/<type_name>", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_new_question)
def new_question(place: NewPlace) -> ResponseReturnValue:
    """Write a new question of a type."""
    refuse_closed(place.desk)
    form = _form(place.desk, place.form_class, None)
    return carry_out(form, _writing(place.desk, None))


@bp.route("/teach/activities/<int:activity_id>/quiz/questions/<int:item_id>", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_question)
def edit_question(place: EditedPlace) -> ResponseReturnValue:
    """Change a question; one of the bank is changed there, here it is only given its points."""
    refuse_closed(place.desk)
    if place.question.banked:
        return redirect(url_for("assessment.lent_question", **_here(place)))
    chosen = form_class(place.question.type)
    if chosen is None:
        raise LookupError(f"no form for questions of type {place.question.type}")
    return carry_out(_form(place.desk, chosen, place.question), _writing(place.desk, place.question))


def _here(place: EditedPlace) -> dict[str, Any]:
    return {"activity_id": place.desk.activity.id, "item_id": place.question.item_id}


def _writing(desk: EditedQuiz, question: EditedQuestion | None) -> Writing:
    def mark() -> str:
        now = edited_place(desk.activity.id, question.item_id if question else 0)
        return now.question.mark if now else ""

    owner = Owner.of(desk.course, desk.course.organisation_id)
    return Writing(
        keep=lambda form: _keep(desk, form, question),
        mark=mark,
        after=lambda item_id, act: _after(desk, item_id, act),
        page=lambda form, refused: _question_page(desk, form, question, refused),
        prepare=lambda form: take_picture(owner, form, question.content if question else None),
    )


def _keep(desk: EditedQuiz, form: QuestionForm, question: EditedQuestion | None) -> int:
    at, by_id, written = clock.now(), actor().person_id, form.written()
    if question is None:
        return services.add_written(desk.activity.id, written, at=at, by_id=by_id).id
    seen = form.seen.data or ""
    return services.keep_written(desk.activity.id, question.item_id, written, at=at, by_id=by_id, seen=seen).id


def _after(desk: EditedQuiz, item_id: int, act: str) -> ResponseReturnValue:
    flash(_("The question has been saved."), "ok")
    if act == "try":
        return redirect(url_for("assessment.try_question", activity_id=desk.activity.id, item_id=item_id))
    return to_quiz(desk, f"question-{item_id}")


def _question_page(
    desk: EditedQuiz, form: QuestionForm, question: EditedQuestion | None, refused: Refusal | None
) -> str:
    form.number_rows()
    here: Mapping[str, Any] = {"activity_id": desk.activity.id}
    if question is None:
        action = url_for("assessment.new_question", type_name=form.type_name, **here)
    else:
        action = url_for("assessment.edit_question", item_id=question.item_id, **here)
    return render_template(
        "assessment/edit_question.html",
        desk=desk,
        form=form,
        question=question,
        refused=refused,
        action=action,
        label=kind(form.type_name).label,
        scored=kind(form.type_name).scored,
    )


@bp.route("/teach/activities/<int:activity_id>/quiz/questions/<int:item_id>/try", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_question)
def try_question(place: EditedPlace) -> ResponseReturnValue:
    """Answer a question as a learner would and see the feedback at once; nothing is kept."""
    return try_out("assessment/edit_try.html", place.question, desk=place.desk)
