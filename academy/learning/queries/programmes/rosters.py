"""Who is in a programme, for those who keep it and for the administrators of its participants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED as COURSE_PUBLISHED
from academy.catalogue.models import CourseVersion
from academy.learning.models import (
    COMPLETED,
    PENDING,
    WITHDRAWN,
    Enrolment,
    IdentityConfirmation,
    ProgrammeEnrolment,
    ProgrammeStep,
    ProgrammeStepDone,
)
from academy.learning.queries.programmes.pages import latest_cycle
from academy.learning.rules import Tally


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """How one participant stands; `next_title` is None when no step is open."""

    person_id: int
    organisation_id: int
    name: LocalizedText
    email: str
    organisation: LocalizedText
    org_unit: LocalizedText | None
    state: str
    done: int
    needed: int
    next_title: LocalizedText | None
    joined_at: datetime
    completed_at: datetime | None
    confirmed_at: datetime | None
    confirmed_how: str
    exempted: int

    @property
    def fraction(self) -> float:
        """The share done."""
        return Tally(self.done, self.needed).fraction


@dataclass(frozen=True, slots=True)
class ParticipantCounts:
    """How many are in a programme (those who left not counted), and how many of all rows fit what was asked for."""

    all: int
    pending: int
    completed: int
    matching: int


def participants(
    programme_id: int, seen: ColumnElement[bool], *, terms: Sequence[str] = (), state: str = ""
) -> Select[Any]:
    """Return the query of the participants whom the filter `seen` on Person lets through; `participant_of` reads its rows."""
    course = aliased(CourseVersion)
    confirmed = and_(IdentityConfirmation.person_id == Person.id, IdentityConfirmation.withdrawn_at.is_(None))
    columns: tuple[Any, ...] = (
        Person.id, Person.organisation_id, Person.name, Person.email, Organisation.name.label("organisation"),
        OrgUnit.name.label("org_unit"), ProgrammeEnrolment.state, ProgrammeEnrolment.done, ProgrammeEnrolment.needed,
        ProgrammeStep.id.label("step_id"), ProgrammeStep.title.label("step_title"), course.title.label("course_title"),
        ProgrammeEnrolment.joined_at, ProgrammeEnrolment.completed_at, IdentityConfirmation.confirmed_at,
        IdentityConfirmation.method, _exempted_steps().label("exempted"),
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(ProgrammeEnrolment)
        .join(Person, Person.id == ProgrammeEnrolment.learner_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(ProgrammeStep, ProgrammeStep.id == ProgrammeEnrolment.next_step_id)
        .outerjoin(course, and_(course.course_id == ProgrammeStep.course_id, course.state == COURSE_PUBLISHED))
        .outerjoin(IdentityConfirmation, confirmed)
        .where(ProgrammeEnrolment.programme_id == programme_id, latest_cycle(), seen, _asked_for(terms, state))
        .order_by(Person.search_text, Person.id)
    )


def participant_of(row: Any) -> ParticipantRow:
    """Turn a fetched row of `participants` into what the page shows."""
    return ParticipantRow(
        person_id=row.id,
        organisation_id=row.organisation_id,
        name=row.name,
        email=row.email,
        organisation=row.organisation,
        org_unit=row.org_unit,
        state=row.state,
        done=row.done,
        needed=row.needed,
        next_title=(row.step_title or row.course_title) if row.step_id else None,
        joined_at=row.joined_at,
        completed_at=row.completed_at,
        confirmed_at=row.confirmed_at,
        confirmed_how=row.method or "",
        exempted=row.exempted,
    )


def _exempted_steps() -> Any:
    """How many of the steps that a participant has done count by an exemption."""
    by_exemption = or_(Enrolment.exempted, ProgrammeStepDone.exemption_id.is_not(None))
    mine = ProgrammeStepDone.enrolment_id == ProgrammeEnrolment.id, by_exemption
    earned = select(func.count()).select_from(ProgrammeStepDone)
    earned = earned.outerjoin(Enrolment, Enrolment.id == ProgrammeStepDone.course_enrolment_id).where(*mine)
    return earned.correlate(ProgrammeEnrolment).scalar_subquery()


def participant_counts(
    programme_id: int, seen: ColumnElement[bool], *, terms: Sequence[str] = (), state: str = ""
) -> ParticipantCounts:
    """Count the participants, and those of them who fit what was asked for (one statement)."""
    query = (
        select(
            func.count().filter(ProgrammeEnrolment.state != WITHDRAWN),
            func.count().filter(ProgrammeEnrolment.state == PENDING),
            func.count().filter(ProgrammeEnrolment.state == COMPLETED),
            func.count().filter(_asked_for(terms, state)),
        )
        .select_from(ProgrammeEnrolment)
        .join(Person, Person.id == ProgrammeEnrolment.learner_id)
        .where(ProgrammeEnrolment.programme_id == programme_id, latest_cycle(), seen)
    )
    return ParticipantCounts(*db.session.execute(query).one())


def _asked_for(terms: Sequence[str], state: str) -> ColumnElement[bool]:
    words = [Person.search_text.contains(f" {term} ", autoescape=True) for term in terms]
    chosen = [ProgrammeEnrolment.state == state] if state else []
    return and_(true(), *words, *chosen)
