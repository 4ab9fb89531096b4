"""Opening an activity and remembering where the learner was in it."""

from datetime import datetime

from sqlalchemy import select

from academy.base.db import db, lock
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _l
from academy.catalogue.models import Activity
from academy.learning.models import WITHDRAWN, ActivityState, Enrolment
from academy.learning.queries.enrolments import followed


def open_activity(enrolment_id: int, activity_id: int, *, at: datetime) -> ActivityState:
    """Note that a learner has opened an activity: it is where the course goes on next time, on any device."""
    enrolment = hold(enrolment_id)
    activity = activity_of(enrolment, activity_id)
    enrolment.last_activity_id = activity.id
    state = touch(enrolment, activity, at)
    db.session.flush()
    return state


def keep_place(enrolment_id: int, activity_id: int, block: int, *, at: datetime) -> ActivityState:
    """Remember which part of a lesson was last read. A late message from a page already left moves nothing else."""
    enrolment = hold(enrolment_id)
    activity = activity_of(enrolment, activity_id)
    state = touch(enrolment, activity, at)
    state.resume = {**(state.resume or {}), "block": block}
    db.session.flush()
    return state


def hold(enrolment_id: int) -> Enrolment:
    """Lock an enrolment that is not withdrawn; everything that changes its progress goes through here."""
    enrolment: Enrolment | None = lock(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound
    if enrolment.state == WITHDRAWN:
        raise Conflict(_l("You have left this course. Enrol again to go on."))
    if followed(enrolment):
        raise Conflict(_l("You are taking this course anew. This earlier round stays as it is."))
    return enrolment


def activity_of(enrolment: Enrolment, activity_id: int) -> Activity:
    """Return an activity of the version that the learner takes; NotFound for any other."""
    activity = db.session.get(Activity, activity_id)
    if activity is None or activity.version_id != enrolment.version_id or activity.removed_at is not None:
        raise NotFound
    return activity


def touch(enrolment: Enrolment, activity: Activity, at: datetime) -> ActivityState:
    """Return the state row of an activity, made when it is met for the first time. The enrolment must be held.

    What it changes waits for the caller's flush, which often has more to write into the same rows.
    """
    query = select(ActivityState).where(
        ActivityState.enrolment_id == enrolment.id, ActivityState.activity_id == activity.id
    )
    state = db.session.scalar(query)
    if state is None:
        state = ActivityState(enrolment_id=enrolment.id, activity_id=activity.id, state="started", started_at=at)
        db.session.add(state)
    enrolment.started_at = enrolment.started_at or at
    enrolment.last_activity_at = at
    return state
