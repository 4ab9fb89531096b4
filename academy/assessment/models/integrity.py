"""Hints about how an attempt was taken, and what a reviewer made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

AWAY, ADDRESS, FAST_ANSWERS, FAST_ATTEMPT, SAME_WRONG = "away", "address", "fast_answers", "fast_attempt", "same_wrong"
SEEN_KINDS = (AWAY, ADDRESS)
COMPARED_KINDS = (FAST_ANSWERS, FAST_ATTEMPT, SAME_WRONG)


class IntegrityEvent(Model):
    """One hint. `away`: the page was left for `seconds`; `address`: the network changed. The rest come of comparing.

    `other_id` is the attempt with the same wrong answers; `detail` holds the figures with which the hint is told.
    """

    __tablename__ = "integrity_event"
    __table_args__ = (
        CheckConstraint("kind IN ('away', 'address', 'fast_answers', 'fast_attempt', 'same_wrong')", name="known_kind"),
        CheckConstraint("seconds >= 0", name="seconds_not_negative"),
        Index(
            "uq_integrity_event_pair",
            "attempt_id",
            "other_id",
            unique=True,
            sqlite_where=text("other_id IS NOT NULL"),
            postgresql_where=text("other_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    seconds: Mapped[int] = mapped_column(default=0)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class IntegrityNote(Model):
    """What a reviewer made of an attempt's hints. Rows are only ever added; the latest one says where it stands."""

    __tablename__ = "integrity_note"
    __table_args__ = (CheckConstraint("outcome IN ('dismissed', 'noted')", name="known_outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(1000))
    by_id: Mapped[int | None]
    at: Mapped[datetime]
