"""Announcements to the learners of a course or programme: whom they reach, who has read them, what a learner's page shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, and_, bindparam, exists, func, or_, select, true

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.catalogue.queries import titles
from academy.learning.models import (
    ACTIVE,
    COMPLETED,
    PUBLISHED,
    WITHDRAWN,
    Enrolment,
    LearnersTold,
    Programme,
    ProgrammeEnrolment,
    ProgrammeVersion,
)
from academy.learning.queries.enrolments import latest
from academy.learning.queries.programmes.pages import latest_cycle
from academy.notices import queries_of_announcements as announcements
from academy.notices.kinds import About
from academy.notices.models import Announcement, Notice

LEARNERS = "learners"
SHOWN = 3


@dataclass(frozen=True, slots=True)
class ToLearners:
    """An announcement to learners, and the course or programme that it is about."""

    row: Announcement
    told: LearnersTold
    about: Course | Programme


@dataclass(frozen=True, slots=True)
class Shown:
    """An announcement on the page of a course or programme; `all` is how many there are."""

    id: int
    title: LocalizedText
    published_at: datetime
    read_at: datetime | None
    all: int


@dataclass(frozen=True, slots=True)
class ReaderCounts:
    """How many people an announcement is for, how many of them have read it, how many fit what was asked for."""

    all: int
    read: int
    matching: int


def to_learners(announcement_id: int) -> ToLearners | None:
    """Return an announcement to learners by id."""
    query = (
        select(Announcement, LearnersTold, Course, Programme)
        .join(LearnersTold, LearnersTold.announcement_id == Announcement.id)
        .outerjoin(Course, Course.id == LearnersTold.course_id)
        .outerjoin(Programme, Programme.id == LearnersTold.programme_id)
        .where(Announcement.id == announcement_id)
    )
    found = db.session.execute(query).one_or_none()
    return ToLearners(found[0], found[1], found[2] or found[3]) if found else None


@cache
def belongs() -> ColumnElement[bool]:
    """Return the condition on Announcement and Person that somebody has a place for which it was written (built once)."""
    mine = Enrolment.learner_id == Person.id, Enrolment.course_id == LearnersTold.course_id
    there = or_(Enrolment.state == ACTIVE, and_(Enrolment.state == COMPLETED, ~LearnersTold.open_only))
    on_course = exists().where(*mine, there, latest()).correlate(Person, LearnersTold)
    ours = ProgrammeEnrolment.learner_id == Person.id, ProgrammeEnrolment.programme_id == LearnersTold.programme_id
    stays = or_(ProgrammeEnrolment.state.not_in((WITHDRAWN, COMPLETED)), and_(ProgrammeEnrolment.state == COMPLETED, ~LearnersTold.open_only))  # fmt: skip
    in_programme = exists().where(*ours, stays, latest_cycle()).correlate(Person, LearnersTold)
    told = LearnersTold.announcement_id == Announcement.id
    return exists().where(told, or_(on_course, in_programme)).correlate(Person, Announcement)


def abouts(announcement_ids: Collection[int]) -> dict[int, About]:
    """Return the courses and programmes that announcements are about (three statements at most)."""
    columns = LearnersTold.announcement_id, LearnersTold.course_id, LearnersTold.programme_id, Course.key, Programme.key.label("programme_key")  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(Course, Course.id == LearnersTold.course_id)
        .outerjoin(Programme, Programme.id == LearnersTold.programme_id)
        .where(LearnersTold.announcement_id.in_(announcement_ids))
    )
    rows = db.session.execute(query).all()
    courses = {row.course_id for row in rows if row.course_id}
    programmes = {row.programme_id for row in rows if row.programme_id}
    names = titles(courses) if courses else {}
    called = programme_titles(programmes) if programmes else {}
    return {
        row.announcement_id: About(names[row.course_id], f"/courses/{row.key}")
        if row.course_id
        else About(called[row.programme_id], f"/programmes/{row.programme_key}")
        for row in rows
    }


def programme_titles(programme_ids: Collection[int]) -> dict[int, LocalizedText]:
    """Return the titles of programmes: of the published version, else of the newest."""
    return {programme_id: title for programme_id, title in db.session.execute(titled_programmes(programme_ids))}


def titled_programmes(programme_ids: Collection[int]) -> Select[int, LocalizedText]:
    """Return the query of what `programme_titles` returns."""
    return select(Programme.id, shown_programme_title()).where(Programme.id.in_(programme_ids))


def shown_programme_title() -> ScalarSelect[LocalizedText]:
    """Return the title of a programme within a query that reads Programme: of the published version, else of the newest."""
    return (
        select(ProgrammeVersion.title)
        .where(ProgrammeVersion.programme_id == Programme.id)
        .order_by((ProgrammeVersion.state == PUBLISHED).desc(), ProgrammeVersion.number.desc())
        .limit(1)
        .correlate(Programme)
        .scalar_subquery()
    )


def kept(about: Course | Programme, reach: set[int] | None) -> Select[Any]:
    """Return the query of the announcements to the learners of a course or programme, newest first, with how far each was read.

    Of those to the learners of every organisation only whoever reaches all of them keeps any: for others `reach` leaves them out.
    """
    told = select(func.count()).where(announcements.told_of())
    columns: tuple[Any, ...] = (
        Announcement.id, Announcement.title, Announcement.state, Announcement.published_at, Announcement.shown_until,
        LearnersTold.open_only, Organisation.name.label("organisation"), told.scalar_subquery().label("told"),
        told.where(Notice.read_at.is_not(None)).scalar_subquery().label("read"),
    )  # fmt: skip
    query = (
        select(*columns)
        .join(LearnersTold, LearnersTold.announcement_id == Announcement.id)
        .outerjoin(Organisation, Organisation.id == Announcement.organisation_id)
        .where(_of(about))
        .order_by(Announcement.created_at.desc(), Announcement.id.desc())
    )
    return query if reach is None else query.where(Announcement.organisation_id.in_(reach))


def _of(about: Course | Programme) -> ColumnElement[bool]:
    column = LearnersTold.course_id if isinstance(about, Course) else LearnersTold.programme_id
    return column == about.id


def learners_of(about: Course | Programme) -> Select[Any]:
    """Return the query of the ids of everybody who ever had a place."""
    if isinstance(about, Course):
        return select(Enrolment.learner_id).where(Enrolment.course_id == about.id)
    return select(ProgrammeEnrolment.learner_id).where(ProgrammeEnrolment.programme_id == about.id)


def places_to_tell(about: Course | Programme, reach: set[int] | None) -> list[Organisation]:
    """Return the organisations within reach whose learners can be told: those that have some, and the owner."""
    theirs = select(Person.organisation_id).where(Person.id.in_(learners_of(about)))
    query = select(Organisation).where(or_(Organisation.id.in_(theirs), Organisation.id == about.organisation_id))
    if reach is not None:
        query = query.where(Organisation.id.in_(reach))
    return list(db.session.scalars(query.order_by(Organisation.id)))


def readers(item: ToLearners, seen: ColumnElement[bool], *, terms: Sequence[str] = (), state: str = "") -> Select[Any]:
    """Return the query of the people whom an announcement reaches or was told to, with when each has read it.

    `seen` is a filter on Person; `state` is read, unread or empty for all.
    """
    columns: tuple[Any, ...] = (
        Person.id, Person.name, Person.email, Organisation.name.label("organisation"), OrgUnit.name.label("org_unit"), Notice.read_at,
    )  # fmt: skip
    return (
        _readers(select(*columns), item, seen)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(_asked_for(terms, state))
        .order_by(Person.search_text, Person.id)
    )


def reader_counts(
    item: ToLearners, seen: ColumnElement[bool], *, terms: Sequence[str] = (), state: str = ""
) -> ReaderCounts:
    """Count the people of an announcement, those who have read it, and those who fit what was asked for (one statement)."""
    counted: tuple[Any, ...] = (
        func.count(), func.count(Notice.read_at), func.count().filter(_asked_for(terms, state))
    )  # fmt: skip
    return ReaderCounts(*db.session.execute(_readers(select(*counted), item, seen)).one())


def _readers(query: Select[Any], item: ToLearners, seen: ColumnElement[bool]) -> Select[Any]:
    mine = and_(Notice.person_id == Person.id, announcements.told_of())
    return (
        query.select_from(Person)
        .join(Announcement, Announcement.id == item.row.id)
        .outerjoin(Notice, mine)
        .where(Person.id.in_(learners_of(item.about)), seen)
        .where(or_(Notice.id.is_not(None), announcements.reaches(belongs())))
    )


def _asked_for(terms: Sequence[str], state: str) -> ColumnElement[bool]:
    words = [Person.search_text.contains(f" {term} ", autoescape=True) for term in terms]
    chosen = {"read": Notice.read_at.is_not(None), "unread": Notice.read_at.is_(None)}
    return and_(true(), *words, *([chosen[state]] if state in chosen else []))


@cache
def _on_page(column: str) -> Select[Any]:
    """Return the query of `shown_on`, built once for all courses and once for all programmes."""
    reader: Any = bindparam("reader")
    today = bindparam("today", type_=Date())
    columns: tuple[Any, ...] = (
        Announcement.id, Announcement.title, Announcement.published_at, Notice.read_at, func.count().over()
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(LearnersTold)
        .join(Announcement, Announcement.id == LearnersTold.announcement_id)
        .join(Person, Person.id == reader)
        .outerjoin(Notice, and_(Notice.person_id == Person.id, announcements.told_of()))
        .where(getattr(LearnersTold, column) == bindparam("about"))
        .where(announcements.open_to(reader, today, announcements.reaches(belongs())))
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(SHOWN)
    )


def shown_on(about: Course | Programme, reader_id: int, today: date) -> list[Shown]:
    """Return the newest announcements that a learner finds on the page of a course or programme (one statement)."""
    query = _on_page("course_id" if isinstance(about, Course) else "programme_id")
    given = {"reader": reader_id, "today": today, "about": about.id}
    return [Shown(*row) for row in db.session.execute(query, given)]
