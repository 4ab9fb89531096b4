"""Who is to be told of due days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from academy.accounts.models import MatrixLine, Person, RoleGrant
from academy.base.access import ADMINISTRATOR
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.learning.models import ACTIVE, Assignment, DueReminder, Enrolment


@dataclass(frozen=True, slots=True)
class DueRow:
    """An enrolment that is due and not completed. `since`: when the duty began."""

    enrolment_id: int
    due_on: date
    since: datetime
    organisation_id: int


@dataclass(frozen=True, slots=True)
class LateRow:
    """Somebody who is late with a course."""

    enrolment_id: int
    person_id: int
    due_on: date
    name: LocalizedText
    course: LocalizedText


def due_until(last: date, *, after_id: int, most: int) -> list[DueRow]:
    """Return the next enrolments due until a day, but for those whose learner knows that they are late."""
    since = func.coalesce(Assignment.assigned_at, Enrolment.enrolled_at, type_=Enrolment.enrolled_at.type)
    query = (
        _open(select(Enrolment.id, Enrolment.due_on, since.label("since"), Person.organisation_id))
        .outerjoin(Assignment, Assignment.id == Enrolment.assignment_id)
        .where(Enrolment.due_on <= last, Enrolment.id > after_id, ~_told("overdue"))
        .order_by(Enrolment.id)
        .limit(most)
    )
    return [DueRow(row.id, row.due_on, row.since, row.organisation_id) for row in db.session.execute(query)]


def told_before(enrolment_ids: Sequence[int]) -> set[tuple[int, date, str, int]]:
    """Return what the learners of some enrolments were told: (enrolment, due day, rung, days)."""
    columns = DueReminder.enrolment_id, DueReminder.due_on, DueReminder.rung, DueReminder.days
    rows = db.session.execute(select(*columns).where(DueReminder.enrolment_id.in_(enrolment_ids)))
    return {(row.enrolment_id, row.due_on, row.rung, row.days) for row in rows}


def managers_of_late(until: date) -> list[int]:
    """Return the active managers, in the same organisation, of whom people are late since a day and who were not told."""
    manager = aliased(Person)
    query = (
        _open(select(Person.manager_id))
        .join(manager, manager.id == Person.manager_id)
        .where(Enrolment.due_on <= until, ~_told("manager"))
        .where(manager.state == "active", manager.organisation_id == Person.organisation_id)
    )
    return [number for number in db.session.scalars(query.distinct().order_by(Person.manager_id)) if number]


def organisations_of_late(until: date) -> list[int]:
    """Return the organisations of which people are late since a day and whose administrators were not told."""
    query = _open(select(Person.organisation_id)).where(Enrolment.due_on <= until, ~_told("administrator"))
    return list(db.session.scalars(query.distinct().order_by(Person.organisation_id)))


def late_of_manager(manager_id: int, until: date) -> list[LateRow]:
    """Return those late since a day who report to a manager of their own organisation and were not told of, longest first."""
    home = select(Person.organisation_id).where(Person.id == manager_id).scalar_subquery()
    return _late(until, "manager", Person.manager_id == manager_id, Person.organisation_id == home)


def of_matrix_managers(rows: Sequence[LateRow]) -> dict[int, list[LateRow]]:
    """Return which of the late ones each active matrix manager of the same organisation has."""
    manager = aliased(Person)
    query = (
        select(MatrixLine.manager_id, Enrolment.id)
        .join(MatrixLine, MatrixLine.person_id == Enrolment.learner_id)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(manager, manager.id == MatrixLine.manager_id)
        .where(Enrolment.id.in_([row.enrolment_id for row in rows]), manager.state == "active")
        .where(manager.organisation_id == Person.organisation_id)
        .order_by(MatrixLine.manager_id)
    )
    by_id = {row.enrolment_id: row for row in rows}
    found: dict[int, list[LateRow]] = {}
    for manager_id, enrolment_id in db.session.execute(query) if rows else ():
        found.setdefault(manager_id, []).append(by_id[enrolment_id])
    return found


def late_of_organisation(organisation_id: int, until: date) -> list[LateRow]:
    """Return those of an organisation late since a day whom its administrators were not told of, longest first."""
    return _late(until, "administrator", Person.organisation_id == organisation_id)


def administrators_of(organisation_id: int, *, but: Collection[int | None] = ()) -> list[int]:
    """Return the active administrators of an organisation; of the whole academy when it has none of its own but those left out."""
    granted = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == ADMINISTRATOR, Person.state == "active")
        .where(Person.id.not_in([number for number in but if number is not None]))
        .order_by(Person.id)
        .distinct()
    )
    own = list(db.session.scalars(granted.where(RoleGrant.organisation_id == organisation_id)))
    return own or list(db.session.scalars(granted.where(RoleGrant.organisation_id.is_(None))))


def administered_still(reader_id: int, organisation_ids: Collection[int]) -> set[int]:
    """Return those of some organisations whose administrators somebody still belongs to."""
    return {number for number in organisation_ids if reader_id in administrators_of(number)}


def still_of(organisation_id: int, person_ids: Collection[int]) -> set[int]:
    """Return which of these people belong to an organisation."""
    query = select(Person.id).where(Person.id.in_(person_ids), Person.organisation_id == organisation_id)
    return set(db.session.scalars(query))


def _late(until: date, rung: str, *mine: ColumnElement[bool]) -> list[LateRow]:
    query = (
        _open(select(Enrolment.id, Enrolment.learner_id, Enrolment.due_on, Person.name, CourseVersion.title))
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.due_on <= until, ~_told(rung), *mine)
        .order_by(Enrolment.due_on, Enrolment.id)
    )
    return [LateRow(*row) for row in db.session.execute(query)]


def _open(query: Any) -> Any:
    """Enrolments that are still a duty: not completed nor withdrawn, of an active person, in a course that is not retired."""
    return (
        query.select_from(Enrolment)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.state == ACTIVE, Person.state == "active", Course.retired_at.is_(None))
    )


def _told(rung: str) -> ColumnElement[bool]:
    same = DueReminder.enrolment_id == Enrolment.id, DueReminder.due_on == Enrolment.due_on, DueReminder.rung == rung
    return select(DueReminder.id).where(*same).exists()
