"""What an assignment did to each place, so that it can be taken back for a day, and that it was."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model


class AssignedPlace(Model):
    """How a place stood before an assignment made it due: there was none (no state), it was active, or withdrawn.

    `undone`: the assignment was taken back, and the place stands again as it stood before.
    """

    __tablename__ = "assigned_place"
    __table_args__ = (
        CheckConstraint("state_before IN ('active', 'withdrawn')", name="known_state"),
        CheckConstraint(
            "state_before IS NOT NULL OR (assignment_before_id IS NULL AND due_before IS NULL)", name="nothing_before"
        ),
        CheckConstraint("assignment_before_id <> assignment_id", name="another_before"),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state_before: Mapped[str | None] = mapped_column(String(10))
    assignment_before_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id", ondelete="SET NULL"))
    due_before: Mapped[date | None]
    undone: Mapped[bool] = mapped_column(default=False)


class AssignmentUndoing(Model):
    """That an assignment was taken back, once, by whom and when; `counts`: how many places had which fate."""

    __tablename__ = "assignment_undoing"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
