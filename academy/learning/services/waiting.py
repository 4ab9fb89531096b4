"""The waiting list of a course: joining it, leaving it, and moving up in order when a seat is free."""

from datetime import datetime

from sqlalchemy import select

from academy import facts
from academy.accounts.models import Person
from academy.base import audit, bus
from academy.base.db import db, insert_once
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.catalogue.models import Course
from academy.catalogue.queries import published_version
from academy.learning.models import WITHDRAWN, CourseSeat, Enrolment, EntryRule, WaitingPlace
from academy.learning.models.entry import LEFT, PROMOTED, WAITS
from academy.learning.queries import enrolment_of
from academy.learning.refusals import CourseFull
from academy.learning.services import entry
from academy.learning.services.enrolling import check_prerequisites, enrol, give_place, open_version


def wait_for_seat(learner_id: int, course_id: int, *, at: datetime, approved: bool = False) -> Enrolment | WaitingPlace:
    """Put a learner at the end of the waiting list of a full course, once; if a seat is free by now, they have it instead."""
    try:
        return enrol(learner_id, course_id, at=at, approved=approved)
    except CourseFull as full:
        if not full.waits:
            raise
    check_prerequisites(learner_id, open_version(course_id))
    place, made = insert_once(
        lambda: WaitingPlace(course_id=course_id, learner_id=learner_id, joined_at=at),
        lambda: _waiting(learner_id, course_id),
    )
    if made:
        _record("learning:waiting:join", place, learner_id, at)
    return place


def stop_waiting(learner_id: int, course_id: int, *, at: datetime) -> None:
    """Leave the waiting list."""
    entry.hold_rule(course_id=course_id)
    place = _waiting(learner_id, course_id)
    if place is None:
        raise Conflict(_l("You are not in the waiting list of this course."))
    place.state, place.ended_at = LEFT, at
    db.session.flush()
    _record("learning:waiting:leave", place, learner_id, at)


def fill_seats(course_id: int, *, at: datetime) -> int:
    """Give the free seats of a course to those who wait for them, first come first served. Returns how many moved up.

    The rule is held meanwhile, so that two who leave at once promote two and nobody is promoted twice.
    """
    rule = entry.hold_rule(course_id=course_id)
    if rule is None:
        return 0
    if rule.seats is not None:
        entry.seat_everyone(rule, at=at)
    _close_those_inside(course_id, at)
    course, version, moved = db.session.get_one(Course, course_id), published_version(course_id), 0
    if course.retired_at is not None or version is None:
        return 0
    for place in _in_order(course):
        if not _is_free(rule):
            break
        enrolment = give_place(place.learner_id, version, at=at)
        if rule.seats is not None:
            entry.take_seat(rule, enrolment.id, at=at)
        _promote(place, enrolment.id, at)
        bus.publish(facts.SeatGiven(place.id))
        moved += 1
    return moved


def _waiting(learner_id: int, course_id: int) -> WaitingPlace | None:
    mine = WaitingPlace.learner_id == learner_id, WaitingPlace.course_id == course_id, WaitingPlace.state == WAITS
    return db.session.scalar(select(WaitingPlace).where(*mine).execution_options(populate_existing=True))


def _in_order(course: Course) -> list[WaitingPlace]:
    """Those who wait and may come in, the first to come first; who is suspended or may not see the course is passed over."""
    query = (
        select(WaitingPlace)
        .join(Person, Person.id == WaitingPlace.learner_id)
        .where(WaitingPlace.course_id == course.id, WaitingPlace.state == WAITS, Person.state != "suspended")
        .order_by(WaitingPlace.id)
        .execution_options(populate_existing=True)
    )
    if course.audience != "everyone":
        query = query.where(Person.organisation_id == course.organisation_id)
    return list(db.session.scalars(query))


def _is_free(rule: EntryRule) -> bool:
    if rule.seats is None:
        return True
    taken = select(CourseSeat.id).where(CourseSeat.course_id == rule.course_id)
    return len(list(db.session.scalars(taken))) < rule.seats


def _close_those_inside(course_id: int, at: datetime) -> None:
    """Take those off the list who have a place by now, as by an assignment."""
    waiting = select(WaitingPlace).where(WaitingPlace.course_id == course_id, WaitingPlace.state == WAITS)
    inside = select(Enrolment.learner_id).where(Enrolment.course_id == course_id, Enrolment.state != WITHDRAWN)
    for place in db.session.scalars(waiting.where(WaitingPlace.learner_id.in_(inside))):
        found = enrolment_of(place.learner_id, course_id)
        if found is not None:
            _promote(place, found.id, at)


def _promote(place: WaitingPlace, enrolment_id: int, at: datetime) -> None:
    place.state, place.ended_at, place.enrolment_id = PROMOTED, at, enrolment_id
    db.session.flush()
    _record("learning:waiting:promote", place, None, at)


def _record(act: str, place: WaitingPlace, actor_id: int | None, at: datetime) -> None:
    learner = db.session.get_one(Person, place.learner_id)
    audit.record(
        act,
        at=at,
        actor_id=actor_id,
        subject=("person", learner.id, learner.name.show("ar")),
        organisation_id=learner.organisation_id,
        after={"course": place.course_id, "state": place.state},
    )
