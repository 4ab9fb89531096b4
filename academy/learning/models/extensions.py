"""Extensions of due days: each one stays, so that it can be read who gave how much time and why."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model


class DueExtension(Model):
    """That a manager gave somebody more time for a course, from one due day to a later one. Rows are only ever added."""

    __tablename__ = "due_extension"
    __table_args__ = (
        CheckConstraint("to_day > from_day", name="later_than_before"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
