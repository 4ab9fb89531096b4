"""Between a quiz and the bank: choosing ready questions for a quiz, newer versions, points, giving to the bank."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import services
from academy.assessment.forms.bank import GiveForm, PointsForm
from academy.assessment.policies_of_bank import works_in
from academy.assessment.queries_of_bank import SIZE, bank_rows
from academy.assessment.queries_of_categories import shelves
from academy.assessment.queries_of_editing import EditedPlace, EditedQuiz
from academy.assessment.refusals_of_editing import ChangedMeanwhile
from academy.assessment.routes.bank import shelf_choices, words_of_bank
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.editing import refuse_closed, to_quiz
from academy.assessment.routes.finding_bank import Bank, asked_for, number, words_asked
from academy.assessment.routes.finding_quizzes import the_question, the_quiz
from academy.base import clock
from academy.base.errors import NotFound, Refusal
from academy.base.i18n import _, ngettext
from academy.catalogue.policies import EDIT_COURSE
from academy.web.access import requires
from academy.web.filters import in_digits
from academy.web.identity import actor
from academy.web.pagination import Page, asked_page


@bp.route("/teach/activities/<int:activity_id>/quiz/bank", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_quiz)
def take_questions(desk: EditedQuiz) -> ResponseReturnValue:
    """Choose ready questions of the bank for a quiz."""
    refuse_closed(desk)
    _refuse_strangers(desk)
    if request.method == "POST":
        return _taken(desk)
    visitor, here = actor(), Bank(desk.course.organisation_id, [])
    ask = replace(asked_for(here), state="ready", place="bank", language="", author_id=None)
    rows, total = bank_rows(visitor, ask, number=asked_page(), without=desk.quiz.id)
    pages = max(1, -(-total // SIZE))
    return render_template(
        "assessment/edit_from_bank.html",
        desk=desk,
        ask=ask,
        words=words_asked(),
        tree=shelves(here.organisation_id, visitor),
        page=Page(rows, min(asked_page(), pages), pages, total),
        filtered=any(request.args.get(name) for name in ("q", "category", "type", "competency", "difficulty", "tag")),
        **words_of_bank(),
    )


def _refuse_strangers(desk: EditedQuiz) -> None:
    """Whoever edits a course but does not work in the bank of its organisation knows nothing of that bank."""
    if not works_in(actor(), desk.course.organisation_id):
        raise NotFound


def _taken(desk: EditedQuiz) -> ResponseReturnValue:
    ticked = [each for typed in request.form.getlist("question") if (each := number("", typed))]
    if not ticked:
        flash(_("Tick at least one question first."), "bad")
        return redirect(url_for("assessment.take_questions", activity_id=desk.activity.id))
    try:
        made = services.take_from_bank(desk.activity.id, ticked)
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return redirect(url_for("assessment.take_questions", activity_id=desk.activity.id))
    said = ngettext("%(num)s question was added to the quiz.", "%(num)s questions were added to the quiz.", len(made))
    flash(in_digits(said), "ok" if made else "warn")
    if len(made) < len(set(ticked)):
        flash(_("Questions that are no longer ready or stand in the quiz already were left out."), "warn")
    return to_quiz(desk, f"question-{made[-1].id}" if made else "")


@bp.post("/teach/activities/<int:activity_id>/quiz/questions/<int:item_id>/newest")
@requires(EDIT_COURSE, find=the_question)
def take_newest(place: EditedPlace) -> ResponseReturnValue:
    """Let the quiz ask the newest version of a question."""
    try:
        item = services.take_newest(place.desk.activity.id, place.question.item_id)
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
        return to_quiz(place.desk)
    flash(_("The quiz asks the newest version now."), "ok")
    return to_quiz(place.desk, f"question-{item.id}")


@bp.route("/teach/activities/<int:activity_id>/quiz/questions/<int:item_id>/lent", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_question)
def lent_question(place: EditedPlace) -> ResponseReturnValue:
    """Say what a question of the bank is worth in this quiz; everything else about it is changed in the bank."""
    refuse_closed(place.desk)
    question, refused = place.question, None
    form = PointsForm(data={"seen": question.mark, "points": question.points})
    if form.validate_on_submit():
        try:
            services.set_points(
                place.desk.activity.id, question.item_id, int(form.points.data or 1), seen=form.seen.data or ""
            )
        except ChangedMeanwhile as refusal:
            refused, form.seen.data = refusal, question.mark
        else:
            flash(_("The question has been saved."), "ok")
            return to_quiz(place.desk, f"question-{question.item_id}")
    status = refused.status if refused else 422 if form.errors else 200
    page = render_template(
        "assessment/edit_lent.html", desk=place.desk, question=question, form=form, refused=refused,
        in_bank=works_in(actor(), place.desk.course.organisation_id),
    )  # fmt: skip
    return page, status


@bp.route("/teach/activities/<int:activity_id>/quiz/questions/<int:item_id>/give", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_question)
def give_question(place: EditedPlace) -> ResponseReturnValue:
    """Put a course's question, or a copy of it, into the bank."""
    refuse_closed(place.desk)
    _refuse_strangers(place.desk)
    tree = shelves(place.desk.course.organisation_id, actor())
    form = GiveForm(shelves=shelf_choices(tree, _("Without a category")))
    if form.validate_on_submit():
        try:
            given = services.give_to_bank(
                place.desk.activity.id, place.question.item_id, category_id=form.category.data or None,
                copy=form.how.data == "copy", at=clock.now(), by_id=actor().person_id,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The question lies in the bank as a draft. Send it to review when it is right."), "ok")
            return redirect(url_for("assessment.banked", question_id=given.id))
    page = render_template("assessment/edit_give.html", desk=place.desk, question=place.question, form=form)
    return page, 422 if form.errors else 200
