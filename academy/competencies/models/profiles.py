"""Role profiles, whom they apply to, and what is asked of each person in the end."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText

BY_PERSON, BY_JOB = "person", "job"


class RoleProfile(Model):
    """What a job asks for: a level per competency of any framework (`targets`: {"D4.1": 2, …}), as published last.

    `number` counts what was published; 0 as long as nothing was. `framework_id` is the framework it came with, if any.
    Once `retired_at`, nobody gets it any more; whoever has it keeps it.
    """

    __tablename__ = "role_profile"
    __table_args__ = (
        CheckConstraint("number >= 0", name="number_not_negative"),
        CheckConstraint("retired_at IS NULL OR number > 0", name="published_before_retired"),
        CheckConstraint("retired_by_id IS NULL OR retired_at IS NOT NULL", name="retired_by_when_retired"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int | None] = mapped_column(ForeignKey("framework.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[LocalizedText]
    targets: Mapped[dict[str, Any]]
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class RoleProfileVersion(Model):
    """What a role profile said from one publishing to the next; never changed. Of the oldest ones nobody kept when and by whom."""

    __tablename__ = "role_profile_version"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    profile_id: Mapped[int] = mapped_column(ForeignKey("role_profile.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[LocalizedText]
    targets: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class RoleProfileDraft(Model):
    """What a role profile will say once it is published. At most one a profile."""

    __tablename__ = "role_profile_draft"

    profile_id: Mapped[int] = mapped_column(ForeignKey("role_profile.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[LocalizedText]
    targets: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class PersonProfile(Model):
    """A role profile that applies to a person: given to them (`source` person) or coming with their job (job)."""

    __tablename__ = "person_profile"
    __table_args__ = (CheckConstraint("source IN ('person', 'job')", name="known_source"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("role_profile.id"), primary_key=True, index=True)
    source: Mapped[str] = mapped_column(String(6), primary_key=True, default=BY_PERSON, server_default=BY_PERSON)
    set_at: Mapped[datetime]


class JobProfile(Model):
    """A role profile that everybody with a job in an organisation gets. `job` is the job title, normalised as searches do."""

    __tablename__ = "job_profile"
    __table_args__ = (UniqueConstraint("organisation_id", "job", "profile_id", name="uq_job_profile_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    job: Mapped[str] = mapped_column(String(255))
    title: Mapped[LocalizedText]
    profile_id: Mapped[int] = mapped_column(ForeignKey("role_profile.id"), index=True)
    set_at: Mapped[datetime]


class PersonTarget(Model):
    """A level that is asked of one person instead of what their profiles say, with the reason; 0 asks for nothing."""

    __tablename__ = "person_target"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 4", name="known_level"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True, index=True)
    level: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Requirement(Model):
    """What is asked of everyone who has the same profiles and the same levels of their own; computed, never typed.

    `profiles` and `own` ({"D4.1": 3}) are what it rests on, `digest` stands for both. `targets` holds for each competency
    that is not retired the highest level that a profile asks for, unless the person has one of their own.
    """

    __tablename__ = "requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    profiles: Mapped[list[Any]]
    own: Mapped[dict[str, Any]]
    name: Mapped[LocalizedText]
    targets: Mapped[dict[str, Any]]


class PersonRequirement(Model):
    """What is asked of a person; without a row, nothing is."""

    __tablename__ = "person_requirement"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirement.id"), index=True)
