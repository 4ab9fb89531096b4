"""Reads about exemptions: the one in force on a place, those of some people, those whose last day has passed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.learning.models import (
    ACTIVE,
    COMPLETED,
    PENDING,
    Enrolment,
    EntryRule,
    Exemption,
    Programme,
    ProgrammeEnrolment,
    ProgrammeStep,
    ProgrammeStepDone,
    ProgrammeVersion,
)
from academy.learning.models.entry import MANAGERS
from academy.learning.models.exemptions import IN_FORCE
from academy.learning.queries.enrolments import latest
from academy.learning.queries.requests import step_in
from academy.learning.rules.programmes import COURSE


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    """An exemption as pages show it, from a course or a step of a programme (`course` names either). `by_managers`: the course lets managers decide about exemptions."""

    id: int
    request_id: int
    person: Person
    course_key: str | None
    programme_key: str | None
    course: LocalizedText
    state: str
    reason: str
    began_at: datetime
    by: LocalizedText
    ends_on: date | None
    ended_at: datetime | None
    ended_by: LocalizedText | None
    end_reason: str
    by_managers: bool


def exemption(exemption_id: int) -> ExemptionRow | None:
    """Return an exemption as its page shows it."""
    found = db.session.execute(_rows().where(Exemption.id == exemption_id)).one_or_none()
    return exemption_of(found) if found else None


def exemptions_of(people: ColumnElement[bool], *, in_force: bool) -> Select[Any]:
    """Return the query of the exemptions of some people, the newest first; those in force, or those that are over."""
    state = Exemption.state == IN_FORCE if in_force else Exemption.state != IN_FORCE
    return _rows().where(people, state).order_by(Exemption.began_at.desc(), Exemption.id.desc())


def exemption_of(found: Any) -> ExemptionRow:
    """Turn a fetched row of `exemptions_of` into what pages show."""
    row: Exemption = found.Exemption
    title = step_in(found.step_title, found.programme_title) if row.step_id is not None else found.title
    return ExemptionRow(
        row.id, row.request_id, found.Person, found.key, found.programme_key, title, row.state, row.reason, row.began_at, found.by, row.ends_on,
        row.ended_at, found.ended_by, row.end_reason, found.exempted_by == MANAGERS,
    )  # fmt: skip


def in_force_on(enrolment_id: int) -> ExemptionRow | None:
    """Return the exemption that is in force on a place."""
    mine = Exemption.enrolment_id == enrolment_id, Exemption.state == IN_FORCE
    found = db.session.execute(_rows().where(*mine)).one_or_none()
    return exemption_of(found) if found else None


def place_exempted(exemption_id: int) -> Enrolment | None:
    """Return the place of an exemption from a course; None when it is from a step of a programme."""
    query = select(Enrolment).join(Exemption, Exemption.enrolment_id == Enrolment.id)
    return db.session.scalar(query.where(Exemption.id == exemption_id))


def exempted_person(exemption_id: int) -> int:
    """Return whose exemption it is."""
    return db.session.scalars(select(Exemption.learner_id).where(Exemption.id == exemption_id)).one()


def run_out(today: date, *, most: int) -> list[int]:
    """Return the exemptions in force whose last day has passed, the earliest first."""
    over = Exemption.state == IN_FORCE, Exemption.ends_on < today
    return list(
        db.session.scalars(select(Exemption.id).where(*over).order_by(Exemption.ends_on, Exemption.id).limit(most))
    )


def still_in_force(exemption_ids: Collection[int]) -> set[int]:
    """Return those of some exemptions that are in force."""
    mine = Exemption.id.in_(exemption_ids), Exemption.state == IN_FORCE
    return set(db.session.scalars(select(Exemption.id).where(*mine)))


def due_after(exemption_id: int) -> date | None:
    """Return the day by which the course is due since an exemption from it has ended."""
    query = select(Enrolment.due_on).join(Exemption, Exemption.enrolment_id == Enrolment.id)
    return db.session.scalar(query.where(Exemption.id == exemption_id, Enrolment.state == ACTIVE))


def courses_to_exempt(person: Person) -> list[tuple[str, LocalizedText]]:
    """Return (key, title) of the published courses that somebody could still be exempted from, by title in their order of code."""
    place = and_(Enrolment.course_id == Course.id, Enrolment.learner_id == person.id, latest())
    query = (
        select(Course.key, CourseVersion.title)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .outerjoin(Enrolment, place)
        .where(
            Course.retired_at.is_(None),
            or_(Course.audience == "everyone", Course.organisation_id == person.organisation_id),
        )
        .where(or_(Enrolment.id.is_(None), Enrolment.state != COMPLETED))
        .order_by(Course.code, Course.id)
    )
    return [(row.key, row.title) for row in db.session.execute(query)]


def steps_to_exempt(person: Person) -> list[tuple[str, LocalizedText]]:
    """Return (programme/step, title) of what has no course in the open programmes of somebody and is not done."""
    done = and_(ProgrammeStepDone.step_id == ProgrammeStep.id, ProgrammeStepDone.enrolment_id == ProgrammeEnrolment.id)
    query = (
        select(
            Programme.key,
            ProgrammeStep.key.label("step"),
            ProgrammeStep.title,
            ProgrammeVersion.title.label("programme"),
        )
        .join(ProgrammeEnrolment, ProgrammeEnrolment.programme_id == Programme.id)
        .join(ProgrammeVersion, ProgrammeVersion.id == ProgrammeEnrolment.version_id)
        .join(ProgrammeStep, ProgrammeStep.version_id == ProgrammeVersion.id)
        .outerjoin(ProgrammeStepDone, done)
        .where(ProgrammeEnrolment.learner_id == person.id, ProgrammeEnrolment.state.in_((PENDING, ACTIVE)))
        .where(ProgrammeStep.kind != COURSE, ProgrammeStepDone.id.is_(None))
        .order_by(Programme.id, ProgrammeEnrolment.id, ProgrammeStep.position, ProgrammeStep.id)
    )
    return [(f"{row.key}/{row.step}", step_in(row.title, row.programme)) for row in db.session.execute(query)]


def _rows() -> Select[Any]:
    by, ended_by = aliased(Person), aliased(Person)
    columns: tuple[Any, ...] = (
        Exemption, Person, Course.key, CourseVersion.title, by.name.label("by"), ended_by.name.label("ended_by"),
        EntryRule.exempted_by, Programme.key.label("programme_key"), ProgrammeVersion.title.label("programme_title"),
        ProgrammeStep.title.label("step_title"),
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(Exemption)
        .join(Person, Person.id == Exemption.learner_id)
        .outerjoin(Course, Course.id == Exemption.course_id)
        .outerjoin(Enrolment, Enrolment.id == Exemption.enrolment_id)
        .outerjoin(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .outerjoin(ProgrammeStep, ProgrammeStep.id == Exemption.step_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == ProgrammeStep.version_id)
        .outerjoin(Programme, Programme.id == ProgrammeVersion.programme_id)
        .join(by, by.id == Exemption.by_id)
        .outerjoin(ended_by, ended_by.id == Exemption.ended_by_id)
        .outerjoin(EntryRule, EntryRule.course_id == Exemption.course_id)
    )
