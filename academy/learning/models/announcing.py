"""Whose learners an announcement is for."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model


class LearnersTold(Model):
    """The course or programme that an announcement to learners is for; its words, state and organisation are the announcement's.

    `open_only`: it reaches those who have not completed it, else everybody who has a place that they have not given up.
    """

    __tablename__ = "learners_told"
    __table_args__ = (CheckConstraint("(course_id IS NULL) <> (programme_id IS NULL)", name="of_one_thing"),)

    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcement.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    open_only: Mapped[bool] = mapped_column(default=False)
