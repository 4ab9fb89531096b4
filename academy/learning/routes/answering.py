"""Working on an activity: placing the items of a sorting exercise, starting a quiz."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.errors import Conflict, NotFound, Refusal
from academy.base.i18n import _, current_language
from academy.learning import policies, quizzes, services
from academy.learning.forms import StartForm
from academy.learning.models import COMPLETED, WITHDRAWN, Enrolment
from academy.learning.queries import Step, enrolment, place_of, step
from academy.learning.queries.enrolments import followed
from academy.learning.routes.blueprints import bp
from academy.learning.sorting import solution_of
from academy.web.access import requires
from academy.web.browser import browser_here
from academy.web.identity import actor
from academy.web.transaction import keep


@bp.post("/learn/<int:enrolment_id>/<activity_key>/answers")
@requires(policies.TAKE, find=step)
def answer(here: Step) -> ResponseReturnValue:
    """Check where the items of a sorting exercise were placed."""
    answers = {item: request.form.get(f"item-{item}", "") for item in solution_of(here.activity.content)}
    try:
        checked = services.place_items(here.enrolment_id, here.activity.id, answers, at=clock.now())
    except Conflict as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(url_for(".course", key=here.course_key))
    if checked.is_whole and here.enrolment_state != COMPLETED and _now_completed(here):
        flash(_("Well done: you have completed the course."), "ok")
    return redirect(_url_of(here) + "#result")


def _now_completed(here: Step) -> bool:
    again = step(here.enrolment_id, here.activity.key)
    return again is not None and again.enrolment_state == COMPLETED


@bp.route("/learn/<int:enrolment_id>/<activity_key>/attempt", methods=["GET", "POST"])
@requires(policies.TAKE, find=step)
def start_attempt(here: Step) -> ResponseReturnValue:
    """Begin an attempt at a quiz, or go back to the one that is open; a quiz with a password asks for it first."""
    if here.enrolment_state == WITHDRAWN or here.activity.kind != "quiz":
        return redirect(url_for(".course", key=here.course_key))
    if (place := enrolment(here.enrolment_id)) is not None and followed(place):
        flash(_("You are taking this course anew. This earlier round stays as it is."), "warn")
        return redirect(url_for(".course", key=here.course_key))
    if request.method == "GET":
        return _asking(here, StartForm())
    at, form = clock.now(), StartForm()
    password = (form.password.data or "") if form.validate() else ""
    try:
        # The attempt is held before the enrolment, as submitting does it: two orders would lock each other out.
        attempt_id = quizzes.start(
            here.activity.content,
            actor().person_id,
            here.cycle,
            at=at,
            language=current_language(),
            address=request.remote_addr,
            browser=browser_here(),
            password=password,
        )
        services.open_activity(here.enrolment_id, here.activity.id, at=at)
    except (quizzes.WrongPassword, quizzes.TooManyPasswords) as refusal:
        keep()
        form.refuse(refusal)
        return _asking(here, form, refusal.status)
    except Refusal as refusal:
        flash(refusal.for_reader(), "warn")
        return redirect(_url_of(here))
    return redirect(url_for("assessment.attempt", attempt_id=attempt_id))


def _place_at_quiz(quiz_id: int) -> Enrolment | None:
    course_id = quizzes.of_course(quiz_id)
    return place_of(actor().person_id, course_id) if course_id is not None else None


@bp.get("/learn/quizzes/<int:quiz_id>")
@requires(policies.TAKE, find=_place_at_quiz)
def to_quiz(place: Enrolment) -> ResponseReturnValue:
    """Lead the visitor to a quiz at their own place on its course: one address for all, where Safe Exam Browser begins."""
    quiz_id = int((request.view_args or {})["quiz_id"])
    key = quizzes.activity_of_quiz(place.version_id, quiz_id)
    if key is None:
        raise NotFound
    return redirect(url_for(".activity", enrolment_id=place.id, activity_key=key))


def _asking(here: Step, form: StartForm, status: int = 200) -> ResponseReturnValue:
    """Show the page that asks for the password; without need for one, the page of the quiz."""
    quiz = quizzes.panel(here.activity.content, here.learner_id, here.cycle, now=clock.now())
    if quiz is None or not quiz.version.password or quiz.may_start is not None:
        return redirect(_url_of(here))
    action = url_for(".start_attempt", enrolment_id=here.enrolment_id, activity_key=here.activity.key)
    page = render_template(
        "learning/playing/password.html", here=here, form=form, quiz=quiz, action=action, back_url=_url_of(here)
    )
    return page, status


def _url_of(here: Step) -> str:
    return url_for(".activity", enrolment_id=here.enrolment_id, activity_key=here.activity.key)
