"""Taking a place on a course, and leaving it."""

from datetime import datetime

from sqlalchemy import select

from academy import facts
from academy.base import bus
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict
from academy.base.i18n import _, _l
from academy.catalogue.models import Course, CourseVersion
from academy.catalogue.queries import published_version
from academy.learning import rules
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, Enrolment
from academy.learning.queries import completed_courses, enrolment_of, required_count
from academy.learning.services import entry
from academy.learning.services.history import note_duties


class MissingPrerequisites(Conflict):
    """The learner has not yet completed what the course builds on; `course_ids` are those courses."""

    def __init__(self, course_ids: list[int]) -> None:
        super().__init__()
        self.course_ids = course_ids

    def for_reader(self) -> str:
        """Return the reason in the reader's language."""
        return _("Complete the courses this one builds on first.")


def enrol(
    learner_id: int, course_id: int, *, at: datetime, by_id: int | None = None, approved: bool = False
) -> Enrolment:
    """Give a learner a place on the published version of a course, once however often it is asked.

    A withdrawn place is revived. `approved`: somebody decided about a request, so the learner need not ask again.
    Raises Conflict when the course takes nobody, MissingPrerequisites when it builds on others, CourseFull without a free seat.
    """
    found = enrolment_of(learner_id, course_id)
    if found is not None and found.state != WITHDRAWN:
        return found
    version = open_version(course_id)
    rule = entry.hold_rule(course_id=course_id)
    if rule is not None:
        found = enrolment_of(learner_id, course_id)
        if (
            found is not None
            and db.session.scalar(select(Enrolment.state).where(Enrolment.id == found.id)) != WITHDRAWN
        ):
            return found
    entry.check_door(rule, approved=approved, at=at)
    check_prerequisites(learner_id, version)
    if rule is not None and rule.seats is not None:
        entry.require_seat(rule, at=at)
    enrolment = give_place(learner_id, version, at=at)
    if rule is not None and rule.seats is not None:
        entry.take_seat(rule, enrolment.id, at=at)
    return enrolment


def give_place(learner_id: int, version: CourseVersion, *, at: datetime) -> Enrolment:
    """Make or revive a learner's place. Who may come in, and whether a seat is free, was seen to before."""
    enrolment, made = insert_once(
        lambda: _new_place(learner_id, version, at), lambda: enrolment_of(learner_id, version.course_id)
    )
    if not made and enrolment.state == WITHDRAWN:
        made = _revive(enrolment, version, at)
    if made:
        bus.publish(facts.LearnerEnrolled(enrolment.id))
    return enrolment


def check_prerequisites(learner_id: int, version: CourseVersion) -> None:
    """Refuse whoever has not completed what a course builds on."""
    if lacking := rules.missing(version.prerequisites, completed_courses(learner_id, version.prerequisites)):
        raise MissingPrerequisites(lacking)


def withdraw(enrolment_id: int, *, at: datetime) -> Enrolment:
    """Give up a place. What was completed is kept for a return; assigned and completed courses are not given up."""
    entry.hold_rule(course_id=db.session.get_one(Enrolment, enrolment_id).course_id)
    enrolment: Enrolment = lock(Enrolment, enrolment_id)
    if enrolment.state == COMPLETED:
        raise Conflict(_l("You have completed this course, so there is nothing to leave."))
    if enrolment.assignment_id is not None:
        raise Conflict(_l("This course was assigned to you. Ask whoever assigned it to release you."))
    if enrolment.state == ACTIVE:
        enrolment.state = WITHDRAWN
        enrolment.last_activity_at = at
        db.session.flush()
        note_duties([enrolment.id], at=at)
        bus.publish(facts.LearnerWithdrew(enrolment.id))
    return enrolment


def open_version(course_id: int) -> CourseVersion:
    """Return the version that new learners take. Raises Conflict when the course takes nobody."""
    course = db.session.get(Course, course_id)
    version = published_version(course_id)
    if course is None or course.retired_at is not None or version is None:
        raise Conflict(_l("This course is not open for enrolment at the moment."))
    return version


def _new_place(learner_id: int, version: CourseVersion, at: datetime) -> Enrolment:
    return Enrolment(
        learner_id=learner_id,
        course_id=version.course_id,
        version_id=version.id,
        enrolled_at=at,
        required=required_count(version.id),
    )


def _revive(enrolment: Enrolment, version: CourseVersion, at: datetime) -> bool:
    """Bring a withdrawn place back; whoever had completed something goes on in the same version."""
    held: Enrolment = lock(Enrolment, enrolment.id)
    if held.state != WITHDRAWN:
        return False
    held.state, held.enrolled_at = ACTIVE, at
    if held.done == 0 and held.version_id != version.id:
        held.version_id, held.required, held.last_activity_id = version.id, required_count(version.id), None
    db.session.flush()
    note_duties([held.id], at=at)
    return True
