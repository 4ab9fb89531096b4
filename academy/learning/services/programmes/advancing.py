"""Moving a place in a programme on: opening it, noting steps as done, and completing it. The only place where that happens."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from academy import facts
from academy.assessment.models import GRADED, Attempt
from academy.base import bus
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_missing, lock
from academy.learning.models import (
    ACTIVE,
    COMPLETED,
    PENDING,
    Enrolment,
    Exemption,
    ProgrammeEnrolment,
    ProgrammeStep,
    ProgrammeStepDone,
)
from academy.learning.models.exemptions import OVERTAKEN
from academy.learning.models.renewals import RENEWED
from academy.learning.queries import programmes as queries
from academy.learning.queries.renewals import courses_renewed, renewal
from academy.learning.quizzes import passing_attempts
from academy.learning.rules import programmes


def advance(enrolment_id: int, *, at: datetime) -> ProgrammeEnrolment:
    """Bring a place in step with what its learner has done: open it, note steps, complete it. Done twice, it changes nothing.

    Prerequisites must be met to open a place, and again when the last step completes it: a lapsed undertaking holds it back.
    """
    place: ProgrammeEnrolment = lock(ProgrammeEnrolment, enrolment_id)
    if place.state not in (PENDING, ACTIVE):
        return place
    needs = queries.needs_of(place.version_id, place.programme_id, place.learner_id, today=riyadh_day(at))
    ready = all(need.met for need in needs)
    if place.state == PENDING:
        if not ready:
            return place
        place.state, place.started_at = ACTIVE, at
    _note_steps(place, at)
    plan = queries.plan_in(place)
    place.done, place.needed = plan.tally.done, plan.tally.required
    place.next_step_id = plan.next_step.id if plan.next_step else None
    finished = ready and plan.tally.is_complete
    if finished:
        place.state, place.completed_at = COMPLETED, at
    db.session.flush()
    if finished:
        bus.publish(facts.ProgrammeCompleted(place.id))
    return place


def advance_all(learner_id: int, *, at: datetime) -> None:
    """Move on every open place of a learner, as when their identity was confirmed."""
    for enrolment_id in _open_places(learner_id):
        advance(enrolment_id, at=at)


def hear_course(course_enrolment_id: int) -> None:
    """Move on the learner's programmes that hold a course which they have just completed."""
    done = db.session.get_one(Enrolment, course_enrolment_id)
    if done.completed_at is not None:
        _hear(done.learner_id, done.course_id, done.completed_at)


def hear_renewal(renewal_id: int) -> None:
    """Move on the learner's programmes that hold a course whose certificate they have just renewed by a shorter one."""
    done = renewal(renewal_id)
    if done is not None and done.state == RENEWED and done.ended_at is not None:
        _hear(done.learner_id, done.course_id, done.ended_at)


def hear_quiz(attempt_id: int, *, at: datetime | None = None) -> None:
    """Move on the learner's programmes that hold a quiz of which an attempt was graded, or decided about `at` a later moment.

    An attempt that did not pass can still bring an average over the pass mark.
    """
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.state != GRADED or attempt.submitted_at is None:
        return
    course_id = db.session.scalar(
        select(ProgrammeStep.course_id).where(ProgrammeStep.quiz_id == attempt.quiz_id).limit(1)
    )
    if course_id is not None:
        hold_courses(attempt.learner_id, [course_id])
        _hear(attempt.learner_id, course_id, at or attempt.submitted_at)


def _hear(learner_id: int, course_id: int, at: datetime) -> None:
    """Move on open places with a step about the course. The learner's place on the course is held: whoever joins waits."""
    for enrolment_id in _open_places(learner_id, course_id):
        advance(enrolment_id, at=at)


def _open_places(learner_id: int, course_id: int | None = None) -> list[int]:
    mine = ProgrammeEnrolment.learner_id == learner_id, ProgrammeEnrolment.state.in_((PENDING, ACTIVE))
    query = select(ProgrammeEnrolment.id).where(*mine)
    if course_id is not None:
        asking = select(ProgrammeStep.version_id).where(ProgrammeStep.course_id == course_id)
        query = query.where(ProgrammeEnrolment.version_id.in_(asking))
    return list(db.session.scalars(query.order_by(ProgrammeEnrolment.id)))


def exempt_step(place: ProgrammeEnrolment, exemption: Exemption, *, at: datetime) -> None:
    """Note a step of a place, held, as done by an exemption, and move the place on."""
    row = {"enrolment_id": place.id, "step_id": exemption.step_id, "done_at": at, "exemption_id": exemption.id}
    insert_missing(ProgrammeStepDone, [{"course_enrolment_id": None, "attempt_id": None, **row}])
    advance(place.id, at=at)


def undo_steps(exemption: Exemption, *, at: datetime, reopen: bool) -> None:
    """Take back the steps that rested on an exemption which is over. Its place is held.

    A programme that was completed meanwhile stays so, unless it is to be opened again because nobody should have been exempted.
    """
    rests: ColumnElement[bool] = ProgrammeStepDone.exemption_id == exemption.id
    if exemption.enrolment_id is not None:
        rests = ProgrammeStepDone.course_enrolment_id == exemption.enrolment_id
    found = db.session.scalars(select(ProgrammeStepDone.enrolment_id).where(rests).distinct())
    for enrolment_id in sorted(found):
        place: ProgrammeEnrolment = lock(ProgrammeEnrolment, enrolment_id)
        if place.state == COMPLETED and not reopen:
            continue
        reopened = place.state == COMPLETED
        if reopened:
            place.state, place.completed_at = ACTIVE, None
        db.session.execute(delete(ProgrammeStepDone).where(rests, ProgrammeStepDone.enrolment_id == place.id))
        db.session.flush()
        if reopened:
            bus.publish(facts.ProgrammeReopened(place.id, exemption.id))
        advance(place.id, at=at)


def hold_courses(learner_id: int, course_ids: Iterable[int]) -> None:
    """Lock a learner's places on courses before their place in a programme: completing a course takes the same order."""
    mine = Enrolment.learner_id == learner_id, Enrolment.course_id.in_(set(course_ids))
    db.session.execute(select(Enrolment.id).where(*mine).order_by(Enrolment.id).with_for_update()).all()


def _note_steps(place: ProgrammeEnrolment, at: datetime) -> None:
    """Write down the steps that completed courses and passed quizzes have done; a later cycle counts only its own."""
    steps = queries.steps_of(place.version_id)
    courses = {step.course_id: step.id for step in steps if step.kind == programmes.COURSE}
    quizzes = {step.quiz_id: step for step in steps if step.quiz_id is not None}
    since = place.joined_at if place.cycle > 1 else None
    rows = _by_renewals(place, courses, since) if since is not None else []
    rows += [_by_course(place, courses[done.course_id], done) for done in _completed(place.learner_id, courses, since)]
    bars = {quiz_id: step.min_percent for quiz_id, step in quizzes.items()}
    passing = passing_attempts(place.learner_id, bars, since)
    rows += [_by_attempt(place, quizzes[attempt.quiz_id].id, attempt) for attempt in passing]
    _overtake(place, [row["step_id"] for row in rows], at)
    insert_missing(ProgrammeStepDone, [{"exemption_id": None, **row} for row in rows])


def _overtake(place: ProgrammeEnrolment, step_ids: Collection[int], at: datetime) -> None:
    """Let what was done after all stand instead of the exemptions from these steps."""
    mine = ProgrammeStepDone.enrolment_id == place.id, ProgrammeStepDone.exemption_id.is_not(None)
    query = select(ProgrammeStepDone.exemption_id).where(*mine, ProgrammeStepDone.step_id.in_(step_ids))
    overtaken = list(db.session.scalars(query)) if step_ids else []
    if overtaken:
        db.session.execute(delete(ProgrammeStepDone).where(ProgrammeStepDone.exemption_id.in_(overtaken)))
        over = {"state": OVERTAKEN, "ended_at": at}
        db.session.execute(update(Exemption).where(Exemption.id.in_(overtaken)).values(over))


def _completed(learner_id: int, course_ids: Iterable[int | None], since: datetime | None) -> Sequence[Any]:
    mine = Enrolment.learner_id == learner_id, Enrolment.course_id.in_(list(course_ids)), Enrolment.state == COMPLETED
    query = select(Enrolment.id, Enrolment.course_id, Enrolment.completed_at).where(*mine)
    query = query if since is None else query.where(Enrolment.completed_at >= since)
    return db.session.execute(query.order_by(Enrolment.completed_at)).all()


def _by_renewals(place: ProgrammeEnrolment, courses: dict[Any, int], since: datetime) -> list[dict[str, Any]]:
    """Whoever renewed what a course attests has done its step anew, whichever way they went."""
    return [
        {
            "enrolment_id": place.id, "step_id": courses[done.course_id], "done_at": done.ended_at,
            "course_enrolment_id": done.enrolment_id, "attempt_id": None,
        }
        for done in courses_renewed(place.learner_id, courses, since)
    ]  # fmt: skip


def _by_course(place: ProgrammeEnrolment, step_id: int, done: Any) -> dict[str, Any]:
    return {
        "enrolment_id": place.id, "step_id": step_id, "done_at": done.completed_at, "course_enrolment_id": done.id, "attempt_id": None,
    }  # fmt: skip


def _by_attempt(place: ProgrammeEnrolment, step_id: int, attempt: Any) -> dict[str, Any]:
    return {
        "enrolment_id": place.id, "step_id": step_id, "done_at": attempt.submitted_at, "course_enrolment_id": None, "attempt_id": attempt.id,
    }  # fmt: skip
