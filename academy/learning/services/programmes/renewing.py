"""Renewing what a programme attests: the programme anew or a shorter course, and the hours that it asks for."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from academy import facts
from academy.base import bus
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_once, lock
from academy.learning import quizzes
from academy.learning.models import COMPLETED, WITHDRAWN, Enrolment, ProgrammeEnrolment, ProgrammeRenewal
from academy.learning.models.renewals import LAPSED, RENEWED, RENEWING
from academy.learning.queries.ledger import hours_credited
from academy.learning.queries.renewals import open_programme_renewal, open_programme_renewals
from academy.learning.services.programmes.joining import join_again
from academy.learning.services.renewing import fresh_place


@dataclass(frozen=True, slots=True)
class ProgrammeCycle:
    """What is renewed, where (`on_course_id` for a shorter course), and on which terms."""

    learner_id: int
    programme_id: int
    on_course_id: int | None
    number: int
    continues_from: date
    until: date | None
    hours: Decimal | None
    since: datetime


def begin_programme_renewal(cycle: ProgrammeCycle, *, by_id: int | None, at: datetime) -> ProgrammeRenewal:
    """Begin a cycle, once however often it is asked; a place that was given up is taken again.

    Raises NotOpen or Conflict when programme or course take nobody.
    """
    if (found := open_programme_renewal(cycle.learner_id, cycle.programme_id)) is not None:
        return _resume(found, at)
    place_id = enrolment_id = None
    if cycle.on_course_id is None:
        place_id = join_again(cycle.learner_id, cycle.programme_id, at=at).id
    else:
        enrolment_id = fresh_place(cycle.learner_id, cycle.on_course_id, at).id
    renewal, made = insert_once(
        lambda: ProgrammeRenewal(
            learner_id=cycle.learner_id, programme_id=cycle.programme_id, programme_enrolment_id=place_id,
            enrolment_id=enrolment_id, cycle=cycle.number, continues_from=cycle.continues_from, until=cycle.until,
            hours=cycle.hours, since=cycle.since, begun_at=at, begun_by_id=by_id, state=RENEWING,
        ),
        lambda: open_programme_renewal(cycle.learner_id, cycle.programme_id),
    )  # fmt: skip
    if made:
        bus.publish(facts.ProgrammeRenewalBegan(renewal.id))
    return renewal


def settle_programme_renewals(learner_id: int, *, at: datetime) -> None:
    """End those renewals of a learner for which everything is done: the place completed, the hours credited."""
    for renewal_id in open_programme_renewals(learner_id):
        renewal: ProgrammeRenewal = lock(ProgrammeRenewal, renewal_id)
        if renewal.state != RENEWING or not _is_done(renewal):
            continue
        late = renewal.until is not None and renewal.until < _earned_on(renewal, at)
        _end(renewal, LAPSED if late else RENEWED, at)


def lapse_programme_renewal(renewal_id: int, *, at: datetime) -> None:
    """End a renewal whose shorter way counts no longer; the place on the course stays. What is still marked holds it open."""
    renewal: ProgrammeRenewal | None = lock(ProgrammeRenewal, renewal_id)
    if renewal is None or renewal.state != RENEWING or not renewal.until or renewal.until >= riyadh_day(at):
        return
    place = db.session.get(Enrolment, renewal.enrolment_id or 0)
    if place is None or renewal.hours is not None or not quizzes.waits_for_marks(place, until=renewal.until):
        _end(renewal, LAPSED, at)


def _earned_on(renewal: ProgrammeRenewal, at: datetime) -> date:
    """Return the day on which everything was done `at` last: a shorter course alone is earned when its answers are handed in."""
    place = db.session.get(Enrolment, renewal.enrolment_id or 0) if renewal.hours is None else None
    if place is None or place.completed_at is None:
        return riyadh_day(at)
    return quizzes.handed_in_on(place, place.completed_at)


def _is_done(renewal: ProgrammeRenewal) -> bool:
    if renewal.enrolment_id is not None:
        course = db.session.get_one(Enrolment, renewal.enrolment_id)
        done = course.state == COMPLETED and not course.exempted
    else:
        done = db.session.get_one(ProgrammeEnrolment, renewal.programme_enrolment_id).state == COMPLETED
    return done and (renewal.hours is None or hours_credited(renewal.learner_id, renewal.since) >= renewal.hours)


def _end(renewal: ProgrammeRenewal, state: str, at: datetime) -> None:
    renewal.state, renewal.ended_at = state, at
    db.session.flush()
    bus.publish(facts.ProgrammeRenewalEnded(renewal.id))


def _resume(renewal: ProgrammeRenewal, at: datetime) -> ProgrammeRenewal:
    if renewal.programme_enrolment_id is not None:
        join_again(renewal.learner_id, renewal.programme_id, at=at)
    else:
        place = db.session.get_one(Enrolment, renewal.enrolment_id)
        if place.state == WITHDRAWN:
            fresh_place(place.learner_id, place.course_id, at)
    return renewal
