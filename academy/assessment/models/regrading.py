"""Second thoughts about a question that attempts have used: what was decided, why, and whom it moved."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

KEY, VOID, FULL, RESTORE = "key", "void", "full", "restore"
PROPOSED, APPLIED, DISCARDED = "proposed", "applied", "discarded"


class Regrade(Model):
    """A decision about one question version in one quiz, in force for every attempt once it is applied.

    `act`: "key" counts by a corrected version, "void" counts for nobody, "full" gives everyone the points, "restore" takes
    back the last two. `effect` is what was previewed: touched, waiting, open, and `moves` as [attempt, learner, score, of,
    passed, score, of, passed], before and after, and `stale` when it changed before it was carried out. `origin_id` is the
    decision that this one carries to another quiz or version.
    """

    __tablename__ = "regrade"
    __table_args__ = (
        CheckConstraint("act IN ('key', 'void', 'full', 'restore')", name="known_act"),
        CheckConstraint("state IN ('proposed', 'applied', 'discarded')", name="known_state"),
        CheckConstraint("(act = 'key') = (new_version_id IS NOT NULL)", name="key_with_version"),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_when_dated"),
        UniqueConstraint("origin_id", "quiz_id", "question_version_id", name="uq_regrade_carried_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    act: Mapped[str] = mapped_column(String(8))
    new_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10), default=PROPOSED)
    touched: Mapped[int] = mapped_column(default=0)
    effect: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied_at: Mapped[datetime | None]
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("regrade.id"))


class RegradeEffect(Model):
    """One attempt that a regrade moved: its score, its maximum and whether it passed, before and after."""

    __tablename__ = "regrade_effect"
    __table_args__ = (UniqueConstraint("regrade_id", "attempt_id", name="uq_regrade_effect"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id", ondelete="CASCADE"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    score_before: Mapped[Decimal] = mapped_column(Numeric(12, 6))
    max_before: Mapped[Decimal] = mapped_column(Numeric(12, 6))
    passed_before: Mapped[bool]
    score_after: Mapped[Decimal] = mapped_column(Numeric(12, 6))
    max_after: Mapped[Decimal] = mapped_column(Numeric(12, 6))
    passed_after: Mapped[bool]
