"""Templates of development plans: written, changed, retired, and copied into somebody's plan."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from academy.accounts.models import Person
from academy.base import audit
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies import rules
from academy.competencies.models import (
    DevelopmentItem,
    DevelopmentPlan,
    PlanOrigin,
    PlanTemplate,
    PlanTemplateLine,
)
from academy.competencies.models.development import CLAIM, COURSE, OBSERVATION
from academy.competencies.queries import competency_ids, development, standing_of
from academy.competencies.queries.templates import TemplateLine, courses_for, lines_of_template, profile_choices
from academy.competencies.services.planning import CHANGEABLE, add_course, basis_now, hold_plan, put_evidence

MOST_LINES = 40


def write_template(author: Person, title: LocalizedText, profile_id: int | None, *, at: datetime) -> PlanTemplate:
    """Begin a template of the author's organisation; its lines follow."""
    if profile_id is not None and profile_id not in dict(profile_choices()):
        raise Invalid(_l("Choose one of the listed values."), field="profile")
    row = PlanTemplate(
        organisation_id=author.organisation_id, owner_id=author.id, profile_id=profile_id, title=title, made_at=at, changed_at=at
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _record("competencies:template:write", row, author.id, at)
    return row


def add_template_course(row: PlanTemplate, course_id: int, *, by_id: int, at: datetime) -> None:
    """Put a course into a template."""
    if course_id not in dict(courses_for(row.organisation_id)):
        raise Invalid(_l("Choose one of the listed values."), field="course")
    _add(row, {"kind": COURSE, "course_id": course_id}, "course", by_id, at)


def add_template_evidence(
    row: PlanTemplate, kind: str, key: str, level: int, practice: LocalizedText, *, by_id: int, at: datetime
) -> None:
    """Put evidence of a competency at a level into a template, with words on what to practise for it."""
    competency_id = competency_ids([key]).get(key)
    if competency_id is None or kind not in (OBSERVATION, CLAIM) or not 1 <= level <= 4:
        raise Invalid(_l("Choose one of the listed values."), field="competency")
    if kind == CLAIM and level > rules.CLAIMABLE:
        raise Invalid(
            _l("Proof from elsewhere supports level %(level)s at most: ask for an observation at work."),
            field="level", level=rules.CLAIMABLE,
        )  # fmt: skip
    values = {"kind": kind, "competency_id": competency_id, "level": level, "practice": practice or None}
    _add(row, values, "competency", by_id, at)


def _add(row: PlanTemplate, values: Mapping[str, Any], field: str, by_id: int, at: datetime) -> None:
    _hold(row)
    mine = PlanTemplateLine.template_id == row.id
    many, last = db.session.execute(select(func.count(), func.max(PlanTemplateLine.position)).where(mine)).one()
    if many >= MOST_LINES:
        raise Invalid(_l("A template has at most %(most)s lines."), field=field, most=MOST_LINES)
    same = [
        getattr(PlanTemplateLine, name) == values[name]
        for name in ("kind", "course_id", "competency_id")
        if name in values
    ]
    if db.session.scalar(select(PlanTemplateLine.id).where(mine, *same)) is not None:
        raise Invalid(_l("This is in the template already."), field=field)
    db.session.add(PlanTemplateLine(template_id=row.id, position=(last or 0) + 1, **values))
    _changed(row, by_id, at)


def remove_template_line(row: PlanTemplate, line_id: int, *, by_id: int, at: datetime) -> None:
    """Take a line out of a template."""
    _hold(row)
    mine = PlanTemplateLine.template_id == row.id, PlanTemplateLine.id == line_id
    if db.session.scalar(select(PlanTemplateLine.id).where(*mine)) is None:
        raise NotFound
    db.session.execute(delete(PlanTemplateLine).where(*mine))
    _changed(row, by_id, at)


def retire_template(row: PlanTemplate, *, by_id: int, at: datetime) -> None:
    """Offer a template to nobody any more; plans made from it stay as they are."""
    _hold(row)
    row.retired_at = at
    db.session.flush()
    _record("competencies:template:retire", row, by_id, at)


def use_template(row: PlanTemplate, person: Person, *, at: datetime) -> tuple[DevelopmentPlan, int]:
    """Copy a template into a person's plan: a new one, or theirs that is still being written.

    What is proven or completed already, or what the person cannot take, is left out. Returns the plan and how many lines
    were.
    """
    _hold(row)
    lines, standing = lines_of_template(row.id), standing_of(person.id)
    plan, made = insert_once(
        lambda: DevelopmentPlan(person_id=person.id, basis=basis_now(standing), made_at=at),
        lambda: development.open_plan(person.id),
    )
    hold_plan(plan, CHANGEABLE)
    levels = {each.key: each.level or 0 for domain in standing.domains for each in domain.competencies}
    copied = sum(_copy(plan, person, line, levels, at) for line in lines)
    if made and not copied:
        raise Conflict(
            _l("Nothing of this template is left for you: you have proven or completed it, or cannot take it now.")
        )
    if copied:
        origin = db.session.get(PlanOrigin, plan.id)
        if origin is not None:
            db.session.delete(origin)
            db.session.flush()
        db.session.add(PlanOrigin(plan_id=plan.id, template_id=row.id, title=row.title, revision=row.revision))
    db.session.flush()
    return plan, len(lines) - copied


def _copy(plan: DevelopmentPlan, person: Person, line: TemplateLine, levels: Mapping[str, int], at: datetime) -> bool:
    if line.level is None:
        try:
            add_course(plan, person, line.course_id or 0, at=at)
        except Invalid:  # completed, there already, or not for this person
            return False
        return True
    same = select(DevelopmentItem.id).where(
        DevelopmentItem.plan_id == plan.id, DevelopmentItem.kind == line.kind, DevelopmentItem.competency_id == line.competency_id
    )  # fmt: skip
    if levels.get(line.key, 0) >= line.level or db.session.scalar(same) is not None:
        return False
    put_evidence(plan, line.kind, line.competency_id or 0, line.level, line.practice)
    return True


def _hold(row: PlanTemplate) -> None:
    if lock(PlanTemplate, row.id) is None or row.retired_at is not None:
        raise Conflict(_l("This template is not in use any more."))


def _changed(row: PlanTemplate, by_id: int, at: datetime) -> None:
    row.revision, row.changed_at = row.revision + 1, at
    db.session.flush()
    _record("competencies:template:write", row, by_id, at)


def _record(act: str, row: PlanTemplate, actor_id: int, at: datetime) -> None:
    audit.record(
        act, at=at, actor_id=actor_id, organisation_id=row.organisation_id,
        subject=("plan_template", row.id, row.title.show("ar")), after={"revision": row.revision, "title": row.title.as_dict()},
    )  # fmt: skip
