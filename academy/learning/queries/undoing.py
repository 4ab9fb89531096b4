"""Assignments of the last days as whoever made them sees them, and what taking one back would do to each place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.learning.models import (
    ACTIVE,
    COMPLETED,
    ActivityState,
    AssignedPlace,
    Assignment,
    AssignmentUndoing,
    Enrolment,
)

UNDONE_WITHIN = timedelta(hours=24)
WITHDRAW, RESTORE, BEGUN, DONE, CHANGED, GONE = "withdraw", "restore", "begun", "done", "changed", "gone"
FATES = (WITHDRAW, RESTORE, BEGUN, DONE, CHANGED, GONE)
TAKEN_BACK = (WITHDRAW, RESTORE)


@dataclass(frozen=True, slots=True)
class Made:
    """An assignment that somebody made: of which course, by when, for how many places, and when it was taken back."""

    id: int
    title: LocalizedText
    at: datetime
    due_on: date | None
    note: str
    places: int
    undone_at: datetime | None
    counts: dict[str, Any]

    def open_until(self) -> datetime:
        """Until when it can be taken back."""
        return self.at + UNDONE_WITHIN


@dataclass(frozen=True, slots=True)
class Fate:
    """A place of an assignment and what taking it back would do to it, by `FATES`."""

    enrolment_id: int
    name: LocalizedText
    fate: str


def assignment(assignment_id: int) -> Assignment | None:
    """Return an assignment by id."""
    return db.session.get(Assignment, assignment_id)


def can_be_undone(assignment_id: int) -> bool:
    """Whether what an assignment did to each place was kept."""
    kept = exists().where(AssignedPlace.assignment_id == assignment_id)
    return bool(db.session.scalar(select(kept)))


def made_by(person_id: int) -> Select[Any]:
    """Return the query of the assignments that somebody made, the newest first; one that made nothing due is left out."""
    return (
        _made()
        .where(Assignment.assigned_by_id == person_id, exists().where(AssignedPlace.assignment_id == Assignment.id))
        .order_by(Assignment.assigned_at.desc(), Assignment.id.desc())
    )


def made(assignment_id: int) -> Made | None:
    """Return one assignment as it is shown."""
    row = db.session.execute(_made().where(Assignment.id == assignment_id)).first()
    return made_of(row) if row else None


def made_of(row: Any) -> Made:
    """Return a row of `made_by` as it is shown."""
    return Made(row.id, row.title, row.assigned_at, row.due_on, row.note, row.places, row.undone_at, row.counts or {})


def _made() -> Select[Any]:
    places = select(func.count()).where(AssignedPlace.assignment_id == Assignment.id).scalar_subquery()
    newest = select(func.max(CourseVersion.number)).where(
        CourseVersion.course_id == Course.id, CourseVersion.state != "draft"
    )
    version = and_(
        CourseVersion.course_id == Course.id, CourseVersion.number == newest.correlate(Course).scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Assignment.id, CourseVersion.title, Assignment.assigned_at, Assignment.due_on, Assignment.note, places.label("places"),
        AssignmentUndoing.at.label("undone_at"), AssignmentUndoing.counts,
    )  # fmt: skip
    query = select(*columns).select_from(Assignment).join(Course, Course.id == Assignment.course_id)
    return query.join(CourseVersion, version).outerjoin(
        AssignmentUndoing, AssignmentUndoing.assignment_id == Assignment.id
    )


def fates(assignment_id: int, people: ColumnElement[bool]) -> list[Fate]:
    """Return what taking an assignment back would do to each of its places, in the order of names (one statement).

    Only of the people of a filter is anything taken back. A place in which anything was learned since stays as it is; of one
    that was there before, the earlier due day comes back and nothing of the progress is lost.
    """
    columns: tuple[Any, ...] = (Enrolment.id, Person.name, _fate(people).label("fate"))
    query = select(*columns)
    return [Fate(*row) for row in db.session.execute(_places(query, assignment_id))]


def _places(query: Select[Any], assignment_id: int) -> Select[Any]:
    return (
        query.select_from(AssignedPlace)
        .join(Assignment, Assignment.id == AssignedPlace.assignment_id)
        .join(Enrolment, Enrolment.id == AssignedPlace.enrolment_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(AssignedPlace.assignment_id == assignment_id)
        .order_by(Person.search_text, Person.id)
    )


def _fate(people: ColumnElement[bool]) -> ColumnElement[str]:
    same_day = or_(Enrolment.due_on == Assignment.due_on, and_(Enrolment.due_on.is_(None), Assignment.due_on.is_(None)))
    stands = and_(Enrolment.state == ACTIVE, Enrolment.assignment_id == Assignment.id, same_day)
    begun = or_(
        Enrolment.last_activity_at >= Assignment.assigned_at,
        exists().where(ActivityState.enrolment_id == Enrolment.id, ActivityState.started_at >= Assignment.assigned_at),
    )
    return case(
        (Person.id.not_in(select(Person.id).where(people)), GONE),
        (Enrolment.state == COMPLETED, DONE),
        (~stands, CHANGED),
        (AssignedPlace.state_before == ACTIVE, RESTORE),
        (begun, BEGUN),
        else_=WITHDRAW,
    )


def told_in_vain(assignment_id: int, *, after_id: int, most: int) -> Sequence[Any]:
    """Return (id, learner_id, key, title) of the next places of which nothing is asked any more since it was taken back."""
    query = (
        select(Enrolment.id, Enrolment.learner_id, Course.key, CourseVersion.title)
        .join(AssignedPlace, AssignedPlace.enrolment_id == Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(AssignedPlace.assignment_id == assignment_id, AssignedPlace.undone, Enrolment.assignment_id.is_(None))
        .where(Enrolment.due_on.is_(None), Enrolment.id > after_id)
    )
    return db.session.execute(query.order_by(Enrolment.id).limit(most)).all()


def before(enrolment_ids: Collection[int]) -> Sequence[Any]:
    """Return (id, state, assignment_id, due_on) of places as they stand."""
    columns = Enrolment.id, Enrolment.state, Enrolment.assignment_id, Enrolment.due_on
    return db.session.execute(select(*columns).where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)).all()
