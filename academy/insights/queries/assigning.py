"""What assigning a course needs to know: the courses, the people to choose from, and what it would do to each of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from academy.accounts.models import OrgUnit, Person
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.catalogue.policies import courses_visible
from academy.insights.queries.searching import named
from academy.learning.models import ACTIVE, COMPLETED, Enrolment
from academy.learning.queries.enrolments import latest

NEW, ENROLLED, DONE, EXEMPTED, LEFT_OUT = "new", "enrolled", "done", "exempted", "left_out"


@dataclass(frozen=True, slots=True)
class Choice:
    """A course that can be assigned."""

    id: int
    key: str
    title: LocalizedText


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of the team who can be chosen."""

    id: int
    name: LocalizedText
    org_unit: LocalizedText | None


@dataclass(frozen=True, slots=True)
class Affected:
    """A person and what assigning would do: new, enrolled (the due date is set), done, exempted or left_out."""

    name: LocalizedText
    effect: str


def courses(actor: Actor) -> list[Choice]:
    """Return the courses that the actor may assign (one statement)."""
    query = (
        select(Course.id, Course.key, CourseVersion.title)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == PUBLISHED, Course.retired_at.is_(None), courses_visible(actor))
        .order_by(CourseVersion.level, Course.code, Course.id)
    )
    return [Choice(*row) for row in db.session.execute(query)]


def candidates(
    people: ColumnElement[bool], *, chosen: Collection[int], terms: Sequence[str], most: int
) -> tuple[list[Candidate], bool]:
    """Return the chosen people and then those found (one statement), and whether there are more than `most` of them."""
    picked = Person.id.in_(chosen)
    query = (
        select(Person.id, Person.name, OrgUnit.name)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(people, or_(picked, and_(*named(terms))) if terms else true())
        .order_by(case((picked, 0), else_=1), Person.search_text, Person.id)
        .limit(len(chosen) + most + 1)
    )
    found = [Candidate(*row) for row in db.session.execute(query)]
    return found[: len(chosen) + most], len(found) > len(chosen) + most


def named_by(people: ColumnElement[bool], words: Collection[str]) -> dict[str, set[int]]:
    """Return whom of the people each lower-case word names by e-mail or employee number (one statement)."""
    email, number = func.lower(Person.email), func.lower(Person.employee_number)
    query = select(Person.id, email, number).where(people, or_(email.in_(words), number.in_(words)))
    known: dict[str, set[int]] = {}
    for row in db.session.execute(query.order_by(Person.id)):
        for word in row[1:]:
            if word is not None:
                known.setdefault(word, set()).add(row.id)
    return known


def effects(people: ColumnElement[bool], course: Course) -> list[Affected]:
    """Return what assigning a course would do to each of the people, in the order of names (one statement)."""
    place = and_(Enrolment.learner_id == Person.id, Enrolment.course_id == course.id, latest())
    query = (
        select(Person.name, Person.organisation_id, Enrolment.state, Enrolment.exempted)
        .outerjoin(Enrolment, place)
        .where(people)
        .order_by(Person.search_text, Person.id)
    )
    rows = db.session.execute(query)
    return [Affected(row.name, _effect(course, row.organisation_id, row.state, bool(row.exempted))) for row in rows]


def left_as_they_are(people: ColumnElement[bool], course: Course) -> list[LocalizedText]:
    """Return who of the people has completed the course or is exempted from it, in the order of names (one statement)."""
    return [each.name for each in effects(people, course) if each.effect in (DONE, EXEMPTED)]


def _effect(course: Course, organisation_id: int, state: str | None, exempted: bool) -> str:
    if course.audience != "everyone" and course.organisation_id != organisation_id:
        return LEFT_OUT
    if exempted:
        return EXEMPTED
    return {COMPLETED: DONE, ACTIVE: ENROLLED}.get(state or "", NEW)
