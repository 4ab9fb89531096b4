"""What was asked of people, as it was at any moment. Rows are only ever added."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model


class DutyEvent(Model):
    """How an enrolment stood from a moment on: written whenever its state, its obligation or its due day changes.

    `asked`: somebody had made the course due from the learner. `exempted`: completed by an exemption. The last row before a moment tells how it stood then.
    """

    __tablename__ = "duty_event"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'completed', 'withdrawn')", name="known_state"),
        CheckConstraint("NOT exempted OR state = 'completed'", name="exempted_counts_as_completed"),
        Index("ix_duty_event_learner_at", "learner_id", "at"),
        Index("ix_duty_event_enrolment_at", "enrolment_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    asked: Mapped[bool]
    due_on: Mapped[date | None]
    exempted: Mapped[bool] = mapped_column(default=False)
