"""Where the learners of a trainer's courses stopped, and who has not been seen for two weeks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from academy.accounts.models import Organisation, Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Activity, Course, CourseVersion
from academy.learning.models import Enrolment
from academy.learning.queries.enrolments import latest
from academy.learning.queries.roster import stands_still

NOWHERE = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """An activity at which learners stopped (`NOWHERE`: before the first one), how many, and since when the first of them."""

    course_key: str
    course: LocalizedText
    activity_id: int
    activity: LocalizedText | None
    learners: int
    since: datetime


@dataclass(frozen=True, slots=True)
class StillLearner:
    """A learner who was not seen for two weeks: in which course, at which activity they stopped, and since when."""

    person_id: int
    name: LocalizedText
    organisation: LocalizedText
    course_key: str
    course: LocalizedText
    activity: LocalizedText | None
    since: datetime
    total: int = 0


_LAST: Any = func.coalesce(Enrolment.last_activity_at, Enrolment.enrolled_at, type_=Enrolment.enrolled_at.type)


def _places(courses: ColumnElement[bool], people: ColumnElement[bool], today: date) -> tuple[ColumnElement[bool], ...]:
    return courses, Course.retired_at.is_(None), people, stands_still(today), latest()


def stops(courses: ColumnElement[bool], people: ColumnElement[bool], *, today: date, most: int) -> list[Stop]:
    """Return where the most of the people stopped in the courses of a filter (one statement)."""
    counted = (
        select(
            Enrolment.course_id, Enrolment.last_activity_id, func.count().label("learners"), func.min(_LAST).label("since")
        )
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(*_places(courses, people, today))
        .group_by(Enrolment.course_id, Enrolment.last_activity_id)
        .order_by(func.count().desc(), Enrolment.course_id, Enrolment.last_activity_id)
        .limit(most)
        .subquery()
    )  # fmt: skip
    query = (
        select(Course.key, CourseVersion.title, counted.c.last_activity_id, Activity.title, counted.c.learners, counted.c.since)
        .select_from(counted)
        .join(Course, Course.id == counted.c.course_id)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .outerjoin(Activity, Activity.id == counted.c.last_activity_id)
        .order_by(counted.c.learners.desc(), Course.id, counted.c.last_activity_id)
    )  # fmt: skip
    return [
        Stop(key, course, activity_id or NOWHERE, activity, learners, since)
        for key, course, activity_id, activity, learners, since in db.session.execute(query)
    ]


def still(
    courses: ColumnElement[bool],
    people: ColumnElement[bool],
    *,
    today: date,
    activity_id: int | None = None,
    course_key: str = "",
) -> Select[Any]:
    """Return the query of the people who were not seen for two weeks, the longest first; of one activity, or all."""
    columns: tuple[Any, ...] = (
        Person.id, Person.name, Organisation.name.label("organisation"), Course.key, CourseVersion.title.label("course"),
        Activity.title.label("activity"), _LAST.label("since"),
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .outerjoin(Activity, Activity.id == Enrolment.last_activity_id)
        .where(*_places(courses, people, today))
        .order_by(_LAST, Enrolment.id)
    )
    if course_key:
        query = query.where(Course.key == course_key)
    if activity_id is None:
        return query
    stopped = Enrolment.last_activity_id
    return query.where(stopped.is_(None) if activity_id == NOWHERE else stopped == activity_id)


def still_of(row: Any) -> StillLearner:
    """Return a row of `still` as it is shown."""
    total = getattr(row, "total", 0)
    return StillLearner(row.id, row.name, row.organisation, row.key, row.course, row.activity, row.since, total)


def longest_still(query: Select[Any], *, most: int) -> list[StillLearner]:
    """Return the first rows of `still`, each with how many there are in all (one statement)."""
    counted = query.add_columns(func.count().over().label("total")).limit(most)
    return [still_of(row) for row in db.session.execute(counted)]
