"""Reviews of competencies of a plan: the person asks, a reviewer observes or declines."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

ASKED, RATED, DECLINED, WITHDRAWN = "asked", "rated", "declined", "withdrawn"
OPEN = "state = 'asked'"


class PlanReview(Model):
    """That somebody asks for a competency of their plan to be looked at, and what came of it.

    It holds no level of its own: the reviewer writes an observation (`observation_id`, at first a draft), and evidence
    comes of that. Without `reviewer_id` the managers review; a manager may name another assessor.
    """

    __tablename__ = "plan_review"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'rated', 'declined', 'withdrawn')", name="known_state"),
        CheckConstraint("level BETWEEN 1 AND 4", name="known_level"),
        CheckConstraint("state <> 'rated' OR observation_id IS NOT NULL", name="rated_by_an_observation"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_reason"),
        CheckConstraint("(state = 'asked') = (settled_at IS NULL)", name="settled_when_dated"),
        CheckConstraint("reminders >= 0", name="reminders_counted"),
        Index(
            "uq_plan_review_open", "plan_id", "competency_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)
        ),
        Index("ix_plan_review_state_told_at", "state", "told_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id", ondelete="CASCADE"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    level: Mapped[int]
    note: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[str] = mapped_column(String(10), default=ASKED)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    observation_id: Mapped[int | None] = mapped_column(ForeignKey("observation.id"), unique=True)
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime]
    reminders: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(2000), default="")
