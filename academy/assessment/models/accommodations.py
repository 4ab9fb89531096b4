"""What people are granted so that a quiz measures what they can do: one person, or a group; and other dates for a quiz."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

MOST_EXTRA_PERCENT, MOST_EXTRA_ATTEMPTS, NOTE_LENGTH = 300, 20, 500


class Accommodation(Model):
    """What holds for a person at every quiz, up to and including `valid_until` when that is set.

    Sensitive: only administrators of the person's organisation and the person may see it.
    """

    __tablename__ = "accommodation"
    __table_args__ = (
        CheckConstraint("extra_percent BETWEEN 0 AND 300", name="extra_percent_in_range"),
        CheckConstraint("extra_attempts BETWEEN 0 AND 20", name="extra_attempts_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    extra_percent: Mapped[int] = mapped_column(default=0)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    larger_text: Mapped[bool] = mapped_column(default=False)
    no_clock: Mapped[bool] = mapped_column(default=False)
    any_browser: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    valid_until: Mapped[date | None]
    granted_by_id: Mapped[int | None]
    granted_at: Mapped[datetime]


class AccommodationDate(Model):
    """Other dates of one person for one quiz: when it opens and closes for them, when an attempt of theirs must end."""

    __tablename__ = "accommodation_date"
    __table_args__ = (
        UniqueConstraint("quiz_id", "person_id", name="uq_accommodation_date_person"),
        CheckConstraint("opens_at IS NOT NULL OR closes_at IS NOT NULL OR ends_at IS NOT NULL", name="some_date"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    granted_by_id: Mapped[int | None]
    granted_at: Mapped[datetime]


class AccommodationGroup(Model):
    """What holds for whoever belongs to a group, as long as they do: at every quiz, or at one with its dates.

    The group is an organisation, a unit (`below`: with the units under it) or a list of people. `everywhere`: granted by
    somebody who may also change people with academy-wide roles. `valid_before` is the end of the last day it holds.
    """

    __tablename__ = "accommodation_group"
    __table_args__ = (
        CheckConstraint("scope IN ('organisation', 'unit', 'list')", name="known_scope"),
        CheckConstraint("(scope = 'unit') = (org_unit_id IS NOT NULL)", name="unit_when_asked_for"),
        CheckConstraint("extra_percent BETWEEN 0 AND 300", name="extra_percent_in_range"),
        CheckConstraint("extra_attempts BETWEEN 0 AND 20", name="extra_attempts_in_range"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint(
            "quiz_id IS NOT NULL OR (opens_at IS NULL AND closes_at IS NULL AND ends_at IS NULL)",
            name="dates_of_a_quiz",
        ),
        CheckConstraint(
            "extra_percent > 0 OR extra_attempts > 0 OR larger_text OR no_clock OR any_browser "
            "OR opens_at IS NOT NULL OR closes_at IS NOT NULL OR ends_at IS NOT NULL",
            name="something_granted",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    scope: Mapped[str] = mapped_column(String(12))
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id", ondelete="CASCADE"), index=True)
    below: Mapped[bool] = mapped_column(default=True)
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"), index=True)
    extra_percent: Mapped[int] = mapped_column(default=0)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    larger_text: Mapped[bool] = mapped_column(default=False)
    no_clock: Mapped[bool] = mapped_column(default=False)
    any_browser: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
    valid_before: Mapped[datetime | None]
    everywhere: Mapped[bool] = mapped_column(default=False)
    granted_by_id: Mapped[int | None]
    granted_at: Mapped[datetime]


class AccommodationGroupPerson(Model):
    """A person on the list of a group."""

    __tablename__ = "accommodation_group_person"

    group_id: Mapped[int] = mapped_column(ForeignKey("accommodation_group.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
