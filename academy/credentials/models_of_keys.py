"""That the key which signs badges should be replaced: said by one person, confirmed by another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

CONFIRMED, DECLINED, WITHDRAWN = "confirmed", "declined", "withdrawn"


class KeyProposal(Model):
    """A proposed replacement of the key `seen`: by a new one, or by the one of the operator's file, which `brings` names.

    One at a time `waits`. Whoever proposed it may withdraw it; nobody confirms or declines their own.
    """

    __tablename__ = "key_proposal"
    __table_args__ = (
        CheckConstraint("waits IS NULL OR waits", name="waits_or_null"),
        CheckConstraint("outcome IN ('confirmed', 'declined', 'withdrawn')", name="known_outcome"),
        CheckConstraint("(waits IS NULL) = (outcome IS NOT NULL)", name="waits_until_decided"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_when_dated"),
        CheckConstraint("(outcome IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("outcome = 'withdrawn' OR decided_by_id <> proposed_by_id", name="decided_by_another"),
        CheckConstraint("outcome = 'confirmed' OR outcome IS NULL OR length(answer) > 0", name="declined_with_reason"),
        CheckConstraint("length(reason) > 0", name="proposed_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seen: Mapped[str] = mapped_column(String(60))
    brings: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int]
    waits: Mapped[bool | None] = mapped_column(unique=True, default=True)
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(300))
