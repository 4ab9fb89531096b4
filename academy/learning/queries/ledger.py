"""The ledger of hours: the one definition of time spent and of credited hours. Every screen, report and file reads it here.

**Time spent** on a place is the sum of the seconds counted on its activities, whatever became of the place: pages in front
of somebody who is at them (`rules.ledger`), counted by the academy's clock (`services.timing`). A person's time is that of
all their places, earlier rounds and those given up among them. It is said in whole minutes.

**Credited hours** of a place are those that its version of the course says, once it is completed; nothing before, nothing
in proportion, nothing for an exemption. Each completed round credits anew. A person's are the sum over their places, those of a
period the sum over the places completed in it. These are the hours of continuing education too.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, func, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation
from academy.base.dates import RIYADH, riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.learning.models import COMPLETED, WITHDRAWN, Enrolment, StudyTime
from academy.learning.rules.ledger import MINUTE, whole_minutes

NOTHING = Decimal(0)


def time_of_place() -> Any:
    """The seconds spent on an enrolment, as an expression on Enrolment."""
    spent = select(func.coalesce(func.sum(StudyTime.seconds), 0)).where(StudyTime.enrolment_id == Enrolment.id)
    return spent.correlate(Enrolment).scalar_subquery()


def time_of_person(person_id: Any) -> Any:
    """The seconds that a person spent in all, as an expression; `person_id` may be a column of the statement around it."""
    spent = (
        select(func.coalesce(func.sum(StudyTime.seconds), 0))
        .select_from(StudyTime)
        .join(Enrolment, Enrolment.id == StudyTime.enrolment_id)
        .where(Enrolment.learner_id == person_id)
    )
    return spent.correlate_except(StudyTime, Enrolment).scalar_subquery()


def is_credited() -> ColumnElement[bool]:
    """Return the filter on Enrolment for the places whose hours are credited."""
    return and_(Enrolment.state == COMPLETED, ~Enrolment.exempted)


def hours_of_place() -> Any:
    """The hours credited for an enrolment, as an expression on Enrolment."""
    taken = aliased(CourseVersion)
    said = select(taken.hours).where(taken.id == Enrolment.version_id, is_credited())
    return func.coalesce(said.correlate(Enrolment).scalar_subquery(), 0)


def hours_of_person(person_id: Any) -> Any:
    """The hours credited to a person in all, as an expression; `person_id` as in `time_of_person`."""
    credited = (
        select(func.coalesce(func.sum(CourseVersion.hours), 0))
        .select_from(Enrolment)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.learner_id == person_id, is_credited())
    )
    return credited.correlate_except(Enrolment, CourseVersion).scalar_subquery()


def hours_of_person_between(person_id: Any, first: date, last: date) -> Any:
    """The hours credited to a person in a period, as an expression; a place counts by the day in Riyadh on which it was completed."""
    credited = (
        select(func.coalesce(func.sum(CourseVersion.hours), 0))
        .select_from(Enrolment)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.learner_id == person_id, is_credited(), completed_between(first, last))
    )
    return credited.correlate_except(Enrolment, CourseVersion).scalar_subquery()


def completed_between(first: date, last: date) -> ColumnElement[bool]:
    """Return the filter on Enrolment for the places completed from one day to another in Riyadh, both included."""
    begin, end = (datetime.combine(day, time(), tzinfo=RIYADH) for day in (first, last + timedelta(days=1)))
    return and_(Enrolment.completed_at >= begin, Enrolment.completed_at < end)


def hours_credited(person_id: int, since: datetime) -> Decimal:
    """Return the hours credited to a person for what they completed after a moment."""
    query = select(func.coalesce(func.sum(CourseVersion.hours), 0)).join(
        Enrolment, Enrolment.version_id == CourseVersion.id
    )
    mine = Enrolment.learner_id == person_id, is_credited(), Enrolment.completed_at > since
    return Decimal(db.session.scalar(query.where(*mine)) or 0)


def in_minutes(seconds: Any) -> Any:
    """A time in whole minutes, as an expression: what `whole_minutes` says of a number."""
    return seconds // MINUTE


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes spent and hours credited, side by side and never added up."""

    minutes: int
    credited: Decimal


NO_HOURS = Hours(0, NOTHING)


@dataclass(frozen=True, slots=True)
class PlaceHours:
    """The hours of one place: the course, its round, and how the place stands (a state, or exempted)."""

    course_key: str
    title: LocalizedText
    cycle: int
    state: str
    minutes: int
    credited: Decimal
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Credit:
    """What credited somebody hours: a round of a course, who gives it, the day in Riyadh on which it was completed."""

    course_key: str
    title: LocalizedText
    giver: LocalizedText
    cycle: int
    on: date
    hours: Decimal


@dataclass(frozen=True, slots=True)
class MonthHours:
    """The hours of one month in Riyadh, which begins on `first`."""

    first: date
    minutes: int
    credited: Decimal


@dataclass(frozen=True, slots=True)
class Ledger:
    """A person's hours in all, by place and by month, the newest first."""

    whole: Hours
    places: tuple[PlaceHours, ...]
    months: tuple[MonthHours, ...]


def hours_row(seconds: Any, credited: Any) -> Hours:
    """Return what two expressions of this module have given."""
    return Hours(whole_minutes(int(seconds or 0)), Decimal(credited or 0))


def ledger(person_id: int) -> Ledger:
    """Return a person's ledger (two statements, however much there is of it)."""
    rows = db.session.execute(_places(person_id)).all()
    by_month = db.session.execute(_months(person_id)).all()
    places = tuple(_place(row) for row in rows if row.seconds or row.credited or row.state != WITHDRAWN)
    seconds = sum(row.seconds for row in rows)
    return Ledger(
        Hours(whole_minutes(seconds), sum((each.credited for each in places), NOTHING)),
        places,
        _by_month(rows, by_month),
    )


def credits_of(person_id: int) -> list[Credit]:
    """Return all that credited hours to a person, the newest first (one statement)."""
    query = (
        select(
            Course.key, CourseVersion.title, Organisation.name, Enrolment.cycle, Enrolment.completed_at,
            hours_of_place().label("credited"),
        )
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Organisation, Organisation.id == Course.organisation_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.learner_id == person_id, is_credited(), CourseVersion.hours > 0)
        .order_by(Enrolment.completed_at.desc(), Enrolment.id.desc())
    )  # fmt: skip
    return [
        Credit(row.key, row.title, row.name, row.cycle, riyadh_day(row.completed_at), Decimal(row.credited))
        for row in db.session.execute(query)
    ]


def _places(person_id: int) -> Any:
    columns = (
        Course.key, CourseVersion.title, Enrolment.cycle, Enrolment.state, Enrolment.exempted, Enrolment.completed_at,
        time_of_place().label("seconds"), hours_of_place().label("credited"),
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.learner_id == person_id)
        .order_by(func.coalesce(Enrolment.last_activity_at, Enrolment.enrolled_at).desc(), Enrolment.id.desc())
    )


def _place(row: Any) -> PlaceHours:
    state = "exempted" if row.exempted else row.state
    minutes, credited = whole_minutes(row.seconds), Decimal(row.credited)
    return PlaceHours(row.key, row.title, row.cycle, state, minutes, credited, row.completed_at)


def _months(person_id: int) -> Any:
    year, month = extract("year", StudyTime.day), extract("month", StudyTime.day)
    return (
        select(year.label("year"), month.label("month"), func.sum(StudyTime.seconds).label("seconds"))
        .join(Enrolment, Enrolment.id == StudyTime.enrolment_id)
        .where(Enrolment.learner_id == person_id)
        .group_by(year, month)
    )


def _by_month(places: Any, times: Any) -> tuple[MonthHours, ...]:
    seconds = {(int(row.year), int(row.month)): int(row.seconds) for row in times}
    credited: dict[tuple[int, int], Decimal] = {}
    for row in places:
        if row.credited:
            day = riyadh_day(row.completed_at)
            key = day.year, day.month
            credited[key] = credited.get(key, NOTHING) + Decimal(row.credited)
    months = sorted({*seconds, *credited}, reverse=True)
    return tuple(
        MonthHours(date(*month, 1), whole_minutes(seconds.get(month, 0)), credited.get(month, NOTHING))
        for month in months
    )
