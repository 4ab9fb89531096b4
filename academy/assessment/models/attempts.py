"""Attempts with every answer and every receipt; the calibration that comes of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.assessment.models.questions import QuestionVersion
from academy.assessment.models.quizzes import QuizVersion
from academy.base.db import Model

OPEN, SUBMITTED, GRADED = "open", "submitted", "graded"
FIRST, SECOND, THIRD, MARKED = "first", "second", "third", "marked"


class Attempt(Model):
    """One try of a learner at a quiz. The server owns its number, its deadline and its score.

    It is open, then graded; in between it is submitted while a person has still to mark some answer. `language` is the
    one it was begun in; `shortfalls` names the domains whose floor was missed. `saved_by` is the page of the newest save;
    `timed_until` the moment up to which time on questions is counted; `network` a keyed mark of the network it is taken
    from, forgotten once it is closed; `compared_at` when it was last looked through for hints.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("quiz_id", "learner_id", "cycle", "number", name="uq_attempt_number"),
        Index(
            "uq_attempt_open",
            "quiz_id",
            "learner_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempt_deadline", "state", "deadline"),
        CheckConstraint("state IN ('open', 'submitted', 'graded')", name="known_state"),
        CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="submitted_when_closed"),
        CheckConstraint("(state = 'graded') = (graded_at IS NOT NULL)", name="graded_when_marked"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= max_score)", name="score_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"), index=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cycle: Mapped[int] = mapped_column(default=1)
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    sequence: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    deadline: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(10))
    graded_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(2))
    score: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    max_score: Mapped[Decimal] = mapped_column(Numeric(12, 6))
    passed: Mapped[bool | None]
    shortfalls: Mapped[list[Any]] = mapped_column(default=list)
    saved_by: Mapped[str | None] = mapped_column(String(40))
    timed_until: Mapped[datetime | None]
    network: Mapped[str | None] = mapped_column(String(16))
    compared_at: Mapped[datetime | None]

    quiz_version: Mapped[QuizVersion] = relationship()


class AttemptItem(Model):
    """One question of an attempt: the paper shown (order of options), the answer kept, the points earned.

    `saved_sequence` is the receipt of the last save; `saved_by` and `client_sequence` name the page that sent it and
    that page's own count, so that a save which arrives late never replaces a newer one. `opened_at` is when it was first
    shown and `seconds` how long it was on the screen; `tried` holds the shares of earlier tries in practice. A voided
    question counts for nothing. `marking` says which mark an answer waits for that only a person can give; None when no
    person is needed. After a correction of the key `question_version_id` is the version that counts, `answered_version_id`
    the one that was on the paper.
    """

    __tablename__ = "attempt_item"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position", name="uq_attempt_item_position"),
        CheckConstraint("share IS NULL OR (share >= 0 AND share <= 1)", name="share_in_range"),
        CheckConstraint("confidence IS NULL OR confidence BETWEEN 1 AND 3", name="known_confidence"),
        CheckConstraint("seconds >= 0", name="seconds_not_negative"),
        CheckConstraint("marking IS NULL OR marking IN ('first', 'second', 'third', 'marked')", name="known_marking"),
        Index(
            "ix_attempt_item_marking",
            "marking",
            sqlite_where=text("marking IS NOT NULL"),
            postgresql_where=text("marking IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    position: Mapped[int]
    points: Mapped[int]
    paper: Mapped[dict[str, Any]]
    response: Mapped[dict[str, Any] | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    saved_sequence: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]
    saved_by: Mapped[str | None] = mapped_column(String(40))
    client_sequence: Mapped[int] = mapped_column(default=0)
    share: Mapped[Decimal | None] = mapped_column(Numeric(12, 10))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_section.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime | None]
    seconds: Mapped[int] = mapped_column(default=0)
    confidence: Mapped[int | None]
    tried: Mapped[list[Any]] = mapped_column(default=list)
    voided: Mapped[bool] = mapped_column(default=False)
    marking: Mapped[str | None] = mapped_column(String(6))
    answered_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))

    question_version: Mapped[QuestionVersion] = relationship(foreign_keys=[question_version_id])


class SaveReceipt(Model):
    """The log of acknowledged saves: what was kept, when, under which number. Rows are only ever added.

    `confidence` is how sure the learner had said to be by then, None where nothing was said.
    """

    __tablename__ = "save_receipt"
    __table_args__ = (
        UniqueConstraint("attempt_id", "sequence", name="uq_save_receipt_sequence"),
        CheckConstraint("confidence IS NULL OR confidence BETWEEN 1 AND 3", name="known_confidence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    client_key: Mapped[str] = mapped_column(String(40))
    client_sequence: Mapped[int]
    saved_at: Mapped[datetime]
    response: Mapped[dict[str, Any] | None]
    confidence: Mapped[int | None]


class SaveRefusal(Model):
    """An answer that was not kept and why: after the end ("closed"), behind a newer one ("newer"), unreadable ("unreadable").

    The answer itself is not stored; it says when something arrived that does not count.
    """

    __tablename__ = "save_refusal"
    __table_args__ = (CheckConstraint("reason IN ('closed', 'newer', 'unreadable')", name="known_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    reason: Mapped[str] = mapped_column(String(12))
    client_key: Mapped[str] = mapped_column(String(40))
    client_sequence: Mapped[int]
    at: Mapped[datetime]


class Calibration(Model):
    """The Rasch calibration of a quiz version as last computed, and how many first attempts there were then.

    `document`: "used" (attempts), "items" (question version id → difficulty, error, infit, outfit; null without a finite
    difficulty) and "abilities" (one entry for each number right: right, ability, error); both empty when the answers
    allow no estimate.
    """

    __tablename__ = "calibration"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id", ondelete="CASCADE"), unique=True)
    computed_at: Mapped[datetime]
    attempts: Mapped[int]
    document: Mapped[dict[str, Any]]


class QuizReckoning(Model):
    """The figures of a quiz version as last reckoned: as of when, over how many first attempts in all.

    `basis` tells apart what they were reckoned from; `layout` is the number of the way of reckoning. `document` holds
    `queries_of_reckoning.Reckoned` and is checked when it is read.
    """

    __tablename__ = "quiz_reckoning"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("layout >= 1", name="layout_numbered"),
    )

    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id", ondelete="CASCADE"), primary_key=True)
    as_of: Mapped[datetime]
    attempts: Mapped[int]
    basis: Mapped[str] = mapped_column(String(120))
    layout: Mapped[int]
    document: Mapped[dict[str, Any]]
