"""Learners and their enrolments for tests, made through the services as the pages make them."""

from datetime import date, datetime, timedelta

from academy.accounts.models import Person
from academy.base.db import db
from academy.catalogue.models import Course
from academy.catalogue.queries import outline, published_version
from academy.learning import services
from academy.learning.models import Enrolment
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories.accounts import LONG_AGO

ENROLLED = LONG_AGO + timedelta(days=1)


def enrolment(learner: Person | None = None, course: Course | None = None, *, at: datetime = ENROLLED) -> Enrolment:
    """A learner's place on a course."""
    learner, course = learner or people.person(), course or catalogue.course()
    return services.enrol(learner.id, course.id, at=at)


def assigned(course: Course, learner: Person, due_on: date, *, at: datetime = ENROLLED) -> Enrolment:
    """A place on a course that a manager made due by a day."""
    services.assign(course.id, [learner.id], by_id=None, due_on=due_on, at=at)
    return db.session.query(Enrolment).filter_by(learner_id=learner.id, course_id=course.id).one()


def activity_ids(course: Course) -> list[int]:
    """The ids of the activities of the published version, in order."""
    return [activity.id for activity in outline(published_version(course.id).id).activities]


def activity_keys(course: Course) -> list[str]:
    """The keys of the activities of the published version, in order."""
    return [activity.key for activity in outline(published_version(course.id).id).activities]


def completed(enrolment: Enrolment, *, at: datetime = ENROLLED + timedelta(days=2), but: int = 0) -> Enrolment:
    """The place with every lesson completed, but for the last `but` ones."""
    activities = outline(enrolment.version_id).activities
    for activity in activities[: len(activities) - but]:
        services.complete_activity(enrolment.id, activity.id, at=at)
    return enrolment
