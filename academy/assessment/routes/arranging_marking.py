"""How a quiz is marked, decided while it is a draft, and who is named to mark it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.assessment import policies_of_marking as policies
from academy.assessment import queries_of_marking as queries
from academy.assessment import services
from academy.assessment.forms.marking_desk import MarkingRulesForm, NameMarkerForm
from academy.assessment.queries_of_editing import EditedQuiz
from academy.assessment.queries_of_marking import MarkedQuiz
from academy.assessment.routes.blueprints import bp
from academy.assessment.routes.editing import refuse_closed
from academy.assessment.routes.finding_quizzes import the_quiz
from academy.assessment.rules import MarkingRules
from academy.base import clock
from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.catalogue.models import Course
from academy.catalogue.policies import EDIT_COURSE
from academy.web.access import requires
from academy.web.filters import plain
from academy.web.identity import actor


@bp.route("/teach/activities/<int:activity_id>/quiz/marking", methods=["GET", "POST"])
@requires(EDIT_COURSE, find=the_quiz)
def edit_marking(desk: EditedQuiz) -> ResponseReturnValue:
    """Decide how the answers of a draft quiz are marked."""
    refuse_closed(desk)
    form = MarkingRulesForm(obj=MarkingRules.of(desk.quiz.marking))
    if form.validate_on_submit():
        services.change_marking(desk.activity.id, form.rules())
        flash(_("The rules of marking are saved."), "ok")
        return redirect(url_for("assessment.edit_quiz", activity_id=desk.activity.id))
    return render_template("assessment/edit_marking.html", desk=desk, form=form), 422 if form.errors else 200


@bp.route("/marking/quizzes/<int:quiz_id>/markers", methods=["GET", "POST"])
@requires(policies.NAME_MARKERS, find=queries.marked_quiz)
def quiz_markers(quiz: MarkedQuiz) -> ResponseReturnValue:
    """List those who are named to mark a quiz, and name another one."""
    form = NameMarkerForm()
    possible = queries.possible_markers(quiz.quiz_id, quiz.course.organisation_id)
    form.person.choices = [(key, plain(name)) for key, name in possible]
    if form.validate_on_submit():
        try:
            services.name_marker(quiz.quiz_id, form.person.data, by_id=actor().person_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The marker is named."), "ok")
            return _markers(quiz.quiz_id)
    named = queries.markers(quiz.quiz_id)
    page = render_template("assessment/marking_markers.html", quiz=quiz, form=form, named=named)
    return page, 422 if form.errors else 200


def _markers(quiz_id: int) -> ResponseReturnValue:
    return redirect(url_for("assessment.quiz_markers", quiz_id=quiz_id))


@dataclass(frozen=True, slots=True)
class MarkerOfQuiz:
    """Somebody in the marking of a quiz."""

    quiz_id: int
    course: Course
    person_id: int


def the_marker(quiz_id: int, person_id: int) -> MarkerOfQuiz | None:
    """Find a marker of a quiz."""
    quiz = queries.marked_quiz(quiz_id)
    return MarkerOfQuiz(quiz_id, quiz.course, person_id) if quiz else None


@bp.post("/marking/quizzes/<int:quiz_id>/markers/<int:person_id>/remove")
@requires(policies.NAME_MARKERS, find=the_marker)
def remove_marker(marker: MarkerOfQuiz) -> ResponseReturnValue:
    """Name somebody no longer."""
    services.dismiss_marker(marker.quiz_id, marker.person_id, by_id=actor().person_id, at=clock.now())
    flash(_("The marker is no longer named. Their marks stay."), "ok")
    return _markers(marker.quiz_id)
