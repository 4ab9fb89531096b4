"""A person's development plan: what they and their manager have agreed on to close gaps."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText

DRAFT, SENT, RETURNED, APPROVED, CLOSED = "draft", "sent", "returned", "approved", "closed"
REACHED, ENDED, REPLACED = "reached", "ended", "replaced"
COURSE, OBSERVATION, CLAIM = "course", "observation", "claim"


class DevelopmentPlan(Model):
    """A plan from its proposal to its end. A person has one that is not closed; closed ones are its history.

    `basis` is what was asked and proven when it was made ({"D4.1": [3, 2]}; None: not enough evidence), `changes` what had
    changed since the plan it replaced ([{"key", "how", "before", "after"}]). `revision` rises with each sending, so that a
    decision holds for what its reader saw. `told_at` is when the managers were last told that it waits, `reminders` how often.
    """

    __tablename__ = "development_plan"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'sent', 'returned', 'approved', 'closed')", name="known_state"),
        CheckConstraint("(state = 'closed') = (closed_as IS NOT NULL)", name="closed_has_an_end"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_when_dated"),
        CheckConstraint("closed_as IN ('reached', 'ended', 'replaced')", name="known_end"),
        CheckConstraint("state <> 'returned' OR reason <> ''", name="return_has_reason"),
        CheckConstraint("state NOT IN ('returned', 'approved') OR decided_at IS NOT NULL", name="decided_when_dated"),
        CheckConstraint("person_id <> decided_by_id", name="decided_by_another"),
        CheckConstraint("reminders >= 0", name="reminders_counted"),
        Index(
            "uq_development_plan_open",
            "person_id",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_development_plan_state_told_at", "state", "told_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    basis: Mapped[dict[str, Any]]
    changes: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(2000), default="")
    closed_at: Mapped[datetime | None]
    closed_as: Mapped[str | None] = mapped_column(String(10))


class DevelopmentItem(Model):
    """One thing to do in a plan: a course, or evidence of a competency at a level, seen at work or brought from elsewhere.

    `serves` are the competencies for which a course is there ([{"key", "level"}]; none: another course builds on it). What
    has come of an item is never kept here: it is read from enrolments, observations and claims. `asked_at`: an observation
    was asked for. `practice`: the words of the template that it came from.
    """

    __tablename__ = "development_item"
    __table_args__ = (
        UniqueConstraint("plan_id", "course_id", name="uq_development_item_course"),
        UniqueConstraint("plan_id", "competency_id", "kind", name="uq_development_item_evidence"),
        CheckConstraint("kind IN ('course', 'observation', 'claim')", name="known_kind"),
        CheckConstraint("(kind = 'course') = (course_id IS NOT NULL)", name="course_of_a_course"),
        CheckConstraint("(kind = 'course') = (competency_id IS NULL)", name="evidence_of_a_competency"),
        CheckConstraint("(kind = 'course') = (level IS NULL)", name="evidence_of_a_level"),
        CheckConstraint("level BETWEEN 1 AND 4", name="known_level"),
        CheckConstraint("asked_at IS NULL OR kind = 'observation'", name="only_observations_are_asked_for"),
        CheckConstraint("hours >= 0", name="hours_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    hours: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(0))
    competency_id: Mapped[int | None] = mapped_column(ForeignKey("competency.id"), index=True)
    level: Mapped[int | None]
    serves: Mapped[list[Any]] = mapped_column(default=list)
    chosen: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime | None]
    practice: Mapped[LocalizedText | None]
