"""Certificates that end, and their renewal, for tests."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.db import db
from academy.catalogue.models import Course
from academy.credentials import jobs, services_of_renewal
from academy.credentials.models import Certificate
from academy.credentials.rules_of_renewal import Terms
from academy.learning.models import Enrolment, Renewal
from tests.factories import accounts as people
from tests.factories import catalogue, credentials, learning


def noon(day: date) -> datetime:
    """A moment of a day."""
    return datetime.combine(day, time(9), UTC)


def ending(on: date, holder: Person | None = None, course: Course | None = None, *, months: int = 12) -> Certificate:
    """A certificate that was issued a year before its last day."""
    course = course or catalogue.course(validity_months=months)
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return credentials.certificate(holder or people.person(), course, at=noon(date(year, month + 1, on.day)))


def terms(course_id: int, **said) -> None:
    """How the certificates of a course are renewed."""
    course = db.session.get_one(Course, course_id)
    services_of_renewal.change_terms(course, Terms(**said), actor_id=None, label=course.key, at=credentials.DONE_AT)


def complete(renewal: Renewal, on: date) -> Certificate | None:
    """Complete the place of a renewal on a day and issue what that earns; the newest certificate of the course."""
    place = db.session.get_one(Enrolment, renewal.enrolment_id)
    learning.completed(place, at=noon(on))
    jobs.issue(place.id)
    return newest(renewal.learner_id, renewal.course_id)


def newest(holder_id: int, course_id: int) -> Certificate:
    """The newest certificate of a person for a course."""
    mine = Certificate.holder_id == holder_id, Certificate.course_id == course_id
    return db.session.scalars(select(Certificate).where(*mine).order_by(Certificate.cycle.desc())).first()


def image(row: object) -> dict:
    """All that a row holds."""
    return {column.key: getattr(row, column.key) for column in type(row).__table__.columns}


DAY = timedelta(days=1)
