"""Programmes, their versions and steps, who is in them, and what was signed. Published versions and signatures never change."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column, relationship

from academy.base.db import Model
from academy.base.naming import once_in_organisation
from academy.base.text import LocalizedText

DRAFT, PUBLISHED, SUPERSEDED = "draft", "published", "superseded"
PENDING = "pending"


def _only_one(name: str, column: str, condition: str) -> Index:
    """An index that allows one row a value among those that fit the condition."""
    return Index(name, column, unique=True, sqlite_where=text(condition), postgresql_where=text(condition))


class Programme(Model):
    """A programme as it is known: its key, owner and audience. What must be done lies in its versions.

    `audience`: employee (people of its own organisation), partner (people of partner organisations) or any (both).
    `target_role` is the key of a role profile, or empty.
    """

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("audience IN ('employee', 'partner', 'any')", name="known_audience"),
        once_in_organisation("uq_programme_code", "code", "code <> ''"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    code: Mapped[str] = mapped_column(String(40), default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    audience: Mapped[str] = mapped_column(String(10), default="employee")
    target_role: Mapped[str] = mapped_column(String(60), default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ProgrammeVersion(Model):
    """One version of a programme: at most one draft, at most one published; older ones are superseded and stay.

    `in_order`: a step opens when those before it are done. `renewal` may hold cpd_hours, per_months, window_days_before,
    grace_days_after (numbers) and what else the rule says. `suspension` lists reasons, each {"ar": …, "en": …}.
    """

    __tablename__ = "programme_version"
    __table_args__ = (
        UniqueConstraint("programme_id", "number", name="uq_programme_version_number"),
        CheckConstraint("state IN ('draft', 'published', 'superseded')", name="known_state"),
        CheckConstraint("hours >= 0", name="hours_not_negative"),
        CheckConstraint("validity_months IS NULL OR validity_months > 0", name="validity_positive"),
        _only_one("uq_programme_version_draft", "programme_id", "state = 'draft'"),
        _only_one("uq_programme_version_published", "programme_id", "state = 'published'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=DRAFT, active_history=True)
    revision: Mapped[int] = mapped_column(default=1)
    title: Mapped[LocalizedText]
    summary: Mapped[LocalizedText]
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(0))
    in_order: Mapped[bool] = mapped_column(default=True)
    validity_months: Mapped[int | None]
    renewal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    suspension: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    programme: Mapped[Programme] = relationship()


class ProgrammeGroup(Model):
    """Some steps of a version that belong together: all required ones must be done or, with `needed`, any so many."""

    __tablename__ = "programme_group"
    __table_args__ = (
        UniqueConstraint("version_id", "key", name="uq_programme_group_key"),
        CheckConstraint("needed IS NULL OR needed > 0", name="needed_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    title: Mapped[LocalizedText]
    needed: Mapped[int | None]

    version: Mapped[ProgrammeVersion] = relationship()


class ProgrammeStep(Model):
    """One thing to do in a programme: a course, a quiz of a course, or something the academy does not have yet.

    A quiz names its course too. `ref` names what is not yet there. The key stays from version to version; the id does not.
    """

    __tablename__ = "programme_step"
    __table_args__ = (
        UniqueConstraint("version_id", "key", name="uq_programme_step_key"),
        CheckConstraint(
            "kind IN ('course', 'quiz', 'exam', 'practice', 'scenario', 'observation', 'project')", name="known_kind"
        ),
        CheckConstraint(
            "(kind = 'course' AND course_id IS NOT NULL AND quiz_id IS NULL)"
            " OR (kind = 'quiz' AND course_id IS NOT NULL AND quiz_id IS NOT NULL)"
            " OR (kind = 'exam' AND (course_id IS NULL) = (quiz_id IS NULL))"
            " OR (kind NOT IN ('course', 'quiz', 'exam') AND course_id IS NULL AND quiz_id IS NULL)",
            name="target_of_kind",
        ),
        CheckConstraint("min_percent IS NULL OR min_percent BETWEEN 1 AND 100", name="min_percent_in_range"),
        CheckConstraint("hours IS NULL OR hours >= 0", name="hours_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("programme_group.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[LocalizedText]
    note: Mapped[LocalizedText]
    required: Mapped[bool] = mapped_column(default=True)
    min_percent: Mapped[int | None]
    hours: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quiz.id"), index=True)
    ref: Mapped[str] = mapped_column(String(120), default="")

    version: Mapped[ProgrammeVersion] = relationship()


class ProgrammePrerequisite(Model):
    """What must be so before the steps open: a signed undertaking, a confirmed identity, an active partner behind the person.

    `text` is what is signed; empty, the title is. A signature lasts `renew_months`, or for ever without them.
    """

    __tablename__ = "programme_prerequisite"
    __table_args__ = (
        UniqueConstraint("version_id", "key", name="uq_programme_prerequisite_key"),
        CheckConstraint("kind IN ('undertaking', 'identity_verified', 'sponsor')", name="known_kind"),
        CheckConstraint(
            "renew_months IS NULL OR (renew_months > 0 AND kind = 'undertaking')", name="undertakings_are_renewed"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[LocalizedText]
    text: Mapped[LocalizedText]
    renew_months: Mapped[int | None]

    version: Mapped[ProgrammeVersion] = relationship()


class ProgrammeEnrolment(Model):
    """A learner's place in a programme, in the version that was published when they joined.

    It is pending until every prerequisite is met. `done` of `needed` and `next_step_id` are kept in step with the steps done.
    """

    __tablename__ = "programme_enrolment"
    __table_args__ = (
        UniqueConstraint("learner_id", "programme_id", "cycle", name="uq_programme_enrolment_cycle"),
        Index("ix_programme_enrolment_programme_state", "programme_id", "state"),
        CheckConstraint("state IN ('pending', 'active', 'completed', 'withdrawn')", name="known_state"),
        CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", name="completed_when_dated"),
        CheckConstraint("state <> 'completed' OR (needed > 0 AND done = needed)", name="completed_when_all_is_done"),
        CheckConstraint("done >= 0 AND done <= needed", name="done_within_needed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id"), index=True)
    cycle: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default=PENDING)
    joined_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    needed: Mapped[int] = mapped_column(default=0)
    next_step_id: Mapped[int | None] = mapped_column(ForeignKey("programme_step.id"))


class ProgrammeStepDone(Model):
    """A step that a learner has done, when, and by which completed course, passed attempt or exemption. Only an exemption that ends undoes it."""

    __tablename__ = "programme_step_done"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "step_id", name="uq_programme_step_done"),
        CheckConstraint(
            "(course_enrolment_id IS NOT NULL AND attempt_id IS NULL AND exemption_id IS NULL)"
            " OR (course_enrolment_id IS NULL AND attempt_id IS NOT NULL AND exemption_id IS NULL)"
            " OR (course_enrolment_id IS NULL AND attempt_id IS NULL AND exemption_id IS NOT NULL)",
            name="done_by_one_thing",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("programme_enrolment.id", ondelete="CASCADE"))
    step_id: Mapped[int] = mapped_column(ForeignKey("programme_step.id"), index=True)
    done_at: Mapped[datetime]
    course_enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    exemption_id: Mapped[int | None] = mapped_column(ForeignKey("exemption.id"))


class UndertakingSignature(Model):
    """An undertaking that somebody read and signed: who, when, and the words themselves in both languages.

    `digest` tells the words apart; `number` counts the signatures of one person under one undertaking of a programme;
    `language` is the one it was read in. Rows are only ever added.
    """

    __tablename__ = "undertaking_signature"
    __table_args__ = (
        UniqueConstraint(
            "person_id", "programme_id", "prerequisite_key", "number", name="uq_undertaking_signature_number"
        ),
        CheckConstraint("language IN ('ar', 'en')", name="known_language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id"))
    prerequisite_key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    signer: Mapped[LocalizedText]
    title: Mapped[LocalizedText]
    text: Mapped[LocalizedText]
    digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    signed_at: Mapped[datetime]
    valid_until: Mapped[date | None]


class IdentityConfirmation(Model):
    """An administrator's word that a person is who they say; at most one that was not taken back."""

    __tablename__ = "identity_confirmation"
    __table_args__ = (
        _only_one("uq_identity_confirmation_person", "person_id", "withdrawn_at IS NULL"),
        CheckConstraint("confirmed_by_id <> person_id", name="confirmed_by_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    method: Mapped[str] = mapped_column(String(200))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]


class ProgrammeIsFrozen(Exception):
    """Somebody tried to change a published version or a signature: a fault in the program, not of a person."""


def _state_in_database(version: ProgrammeVersion) -> str | None:
    history = inspect(version).attrs.state.history
    return history.deleted[0] if history.deleted else version.state


def _check_version(version: ProgrammeVersion) -> None:
    """A published version may only become superseded, and nothing else of it may change."""
    if _state_in_database(version) == DRAFT:
        return
    changed = {attribute.key for attribute in inspect(version).attrs if attribute.history.has_changes()}
    if changed - {"state"} or (changed and version.state != SUPERSEDED):
        raise ProgrammeIsFrozen(f"programme version {version.id}: {sorted(changed)}")


def _check_part(session: Session, part: ProgrammeGroup | ProgrammeStep | ProgrammePrerequisite) -> None:
    with session.no_autoflush:
        version = session.get(ProgrammeVersion, part.version_id) if part.version_id else None
    if version is not None and _state_in_database(version) != DRAFT:
        raise ProgrammeIsFrozen(f"{part.__tablename__} {part.key} of version {part.version_id}")


@event.listens_for(Session, "before_flush")
def _guard_published(session: Session, _context: object, _instances: object) -> None:
    """Refuse every change to a published version and its parts, whoever asks."""
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in (*changed, *session.new, *session.deleted):
        if isinstance(row, ProgrammeGroup | ProgrammeStep | ProgrammePrerequisite):
            _check_part(session, row)
        elif isinstance(row, ProgrammeVersion) and row not in session.new:
            _check_version(row)


@event.listens_for(UndertakingSignature, "before_update")
@event.listens_for(UndertakingSignature, "before_delete")
def _guard_signature(_mapper: Mapper[Any], _connection: object, signature: UndertakingSignature) -> None:
    raise ProgrammeIsFrozen(f"signature {signature.id}")


@event.listens_for(Session, "do_orm_execute")
def _guard_signatures(state: ORMExecuteState) -> None:
    changes = state.is_update or state.is_delete
    if changes and state.bind_mapper is not None and state.bind_mapper.class_ is UndertakingSignature:
        raise ProgrammeIsFrozen("a statement that changes signatures")
