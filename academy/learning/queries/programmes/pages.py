"""Programmes as learners find them: the list, the page of one, and their own on the home page."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED as COURSE_PUBLISHED
from academy.catalogue.models import CourseVersion
from academy.learning.models import (
    ACTIVE,
    PENDING,
    PUBLISHED,
    WITHDRAWN,
    Programme,
    ProgrammeEnrolment,
    ProgrammeStep,
    ProgrammeVersion,
)
from academy.learning.rules import Tally


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """A programme, the version to show (the learner's, else the published one) and the learner's place in it."""

    programme: Programme
    version: ProgrammeVersion
    published: bool
    enrolment: ProgrammeEnrolment | None

    @property
    def takes_part(self) -> bool:
        """Whether the learner has a place that they have not given up."""
        return self.enrolment is not None and self.enrolment.state != WITHDRAWN


@dataclass(frozen=True, slots=True)
class ProgrammeCard:
    """A programme in a list, with the reader's place in it: `state` is None without one."""

    key: str
    code: str
    title: LocalizedText
    summary: LocalizedText
    hours: Decimal
    validity_months: int | None
    steps: int
    state: str | None
    done: int
    needed: int

    @property
    def fraction(self) -> float:
        """The share done."""
        return Tally(self.done, self.needed).fraction


@dataclass(frozen=True, slots=True)
class MyProgramme:
    """One of a learner's programmes with the title of the step to go on with, None when no step is open."""

    key: str
    title: LocalizedText
    state: str
    done: int
    needed: int
    next_title: LocalizedText | None


@cache
def latest_cycle() -> ColumnElement[bool]:
    """Return the filter on ProgrammeEnrolment that keeps each learner's latest cycle of a programme (built once)."""
    later = aliased(ProgrammeEnrolment)
    return ~exists().where(
        later.learner_id == ProgrammeEnrolment.learner_id,
        later.programme_id == ProgrammeEnrolment.programme_id,
        later.cycle > ProgrammeEnrolment.cycle,
    )


def programme_by_key(programme_key: str) -> Programme | None:
    """Return a programme by key."""
    return db.session.scalar(select(Programme).where(Programme.key == programme_key))


def published_programme(programme_id: int) -> ProgrammeVersion | None:
    """Return the version that learners join now."""
    mine = ProgrammeVersion.programme_id == programme_id, ProgrammeVersion.state == PUBLISHED
    return db.session.scalar(select(ProgrammeVersion).where(*mine))


def programme_enrolment_of(learner_id: int, programme_id: int) -> ProgrammeEnrolment | None:
    """Return a learner's latest place in a programme, given up ones too."""
    mine = ProgrammeEnrolment.learner_id == learner_id, ProgrammeEnrolment.programme_id == programme_id
    query = select(ProgrammeEnrolment).where(*mine).order_by(ProgrammeEnrolment.cycle.desc()).limit(1)
    return db.session.scalar(query)


def programme_place(enrolment_id: int) -> ProgrammeEnrolment | None:
    """Return a place in a programme by id."""
    return db.session.get(ProgrammeEnrolment, enrolment_id)


def programme_page(programme_key: str, learner_id: int) -> ProgrammePage | None:
    """Return a programme with its shown version and a learner's place (one statement)."""
    mine = and_(
        ProgrammeEnrolment.programme_id == Programme.id, ProgrammeEnrolment.learner_id == learner_id, latest_cycle()
    )
    published = and_(ProgrammeVersion.programme_id == Programme.id, ProgrammeVersion.state == PUBLISHED)
    taken = aliased(ProgrammeVersion)
    query = (
        select(Programme, ProgrammeVersion, ProgrammeEnrolment, taken)
        .outerjoin(ProgrammeVersion, published)
        .outerjoin(ProgrammeEnrolment, mine)
        .outerjoin(taken, taken.id == ProgrammeEnrolment.version_id)
        .where(Programme.key == programme_key)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    programme, version, enrolment, own = row
    shown = own if enrolment is not None and enrolment.state != WITHDRAWN else version
    return ProgrammePage(programme, shown, version is not None, enrolment) if shown is not None else None


def programme_cards(seen: ColumnElement[bool], learner_id: int) -> list[ProgrammeCard]:
    """Return the published programmes that a filter lets through and those the learner is in, theirs first (one statement)."""
    mine = and_(
        ProgrammeEnrolment.programme_id == Programme.id,
        ProgrammeEnrolment.learner_id == learner_id,
        ProgrammeEnrolment.state != WITHDRAWN,
        latest_cycle(),
    )
    shown = or_(
        ProgrammeVersion.id == ProgrammeEnrolment.version_id,
        and_(ProgrammeEnrolment.id.is_(None), ProgrammeVersion.state == PUBLISHED),
    )
    counted = select(func.count()).where(ProgrammeStep.version_id == ProgrammeVersion.id).scalar_subquery()
    open_to = and_(seen, Programme.retired_at.is_(None))
    query = (
        select(
            Programme.key, Programme.code, ProgrammeVersion.title, ProgrammeVersion.summary, ProgrammeVersion.hours,
            ProgrammeVersion.validity_months, counted, ProgrammeEnrolment.state, func.coalesce(ProgrammeEnrolment.done, 0),
            func.coalesce(ProgrammeEnrolment.needed, 0),
        )
        .select_from(Programme)
        .outerjoin(ProgrammeEnrolment, mine)
        .join(ProgrammeVersion, and_(ProgrammeVersion.programme_id == Programme.id, shown))
        .where(or_(open_to, ProgrammeEnrolment.id.is_not(None)))
        .order_by(ProgrammeEnrolment.id.is_(None), Programme.code, Programme.id)
    )  # fmt: skip
    return [ProgrammeCard(*row) for row in db.session.execute(query)]


_step_course = aliased(CourseVersion)


def with_programmes(query: Select[Any]) -> Select[Any]:
    """Add to a query over Person the open programmes of each, the newest first: one row a programme, or one without any.

    A page that needs little of them saves a statement so; `programme_of` reads the rows.
    """
    mine = and_(
        ProgrammeEnrolment.learner_id == Person.id, ProgrammeEnrolment.state.in_((PENDING, ACTIVE)), latest_cycle()
    )
    return (
        query.add_columns(
            Programme.key.label("programme_key"), ProgrammeVersion.title.label("programme_title"),
            ProgrammeEnrolment.state.label("programme_state"), ProgrammeEnrolment.done.label("programme_done"),
            ProgrammeEnrolment.needed.label("programme_needed"), ProgrammeStep.key.label("next_key"),
            ProgrammeStep.title.label("step_title"), _step_course.title.label("course_title"),
        )
        .outerjoin(ProgrammeEnrolment, mine)
        .outerjoin(Programme, Programme.id == ProgrammeEnrolment.programme_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == ProgrammeEnrolment.version_id)
        .outerjoin(ProgrammeStep, ProgrammeStep.id == ProgrammeEnrolment.next_step_id)
        .outerjoin(_step_course, and_(_step_course.course_id == ProgrammeStep.course_id, _step_course.state == COURSE_PUBLISHED))
        .order_by(ProgrammeEnrolment.joined_at.desc(), ProgrammeEnrolment.id)
    )  # fmt: skip


def programme_of(row: Any) -> MyProgramme | None:
    """Read a programme out of a row of `with_programmes`."""
    if row.programme_key is None:
        return None
    next_title = (row.step_title or row.course_title) if row.next_key else None
    return MyProgramme(
        row.programme_key,
        row.programme_title,
        row.programme_state,
        row.programme_done,
        row.programme_needed,
        next_title,
    )
