"""Targeted letters, and what became of each for everyone whom it was for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText

DRAFT, SENDING, STOPPED, FINISHED = "draft", "sending", "stopped", "finished"
WAITING, TOLD, NO_ADDRESS, OPTED_OUT, LEFT, KEPT_BACK = "waiting", "told", "no_address", "opted_out", "left", "stopped"


class Mailing(Model):
    """A letter to those who stand in a state (`whom`, with its `number`) in a course, within the reach of its author."""

    __tablename__ = "mailing"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'sending', 'stopped', 'finished')", name="known_state"),
        CheckConstraint(
            "whom IN ('not_started', 'idle', 'failed', 'below', 'overdue', 'completed', 'ending')", name="known_whom"
        ),
        CheckConstraint("(whom IN ('idle', 'below', 'ending')) = (number IS NOT NULL)", name="number_where_asked"),
        CheckConstraint("number IS NULL OR number BETWEEN 1 AND 365", name="number_in_range"),
        CheckConstraint("(state = 'draft') = (begun_at IS NULL)", name="begun_when_dated"),
        CheckConstraint("(state IN ('stopped', 'finished')) = (ended_at IS NOT NULL)", name="ended_when_dated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    whom: Mapped[str] = mapped_column(String(12))
    number: Mapped[int | None]
    title: Mapped[LocalizedText]
    text: Mapped[LocalizedText]
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class MailingPerson(Model):
    """Somebody whom a mailing is for, once, and what became of it. `left`: they no longer stood there when their turn came."""

    __tablename__ = "mailing_person"
    __table_args__ = (
        UniqueConstraint("mailing_id", "person_id", name="uq_mailing_person_once"),
        CheckConstraint(
            "outcome IN ('waiting', 'told', 'no_address', 'opted_out', 'left', 'stopped')", name="known_outcome"
        ),
        Index("ix_mailing_person_mailing_outcome", "mailing_id", "outcome", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(10), default=WAITING)
