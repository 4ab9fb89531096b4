"""Courses and their versions, as every slice above reads them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ScalarSelect, Select, case, func, select

from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import DRAFT, PUBLISHED, Activity, Course, CourseUnit, CourseVersion
from academy.catalogue.scopes import courses_visible


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A published course as lists of courses show it; `competencies` are {"key", "level"}."""

    id: int
    key: str
    title: LocalizedText
    summary: LocalizedText
    level: int
    hours: Decimal
    competencies: Sequence[dict[str, Any]]
    gives_certificate: bool
    public: bool
    version_id: int
    lessons: int
    units: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """A course that must be completed first."""

    course_id: int
    key: str
    title: LocalizedText
    published: bool


def course(course_id: int) -> Course | None:
    """Return a course by id."""
    return db.session.get(Course, course_id)


def course_by_key(key: str) -> Course | None:
    """Return a course by key."""
    return db.session.scalar(select(Course).where(Course.key == key))


def version(version_id: int) -> CourseVersion | None:
    """Return a version by id."""
    return db.session.get(CourseVersion, version_id)


def _in_state(course_id: int, state: str) -> CourseVersion | None:
    query = select(CourseVersion).where(CourseVersion.course_id == course_id, CourseVersion.state == state)
    return db.session.scalar(query)


def published_version(course_id: int) -> CourseVersion | None:
    """Return the version that learners enrol in now."""
    return _in_state(course_id, PUBLISHED)


def draft_version(course_id: int) -> CourseVersion | None:
    """Return the version that is being edited, if there is one."""
    return _in_state(course_id, DRAFT)


def parts_counted(version_id: Any, kind: str | None = None) -> ScalarSelect[int]:
    """Return the subquery that counts a version's activities (of one kind), removed ones left out."""
    query = (
        select(func.count(Activity.id))
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .where(Activity.version_id == version_id, Activity.removed_at.is_(None), CourseUnit.removed_at.is_(None))
    )
    return (query.where(Activity.kind == kind) if kind else query).scalar_subquery()


def units_counted(version_id: Any) -> ScalarSelect[int]:
    """Return the subquery that counts a version's units, removed ones left out."""
    counted = select(func.count(CourseUnit.id)).where(
        CourseUnit.version_id == version_id, CourseUnit.removed_at.is_(None)
    )
    return counted.scalar_subquery()


def cards(
    actor: Actor | None, *, terms: Iterable[str] = (), level: int | None = None, competency: str | None = None
) -> list[CourseCard]:
    """Return the published courses that the actor may know of (None: the public ones), newest first, in one statement.

    `terms` come from `arabic.search_terms` and must all be found; `competency` is a competency's key.
    """
    query = (
        select(
            Course.id, Course.key, CourseVersion.title, CourseVersion.summary, CourseVersion.level, CourseVersion.hours,
            CourseVersion.competencies, CourseVersion.gives_certificate, Course.public, CourseVersion.id,
            parts_counted(CourseVersion.id, "lesson"), units_counted(CourseVersion.id),
        )
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == PUBLISHED, Course.retired_at.is_(None), courses_visible(actor), *_holding(terms))
        .order_by(CourseVersion.level, Course.code, Course.id)
    )  # fmt: skip
    if level is not None:
        query = query.where(CourseVersion.level == level)
    found = [CourseCard(*row) for row in db.session.execute(query)]
    return [card for card in found if competency is None or competency in {each["key"] for each in card.competencies}]


def _holding(terms: Iterable[str]) -> list[Any]:
    return [Course.search_text.contains(f" {term} ", autoescape=True) for term in terms]


def titles(course_ids: Iterable[int]) -> dict[int, LocalizedText]:
    """Return the titles of courses: of the published version, else of the newest."""
    return {course_id: title for course_id, title in db.session.execute(titled(course_ids))}


def titled(course_ids: Iterable[int]) -> Select[int, LocalizedText]:
    """Return the query of what `titles` returns."""
    return select(Course.id, shown_title()).where(Course.id.in_(set(course_ids)))


def shown_title() -> ScalarSelect[LocalizedText]:
    """Return the title of a course within a query that reads Course: of the published version, else of the newest."""
    return (
        select(CourseVersion.title)
        .where(CourseVersion.course_id == Course.id)
        .order_by((CourseVersion.state == PUBLISHED).desc(), CourseVersion.number.desc())
        .limit(1)
        .correlate(Course)
        .scalar_subquery()
    )


def requirements(version_id: int) -> list[Requirement]:
    """Return the courses that must be completed before this version, in the author's order."""
    needed = db.session.scalar(select(CourseVersion.prerequisites).where(CourseVersion.id == version_id)) or []
    return required_courses(needed)


def required_courses(needed: Sequence[int]) -> list[Requirement]:
    """Return the courses of these ids with their state, in this order, in one statement (none for no ids)."""
    if not needed:
        return []
    query = (
        select(Course.id, Course.key, CourseVersion.title, CourseVersion.state)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(Course.id.in_(needed))
        .order_by(case((CourseVersion.state == PUBLISHED, 1), else_=0), CourseVersion.number)
    )
    found = {row[0]: Requirement(row[0], row[1], row[2], row[3] == PUBLISHED) for row in db.session.execute(query)}
    return [found[course_id] for course_id in needed if course_id in found]


def prerequisite_graph() -> dict[int, set[int]]:
    """Return which courses each course needs, in its published version or its draft."""
    query = select(CourseVersion.course_id, CourseVersion.prerequisites).where(
        CourseVersion.state.in_((DRAFT, PUBLISHED))
    )
    graph: dict[int, set[int]] = {}
    for course_id, needed in db.session.execute(query):
        graph.setdefault(course_id, set()).update(needed)
    return graph
