"""Templates that development plans are made from, and where a plan came from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText


class PlanTemplate(Model):
    """What people of an organisation may begin a plan with, for a role profile or at large.

    It is copied when it is used: a plan never changes with its template. `revision` counts the changes. Once `retired_at`,
    nobody begins with it any more.
    """

    __tablename__ = "plan_template"
    __table_args__ = (CheckConstraint("revision > 0", name="revision_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("role_profile.id"), index=True)
    title: Mapped[LocalizedText]
    revision: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class PlanTemplateLine(Model):
    """One thing to do: a course, or evidence of a competency at a level, with words on what to practise for it."""

    __tablename__ = "plan_template_line"
    __table_args__ = (
        UniqueConstraint("template_id", "course_id", name="uq_plan_template_line_course"),
        UniqueConstraint("template_id", "competency_id", "kind", name="uq_plan_template_line_evidence"),
        CheckConstraint("kind IN ('course', 'observation', 'claim')", name="known_kind"),
        CheckConstraint("(kind = 'course') = (course_id IS NOT NULL)", name="course_of_a_course"),
        CheckConstraint("(kind = 'course') = (competency_id IS NULL)", name="evidence_of_a_competency"),
        CheckConstraint("(kind = 'course') = (level IS NULL)", name="evidence_of_a_level"),
        CheckConstraint("level BETWEEN 1 AND 4", name="known_level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("plan_template.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    competency_id: Mapped[int | None] = mapped_column(ForeignKey("competency.id"), index=True)
    level: Mapped[int | None]
    practice: Mapped[LocalizedText | None]


class PlanOrigin(Model):
    """The template that a plan was made from, as it was called and which revision of it."""

    __tablename__ = "plan_origin"

    plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id", ondelete="CASCADE"), primary_key=True)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("plan_template.id", ondelete="SET NULL"), index=True)
    title: Mapped[LocalizedText]
    revision: Mapped[int]
