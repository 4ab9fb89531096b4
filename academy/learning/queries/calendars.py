"""What stands in a person's calendar: due days, and when the quizzes of their courses open and close."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from academy.accounts.models import Organisation, Person
from academy.assessment.models import QuizVersion
from academy.assessment.queries_of_accommodations import dates_for
from academy.base import clock, ids
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Activity, Course, CourseVersion
from academy.learning.models import ACTIVE, CalendarLink, Enrolment


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar. `kind` is due, opens or closes; `number` is of the enrolment, or of the quiz."""

    kind: str
    number: int
    at: date | datetime
    title: LocalizedText
    course_key: str


def calendar_link(person_id: int) -> CalendarLink | None:
    """Return a person's link, if they have one."""
    return db.session.scalar(select(CalendarLink).where(CalendarLink.person_id == person_id))


def holder_of_calendar(token: str) -> Person | None:
    """Return whose calendar a link opens; None when it opens none, or its person may not enter the academy."""
    query = (
        select(Person)
        .join(CalendarLink, CalendarLink.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(CalendarLink.token_digest == ids.digest(token), Person.state == "active", Organisation.active)
    )
    return db.session.scalar(query)


def entries(person: Person) -> list[Entry]:
    """Return a person's calendar: of courses that are not completed, withdrawn, retired or closed to them."""
    there = or_(Course.audience == "everyone", Course.organisation_id == person.organisation_id)
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.due_on, Enrolment.version_id, Course.key, CourseVersion.title)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.learner_id == person.id, Enrolment.state == ACTIVE, Course.retired_at.is_(None), there)
        .order_by(Enrolment.id)
    ).all()
    found = [Entry("due", row.id, row.due_on, row.title, row.key) for row in rows if row.due_on is not None]
    return found + _quizzes(person.id, {row.version_id: row.key for row in rows})


def _quizzes(person_id: int, versions: dict[int, str]) -> list[Entry]:
    activities = db.session.execute(
        select(Activity.version_id, Activity.title, Activity.content)
        .where(Activity.version_id.in_(versions), Activity.kind == "quiz", Activity.removed_at.is_(None))
        .order_by(Activity.id)
    ).all()
    places = {row.content["quiz_version_id"]: row for row in activities if "quiz_version_id" in row.content}
    quizzes = db.session.execute(
        select(
            QuizVersion.id, QuizVersion.quiz_id, QuizVersion.opens_at, QuizVersion.closes_at,
        )
        .where(QuizVersion.id.in_(places))
        .order_by(QuizVersion.id)
    ).all()  # fmt: skip
    found = []
    dates = dates_for(person_id, quizzes, clock.now())
    for quiz, (opens_at, closes_at) in zip(quizzes, dates, strict=True):
        place = places[quiz.id]
        times = ("opens", opens_at), ("closes", closes_at)
        key = versions[place.version_id]
        found += [Entry(kind, quiz.quiz_id, at, place.title, key) for kind, at in times if at is not None]
    return found
