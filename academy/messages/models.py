"""Conversations of two people, their messages, what each has read, and what was reported, blocked and stopped."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model


class MessageRules(Model):
    """What an organisation allows: who may write to whom, whether senders see what was read, how long messages are kept."""

    __tablename__ = "message_rules"
    __table_args__ = (CheckConstraint("months BETWEEN 1 AND 120", name="months_in_range"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, autoincrement=False)
    trainers: Mapped[bool] = mapped_column(default=True)
    managers: Mapped[bool] = mapped_column(default=True)
    administrators: Mapped[bool] = mapped_column(default=True)
    unit: Mapped[bool] = mapped_column(default=False)
    organisation: Mapped[bool] = mapped_column(default=False)
    shows_read: Mapped[bool] = mapped_column(default=False)
    months: Mapped[int] = mapped_column(default=24)
    changed_at: Mapped[datetime]


class Conversation(Model):
    """All messages between two people; there is one for each two, the person with the lower id first."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", name="uq_conversation_pair"),
        CheckConstraint("first_id < second_id", name="two_people_in_order"),
        Index("ix_conversation_last_at", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]


class ConversationSide(Model):
    """One of the two in a conversation: up to which message they have read, and whether they muted it."""

    __tablename__ = "conversation_side"
    __table_args__ = (
        CheckConstraint("person_id <> other_id", name="two_people"),
        Index("ix_conversation_side_person", "person_id"),
    )

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The id of the last message they have seen; 0 before the first.
    read_to: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    muted: Mapped[bool] = mapped_column(default=False, server_default=false())


class DirectMessage(Model):
    """One message. Its text never changes; a decision about a report may hide it. `token` is the form's, so that it is sent once."""

    __tablename__ = "direct_message"
    __table_args__ = (
        UniqueConstraint("author_id", "token", name="uq_direct_message_once"),
        UniqueConstraint("id", "author_id", name="uq_direct_message_id_author"),
        ForeignKeyConstraint(
            ["conversation_id", "author_id"],
            ["conversation_side.conversation_id", "conversation_side.person_id"],
            name="fk_direct_message_author_side",
            ondelete="CASCADE",
        ),
        CheckConstraint("length(text) BETWEEN 1 AND 20000", name="text_in_range"),
        Index("ix_direct_message_conversation", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int]
    author_id: Mapped[int]
    token: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text, default=" ")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    sent_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]


class MessageBlock(Model):
    """Somebody takes no messages from a colleague."""

    __tablename__ = "message_block"
    __table_args__ = (CheckConstraint("person_id <> blocked_id", name="two_people"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False, index=True)
    made_at: Mapped[datetime]


class MessageReport(Model):
    """What somebody said against a message, and what an administrator of its author's organisation decided."""

    __tablename__ = "message_report"
    __table_args__ = (
        UniqueConstraint("message_id", "reporter_id", name="uq_message_report_once"),
        ForeignKeyConstraint(
            ["message_id", "author_id"],
            ["direct_message.id", "direct_message.author_id"],
            name="fk_message_report_message",
            ondelete="CASCADE",
        ),
        CheckConstraint("reporter_id <> author_id", name="of_another"),
        CheckConstraint(
            "reason IN ('offensive', 'harassing', 'confidential', 'unwanted', 'other')", name="known_reason"
        ),
        CheckConstraint("outcome IN ('kept', 'hidden', 'stopped')", name="known_outcome"),
        CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by_id IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("decided_by_id <> author_id AND decided_by_id <> reporter_id", name="decided_by_a_third"),
        Index("ix_message_report_organisation_outcome", "organisation_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int]
    author_id: Mapped[int]
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(10))
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MessageStop(Model):
    """Somebody may write to nobody until a day, that day included, unless it is lifted earlier."""

    __tablename__ = "message_stop"
    __table_args__ = (CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # The report may be deleted with its conversation; the stop stays.
    report_id: Mapped[int | None] = mapped_column(ForeignKey("message_report.id", ondelete="SET NULL"))
    ends_on: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def holds_on(cls, today: date) -> ColumnElement[bool]:
        """Return the filter for those that hold on a day."""
        return and_(true(), cls.ends_on >= today, cls.lifted_at.is_(None))
