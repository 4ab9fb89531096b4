"""The frameworks: domains, competencies and the scale they share, their drafts and versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText


class Framework(Model):
    """A set of competencies and the scale of levels they share, as the version published last says.

    `number` is of that version and 0 as long as there is none; `version` is what people call it.
    """

    __tablename__ = "framework"
    __table_args__ = (CheckConstraint("number >= 0", name="number_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    version: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(default=0, server_default="0")
    title: Mapped[LocalizedText]
    evidence_rule: Mapped[LocalizedText]
    scale: Mapped[list[Any]]
    loaded_at: Mapped[datetime]


class FrameworkVersion(Model):
    """A published version of a framework, whole and for ever. `label` is its number as people say it, `note` what is new."""

    __tablename__ = "framework_version"
    __table_args__ = (
        UniqueConstraint("framework_id", "number", name="uq_framework_version_number"),
        UniqueConstraint("framework_id", "label", name="uq_framework_version_label"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(500), default="")
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class VersionIsFrozen(Exception):
    """Something tried to change or delete a published version: a fault in the program, not of a person."""


@event.listens_for(FrameworkVersion, "before_update")
@event.listens_for(FrameworkVersion, "before_delete")
def _guard_version(_mapper: Mapper[FrameworkVersion], _connection: Connection, row: FrameworkVersion) -> None:
    raise VersionIsFrozen(f"framework version {row.id}")


@event.listens_for(Session, "do_orm_execute")
def _guard_versions(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper and state.bind_mapper.class_ is FrameworkVersion:
        raise VersionIsFrozen("a statement that changes published versions")


class FrameworkDraft(Model):
    """The content of the next version of a framework while it is being written. At most one a framework."""

    __tablename__ = "framework_draft"

    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    content: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class FrameworkImport(Model):
    """A file that was read and not yet taken over; with no framework it is to become a new one.

    `profiles` are {"key", "name", "targets"}; `notes` say what of the file has no place here.
    """

    __tablename__ = "framework_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int | None] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    content: Mapped[dict[str, Any]]
    profiles: Mapped[list[Any]]
    notes: Mapped[list[Any]]
    read_at: Mapped[datetime]


class CompetencyDomain(Model):
    """A family of competencies. Its code names it in the whole academy."""

    __tablename__ = "competency_domain"
    __table_args__ = (UniqueConstraint("key", name="uq_competency_domain_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"), index=True)
    key: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    name: Mapped[LocalizedText]
    purpose: Mapped[LocalizedText]
    retired_at: Mapped[datetime | None]


class Competency(Model):
    """Something a person can do, with an observable indicator for each level (`levels`: {"1": {ar, en}, …}).

    Its code names it in the whole academy and in every version; a retired one keeps its row, for what people have earned.
    """

    __tablename__ = "competency"
    __table_args__ = (UniqueConstraint("key", name="uq_competency_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"), index=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("competency_domain.id"), index=True)
    key: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    name: Mapped[LocalizedText]
    definition: Mapped[LocalizedText]
    levels: Mapped[dict[str, Any]]
    retired_at: Mapped[datetime | None]
