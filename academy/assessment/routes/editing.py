"""The trainer's quiz editor: the rules of a quiz and its list of questions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from academy.assessment import services, types
from academy.assessment.forms import QuizForm
from academy.assessment.forms.reviewing import PART_NAMES, PRESET_NAMES, TIME_NAMES, cells_of, preset_of
from academy.assessment.policies_of_bank import USE_BANK
from academy.assessment.queries_of_editing import (
    EditedPlace,
    EditedQuestion,
    EditedQuiz,
    edited_questions,
    other_quizzes,
)
from academy.assessment.queries_of_pools import Drawing, SectionRow, candidates, drawing, names_of_shelves, section_row
from academy.assessment.queries_of_surveys import was_published
from academy.assessment.refusals_of_editing import ChangedMeanwhile, QuestionsOutOfStep, QuizClosed
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.finding_quizzes import the_question, the_quiz
from academy.base import clock
from academy.base.errors import Invalid, Refusal
from academy.base.i18n import _
from academy.catalogue.kinds import domain_names, lookups
from academy.catalogue.policies import EDIT_COURSE
from academy.web.access import requires
from academy.web.errors import wants_json
from academy.web.filters import plain
from academy.web.identity import actor


@bp.get("/teach/activities/<int:activity_id>/quiz")
@requires(EDIT_COURSE, find=the_quiz)
def edit_quiz(desk: EditedQuiz) -> ResponseReturnValue:
    """Show the questions and sections of a draft's quiz."""
    refuse_closed(desk)
    questions = edited_questions(desk.quiz.id)
    sections = [section_row(row) for row in desk.quiz.sections]
    drawn = drawing_of(desk, questions, sections)
    categories = {key for each in drawn.lines for key in each.line.categories}
    return render_template(
        "assessment/edit_quiz.html",
        desk=desk,
        questions=questions,
        sections=sections,
        drawing=drawn,
        points=sum(question.worth for question in questions) + drawn.points,
        types=[each for each in types.all_types() if each.authored],
        USE_BANK=USE_BANK,
        labels={each.name: each.label for each in types.all_types()},
        competencies=lookups.names() if lookups.names else {},
        shelves=names_of_shelves(categories),
    )


def drawing_of(desk: EditedQuiz, questions: list[EditedQuestion], sections: list[SectionRow]) -> Drawing:
    """Return what the quiz would draw now, in one statement; none when it draws nothing."""
    home = (desk.course.organisation_id, desk.course.id)
    asked = {(row.id, place): (line, home) for row in sections for place, line in enumerate(row.lines)}
    return drawing(sections, candidates(asked), {each.question_id: each.competency_key for each in questions})


@bp.route("/teach/activities/<int:activity_id>/quiz/rules", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_quiz)
def edit_rules(desk: EditedQuiz) -> ResponseReturnValue:
    """Change the title and the rules of a quiz."""
    refuse_closed(desk)
    form = _quiz_form(desk)
    refused: Refusal | None = None
    preset = preset_of(request.form.get("act", ""))
    if preset is not None:
        form.review.data, form.key_when_done.data = cells_of(preset), preset.key_when_done
        return _rules_page(desk, form, None), 200
    if form.validate_on_submit():
        try:
            services.change_quiz(desk.activity.id, form.rules(), seen=form.seen.data)
        except ChangedMeanwhile as refusal:
            refused, form.seen.data = refusal, desk.mark
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("The quiz has been saved."), "ok")
            return to_quiz(desk)
    status = refused.status if refused else 422 if form.errors else 200
    return _rules_page(desk, form, refused), status


def _quiz_form(desk: EditedQuiz) -> QuizForm:
    others = [(quiz_id, plain(title)) for quiz_id, title in other_quizzes(desk)]
    given = {"title": desk.activity.title, "seen": desk.mark}
    formdata = request.form if request.method == "POST" else None
    settled = was_published(desk.quiz.quiz_id)
    return QuizForm(formdata, settled=settled, quiz=desk.quiz, others=others, domains=list(domain_names()), given=given)


def _rules_page(desk: EditedQuiz, form: QuizForm, refused: Refusal | None) -> str:
    table = {"times": TIME_NAMES, "parts": PART_NAMES, "presets": PRESET_NAMES}
    return render_template("assessment/edit_rules.html", desk=desk, form=form, refused=refused, review=table)


def refuse_closed(desk: EditedQuiz) -> None:
    """Raise QuizClosed when the quiz belongs to a version that is not a draft."""
    if not desk.open:
        raise QuizClosed


def to_quiz(desk: EditedQuiz, anchor: str = "") -> ResponseReturnValue:
    """Return to the quiz; our own script, which has changed the page already, gets an empty answer."""
    if wants_json():
        return "", 204
    return redirect(url_for("assessment.edit_quiz", activity_id=desk.activity.id, _anchor=anchor or None))


def a_number(typed: str) -> int:
    """Return a number that was sent; 0 for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@bp.post("/teach/activities/<int:activity_id>/quiz/order")
@requires(EDIT_COURSE, find=the_quiz)
def order_questions(desk: EditedQuiz) -> ResponseReturnValue:
    """Move one question up or down, or put all of them into the order sent."""
    try:
        if "order" in request.form:
            sent = [a_number(part) for part in request.form["order"].split(",") if part]
            services.order_questions(desk.activity.id, sent)
            return to_quiz(desk)
        item_id = a_number(request.form.get("key", ""))
        services.move_question(desk.activity.id, item_id, "up" if request.form.get("move") == "up" else "down")
    except QuestionsOutOfStep as refusal:
        if wants_json():
            raise
        flash(refusal.for_reader(), "bad")
        return to_quiz(desk)
    return to_quiz(desk, f"question-{item_id}")


@bp.post("/teach/activities/<int:activity_id>/quiz/questions/<int:item_id>/remove")
@requires(EDIT_COURSE, find=the_question)
def remove_question(place: EditedPlace) -> ResponseReturnValue:
    """Take a question out of the quiz and offer to put it back."""
    removed = services.remove_question(place.desk.activity.id, place.question.item_id)
    address = url_for("assessment.restore_question", activity_id=place.desk.activity.id)
    undo = render_template(
        "assessment/edit_parts/undo.html", address=address, title=shortened(plain(place.question.stem)), removed=removed
    )
    flash(Markup(undo), "ok")
    return to_quiz(place.desk)


def shortened(text: str, most: int = 80) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@bp.post("/teach/activities/<int:activity_id>/quiz/restore")
@requires(EDIT_COURSE, find=the_quiz)
def restore_question(desk: EditedQuiz) -> ResponseReturnValue:
    """Put a removed question back."""
    version, position, points, section = (
        a_number(request.form.get(name, "")) for name in ("version", "position", "points", "section")
    )
    item = services.restore_question(desk.activity.id, services.Removed(version, position, points, section or None))
    flash(_("The question is back where it was.") if item else _("The question is already in the quiz."), "ok")
    return to_quiz(desk, f"question-{item.id}" if item else "")


@bp.post("/teach/activities/<int:activity_id>/quiz/questions/<int:item_id>/duplicate")
@requires(EDIT_COURSE, find=the_question)
def duplicate_question(place: EditedPlace) -> ResponseReturnValue:
    """Put a copy of a question after it."""
    visitor = actor()
    copy = services.duplicate_question(
        place.desk.activity.id, place.question.item_id, at=clock.now(), by_id=visitor.person_id
    )
    flash(_("The question has been copied. The copy stands right after it."), "ok")
    return to_quiz(place.desk, f"question-{copy.id}")
