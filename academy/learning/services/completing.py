"""Completing activities and, with the last of them, the course. The only place where anything becomes completed."""

from datetime import datetime

from academy import facts
from academy.base import bus
from academy.base.db import db, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.catalogue import kinds
from academy.catalogue.models import Activity
from academy.learning import quizzes
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, ActivityState, Enrolment
from academy.learning.queries import taking, tally_of
from academy.learning.queries.enrolments import followed
from academy.learning.services.exempting import overtake
from academy.learning.services.opening import activity_of, hold, touch
from academy.learning.sorting import check


def complete_activity(enrolment_id: int, activity_id: int, *, at: datetime) -> Enrolment:
    """Complete an activity whose rule is met; done before, it changes nothing. Raises Conflict with what is missing."""
    enrolment = hold(enrolment_id)
    activity = activity_of(enrolment, activity_id)
    state = touch(enrolment, activity, at)
    if state.state != COMPLETED:
        _hold_to_rule(enrolment, activity, state)
        mark_completed(enrolment, activity, state, at)
    db.session.flush()
    return enrolment


def hear_attempt(attempt_id: int, *, at: datetime | None = None) -> None:
    """Complete the quiz activities of an attempt that was passed: those of its own quiz and learner, and no others.

    They are completed when it was graded, or `at` the moment of a later decision about it.
    """
    graded = quizzes.graded_attempt(attempt_id)
    if graded is None or not graded.passed:
        return
    for enrolment_id, quiz in taking(graded.learner_id, graded.course_id, graded.cycle, graded.version_ids):
        enrolment = lock(Enrolment, enrolment_id)
        if enrolment.state == WITHDRAWN or followed(enrolment):
            continue
        activity = activity_of(enrolment, quiz.id)
        state = touch(enrolment, activity, at or graded.at)
        if state.state != COMPLETED:
            mark_completed(enrolment, activity, state, at or graded.at)
    db.session.flush()


def mark_completed(enrolment: Enrolment, activity: Activity, state: ActivityState, at: datetime) -> None:
    """Set an activity completed, recount, and complete the course when that was the last. The enrolment is held."""
    state.state, state.completed_at = COMPLETED, at
    db.session.flush()
    tally = tally_of(enrolment.id, enrolment.version_id)
    enrolment.done, enrolment.required = tally.done, tally.required
    finished = (enrolment.state == ACTIVE or enrolment.exempted) and tally.is_complete
    if finished:
        if enrolment.exempted:
            overtake(enrolment, at=at)
        enrolment.state, enrolment.completed_at = COMPLETED, at
    db.session.flush()
    bus.publish(facts.ActivityCompleted(enrolment.id, activity.id))
    if finished:
        bus.publish(facts.CourseCompleted(enrolment.id))


def _hold_to_rule(enrolment: Enrolment, activity: Activity, state: ActivityState) -> None:
    rule = kinds.of(activity.kind).completes
    if rule == "answered":
        checked = check(activity.content, (state.resume or {}).get("answers") or {})
        if not checked.is_whole:
            raise Conflict(
                _l("Place every item first: %(placed)s of %(total)s so far."),
                placed=checked.placed,
                total=checked.total,
            )
    elif rule == "passed" and not quizzes.is_passed(activity.content, enrolment.learner_id, enrolment.cycle):
        raise Conflict(_l("Pass the quiz first; it then completes by itself."))
