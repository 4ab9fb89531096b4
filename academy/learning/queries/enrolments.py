"""Who is enrolled where, and how a learner's own courses stand."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Activity, Course, CourseUnit, CourseVersion
from academy.learning import rules
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, ActivityState, Enrolment
from academy.learning.queries.counting import LIVE
from academy.learning.queries.renewals import renewed_title


@dataclass(frozen=True, slots=True)
class MyCourse:
    """One of a learner's courses. `standing` is completed, exempted, overdue, due_soon, in_progress or not_started."""

    enrolment_id: int
    course_id: int
    course_key: str
    title: LocalizedText
    hours: Decimal
    state: str
    standing: str
    done: int
    required: int
    fraction: float
    due_on: date | None
    overdue: bool
    assigned: bool
    gives_certificate: bool
    next_key: str | None
    next_title: LocalizedText | None
    minutes_left: int
    enrolled_at: datetime
    last_activity_at: datetime | None
    completed_at: datetime | None
    renews: LocalizedText | None = None
    exempted: bool = False


@cache
def latest() -> ColumnElement[bool]:
    """Return the filter on Enrolment that keeps each learner's latest cycle of a course (built once: it takes long).

    A later cycle that was given up does not count: what was completed before it stands. Only a first one may be withdrawn.
    """
    later = aliased(Enrolment)
    followed = exists().where(
        later.learner_id == Enrolment.learner_id, later.course_id == Enrolment.course_id,
        later.cycle > Enrolment.cycle, later.state != WITHDRAWN,
    )  # fmt: skip
    return and_(~followed, or_(Enrolment.cycle == 1, Enrolment.state != WITHDRAWN))


def followed(enrolment: Enrolment) -> bool:
    """Whether a completed place is followed by a later cycle, so that nothing in it changes any more."""
    later = exists().where(
        Enrolment.learner_id == enrolment.learner_id, Enrolment.course_id == enrolment.course_id,
        Enrolment.cycle > enrolment.cycle,
    )  # fmt: skip
    return enrolment.state == COMPLETED and bool(db.session.scalar(select(later)))


def enrolment(enrolment_id: int) -> Enrolment | None:
    """Return an enrolment by id."""
    return db.session.get(Enrolment, enrolment_id)


def titled_places(enrolment_ids: Collection[int]) -> Select[int, LocalizedText]:
    """Return the query of the titles of the courses in which these places are, each in its own version."""
    query = select(Enrolment.id, CourseVersion.title).join(CourseVersion, CourseVersion.id == Enrolment.version_id)
    return query.where(Enrolment.id.in_(enrolment_ids))


def enrolment_of(learner_id: int, course_id: int) -> Enrolment | None:
    """Return a learner's latest enrolment on a course, withdrawn ones too."""
    query = select(Enrolment).where(Enrolment.learner_id == learner_id, Enrolment.course_id == course_id)
    return db.session.scalar(query.order_by(Enrolment.cycle.desc()).limit(1))


def place_in_round(learner_id: int, course_id: int, cycle: int) -> Enrolment | None:
    """Return a learner's place in one round of a course."""
    mine = Enrolment.learner_id == learner_id, Enrolment.course_id == course_id, Enrolment.cycle == cycle
    return db.session.scalar(select(Enrolment).where(*mine))


def place_of(learner_id: int, course_id: int) -> Enrolment | None:
    """Return the place that stands for a learner on a course: the latest, or the completed one before it if that was given up."""
    mine = Enrolment.learner_id == learner_id, Enrolment.course_id == course_id, latest()
    return db.session.scalar(select(Enrolment).where(*mine))


def latest_enrolments(course_id: int, learner_ids: Collection[int]) -> Sequence[Any]:
    """Return (id, learner_id, state) of the learners' latest enrolments on a course."""
    columns = Enrolment.id, Enrolment.learner_id, Enrolment.state
    mine = Enrolment.course_id == course_id, Enrolment.learner_id.in_(learner_ids), latest()
    return db.session.execute(select(*columns).where(*mine).order_by(Enrolment.id)).all()


def my_states(learner_id: int) -> dict[int, tuple[str, float]]:
    """Return for each course a learner takes its state (or exempted) and the share done, withdrawn ones left out."""
    columns = Enrolment.course_id, Enrolment.exempted, Enrolment.state, Enrolment.done, Enrolment.required
    query = select(*columns).where(Enrolment.learner_id == learner_id, Enrolment.state != WITHDRAWN, latest())
    rows = db.session.execute(query).all()
    return {
        row.course_id: ("exempted" if row.exempted else row.state, rules.Tally(row.done, row.required).fraction)
        for row in rows
    }


def taking(
    learner_id: int, course_id: int, cycle: int, quiz_version_ids: Collection[int]
) -> list[tuple[int, Activity]]:
    """Return (id of the enrolment, activity) of the quiz activities that hold one of these quiz versions, where the learner takes them."""
    query = (
        select(Enrolment.id, Activity)
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .where(
            Enrolment.learner_id == learner_id, Enrolment.course_id == course_id, Enrolment.cycle == cycle,
            Enrolment.state != WITHDRAWN, Activity.kind == "quiz", LIVE,
        )
        .order_by(Activity.id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    return [(place, row) for place, row in rows if row.content.get("quiz_version_id") in quiz_version_ids]


def my_enrolments(learner_id: int, *, today: date) -> list[MyCourse]:
    """Return a learner's courses (two statements): overdue and due first, then by last activity; withdrawn ones left out."""
    rows = db.session.execute(_places(), {"learner": learner_id}).all()
    ways = _ways([row.id for row in rows if row.state == ACTIVE])
    courses = [_my_course(row, ways.get(row.id, []), today) for row in rows]
    recent = sorted(courses, key=lambda course: course.last_activity_at or course.enrolled_at, reverse=True)
    return sorted(recent, key=lambda course: (course.state == COMPLETED, course.due_on or date.max))


@cache
def _places() -> Select[Any]:
    """Return the query of the places of the parameter `learner` (built once: it takes long)."""
    columns: tuple[Any, ...] = (
        Enrolment.id, Enrolment.course_id, Enrolment.version_id, Enrolment.state, Enrolment.done, Enrolment.required,
        Enrolment.due_on, Enrolment.assignment_id, Enrolment.last_activity_id, Enrolment.last_activity_at,
        Enrolment.started_at, Enrolment.enrolled_at, Enrolment.completed_at, Course.key, CourseVersion.title, CourseVersion.hours,
        CourseVersion.gives_certificate, renewed_title().label("renews"),
        Enrolment.exempted,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.learner_id == bindparam("learner"), Enrolment.state != WITHDRAWN, latest())
    )


def _ways(enrolment_ids: list[int]) -> dict[int, list[Any]]:
    """Return the activities of each active enrolment, in order, with their states."""
    if not enrolment_ids:
        return {}
    columns = (
        Enrolment.id.label("enrolment_id"),
        Activity.id,
        Activity.key,
        Activity.title,
        Activity.minutes,
        ActivityState.state,
    )
    mine = and_(ActivityState.activity_id == Activity.id, ActivityState.enrolment_id == Enrolment.id)
    query = (
        select(*columns)
        .select_from(Enrolment)
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .outerjoin(ActivityState, mine)
        .where(Enrolment.id.in_(enrolment_ids), LIVE)
        .order_by(Enrolment.id, CourseUnit.position, Activity.position)
    )
    ways = defaultdict(list)
    for row in db.session.execute(query):
        ways[row.enrolment_id].append(row)
    return ways


def _my_course(row: Any, way: list[Any], today: date) -> MyCourse:
    order = [(activity.id, activity.state == COMPLETED) for activity in way]
    next_id = rules.continue_at(order, row.last_activity_id)
    upcoming = next((activity for activity in way if activity.id == next_id), None)
    standing = rules.standing(row.state, row.due_on, row.started_at is not None, today, exempted=row.exempted)
    return MyCourse(
        enrolment_id=row.id,
        course_id=row.course_id,
        course_key=row.key,
        title=row.title,
        hours=row.hours,
        state=row.state,
        standing=standing,
        done=row.done,
        required=row.required,
        fraction=rules.Tally(row.done, row.required).fraction,
        due_on=row.due_on,
        overdue=standing == "overdue",
        assigned=row.assignment_id is not None,
        gives_certificate=row.gives_certificate,
        next_key=upcoming.key if upcoming else None,
        next_title=upcoming.title if upcoming else None,
        minutes_left=sum(activity.minutes for activity in way if activity.state != COMPLETED),
        enrolled_at=row.enrolled_at,
        last_activity_at=row.last_activity_at,
        completed_at=row.completed_at,
        renews=row.renews,
        exempted=row.exempted,
    )
