"""Notices shown in the academy, letters handed to the mail server, once per person and cause; announcements to many."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText


class Notice(Model):
    """A line in somebody's notice list. `values` fill the sentences of its kind, in the language it is read in.

    `about_id` names the thing it tells of, as an enrolment; its kind knows how to ask whether that still stands.
    `waits_for` names the digest it will be in; None once it was written, or when it was never to be.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("waits_for IS NULL OR waits_for IN ('daily', 'weekly')", name="known_digest"),
        Index(
            "ix_notice_waiting",
            "waits_for",
            "person_id",
            sqlite_where=text("waits_for IS NOT NULL"),
            postgresql_where=text("waits_for IS NOT NULL"),
        ),
        UniqueConstraint("person_id", "cause"),
        Index("ix_notice_person_id_read_at", "person_id", "read_at"),
        Index("ix_notice_kind_about_id", "kind", "about_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(120))
    values: Mapped[dict[str, Any]]
    address: Mapped[str] = mapped_column(String(300), default="")
    about_id: Mapped[int | None]
    waits_for: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Letter(Model):
    """An e-mail to one person. `kept` means: there is no mail server, the administrator can read it on a page.

    `dropped` means: when it was to be sent, what it tells of no longer stood, or its reader had stopped letters like it.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sent', 'kept', 'failed', 'dropped')", name="known_state"),
        UniqueConstraint("person_id", "cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(120))
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    about_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(10), default="queued", index=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))


class LetterChoice(Model):
    """How often a person wants letters of one kind. Without a row: at once. Only the person changes it."""

    __tablename__ = "letter_choice"
    __table_args__ = (
        CheckConstraint("rhythm IN ('now', 'daily', 'weekly', 'never')", name="known_rhythm"),
        UniqueConstraint("person_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    rhythm: Mapped[str] = mapped_column(String(10))
    changed_at: Mapped[datetime]


class LetterRules(Model):
    """The one row that says when letters that can wait are held back, by Riyadh's clock; the hours may pass midnight.

    With `working_hours` they are held instead while the reader's organisation does not work. It also holds the ladder of due days: so many days before (whole numbers, falling), then so many after for the manager
    and the administrator.
    """

    __tablename__ = "letter_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="both_ends_or_none"),
        CheckConstraint("quiet_from <> quiet_until", name="ends_differ"),
        CheckConstraint("manager_after > 0 AND administrator_after > manager_after", name="ladder_climbs"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    quiet_weekend: Mapped[bool]
    working_hours: Mapped[bool] = mapped_column(default=False)
    remind_before: Mapped[list[Any]]
    manager_after: Mapped[int]
    administrator_after: Mapped[int]
    changed_at: Mapped[datetime]


class PrayerPause(Model):
    """That letters which can wait are held around the prayers for an organisation's people: where, by which method, how long.

    `place` is the key of a city that we know, or empty for the coordinates as they were typed.
    """

    __tablename__ = "prayer_pause"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -60 AND 60", name="latitude_in_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_in_range"),
        CheckConstraint("method IN ('umm_al_qura', 'kuwait', 'qatar', 'egypt', 'league')", name="known_method"),
        CheckConstraint("minutes_before BETWEEN 0 AND 60 AND minutes_after BETWEEN 0 AND 60", name="minutes_in_range"),
    )

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kept: Mapped[bool]
    place: Mapped[str] = mapped_column(String(20))
    latitude: Mapped[Decimal] = mapped_column(Numeric(8, 5))
    longitude: Mapped[Decimal] = mapped_column(Numeric(8, 5))
    method: Mapped[str] = mapped_column(String(20))
    minutes_before: Mapped[int]
    minutes_after: Mapped[int]
    changed_at: Mapped[datetime]


class LetterWording(Model):
    """A version of how the letters of a kind are worded; the newest counts, and none is changed once it is written.

    A half of `subject` or `body` that is empty follows the wording we ship.
    """

    __tablename__ = "letter_wording"
    __table_args__ = (UniqueConstraint("kind", "version"), CheckConstraint("version > 0", name="counted_from_one"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    subject: Mapped[LocalizedText]
    body: Mapped[LocalizedText]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    written_at: Mapped[datetime]


class Announcement(Model):
    """What is told to many people at once. Its audience is fixed once it is published; withdrawn, it stays on record.

    Without an organisation it reaches the whole academy, with a unit only the people of that unit and those below it. Whose
    learners the audience `learners` is, learning knows.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="known_state"),
        CheckConstraint(
            "audience IN ('everyone', 'employees', 'partners', 'managers', 'trainers', 'learners')",
            name="known_audience",
        ),
        CheckConstraint("org_unit_id IS NULL OR organisation_id IS NOT NULL", name="unit_of_an_organisation"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at_a_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    audience: Mapped[str] = mapped_column(String(10))
    title: Mapped[LocalizedText]
    text: Mapped[LocalizedText]
    state: Mapped[str] = mapped_column(String(10), default="draft", index=True)
    shown_until: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
