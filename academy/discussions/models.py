"""The discussions of a course: threads, posts, the answers among them, who subscribed, what was reported and decided."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

_OPENING = text("opening")
_WHOLE = text("thread_id IS NULL")
_LASTING = text("ended_at IS NULL")
_WAITING = text("decision_id IS NULL")


class DiscussionRule(Model):
    """Whether people may write in the discussions of a course, only read them, or not even that. Without a row: write."""

    __tablename__ = "discussion_rule"
    __table_args__ = (CheckConstraint("state IN ('open', 'closed', 'off')", name="known_state"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(6))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]


class DiscussionThread(Model):
    """A question or a discussion, among the people of one organisation: its author's when it was begun.

    `activity_key` names what of the course it is about, "" for the course as a whole; it outlives versions.
    """

    __tablename__ = "discussion_thread"
    __table_args__ = (
        CheckConstraint("kind IN ('question', 'discussion')", name="known_kind"),
        CheckConstraint("length(title) > 0", name="has_a_title"),
        Index("ix_discussion_thread_place", "course_id", "organisation_id", "last_post_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    activity_key: Mapped[str] = mapped_column(String(60), default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pinned: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_post_at: Mapped[datetime]


class DiscussionPost(Model):
    """What somebody wrote: the opening of a thread, or a reply. `language` is the one it was typed in.

    `token` was in the form it was sent with: sent twice, it is written once. One that was removed by its author has no text any more.
    """

    __tablename__ = "discussion_post"
    __table_args__ = (
        UniqueConstraint("author_id", "token"),
        UniqueConstraint("id", "thread_id", name="uq_discussion_post_in_thread"),
        UniqueConstraint("id", "author_id", name="uq_discussion_post_by_author"),
        ForeignKeyConstraint(
            ["quoted_id", "thread_id"],
            ["discussion_post.id", "discussion_post.thread_id"],
            name="fk_discussion_post_quoted_in_thread",
        ),
        Index("uq_discussion_post_opening", "thread_id", unique=True, sqlite_where=_OPENING, postgresql_where=_OPENING),
        Index("ix_discussion_post_thread_id_created_at", "thread_id", "created_at"),
        CheckConstraint("language IN ('ar', 'en')", name="known_language"),
        CheckConstraint("(length(text) > 0) = (removed_at IS NULL)", name="empty_when_removed"),
        CheckConstraint("NOT opening OR quoted_id IS NULL", name="opening_quotes_nothing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("discussion_thread.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    opening: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    search_text: Mapped[str] = mapped_column(Text, default=" ")
    quoted_id: Mapped[int | None] = mapped_column(index=True)
    token: Mapped[str] = mapped_column(String(32))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]


class FormerText(Model):
    """How a post read before its author changed or removed it; moderators see it."""

    __tablename__ = "discussion_former_text"
    __table_args__ = (UniqueConstraint("post_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("discussion_post.id", ondelete="CASCADE"))
    revision: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]


class MarkedAnswer(Model):
    """The one reply of a question that answers it, as the asker or a moderator says."""

    __tablename__ = "discussion_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["post_id", "thread_id"],
            ["discussion_post.id", "discussion_post.thread_id"],
            name="fk_discussion_answer_of_thread",
            ondelete="CASCADE",
        ),
    )

    thread_id: Mapped[int] = mapped_column(
        ForeignKey("discussion_thread.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_id: Mapped[int] = mapped_column(index=True)
    marked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime]


class DiscussionReader(Model):
    """Whether somebody subscribed a thread, or without one all discussions of a course, and when they last saw it."""

    __tablename__ = "discussion_reader"
    __table_args__ = (
        UniqueConstraint("person_id", "thread_id"),
        Index(
            "uq_discussion_reader_whole",
            "person_id",
            "course_id",
            unique=True,
            sqlite_where=_WHOLE,
            postgresql_where=_WHOLE,
        ),
        Index("ix_discussion_reader_course_id", "course_id"),
        Index("ix_discussion_reader_thread_id", "thread_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("discussion_thread.id", ondelete="CASCADE"))
    subscribed: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime | None]


class PostDecision(Model):
    """What a moderator decided about another's post: hidden, kept, or shown again. Rows are only ever added."""

    __tablename__ = "discussion_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('hidden', 'kept', 'shown')", name="known_outcome"),
        CheckConstraint("moderator_id <> author_id", name="decided_by_another"),
        CheckConstraint("length(reason) > 0", name="with_a_reason"),
        UniqueConstraint("id", "post_id", name="uq_discussion_decision_of_post"),
        ForeignKeyConstraint(
            ["post_id", "author_id"],
            ["discussion_post.id", "discussion_post.author_id"],
            name="fk_discussion_decision_post",
            ondelete="CASCADE",
        ),
        Index("ix_discussion_decision_post_id", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int]
    author_id: Mapped[int]
    moderator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(6))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


class PostReport(Model):
    """That a reader reported a post, once. It waits until a moderator has decided about the post."""

    __tablename__ = "discussion_report"
    __table_args__ = (
        UniqueConstraint("post_id", "reporter_id"),
        CheckConstraint("reason IN ('insult', 'private', 'false', 'spam', 'other')", name="known_reason"),
        ForeignKeyConstraint(
            ["decision_id", "post_id"],
            ["discussion_decision.id", "discussion_decision.post_id"],
            name="fk_discussion_report_decision",
            ondelete="CASCADE",
        ),
        Index("ix_discussion_report_waiting", "post_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("discussion_post.id", ondelete="CASCADE"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(500), default="")
    decision_id: Mapped[int | None]
    at: Mapped[datetime]


class WritingStop(Model):
    """That somebody may not write in the discussions of a course until a day, and why. At most one lasts at a time."""

    __tablename__ = "discussion_stop"
    __table_args__ = (
        CheckConstraint("by_id <> person_id", name="stopped_by_another"),
        CheckConstraint("length(reason) > 0", name="with_a_reason"),
        Index(
            "uq_discussion_stop_lasting",
            "course_id",
            "person_id",
            unique=True,
            sqlite_where=_LASTING,
            postgresql_where=_LASTING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
