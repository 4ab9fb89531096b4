"""What more time was given for a course, and the place that it is given for."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import CourseVersion
from academy.learning.models import DueExtension, Enrolment


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """More time that was given: from which day to which, why, by whom."""

    from_day: date
    to_day: date
    reason: str
    by: LocalizedText | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ExtendedPlace:
    """A place on a course with its learner, for whoever may give more time."""

    enrolment: Enrolment
    person: Person
    course: LocalizedText

    @property
    def person_id(self) -> int:
        """Whose place it is."""
        return self.person.id


def extended_place(enrolment_id: int) -> ExtendedPlace | None:
    """Return a place with its learner and the title of its course (one statement)."""
    query = (
        select(Enrolment, Person, CourseVersion.title)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.id == enrolment_id)
    )
    row = db.session.execute(query).one_or_none()
    return ExtendedPlace(row[0], row[1], row[2]) if row else None


def extensions_of(enrolment_id: int) -> list[ExtensionRow]:
    """Return what more time was given for a place, the latest first (one statement)."""
    query = (
        select(DueExtension.from_day, DueExtension.to_day, DueExtension.reason, Person.name, DueExtension.at)
        .outerjoin(Person, Person.id == DueExtension.by_id)
        .where(DueExtension.enrolment_id == enrolment_id)
        .order_by(DueExtension.id.desc())
    )
    return [ExtensionRow(*row) for row in db.session.execute(query)]
