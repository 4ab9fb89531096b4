"""The marking desk: what waits, one question across learners, and the release of what is marked."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam

from academy.accounts.kinds import name_act
from academy.assessment import policies_of_marking as policies
from academy.assessment import queries_of_marking as queries
from academy.assessment import services
from academy.assessment.policies_of_results import shows_learners_of
from academy.assessment.queries_of_marking import MarkedQuiz
from academy.assessment.refusals_of_marking import ReleaseChanged
from academy.assessment.routes.blueprints import bp
from academy.base import clock
from academy.base.access import Actor, allowed
from academy.base.db import Moment
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _, _l
from academy.catalogue.models import Course
from academy.web import identity, navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

name_act(policies.MARK_ANSWER, _l("Answer marked"))
name_act(policies.RELEASE_MARKS, _l("Marked results released"))
name_act(policies.NAME_MARKERS, _l("Markers of a quiz changed"))


def _waiting(visitor: Actor) -> object:
    """Return the query of how many answers somebody could mark now; None for those who mark nothing."""
    if not allowed(policies.OPEN_MARKING, visitor):
        return None
    return queries.waiting(policies.quizzes_marked(visitor), visitor.person_id, bindparam("now", type_=Moment()))


_counted = identity.tallied("to_mark", _waiting)
navigation.enter(
    "main", 65, _l("Marking"), "assessment.marking", "clipboard-check", policies.OPEN_MARKING,
    shows=lambda visitor: _counted(visitor) > 0, counts=_counted,
)  # fmt: skip
navigation.enter(
    "teach", 30, _l("Marking"), "assessment.marking", "clipboard-check", policies.OPEN_MARKING, counts=_counted
)


@dataclass(frozen=True, slots=True)
class QuestionOfQuiz:
    """A question version in the marking of a quiz."""

    quiz: MarkedQuiz
    version_id: int

    @property
    def quiz_id(self) -> int:
        """The quiz it belongs to."""
        return self.quiz.quiz_id

    @property
    def course(self) -> Course:
        """The course it belongs to."""
        return self.quiz.course


def the_question_of_quiz(quiz_id: int, version_id: int) -> QuestionOfQuiz | None:
    """Find a question in the marking of a quiz."""
    quiz = queries.marked_quiz(quiz_id, version_id)
    return QuestionOfQuiz(quiz, version_id) if quiz else None


@bp.get("/marking")
@requires(policies.OPEN_MARKING)
def marking() -> ResponseReturnValue:
    """Show what waits for marks in the quizzes that the visitor may mark."""
    visitor = actor()
    found = queries.queues(policies.quizzes_marked(visitor), visitor.person_id, clock.now())
    return render_template("assessment/marking.html", queues=found)


@bp.get("/marking/quizzes/<int:quiz_id>/questions/<int:version_id>")
@requires(policies.SEE_MARKING, find=the_question_of_quiz)
def marking_question(place: QuestionOfQuiz) -> ResponseReturnValue:
    """List the answers to one question, without names while they are hidden."""
    visitor = actor()
    page = paginate(queries.answers(place.quiz_id, place.version_id, visitor.person_id, clock.now()))
    if not page.total:
        raise NotFound
    return render_template(
        "assessment/marking_question.html",
        place=place,
        page=page,
        me_id=visitor.person_id,
        shows_name=lambda row: not place.quiz.rules.anonymous and shows_learners_of(visitor, row.organisation_id),
    )


@bp.post("/marking/quizzes/<int:quiz_id>/questions/<int:version_id>/next")
@requires(policies.SEE_MARKING, find=the_question_of_quiz)
def mark_next(place: QuestionOfQuiz) -> ResponseReturnValue:
    """Take the next answer to a question."""
    return to_next(place.quiz_id, place.version_id)


def to_next(quiz_id: int, version_id: int) -> ResponseReturnValue:
    """Go to the next answer that waits for the visitor, or back to the question when none does."""
    item_id = services.claim_next(quiz_id, version_id, marker_id=actor().person_id, at=clock.now())
    if item_id is not None:
        return redirect(url_for("assessment.mark_answer", item_id=item_id))
    flash(_("No answer to this question waits for you now."), "info")
    return redirect(url_for("assessment.marking"))


@bp.get("/marking/quizzes/<int:quiz_id>/release")
@requires(policies.RELEASE_MARKS, find=queries.marked_quiz)
def release_marks(quiz: MarkedQuiz) -> ResponseReturnValue:
    """Show in numbers what a release would do."""
    preview = services.preview_release(quiz.quiz_id)
    return render_template("assessment/marking_release.html", quiz=quiz, preview=preview)


@bp.post("/marking/quizzes/<int:quiz_id>/release")
@requires(policies.RELEASE_MARKS, find=queries.marked_quiz)
def release_marks_now(quiz: MarkedQuiz) -> ResponseReturnValue:
    """Release every result that is marked completely."""
    try:
        made = services.release(
            quiz.quiz_id, by_id=actor().person_id, seen=request.form.get("seen", ""), at=clock.now()
        )
    except ReleaseChanged as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(url_for("assessment.release_marks", quiz_id=quiz.quiz_id))
    except Conflict as refusal:
        flash(refusal.for_reader(), "info")
    else:
        flash(_("Results released: %(count)s. The learners are being told.", count=len(made.attempt_ids)), "ok")
    return redirect(url_for("assessment.marking"))
