"""The time that people spend on activities, added up by day, and up to when each person's time is counted."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model


class StudyTime(Model):
    """The seconds counted on an activity of a place on a day in Riyadh. What they mean stands in `queries.ledger`."""

    __tablename__ = "study_time"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", "day", name="uq_study_time"),
        CheckConstraint("seconds > 0", name="seconds_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    day: Mapped[date]
    seconds: Mapped[int]


class StudyClock(Model):
    """Up to which second (since 1970) a person's time is counted, and what the last message was granted.

    One row a person, whatever they have open: so no second is counted twice.
    """

    __tablename__ = "study_clock"
    __table_args__ = (CheckConstraint("granted >= 0", name="granted_not_negative"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    counted_until: Mapped[int] = mapped_column(BigInteger)
    granted: Mapped[int]
