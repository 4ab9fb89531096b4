"""What the page of a course needs: the version to show, the visitor's place on it, what must be completed first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, select

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.learning.models import COMPLETED, WITHDRAWN, Enrolment, LearnersTold
from academy.learning.queries.enrolments import latest
from academy.learning.queries.ledger import Hours, hours_of_place, hours_row, time_of_place


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course, the version to show (the one the learner takes, else the published one) and the learner's enrolment.

    `announced`: something was ever written to its learners, so that the page asks what of it this one reads.
    """

    course: Course
    version: CourseVersion
    published: bool
    enrolment: Enrolment | None
    hours: Hours
    announced: bool = False

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
    announced = exists().where(LearnersTold.course_id == Course.id)
    return (
        select(Course, CourseVersion, Enrolment, announced, time_of_place(), hours_of_place())
        .outerjoin(CourseVersion, published)
        .outerjoin(Enrolment, mine)
        .where(Course.key == bindparam("key"))
    )


def course_page(key: str, learner_id: int | None) -> CoursePage | None:
    """Return a course with its shown version and a learner's place (one statement; two for somebody in an older version)."""
    row = db.session.execute(_page(), {"key": key, "learner_id": learner_id or 0}).one_or_none()
    if row is None:
        return None
    course, version, enrolment, announced, *hours = row
    current = version
    if (
        enrolment is not None
        and enrolment.state != WITHDRAWN
        and (version is None or enrolment.version_id != version.id)
    ):
        current = db.session.get_one(CourseVersion, enrolment.version_id)
    return (
        CoursePage(course, current, version is not None, enrolment, hours_row(*hours), announced)
        if current is not None
        else None
    )


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
