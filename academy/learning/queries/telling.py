"""What notices need to know of enrolments."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.learning.models import ACTIVE, WITHDRAWN, Assignment, Enrolment


@dataclass(frozen=True, slots=True)
class ToTell:
    """An enrolment in the words of a notice; `by` is who assigned it, None when nobody did."""

    enrolment_id: int
    learner_id: int
    course_key: str
    course: LocalizedText
    due_on: date | None
    done: Fraction
    note: str
    by: LocalizedText | None


def to_tell(enrolment_id: int) -> ToTell | None:
    """Return what a notice about an enrolment says."""
    row = db.session.execute(_query().where(Enrolment.id == enrolment_id)).one_or_none()
    return _told(row) if row else None


def newly_assigned(assignment_id: int, *, after_id: int, most: int) -> list[ToTell]:
    """Return the next enrolments of an assignment, in order of their ids after `after_id`."""
    mine = Enrolment.assignment_id == assignment_id, Enrolment.id > after_id, Enrolment.state == ACTIVE
    return [_told(row) for row in db.session.execute(_query().where(*mine).order_by(Enrolment.id).limit(most))]


def still_learning(enrolment_ids: Collection[int]) -> set[int]:
    """Return those of some enrolments that still stand: not withdrawn, and their course open to their learner."""
    there = or_(Course.audience == "everyone", Course.organisation_id == Person.organisation_id)
    query = (
        select(Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(Enrolment.id.in_(enrolment_ids), Enrolment.state != WITHDRAWN, Course.retired_at.is_(None), there)
    )
    return set(db.session.scalars(query))


def still_due(enrolment_ids: Collection[int]) -> set[int]:
    """Return those of some enrolments that stand and are not completed."""
    active = select(Enrolment.id).where(Enrolment.id.in_(enrolment_ids), Enrolment.state == ACTIVE)
    return still_learning(enrolment_ids) & set(db.session.scalars(active))


def name_of(person_id: int | None) -> LocalizedText | None:
    """Return the name of a person."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id))


def _query() -> Any:
    by = aliased(Person)
    return (
        select(
            Enrolment.id, Enrolment.learner_id, Course.key, CourseVersion.title, Enrolment.due_on, Enrolment.done,
            Enrolment.required, Assignment.note, by.name.label("by"),
        )
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .outerjoin(Assignment, Assignment.id == Enrolment.assignment_id)
        .outerjoin(by, by.id == Assignment.assigned_by_id)
    )  # fmt: skip


def _told(row: Any) -> ToTell:
    done = Fraction(row.done, row.required) if row.required else Fraction(0)
    return ToTell(row.id, row.learner_id, row.key, row.title, row.due_on, done, row.note or "", row.by)
