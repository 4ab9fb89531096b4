"""That a person is to be anonymised: said by one administrator, confirmed by another; and what forbids it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

CONFIRMED, DECLINED, WITHDRAWN = "confirmed", "declined", "withdrawn"


class Anonymisation(Model):
    """A proposal to anonymise a person, and what became of it.

    One at a time `waits`. `alone`: there was no second administrator who could confirm. `names` are what has to be replaced
    wherever it was copied to, until a job has `finished`.
    """

    __tablename__ = "anonymisation"
    __table_args__ = (
        CheckConstraint("outcome IN ('confirmed', 'declined', 'withdrawn')", name="known_outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_when_dated"),
        CheckConstraint("(outcome IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'withdrawn' OR alone OR decided_by_id <> proposed_by_id", name="decided_by_another"
        ),
        CheckConstraint("outcome <> 'declined' OR length(answer) > 0", name="declined_with_reason"),
        CheckConstraint("length(reason) > 0", name="proposed_with_reason"),
        CheckConstraint("finished_at IS NULL OR outcome = 'confirmed'", name="finished_when_confirmed"),
        CheckConstraint("finished_at IS NULL OR names IS NULL", name="names_forgotten"),
        Index(
            "uq_anonymisation_waiting", "person_id", unique=True,
            sqlite_where=text("outcome IS NULL"), postgresql_where=text("outcome IS NULL"),
        ),
        Index("ix_anonymisation_person_id", "person_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(500))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int]
    alone: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(500))
    names: Mapped[dict[str, Any] | None]
    finished_at: Mapped[datetime | None]


class LegalHold(Model):
    """That a person's record must stay as it is, as for a court: while it holds, nobody anonymises them."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="placed_with_reason"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
        Index(
            "uq_legal_hold_open", "person_id", unique=True,
            sqlite_where=text("lifted_at IS NULL"), postgresql_where=text("lifted_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(500))
    placed_at: Mapped[datetime]
    placed_by_id: Mapped[int]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None]
