"""Rules that make a course or a programme the duty of people, whom they did so to, and what each run of them did."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText


class DutyRule(Model):
    """A rule within an organisation, or within one of its units with the sub-units.

    `definition` is what is in effect, `pending` what was changed and is still to be looked at: documents of
    `rules.duties.Definition`. A draft has never been in effect; a stopped rule does nothing and takes nothing back.
    """

    __tablename__ = "duty_rule"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'active', 'stopped')", name="known_state"),
        CheckConstraint("(course_id IS NULL) <> (programme_id IS NULL)", name="about_one_thing"),
        CheckConstraint("state <> 'draft' OR pending IS NOT NULL", name="draft_is_pending"),
        Index("ix_duty_rule_organisation_id_state", "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[LocalizedText]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    definition: Mapped[dict[str, Any]]
    pending: Mapped[dict[str, Any] | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    ran_at: Mapped[datetime | None]


class Duty(Model):
    """That a rule holds for a person: one row for the two, however often they come to match and stop to.

    `made_place`: the rule gave them their place. `reasons` are the conditions they met, in words of the day.
    """

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("rule_id", "person_id", name="uq_duty_once"),
        CheckConstraint("state IN ('active', 'kept', 'suspended', 'withdrawn')", name="known_state"),
        CheckConstraint("(state = 'active') = (ended_at IS NULL)", name="ended_when_dated"),
        Index("ix_duty_rule_id_state", "rule_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("duty_rule.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="active")
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id", ondelete="SET NULL"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id", ondelete="SET NULL"))
    programme_enrolment_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_enrolment.id", ondelete="SET NULL"), index=True
    )
    made_place: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Any]] = mapped_column(default=list)


class RuleRun(Model):
    """A run of a rule that changed something, or that somebody asked for. `counts`: how many people had which outcome."""

    __tablename__ = "rule_run"
    __table_args__ = (CheckConstraint("cause IN ('daily', 'changed', 'asked')", name="known_cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("duty_rule.id", ondelete="CASCADE"), index=True)
    cause: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    began_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    closed: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RuleOutcome(Model):
    """What a run did for one person."""

    __tablename__ = "rule_outcome"
    __table_args__ = (
        UniqueConstraint("run_id", "person_id", name="uq_rule_outcome_once"),
        CheckConstraint(
            "outcome IN ('assigned', 'already_due', 'completed', 'kept', 'suspended', 'withdrawn')",
            name="known_outcome",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("rule_run.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(12))
