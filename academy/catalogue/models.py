"""Courses, their versions, units and activities. A published version never changes; editing makes a draft."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from academy.base.db import Model
from academy.base.i18n import _l
from academy.base.naming import once_in_organisation
from academy.base.text import LocalizedText

LEVEL_NAMES = {1: _l("Basic"), 2: _l("Intermediate"), 3: _l("Advanced"), 4: _l("Expert")}
DRAFT, PUBLISHED, SUPERSEDED = "draft", "published", "superseded"


AUTHORED = (
    "title", "summary", "intended_for", "level", "hours", "objectives", "competencies", "prerequisites",
    "gives_certificate", "validity_months",
)  # fmt: skip


class Course(Model):
    """A course as it is known: its key, its owner, who may see it. What is taught lies in its versions."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("audience IN ('everyone', 'organisation')", name="known_audience"),
        once_in_organisation("uq_course_code", "code", "code <> ''"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(40), default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    audience: Mapped[str] = mapped_column(String(12), default="everyone")
    public: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(default=" ")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class CourseTrainer(Model):
    """A trainer who may edit a course and see its roster."""

    __tablename__ = "course_trainer"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class CourseVersion(Model):
    """One version of a course: at most one draft, at most one published; older ones are superseded and stay."""

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number", name="uq_course_version_number"),
        CheckConstraint("state IN ('draft', 'published', 'superseded')", name="known_state"),
        CheckConstraint("hours >= 0", name="hours_not_negative"),
        CheckConstraint("validity_months IS NULL OR validity_months > 0", name="validity_positive"),
        Index(
            "uq_course_version_draft",
            "course_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "uq_course_version_published",
            "course_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=DRAFT, active_history=True)
    revision: Mapped[int] = mapped_column(default=1)
    title: Mapped[LocalizedText]
    summary: Mapped[LocalizedText]
    intended_for: Mapped[LocalizedText]
    level: Mapped[int] = mapped_column(default=1)
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(0))
    objectives: Mapped[list[Any]] = mapped_column(default=list)
    competencies: Mapped[list[Any]] = mapped_column(default=list)
    prerequisites: Mapped[list[Any]] = mapped_column(default=list)
    gives_certificate: Mapped[bool] = mapped_column(default=True)
    validity_months: Mapped[int | None]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship()


class CourseUnit(Model):
    """A chapter of a course version."""

    __tablename__ = "course_unit"
    __table_args__ = (UniqueConstraint("version_id", "key", name="uq_course_unit_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    title: Mapped[LocalizedText]
    removed_at: Mapped[datetime | None]

    version: Mapped[CourseVersion] = relationship()


class Activity(Model):
    """One thing to do in a unit. `kind` is registered in `kinds`; `content` has the shape that the kind defines.

    The key stays the same from version to version; the id does not.
    """

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("version_id", "key", name="uq_activity_key"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("course_unit.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[LocalizedText]
    minutes: Mapped[int] = mapped_column(default=0)
    required: Mapped[bool] = mapped_column(default=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    removed_at: Mapped[datetime | None]

    version: Mapped[CourseVersion] = relationship()


class GlossaryTerm(Model):
    """An idea with its one term in each language. `synonyms` and `avoid` are words of either language, as plain texts.

    `note` is for those who keep the glossary; readers see everything else.
    """

    __tablename__ = "glossary_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    term: Mapped[LocalizedText]
    plural: Mapped[LocalizedText]
    abbreviation: Mapped[str] = mapped_column(String(20), default="")
    definition: Mapped[LocalizedText]
    domain: Mapped[LocalizedText]
    synonyms: Mapped[list[Any]] = mapped_column(default=list)
    avoid: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[LocalizedText]
    search_text: Mapped[str] = mapped_column(default=" ")
    changed_at: Mapped[datetime]


class PublishedIsImmutable(Exception):
    """Somebody tried to change a version that learners may already be in: a fault in the program, not of a person."""


def _state_in_database(version: CourseVersion) -> str | None:
    history = inspect(version).attrs.state.history
    return history.deleted[0] if history.deleted else version.state


def _check_version(version: CourseVersion) -> None:
    """A published version may only become superseded, and nothing else of it may change."""
    if _state_in_database(version) == DRAFT:
        return
    changed = {attribute.key for attribute in inspect(version).attrs if attribute.history.has_changes()}
    if changed - {"state"} or (changed and version.state != SUPERSEDED):
        raise PublishedIsImmutable(f"version {version.id}: {sorted(changed)}")


def _check_part(session: Session, part: CourseUnit | Activity) -> None:
    with session.no_autoflush:
        version = session.get(CourseVersion, part.version_id) if part.version_id else None
    if version is not None and _state_in_database(version) != DRAFT:
        raise PublishedIsImmutable(f"{part.__tablename__} {part.key} of version {part.version_id}")


@event.listens_for(Session, "before_flush")
def _guard_published(session: Session, _context: object, _instances: object) -> None:
    """Refuse every change to a published version and its parts, whoever asks."""
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in (*changed, *session.new, *session.deleted):
        if isinstance(row, CourseUnit | Activity):
            _check_part(session, row)
        elif isinstance(row, CourseVersion) and row not in session.new:
            _check_version(row)
