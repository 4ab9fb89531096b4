"""Enrolments, the state of each activity in them, and assignments by managers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

ACTIVE, COMPLETED, WITHDRAWN = "active", "completed", "withdrawn"


class Assignment(Model):
    """A manager's decision that a course is due from some people, by a day."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    assigned_at: Mapped[datetime]
    due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(500), default="")


class Enrolment(Model):
    """A learner's place on a course, in the version that was published when they enrolled.

    `cycle` counts recertifications. `done` and `required` are kept in step with the activity states.
    `reminded_on` is the day in Riyadh of the last reminder, so that there is at most one a day.
    `exempted`: completed not by learning but by an exemption that is in force.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("learner_id", "course_id", "cycle", name="uq_enrolment_cycle"),
        Index("ix_enrolment_course_state", "course_id", "state"),
        CheckConstraint("state IN ('active', 'completed', 'withdrawn')", name="known_state"),
        CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", name="completed_when_dated"),
        CheckConstraint("done >= 0 AND done <= required", name="done_within_required"),
        CheckConstraint("NOT exempted OR state = 'completed'", name="exempted_counts_as_completed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    cycle: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default=ACTIVE)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    due_on: Mapped[date | None] = mapped_column(index=True)
    reminded_on: Mapped[date | None]
    enrolled_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    last_activity_at: Mapped[datetime | None]
    last_activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    completed_at: Mapped[datetime | None]
    exempted: Mapped[bool] = mapped_column(default=False)
    done: Mapped[int] = mapped_column(default=0)
    required: Mapped[int] = mapped_column(default=0)


class ActivityState(Model):
    """How far a learner is with one activity. A completed one never goes back.

    `resume` holds what brings the learner back: `{"block": 7}`, the part of a lesson last read, or
    `{"answers": {item: category}}`, where the items of a sorting exercise were placed.
    """

    __tablename__ = "activity_state"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", name="uq_activity_state"),
        CheckConstraint("state IN ('started', 'completed')", name="known_state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="started")
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    resume: Mapped[dict[str, Any] | None]


class DueReminder(Model):
    """That somebody was told of a due day, once for each rung of the ladder; another due day begins a new ladder.

    `rung`: the person before the day (`days` of them) and once it has passed, then the manager, then the administrator.
    """

    __tablename__ = "due_reminder"
    __table_args__ = (
        CheckConstraint("rung IN ('before', 'overdue', 'manager', 'administrator')", name="known_rung"),
        CheckConstraint("(rung = 'before') = (days > 0)", name="days_before"),
        UniqueConstraint("enrolment_id", "due_on", "rung", "days", name="uq_due_reminder_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    due_on: Mapped[date]
    rung: Mapped[str] = mapped_column(String(14))
    days: Mapped[int] = mapped_column(default=0)
    told_on: Mapped[date]
