"""The steps of a programme version with how a learner stands in each, and the prerequisites with whether they are met."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.learning.models import (
    ACTIVE,
    COMPLETED,
    Enrolment,
    IdentityConfirmation,
    PlaceRequest,
    ProgrammeEnrolment,
    ProgrammeGroup,
    ProgrammePrerequisite,
    ProgrammeStep,
    ProgrammeStepDone,
    ProgrammeVersion,
    UndertakingSignature,
)
from academy.learning.models.requests import ASKED, EXEMPTION
from academy.learning.queries.enrolments import latest
from academy.learning.rules import Tally, programmes


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step; `title` is its own or its course's. `course_state` is the learner's place on the course, None without one.

    `exempted`: done not by learning but by an exemption, from its course or from the step. `exemption_asked`: the request
    for one that waits for a decision, with the moment it was made.
    """

    id: int
    key: str
    kind: str
    title: LocalizedText
    note: LocalizedText
    required: bool
    min_percent: int | None
    hours: Decimal | None
    course_id: int | None
    course_key: str | None
    quiz_id: int | None
    available: bool
    done_at: datetime | None
    course_state: str | None
    course_share: float
    exempted: bool
    revision: int
    exemption_asked: tuple[int, datetime] | None = None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of steps in order; `needed` None means every required one."""

    id: int
    key: str
    title: LocalizedText
    needed: int | None
    revision: int
    steps: tuple[StepRow, ...]


@dataclass(frozen=True)
class Plan:
    """Everything to do in a programme version, and what of it is done."""

    groups: tuple[GroupRow, ...]
    in_order: bool

    @cached_property
    def steps(self) -> tuple[StepRow, ...]:
        """All steps in order."""
        return tuple(step for group in self.groups for step in group.steps)

    @cached_property
    def by_key(self) -> dict[str, StepRow]:
        """The steps by key."""
        return {step.key: step for step in self.steps}

    @cached_property
    def outline(self) -> tuple[programmes.GroupPlan, ...]:
        """The groups as the rules want them."""
        return tuple(
            programmes.GroupPlan(
                group.key,
                tuple(programmes.StepPlan(step.key, step.required, step.available) for step in group.steps),
                group.needed,
            )
            for group in self.groups
        )

    @cached_property
    def done(self) -> frozenset[str]:
        """The keys of the steps that are done."""
        return frozenset(step.key for step in self.steps if step.done_at is not None)

    @cached_property
    def tally(self) -> Tally:
        """What is needed and what of it is done."""
        return programmes.tally(self.outline, self.done)

    @cached_property
    def standings(self) -> dict[str, programmes.StepStanding]:
        """How each step stands."""
        return programmes.standings(self.outline, self.done, in_order=self.in_order)

    @cached_property
    def next_step(self) -> StepRow | None:
        """The step to go on with."""
        key = programmes.next_step(self.outline, self.done, in_order=self.in_order)
        return self.by_key[key] if key else None

    @cached_property
    def left(self) -> list[programmes.Left]:
        """What is left, group by group."""
        return programmes.what_is_left(self.outline, self.done)

    @cached_property
    def absent(self) -> list[StepRow]:
        """The steps for want of which the programme cannot be completed."""
        return [self.by_key[key] for key in programmes.absent(self.outline, self.done)]

    @property
    def hours_done(self) -> Decimal:
        """The training hours of the steps that were learned, as far as they have hours."""
        learned = [step.hours or Decimal(0) for step in self.steps if step.done_at is not None and not step.exempted]
        return sum(learned, Decimal(0))

    @property
    def exempted(self) -> int:
        """How many of the steps that are done count by an exemption."""
        return sum(1 for step in self.steps if step.exempted)


def plan_of(version_id: int, *, in_order: bool, learner_id: int = 0, enrolment_id: int = 0) -> Plan:
    """Return the plan of a version; with a learner and their place in it, how they stand (one statement)."""
    groups: dict[int, tuple[Any, list[StepRow]]] = {}
    for row in db.session.execute(_steps(version_id, learner_id, enrolment_id)):
        _group, steps = groups.setdefault(row.group_id, (row, []))
        if row.id is not None:
            steps.append(_step(row))
    return Plan(
        tuple(
            GroupRow(number, row.group_key, row.group_title, row.needed, row.group_revision, tuple(steps))
            for number, (row, steps) in groups.items()
        ),
        in_order,
    )


def plan_in(place: ProgrammeEnrolment) -> Plan:
    """Return the plan of a learner's place, as they stand in it."""
    in_order = db.session.get_one(ProgrammeVersion, place.version_id).in_order
    return plan_of(place.version_id, in_order=in_order, learner_id=place.learner_id, enrolment_id=place.id)


def _steps(version_id: int, learner_id: int, enrolment_id: int) -> Any:
    earned = aliased(Enrolment)
    published, mine = aliased(CourseVersion), and_(Enrolment.course_id == Course.id, Enrolment.learner_id == learner_id)
    done = and_(ProgrammeStepDone.step_id == ProgrammeStep.id, ProgrammeStepDone.enrolment_id == enrolment_id)
    taken_here = ProgrammeStep.course_id.is_not(None)
    # A course is there for a learner if it takes people or has taken them.
    there = and_(taken_here, published.id.is_not(None), Course.retired_at.is_(None))
    takes_part = Enrolment.state.in_((ACTIVE, COMPLETED))
    of_course = and_(ProgrammeStep.kind == programmes.COURSE, PlaceRequest.course_id == ProgrammeStep.course_id)
    waits = and_(
        PlaceRequest.learner_id == learner_id, PlaceRequest.state == ASKED, PlaceRequest.about == EXEMPTION,
        or_(PlaceRequest.step_id == ProgrammeStep.id, of_course),
    )  # fmt: skip
    columns = (
        ProgrammeGroup.id.label("group_id"), ProgrammeGroup.key.label("group_key"), ProgrammeGroup.title.label("group_title"),
        ProgrammeGroup.needed, ProgrammeGroup.revision.label("group_revision"), ProgrammeStep.id, ProgrammeStep.key,
        ProgrammeStep.kind, ProgrammeStep.title, ProgrammeStep.note, ProgrammeStep.required, ProgrammeStep.min_percent,
        ProgrammeStep.hours, ProgrammeStep.course_id, ProgrammeStep.quiz_id, ProgrammeStep.revision,
        Course.key.label("course_key"), published.title.label("course_title"), published.hours.label("course_hours"),
        ProgrammeStepDone.done_at, ProgrammeStepDone.exemption_id, earned.exempted, Enrolment.state.label("course_state"), Enrolment.done.label("course_done"),
        Enrolment.required.label("course_required"), case((or_(there, and_(taken_here, takes_part)), True), else_=False).label("available"),
        PlaceRequest.id.label("request_id"), PlaceRequest.asked_at,
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(ProgrammeGroup)
        .outerjoin(ProgrammeStep, ProgrammeStep.group_id == ProgrammeGroup.id)
        .outerjoin(Course, Course.id == ProgrammeStep.course_id)
        .outerjoin(published, and_(published.course_id == Course.id, published.state == PUBLISHED))
        .outerjoin(Enrolment, and_(mine, latest()))
        .outerjoin(ProgrammeStepDone, done)
        .outerjoin(earned, earned.id == ProgrammeStepDone.course_enrolment_id)
        .outerjoin(PlaceRequest, waits)
        .where(ProgrammeGroup.version_id == version_id)
        .order_by(ProgrammeGroup.position, ProgrammeGroup.id, ProgrammeStep.position, ProgrammeStep.id)
    )


def _step(row: Any) -> StepRow:
    is_course = row.kind == programmes.COURSE
    hours = row.hours if row.hours is not None else (row.course_hours if is_course else None)
    return StepRow(
        id=row.id,
        key=row.key,
        kind=row.kind,
        title=row.title or row.course_title or LocalizedText(en=row.course_key or ""),
        note=row.note,
        required=row.required,
        min_percent=row.min_percent,
        hours=hours,
        course_id=row.course_id,
        course_key=row.course_key,
        quiz_id=row.quiz_id,
        available=bool(row.available),
        done_at=row.done_at,
        course_state=row.course_state,
        course_share=Tally(row.course_done or 0, row.course_required or 0).fraction,
        exempted=bool(row.exempted) or row.exemption_id is not None,
        revision=row.revision,
        exemption_asked=(row.request_id, row.asked_at) if row.request_id is not None else None,
    )


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A prerequisite of a version and how one learner stands: met or not, until when, signed or confirmed at which moment."""

    key: str
    kind: str
    title: LocalizedText
    text: LocalizedText
    renew_months: int | None
    met: bool
    at: datetime | None = None
    until: date | None = None
    lapsed: bool = False
    renewable: bool = False

    @property
    def may_sign(self) -> bool:
        """Whether the learner can sign now: never signed, run out, or about to."""
        return self.kind == programmes.UNDERTAKING and (not self.met or self.renewable)


def prerequisites_of(version_id: int) -> list[ProgrammePrerequisite]:
    """Return the prerequisites of a version in order."""
    mine = ProgrammePrerequisite.version_id == version_id
    query = select(ProgrammePrerequisite).where(mine)
    return list(db.session.scalars(query.order_by(ProgrammePrerequisite.position, ProgrammePrerequisite.id)))


@dataclass(frozen=True, slots=True)
class Contents:
    """A version with everything that belongs to it."""

    version: ProgrammeVersion
    plan: Plan
    prerequisites: tuple[ProgrammePrerequisite, ...]


def contents_of(*versions: ProgrammeVersion) -> list[Contents]:
    """Return the contents of versions (one statement each, and one for all prerequisites)."""
    ids = [version.id for version in versions]
    query = select(ProgrammePrerequisite).where(ProgrammePrerequisite.version_id.in_(ids))
    found = db.session.scalars(query.order_by(ProgrammePrerequisite.position, ProgrammePrerequisite.id)).all()
    return [
        Contents(
            version,
            plan_of(version.id, in_order=version.in_order),
            tuple(each for each in found if each.version_id == version.id),
        )
        for version in versions
    ]


def needs_of(version_id: int, programme_id: int, learner_id: int, *, today: date) -> list[NeedRow]:
    """Return the prerequisites of a version as they stand for a learner (one statement)."""
    found = _with_learner(version_id, programme_id, learner_id)
    wanted = {each.id: (each, confirmed_at, sponsored) for each, confirmed_at, sponsored, _signature in found}
    # Only a signature under these very words counts, of several the latest.
    signed = {each.id: one for each, *_rest, one in found if one and one.digest == digest_of(each.title, each.text)}
    rows = []
    for each, confirmed_at, sponsored in wanted.values():
        same = {name: getattr(each, name) for name in ("key", "kind", "title", "text", "renew_months")}
        if each.kind == programmes.UNDERTAKING:
            rows.append(_signed(same, signed.get(each.id), today))
        elif each.kind == programmes.IDENTITY:
            rows.append(NeedRow(**same, met=confirmed_at is not None, at=confirmed_at))
        else:
            rows.append(NeedRow(**same, met=bool(sponsored)))
    return rows


def _with_learner(version_id: int, programme_id: int, learner_id: int) -> Sequence[Any]:
    """Return each prerequisite with when the learner's identity was confirmed and whether an active partner stands behind them.

    An undertaking comes once for each time that the learner has signed it, in their order.
    """
    confirmed = and_(IdentityConfirmation.person_id == Person.id, IdentityConfirmation.withdrawn_at.is_(None))
    member = and_(Organisation.kind == "partner", Organisation.active, Person.state == "active")
    signed = and_(
        UndertakingSignature.programme_id == programme_id, UndertakingSignature.person_id == learner_id,
        UndertakingSignature.prerequisite_key == ProgrammePrerequisite.key,
    )  # fmt: skip
    query = (
        select(
            ProgrammePrerequisite,
            IdentityConfirmation.confirmed_at,
            case((member, True), else_=False),
            UndertakingSignature,
        )
        .select_from(ProgrammePrerequisite)
        .outerjoin(Person, Person.id == learner_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(IdentityConfirmation, confirmed)
        .outerjoin(UndertakingSignature, signed)
        .where(ProgrammePrerequisite.version_id == version_id)
        .order_by(ProgrammePrerequisite.position, ProgrammePrerequisite.id, UndertakingSignature.number)
    )
    return db.session.execute(query).all()


def digest_of(title: LocalizedText, text: LocalizedText) -> str:
    """Return the SHA-256 of the words of an undertaking in both languages, in hex."""
    words = json.dumps([title.as_dict(), text.as_dict()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


def _signed(same: dict[str, Any], signature: UndertakingSignature | None, today: date) -> NeedRow:
    if signature is None:
        return NeedRow(**same, met=False)
    until = signature.valid_until
    lapsed = until is not None and until < today
    renewable = programmes.may_sign_again(until, today)
    return NeedRow(**same, met=not lapsed, at=signature.signed_at, until=until, lapsed=lapsed, renewable=renewable)
