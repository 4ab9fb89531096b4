"""Renewing what a course attests: a new round on the same course or on a shorter one, the old one kept as it is.

Whether a certificate may be renewed at all, and when, is decided above; here a round begins and ends.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from academy import facts
from academy.base import bus
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_once, lock
from academy.catalogue.models import CourseVersion
from academy.learning import quizzes
from academy.learning.kinds import begin_renewals
from academy.learning.models import COMPLETED, WITHDRAWN, Enrolment, Renewal
from academy.learning.models.renewals import LAPSED, RENEWED, RENEWING
from academy.learning.queries import enrolment_of, required_count
from academy.learning.queries.renewals import open_renewal
from academy.learning.services import entry
from academy.learning.services.enrolling import give_place, open_version
from academy.learning.services.history import note_duties


@dataclass(frozen=True, slots=True)
class Cycle:
    """What is renewed, where, and on which terms."""

    learner_id: int
    course_id: int
    on_course_id: int
    number: int
    continues_from: date
    until: date | None


def begin_renewal(cycle: Cycle, *, by_id: int | None, at: datetime) -> Renewal:
    """Begin a cycle, once however often it is asked; a place that was given up is taken again.

    Raises Conflict when the course takes nobody, CourseFull when it has no free seat.
    """
    if (found := open_renewal(cycle.learner_id, cycle.course_id)) is not None:
        return _resume(found, at)
    enrolment = fresh_place(cycle.learner_id, cycle.on_course_id, at)
    renewal, made = insert_once(
        lambda: Renewal(
            learner_id=cycle.learner_id, course_id=cycle.course_id, enrolment_id=enrolment.id, cycle=cycle.number,
            continues_from=cycle.continues_from, until=cycle.until, begun_at=at, begun_by_id=by_id, state=RENEWING,
        ),
        lambda: open_renewal(cycle.learner_id, cycle.course_id),
    )  # fmt: skip
    if made:
        bus.publish(facts.RenewalBegan(renewal.id))
    return renewal


def close_renewals(enrolment_id: int) -> None:
    """End the renewals that a completed place was taken for; a shorter way completed too late renews nothing.

    What was handed in in time was in time, however long its marking took.
    """
    place = db.session.get_one(Enrolment, enrolment_id)
    if place.completed_at is None:
        return
    mine = Renewal.enrolment_id == enrolment_id, Renewal.state == RENEWING
    for renewal in db.session.scalars(select(Renewal).where(*mine).order_by(Renewal.id).with_for_update()):
        late = renewal.until is not None and renewal.until < quizzes.handed_in_on(place, place.completed_at)
        _end(renewal, LAPSED if late else RENEWED, place.completed_at)


def lapse(renewal_id: int, *, at: datetime) -> None:
    """End a renewal whose shorter way counts no longer; the place on the course stays. What is still marked holds it open."""
    renewal: Renewal | None = lock(Renewal, renewal_id)
    if renewal is None or renewal.state != RENEWING or not renewal.until or renewal.until >= riyadh_day(at):
        return
    if not quizzes.waits_for_marks(db.session.get_one(Enrolment, renewal.enrolment_id), until=renewal.until):
        _end(renewal, LAPSED, at)


def _end(renewal: Renewal, state: str, at: datetime) -> None:
    renewal.state, renewal.ended_at = state, at
    db.session.flush()
    bus.publish(facts.RenewalEnded(renewal.id))


def _resume(renewal: Renewal, at: datetime) -> Renewal:
    place = db.session.get_one(Enrolment, renewal.enrolment_id)
    if place.state == WITHDRAWN:
        fresh_place(place.learner_id, place.course_id, at)
    return renewal


def take_anew(learner_id: int, course_id: int, *, at: datetime) -> Enrolment:
    """Give a place in a new round of a completed course; where its certificate may be renewed by now, in that renewal's."""
    on_course_id = begin_renewals(course_id, [learner_id], at=at).get(learner_id, course_id)
    return fresh_place(learner_id, on_course_id, at)


def fresh_place(learner_id: int, course_id: int, at: datetime) -> Enrolment:
    """Give a place in which nothing is completed yet: the one that is open, one given up, or the next round."""
    rule = entry.hold_rule(course_id=course_id)
    found = enrolment_of(learner_id, course_id)
    if found is not None and found.state not in (COMPLETED, WITHDRAWN):
        return found
    version = open_version(course_id)
    if rule is not None and rule.seats is not None:
        entry.require_seat(rule, at=at)
    if found is None or found.state == WITHDRAWN:
        place = give_place(learner_id, version, at=at)
    else:
        place = _next_round(found, version, at)
    if rule is not None and rule.seats is not None:
        entry.take_seat(rule, place.id, at=at)
    return place


def _next_round(before: Enrolment, version: CourseVersion, at: datetime) -> Enrolment:
    learner_id, course_id, cycle = before.learner_id, before.course_id, before.cycle + 1
    this = Enrolment.learner_id == learner_id, Enrolment.course_id == course_id, Enrolment.cycle == cycle
    place, made = insert_once(
        lambda: Enrolment(
            learner_id=learner_id, course_id=course_id, version_id=version.id, cycle=cycle, enrolled_at=at,
            required=required_count(version.id),
        ),
        lambda: db.session.scalar(select(Enrolment).where(*this)),
    )  # fmt: skip
    if made:
        note_duties([place.id], at=at)
        bus.publish(facts.LearnerEnrolled(place.id))
    return place
