"""Templates of certificates. A published version never changes: the certificates that were issued in it are drawn from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText

DRAFT, PUBLISHED, SUPERSEDED = "draft", "published", "superseded"


class CertificateTemplate(Model):
    """A template under which certificates can be issued; its looks are its versions. The academy's own has no organisation.

    `retire_asked_at`: since when a proposal to retire it waits for a second person; a retired one keeps who asked and who agreed.
    """

    __tablename__ = "certificate_template"
    __table_args__ = (
        CheckConstraint(
            "(retire_asked_at IS NULL) = (retire_asked_by_id IS NULL)"
            " AND (retire_asked_at IS NULL) = (retire_reason IS NULL)",
            name="retirement_asked_whole",
        ),
        CheckConstraint("(retired_at IS NULL) = (retired_by_id IS NULL)", name="retired_by_somebody"),
        CheckConstraint("retired_at IS NULL OR retire_asked_at IS NOT NULL", name="retired_when_asked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[LocalizedText]
    created_at: Mapped[datetime]
    retire_asked_at: Mapped[datetime | None]
    retire_asked_by_id: Mapped[int | None]
    retire_reason: Mapped[str | None] = mapped_column(String(300))
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[int | None]


class TemplateVersion(Model):
    """A template at one time: a draft, the published version, or one that a later version superseded.

    `asked_at`: since when the draft waits for a second person. `revision` counts its saves, so that nobody approves what
    they have not seen. `edited_by_id` and `published_by_id` are never the same person.
    """

    __tablename__ = "certificate_template_version"
    __table_args__ = (
        UniqueConstraint("template_id", "number", name="uq_certificate_template_version_number"),
        CheckConstraint("state IN ('draft', 'published', 'superseded')", name="known_state"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_with_moment"),
        CheckConstraint("published_by_id IS NULL OR published_by_id <> edited_by_id", name="two_people"),
        *(
            Index(
                f"uq_certificate_template_version_{state}", "template_id", unique=True,
                sqlite_where=text(f"state = '{state}'"), postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("draft", "published")
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("certificate_template.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=DRAFT)
    look: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    edited_by_id: Mapped[int]
    edited_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None]
    published_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class VersionFound:
    """A version with its template, as doors and policies look at it."""

    template: CertificateTemplate
    version: TemplateVersion

    @property
    def name(self) -> LocalizedText:
        """The template's name: so the audit trail calls what was looked at."""
        return self.template.name


class TemplatePicture(Model):
    """A picture of one version, checked and drawn anew. It lies in the database: no certificate may wait for a store of files."""

    __tablename__ = "certificate_template_picture"
    __table_args__ = (
        UniqueConstraint("version_id", "place", name="uq_certificate_template_picture_place"),
        CheckConstraint("place IN ('logo', 'seal', 'background', 'signature_1', 'signature_2')", name="known_place"),
        CheckConstraint("media_type IN ('image/png', 'image/jpeg')", name="known_media_type"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("certificate_template_version.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(12))
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes]


class TemplateUse(Model):
    """Where a template is chosen: for one course or programme, for what an organisation issues, or for the whole academy."""

    __tablename__ = "certificate_template_use"
    __table_args__ = (
        CheckConstraint("everywhere IS NULL OR everywhere", name="everywhere_or_null"),
        CheckConstraint(
            "(CASE WHEN course_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN programme_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN everywhere IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_scope",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("certificate_template.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), unique=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), unique=True)
    everywhere: Mapped[bool | None] = mapped_column(unique=True)


class TemplateIsFrozen(Exception):
    """Somebody tried to change a published version: a fault in the program, not of a person."""


@event.listens_for(TemplateVersion, "before_update")
def _guard_version(_mapper: Mapper[TemplateVersion], _connection: Connection, version: TemplateVersion) -> None:
    """Refuse every change of a version that was published, but that a later one supersedes it."""
    attributes = inspect(version).attrs
    before = attributes.state.history.deleted
    changed = {each.key for each in attributes if each.history.has_changes()}
    was = before[0] if before else version.state
    if was != DRAFT and (changed != {"state"} or (was, version.state) != (PUBLISHED, SUPERSEDED)):
        raise TemplateIsFrozen(f"version {version.id}: {sorted(changed)}")


@event.listens_for(TemplatePicture, "before_insert")
@event.listens_for(TemplatePicture, "before_update")
@event.listens_for(TemplatePicture, "before_delete")
def _guard_picture(_mapper: Mapper[TemplatePicture], connection: Connection, picture: TemplatePicture) -> None:
    """Refuse every change of the pictures of a version that was published."""
    state = connection.scalar(select(TemplateVersion.state).where(TemplateVersion.id == picture.version_id))
    if state not in (None, DRAFT):
        raise TemplateIsFrozen(f"picture {picture.place} of version {picture.version_id}")
