"""Adding, changing, ordering and removing the groups, steps and prerequisites of a draft."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from academy.assessment.models import Quiz
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.learning.models import ProgrammeGroup, ProgrammePrerequisite, ProgrammeStep, ProgrammeVersion
from academy.learning.queries import programmes as queries
from academy.learning.refusals import OutOfStep
from academy.learning.rules import programmes
from academy.learning.services.programmes.drafting import bump, hold_part, hold_programme_draft

NO_TEXT = LocalizedText()
MOST_GROUPS, MOST_STEPS, MOST_PREREQUISITES = 20, 60, 20


@dataclass(frozen=True, slots=True)
class StepDetails:
    """What a step asks for. A course step names a course; a quiz or exam a quiz; `ref` names what is not there yet."""

    kind: str
    title: LocalizedText = NO_TEXT
    note: LocalizedText = NO_TEXT
    required: bool = True
    min_percent: int | None = None
    hours: Decimal | None = None
    course_id: int | None = None
    quiz_id: int | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class PrerequisiteDetails:
    """What must be so before the steps open."""

    kind: str
    title: LocalizedText
    text: LocalizedText = NO_TEXT
    renew_months: int | None = None


def _next_key(letter: str, model: Any, version: ProgrammeVersion) -> str:
    """Return a key above every number that any version of the programme has used for this sort of part."""
    query = select(model.key).join(ProgrammeVersion, ProgrammeVersion.id == model.version_id)
    used = db.session.scalars(query.where(ProgrammeVersion.programme_id == version.programme_id))
    numbers = [int(key[1:]) for key in used if key[:1] == letter and key[1:].isascii() and key[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"


def _after(rows: Iterable[Any]) -> int:
    return max((row.position for row in rows), default=0) + 1


# --- Groups -----------------------------------------------------------------------------------------------


def add_group(
    version: ProgrammeVersion, *, title: LocalizedText = NO_TEXT, needed: int | None = None, key: str = ""
) -> ProgrammeGroup:
    """Add a group at the end of a draft; `needed` None: every required step of it must be done."""
    draft = hold_programme_draft(version.id)
    groups = queries.groups_of(draft.id)
    if len(groups) >= MOST_GROUPS:
        raise Conflict(_l("A programme holds at most %(most)s groups."), most=MOST_GROUPS)
    group = ProgrammeGroup(
        version_id=draft.id, key=key or _next_key("g", ProgrammeGroup, draft), position=_after(groups), title=title,
        needed=needed,
    )  # fmt: skip
    db.session.add(group)
    db.session.flush()
    return group


def change_group(
    group: ProgrammeGroup, *, title: LocalizedText, needed: int | None, revision: int | None = None
) -> ProgrammeGroup:
    """Rename a group or change how many of its steps are needed."""
    held = hold_part(group)
    bump(held, revision)
    held.title, held.needed = title, needed
    db.session.flush()
    return held


def remove_group(group: ProgrammeGroup) -> None:
    """Take a group with its steps out of the draft."""
    held = hold_part(group)
    for step in db.session.scalars(select(ProgrammeStep).where(ProgrammeStep.group_id == held.id)):
        db.session.delete(step)
    db.session.flush()
    db.session.delete(held)
    db.session.flush()


def order_groups(version: ProgrammeVersion, keys: Sequence[str]) -> None:
    """Put the groups into the given order; it must name each of them once."""
    draft = hold_programme_draft(version.id)
    _put_in_order(queries.groups_of(draft.id), keys)


def move_group(group: ProgrammeGroup, direction: programmes.Direction) -> None:
    """Move a group a place up or down."""
    held = hold_part(group)
    groups = queries.groups_of(held.version_id)
    _put_in_order(groups, programmes.moved([each.key for each in groups], held.key, direction))


def _put_in_order(rows: Sequence[Any], keys: Sequence[str]) -> None:
    present = {row.key: row for row in rows}
    if sorted(keys) != sorted(present):
        raise OutOfStep
    for position, key in enumerate(keys, start=1):
        present[key].position = position
    db.session.flush()


# --- Steps -----------------------------------------------------------------------------------------------


def add_step(group: ProgrammeGroup, details: StepDetails, *, key: str = "") -> ProgrammeStep:
    """Add a step at the end of a group."""
    held = hold_part(group)
    draft = held.version
    steps = queries.steps_of(draft.id)
    if len(steps) >= MOST_STEPS:
        raise Conflict(_l("A programme holds at most %(most)s steps."), most=MOST_STEPS)
    step = ProgrammeStep(
        version_id=draft.id, group_id=held.id, key=key or _next_key("s", ProgrammeStep, draft),
        position=_after(each for each in steps if each.group_id == held.id),
    )  # fmt: skip
    _fill_step(step, details, steps)
    db.session.add(step)
    db.session.flush()
    return step


def change_step(step: ProgrammeStep, details: StepDetails, *, revision: int | None = None) -> ProgrammeStep:
    """Change what a step asks for; its kind stays."""
    held = hold_part(step)
    bump(held, revision)
    if details.kind != held.kind:
        raise Invalid(_l("Choose a kind of step from the list."), field="kind")
    _fill_step(held, details, [each for each in queries.steps_of(held.version_id) if each.id != held.id])
    db.session.flush()
    return held


def remove_step(step: ProgrammeStep) -> None:
    """Take a step out of the draft."""
    db.session.delete(hold_part(step))
    db.session.flush()


def _fill_step(step: ProgrammeStep, details: StepDetails, others: Sequence[ProgrammeStep]) -> None:
    if details.kind not in programmes.STEP_KINDS:
        raise Invalid(_l("Choose a kind of step from the list."), field="kind")
    course_id, quiz_id = _target(details)
    if details.kind == programmes.COURSE and course_id in {
        each.course_id for each in others if each.kind == programmes.COURSE
    }:
        raise Invalid(_l("This course is a step of the programme already."), field="course")
    if quiz_id is not None and quiz_id in {each.quiz_id for each in others}:
        raise Invalid(_l("This quiz is a step of the programme already."), field="quiz")
    if course_id is None and not details.title:
        raise Invalid(_l("Enter a title in Arabic or English."), field="title")
    step.kind, step.title, step.note, step.required = details.kind, details.title, details.note, details.required
    step.min_percent = None if details.kind == programmes.COURSE else details.min_percent
    step.hours, step.ref = details.hours, details.ref
    step.course_id, step.quiz_id = course_id, quiz_id


def _target(details: StepDetails) -> tuple[int | None, int | None]:
    """Return the course and the quiz of a step; a quiz brings its course along."""
    if details.kind == programmes.COURSE:
        if details.course_id is None or db.session.get(Course, details.course_id) is None:
            raise Invalid(_l("Choose a course from the list."), field="course")
        return details.course_id, None
    if details.kind not in programmes.TAKEN_HERE:
        return None, None
    quiz = db.session.get(Quiz, details.quiz_id) if details.quiz_id is not None else None
    if quiz is None and (details.kind == programmes.QUIZ or details.quiz_id is not None):
        raise Invalid(_l("Choose a quiz from the list."), field="quiz")
    return (quiz.course_id, quiz.id) if quiz else (None, None)


def move_step(step: ProgrammeStep, direction: programmes.Direction) -> None:
    """Move a step a place up or down; past the edge of its group it enters the neighbouring one."""
    held = hold_part(step)
    plan = _arranged(held.version_id)
    order_steps(held.version, programmes.moved_between(plan, held.key, direction))


def _arranged(version_id: int) -> list[tuple[str, list[str]]]:
    groups, steps = queries.groups_of(version_id), queries.steps_of(version_id)
    return [(group.key, [step.key for step in steps if step.group_id == group.id]) for group in groups]


def order_steps(version: ProgrammeVersion, plan: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Put steps into groups and order: `plan` lists every group's key with its steps' keys, naming each step once."""
    draft = hold_programme_draft(version.id)
    groups = {group.key: group for group in queries.groups_of(draft.id)}
    present = {step.key: step for step in queries.steps_of(draft.id)}
    if sorted(key for key, _steps in plan) != sorted(groups):
        raise OutOfStep
    if sorted(key for _group, keys in plan for key in keys) != sorted(present):
        raise OutOfStep
    for group_key, keys in plan:
        for position, key in enumerate(keys, start=1):
            present[key].group_id, present[key].position = groups[group_key].id, position
    db.session.flush()


# --- Prerequisites -----------------------------------------------------------------------------------------------


def add_prerequisite(
    version: ProgrammeVersion, details: PrerequisiteDetails, *, key: str = ""
) -> ProgrammePrerequisite:
    """Add a prerequisite at the end of a draft's list."""
    draft = hold_programme_draft(version.id)
    others = queries.prerequisites_of(draft.id)
    if len(others) >= MOST_PREREQUISITES:
        raise Conflict(_l("A programme holds at most %(most)s prerequisites."), most=MOST_PREREQUISITES)
    each = ProgrammePrerequisite(
        version_id=draft.id, key=key or _next_key("p", ProgrammePrerequisite, draft), position=_after(others)
    )
    _fill_prerequisite(each, details, others)
    db.session.add(each)
    db.session.flush()
    return each


def change_prerequisite(
    prerequisite: ProgrammePrerequisite, details: PrerequisiteDetails, *, revision: int | None = None
) -> ProgrammePrerequisite:
    """Change a prerequisite. New words of an undertaking are signed anew by those who join the next version."""
    held = hold_part(prerequisite)
    bump(held, revision)
    others = [each for each in queries.prerequisites_of(held.version_id) if each.id != held.id]
    _fill_prerequisite(held, details, others)
    db.session.flush()
    return held


def remove_prerequisite(prerequisite: ProgrammePrerequisite) -> None:
    """Take a prerequisite out of the draft."""
    db.session.delete(hold_part(prerequisite))
    db.session.flush()


def move_prerequisite(prerequisite: ProgrammePrerequisite, direction: programmes.Direction) -> None:
    """Move a prerequisite a place up or down."""
    held = hold_part(prerequisite)
    rows = queries.prerequisites_of(held.version_id)
    _put_in_order(rows, programmes.moved([each.key for each in rows], held.key, direction))


def _fill_prerequisite(
    row: ProgrammePrerequisite, details: PrerequisiteDetails, others: Sequence[ProgrammePrerequisite]
) -> None:
    if details.kind not in programmes.PREREQUISITE_KINDS:
        raise Invalid(_l("Choose a kind of prerequisite from the list."), field="kind")
    is_undertaking = details.kind == programmes.UNDERTAKING
    if not is_undertaking and details.kind in {each.kind for each in others}:
        raise Invalid(_l("The programme has this prerequisite already."), field="kind")
    if not details.title:
        raise Invalid(_l("Enter a title in Arabic or English."), field="title")
    row.kind, row.title = details.kind, details.title
    row.text = details.text if is_undertaking else NO_TEXT
    row.renew_months = details.renew_months if is_undertaking else None
