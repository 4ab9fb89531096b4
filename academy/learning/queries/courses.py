"""What the page of a course needs: the version to show, the visitor's place on it, what must be completed first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, select

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.learning.models import (
    COMPLETED,
    WITHDRAWN,
    DueExtension,
    Duty,
    DutyRule,
    Enrolment,
    LearnersTold,
    PlaceRequest,
)
from academy.learning.models.requests import EXEMPTION
from academy.learning.queries.enrolments import latest
from academy.learning.queries.ledger import Hours, hours_of_place, hours_row, time_of_place


@dataclass(frozen=True, slots=True)
class Has:
    """What there is to be told about a learner and a course. Most have none of it, and need not be asked again.

    `extensions` of the place, `duties` by rule, `asked_exemption`: a request for one, decided or not; `announced`:
    something was ever written to the course's learners.
    """

    extensions: bool
    duties: bool
    asked_exemption: bool
    announced: bool


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course, the version to show (the one the learner takes, else the published one) and the learner's enrolment."""

    course: Course
    version: CourseVersion
    published: bool
    enrolment: Enrolment | None
    hours: Hours
    has: Has

    @property
    def takes_part(self) -> bool:
        """Whether the visitor has a place that they have not given up."""
        return self.enrolment is not None and self.enrolment.state != WITHDRAWN


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A course to complete first, and whether the visitor has; `exempted`: by an exemption alone."""

    key: str
    title: LocalizedText
    met: bool
    exempted: bool = False


@cache
def _page() -> Any:
    """Return the query of `course_page`, built once for all courses."""
    mine = and_(Enrolment.course_id == Course.id, Enrolment.learner_id == bindparam("learner_id"), latest())
    published = and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED)
    return (
        select(Course, CourseVersion, Enrolment, *_has(), time_of_place(), hours_of_place())
        .outerjoin(CourseVersion, published)
        .outerjoin(Enrolment, mine)
        .where(Course.key == bindparam("key"))
    )


def _has() -> tuple[ColumnElement[bool], ...]:
    """Return whether there is what `Has` says, as columns beside Course and Enrolment."""
    learner: BindParameter[int] = bindparam("learner_id")
    duty = (
        select(Duty.id)
        .join(DutyRule, DutyRule.id == Duty.rule_id)
        .where(DutyRule.course_id == Course.id, Duty.person_id == learner, Duty.state.in_(("active", "kept")))
        .correlate(Course)
    )
    asked = PlaceRequest.learner_id == learner, PlaceRequest.course_id == Course.id, PlaceRequest.about == EXEMPTION
    return (
        exists().where(DueExtension.enrolment_id == Enrolment.id).correlate(Enrolment),
        duty.exists(),
        exists().where(*asked).correlate(Course),
        exists().where(LearnersTold.course_id == Course.id).correlate(Course),
    )


def course_page(key: str, learner_id: int | None) -> CoursePage | None:
    """Return a course with its shown version and a learner's place (one statement; two for somebody in an older version)."""
    row = db.session.execute(_page(), {"key": key, "learner_id": learner_id or 0}).one_or_none()
    if row is None:
        return None
    course, version, enrolment, extensions, duties, asked, announced, *hours = row
    current = version
    if (
        enrolment is not None
        and enrolment.state != WITHDRAWN
        and (version is None or enrolment.version_id != version.id)
    ):
        current = db.session.get_one(CourseVersion, enrolment.version_id)
    if current is None:
        return None
    has = Has(bool(extensions), bool(duties), bool(asked), bool(announced))
    return CoursePage(course, current, version is not None, enrolment, hours_row(*hours), has)


def completed_courses(learner_id: int | None, course_ids: Sequence[int]) -> set[int]:
    """Return which of these courses a learner has completed, in any cycle."""
    if not course_ids or learner_id is None:
        return set()
    mine = Enrolment.course_id.in_(course_ids), Enrolment.learner_id == learner_id, Enrolment.state == COMPLETED
    return set(db.session.scalars(select(Enrolment.course_id).where(*mine)))


def prerequisites(course_ids: Sequence[int], learner_id: int | None) -> list[Prerequisite]:
    """Return the courses to complete first, in the author's order, with whether the learner has (one statement)."""
    if not course_ids:
        return []
    mine = Enrolment.course_id == Course.id, Enrolment.learner_id == (learner_id or 0), Enrolment.state == COMPLETED
    done, learned = exists().where(*mine), exists().where(*mine, ~Enrolment.exempted)
    newest_last = CourseVersion.state == PUBLISHED, CourseVersion.number
    query = (
        select(Course.id, Course.key, CourseVersion.title, done.label("met"), learned.label("learned"))
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(Course.id.in_(course_ids))
        .order_by(*newest_last)
    )
    found = {
        row.id: Prerequisite(row.key, row.title, bool(row.met), bool(row.met and not row.learned))
        for row in db.session.execute(query)
    }
    return [found[course_id] for course_id in course_ids if course_id in found]
