"""Cycles of goals and appraisals: what somebody wants to reach, check-ins on the way, the talk at the end. Evidence of nothing."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText

OPEN, SIGNED, CONFIRMED, OBJECTED = "open", "signed", "confirmed", "objected"
DRAFT, SENT, RETURNED, AGREED = "draft", "sent", "returned", "agreed"


class AppraisalCycle(Model):
    """One occasion on which people of an organisation set goals and are appraised, from a day until the end of another.

    `ended_at` is when it was ended before its last day.
    """

    __tablename__ = "appraisal_cycle"
    __table_args__ = (
        CheckConstraint("closes_on > opens_on", name="closes_after_opening"),
        CheckConstraint("ended_by_id IS NULL OR ended_at IS NOT NULL", name="ended_by_when_ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[LocalizedText]
    opens_on: Mapped[date]
    closes_on: Mapped[date] = mapped_column(index=True)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    def is_over(self, today: date) -> bool:
        """Whether nothing can be set in it any more: it was ended, or its last day has passed."""
        return self.ended_at is not None or self.closes_on < today


class Appraisal(Model):
    """The cycle of one person. The manager signs after the talk, the person by confirming; an objection has a reason.

    The self part is read by the manager once it was handed in, the manager's part by the person once it was signed.
    `revision` counts the signatures of the manager. `reminded_on` is the last day on which somebody was reminded.
    """

    __tablename__ = "appraisal"
    __table_args__ = (
        UniqueConstraint("cycle_id", "person_id", name="uq_appraisal_person"),
        CheckConstraint("state IN ('open', 'signed', 'confirmed', 'objected')", name="known_state"),
        CheckConstraint("(state = 'open') = (signed_at IS NULL)", name="signed_unless_open"),
        CheckConstraint("(signed_at IS NULL) = (revision = 0)", name="signed_when_counted"),
        CheckConstraint("(state IN ('confirmed', 'objected')) = (answered_at IS NOT NULL)", name="answered_when_dated"),
        CheckConstraint("state <> 'objected' OR answer <> ''", name="objection_has_reason"),
        CheckConstraint("signed_at IS NULL OR talked_on IS NOT NULL", name="signed_after_the_talk"),
        CheckConstraint("signed_by_id <> person_id", name="by_somebody_else"),
        CheckConstraint("revision >= 0", name="revisions_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("appraisal_cycle.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    self_part: Mapped[str] = mapped_column(String(4000), default="")
    self_sent_at: Mapped[datetime | None]
    manager_part: Mapped[str] = mapped_column(String(4000), default="")
    talked_on: Mapped[date | None]
    talk_note: Mapped[str] = mapped_column(String(2000), default="")
    revision: Mapped[int] = mapped_column(default=0)
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]


class Goal(Model):
    """What somebody wants to reach in a cycle: a draft, sent to the manager, returned with a reason, or agreed."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'sent', 'returned', 'agreed')", name="known_state"),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("success <> ''", name="success_is_said"),
        CheckConstraint("state <> 'returned' OR reason <> ''", name="returned_with_reason"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_in_percent"),
        CheckConstraint("progress = 0 OR state <> 'draft'", name="no_progress_of_drafts"),
        Index("ix_goal_appraisal_id_state", "appraisal_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appraisal_id: Mapped[int] = mapped_column(ForeignKey("appraisal.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    success: Mapped[str] = mapped_column(String(2000))
    due_on: Mapped[date]
    competency_id: Mapped[int | None] = mapped_column(ForeignKey("competency.id"))
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    reason: Mapped[str] = mapped_column(String(2000), default="")
    progress: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]


class GoalCheckIn(Model):
    """A dated note of the person or their manager about an agreed goal, with the progress of that day. It never changes."""

    __tablename__ = "goal_check_in"
    __table_args__ = (
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_in_percent"),
        CheckConstraint("note <> ''", name="has_note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    progress: Mapped[int]
    note: Mapped[str] = mapped_column(String(2000))


class AppraisalEvent(Model):
    """What happened in somebody's cycle, in order; rows are added and never changed. `said` are the words as they were then."""

    __tablename__ = "appraisal_event"
    __table_args__ = (
        CheckConstraint(
            "act IN ('sent', 'agreed', 'returned', 'self', 'signed', 'confirmed', 'objected')", name="known_act"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appraisal_id: Mapped[int] = mapped_column(ForeignKey("appraisal.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(10))
    said: Mapped[str] = mapped_column(String(40000), default="")
