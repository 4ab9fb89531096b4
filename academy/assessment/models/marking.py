"""Marks that people give to answers, who may give them, and the releases that let learners see what came of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

CLAIMED, DRAFT_MARK, FINAL_MARK = "claimed", "draft", "final"


class AnswerMark(Model):
    """What one marker thinks of one answer. `turn` is 1, 2 or 3; nobody marks the same answer twice.

    `picks`: criterion → level or points as typed ("" → points, without a rubric). `share` is None until everything is
    picked. `version` counts the saves, so that none is overwritten unseen; `held_until` is the end of the marker's claim.
    """

    __tablename__ = "answer_mark"
    __table_args__ = (
        UniqueConstraint("item_id", "turn", name="uq_answer_mark_turn"),
        UniqueConstraint("item_id", "marker_id", name="uq_answer_mark_marker"),
        CheckConstraint("turn BETWEEN 1 AND 3", name="known_turn"),
        CheckConstraint("state IN ('claimed', 'draft', 'final')", name="known_state"),
        CheckConstraint("share IS NULL OR (share >= 0 AND share <= 1)", name="share_in_range"),
        CheckConstraint("state <> 'final' OR share IS NOT NULL", name="final_with_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id", ondelete="CASCADE"))
    marker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    turn: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default=CLAIMED)
    version: Mapped[int] = mapped_column(default=0)
    picks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    share: Mapped[Decimal | None] = mapped_column(Numeric(12, 10))
    comment: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    claimed_at: Mapped[datetime]
    held_until: Mapped[datetime]
    saved_at: Mapped[datetime | None]


class QuizMarker(Model):
    """Somebody named to mark the answers of a quiz, beside those who may edit its course."""

    __tablename__ = "quiz_marker"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]


class MarkRelease(Model):
    """The moment at which results of a quiz were released together, and which attempts these were."""

    __tablename__ = "mark_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    released_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime]
    attempt_ids: Mapped[list[Any]]
