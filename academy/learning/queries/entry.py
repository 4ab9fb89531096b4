"""Reads about coming in: the rule of a course or programme, its seats, who waits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.learning.models import ACTIVE, Enrolment, EntryRule, WaitingPlace
from academy.learning.models.entry import ADMINISTRATORS, BY_REQUEST, OPEN, WAITS
from academy.learning.rules.entry import TAKES, within


@dataclass(frozen=True, slots=True)
class EntryView:
    """How one comes into a course or programme, how full it is, and a visitor's place in its waiting list."""

    way: str = OPEN
    seats: int | None = None
    learning: int = 0
    waits: bool = False
    waiting: int = 0
    position: int | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    answer_days: int = 5
    exempted_by: str = ADMINISTRATORS
    revision: int = 1

    @property
    def is_full(self) -> bool:
        """Whether no seat is free, or somebody waits for the next one."""
        return self.seats is not None and (self.learning >= self.seats or self.waiting > 0)

    @property
    def beyond(self) -> int:
        """How many learn without a seat, because the course is their duty."""
        return max(0, self.learning - self.seats) if self.seats is not None else 0

    @property
    def free(self) -> int:
        """How many seats are free."""
        return max(0, (self.seats or 0) - self.learning)

    @property
    def by_request(self) -> bool:
        """Whether somebody decides about each place."""
        return self.way == BY_REQUEST

    def takes_on(self, today: date) -> str:
        """Return whether enrolment is open on a day, not yet, or not any more."""
        return within(self.opens_on, self.closes_on, today)

    def is_open_on(self, today: date) -> bool:
        """Whether the days of enrolment include a day."""
        return self.takes_on(today) == TAKES


def entry_of_course(course_id: int, learner_id: int | None = None) -> EntryView:
    """Return how one comes into a course (one statement)."""
    active = (
        select(func.count()).select_from(Enrolment).where(Enrolment.course_id == course_id, Enrolment.state == ACTIVE)
    )
    waiting = and_(WaitingPlace.course_id == course_id, WaitingPlace.state == WAITS)
    mine = select(WaitingPlace.id).where(waiting, WaitingPlace.learner_id == (learner_id or 0)).scalar_subquery()
    before = select(func.count()).select_from(WaitingPlace).where(waiting, WaitingPlace.id <= mine)
    all_waiting = select(func.count()).select_from(WaitingPlace).where(waiting)
    query = select(EntryRule, active.scalar_subquery(), all_waiting.scalar_subquery(), before.scalar_subquery()).where(
        EntryRule.course_id == course_id
    )
    row = db.session.execute(query).one_or_none()
    return _view(*row) if row else EntryView()


def entry_of_programme(programme_id: int) -> EntryView:
    """Return how one comes into a programme (one statement)."""
    rule = db.session.scalar(select(EntryRule).where(EntryRule.programme_id == programme_id))
    return _view(rule, 0, 0, 0) if rule else EntryView()


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Somebody who waits for a seat."""

    position: int
    learner: LocalizedText
    course_key: str
    course: LocalizedText
    joined_at: datetime


def waiting_rows(people: ColumnElement[bool], *, most: int, course_id: int | None = None) -> list[WaitingRow]:
    """Return who of some people waits for a seat, with their position among everybody who waits for the same course."""
    query = _waiting(people).limit(most)
    query = query.where(WaitingPlace.course_id == course_id) if course_id is not None else query
    return [WaitingRow(row.position, row.name, row.key, row.title, row.joined_at) for row in db.session.execute(query)]


def courses_with_seats() -> list[int]:
    """Return the courses that count their seats, or for which somebody waits."""
    waited = select(WaitingPlace.course_id).where(WaitingPlace.state == WAITS)
    limited = (EntryRule.seats.is_not(None)) | EntryRule.course_id.in_(waited)
    query = select(EntryRule.course_id).where(EntryRule.course_id.is_not(None), limited).order_by(EntryRule.course_id)
    return [course_id for course_id in db.session.scalars(query) if course_id is not None]


def counts_seats(course_id: int) -> bool:
    """Whether a course counts its seats."""
    mine = EntryRule.course_id == course_id, EntryRule.seats.is_not(None)
    return db.session.scalar(select(EntryRule.id).where(*mine)) is not None


@dataclass(frozen=True, slots=True)
class MovedUp:
    """Who moved up from a waiting list, and on which course."""

    learner_id: int
    enrolment_id: int
    course_key: str
    course: LocalizedText


def moved_up(waiting_id: int) -> MovedUp | None:
    """Return what a notice says of somebody who moved up."""
    query = (
        select(WaitingPlace.learner_id, WaitingPlace.enrolment_id, Course.key, CourseVersion.title)
        .join(Course, Course.id == WaitingPlace.course_id)
        .join(Enrolment, Enrolment.id == WaitingPlace.enrolment_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(WaitingPlace.id == waiting_id)
    )
    row = db.session.execute(query).one_or_none()
    return MovedUp(row.learner_id, row.enrolment_id, row.key, row.title) if row else None


def _waiting(people: ColumnElement[bool]) -> Select[Any]:
    place = func.row_number().over(partition_by=WaitingPlace.course_id, order_by=WaitingPlace.id).label("position")
    everyone = select(WaitingPlace.id, place).where(WaitingPlace.state == WAITS).subquery("everyone")
    taught = and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED)
    columns: tuple[Any, ...] = (
        everyone.c.position, Person.name, Course.key, CourseVersion.title, WaitingPlace.joined_at,
    )  # fmt: skip
    return (
        select(*columns)
        .join(everyone, everyone.c.id == WaitingPlace.id)
        .join(Person, Person.id == WaitingPlace.learner_id)
        .join(Course, Course.id == WaitingPlace.course_id)
        .join(CourseVersion, taught)
        .where(people)
        .order_by(Course.id, WaitingPlace.id)
    )


def _view(rule: EntryRule, learning: int, waiting: int, position: int) -> EntryView:
    return EntryView(
        way=rule.way, seats=rule.seats, learning=learning, waits=rule.waits, waiting=waiting, position=position or None,
        opens_on=rule.opens_on, closes_on=rule.closes_on, answer_days=rule.answer_days, exempted_by=rule.exempted_by, revision=rule.revision,
    )  # fmt: skip
