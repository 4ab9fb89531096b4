"""Exemptions: that a person need not take a course, since when and until when, by whose decision, and how that ended."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

IN_FORCE, ENDED, REVOKED, OVERTAKEN = "active", "ended", "revoked", "overtaken"
_ONE_IN_FORCE = text("state = 'active'")


class Exemption(Model):
    """An exemption from a course, or from a step of a programme, granted by a request that was approved.

    The place on the course counts as completed while it holds; the step counts as done in the place in the programme.

    `ended`: its last day has passed; `revoked`: somebody took it back, with a reason; `overtaken`: the learner completed the
    course after all. `held_place`: they learned there before. `days_left`: so many days they had left then, to be given back.
    """

    __tablename__ = "exemption"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'ended', 'revoked', 'overtaken')", name="known_state"),
        CheckConstraint("(enrolment_id IS NULL) <> (step_id IS NULL)", name="from_course_or_step"),
        CheckConstraint("(enrolment_id IS NULL) = (course_id IS NULL)", name="place_on_the_course"),
        CheckConstraint("(step_id IS NULL) = (programme_enrolment_id IS NULL)", name="place_in_the_programme"),
        CheckConstraint("(state = 'active') = (ended_at IS NULL)", name="ended_when_dated"),
        CheckConstraint("(state = 'revoked') = (ended_by_id IS NOT NULL)", name="revoked_by_somebody"),
        CheckConstraint("state <> 'revoked' OR length(end_reason) > 0", name="revoked_with_reason"),
        CheckConstraint("length(reason) > 0", name="granted_with_reason"),
        CheckConstraint("by_id <> learner_id", name="granted_by_another"),
        CheckConstraint("state <> 'ended' OR ends_on IS NOT NULL", name="ended_by_its_day"),
        Index(
            "uq_exemption_enrolment",
            "enrolment_id",
            unique=True,
            sqlite_where=_ONE_IN_FORCE,
            postgresql_where=_ONE_IN_FORCE,
        ),
        Index(
            "uq_exemption_step",
            "programme_enrolment_id",
            "step_id",
            unique=True,
            sqlite_where=_ONE_IN_FORCE,
            postgresql_where=_ONE_IN_FORCE,
        ),
        Index("ix_exemption_state_ends_on", "state", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("place_request.id", ondelete="CASCADE"), unique=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    programme_enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("programme_enrolment.id", ondelete="CASCADE"))
    step_id: Mapped[int | None] = mapped_column(ForeignKey("programme_step.id"), index=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=IN_FORCE)
    reason: Mapped[str] = mapped_column(String(500))
    began_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ends_on: Mapped[date | None]
    held_place: Mapped[bool]
    days_left: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    end_reason: Mapped[str] = mapped_column(String(500), default="")
