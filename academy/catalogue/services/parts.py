"""Adding, changing, ordering, removing and restoring units and activities of a draft."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue import kinds, queries
from academy.catalogue.models import Activity, CourseUnit, CourseVersion
from academy.catalogue.refusals import AlreadyRemoved, OutOfStep
from academy.catalogue.rules import ordering
from academy.catalogue.rules.keys import next_key
from academy.catalogue.services.drafting import bump, hold_activity, hold_draft, hold_unit

LONGEST_MINUTES = 10_000


def _keys_ever(model: type[CourseUnit] | type[Activity], version: CourseVersion) -> set[str]:
    """Every key of this kind that any version of the course has used."""
    query = select(model.key).join(CourseVersion, CourseVersion.id == model.version_id)
    return set(db.session.scalars(query.where(CourseVersion.course_id == version.course_id)))


def add_unit(version: CourseVersion, *, title: LocalizedText, key: str = "") -> CourseUnit:
    """Add a unit at the end of a draft."""
    draft = hold_draft(version.id)
    units = queries.units_of(draft.id)
    unit = CourseUnit(
        version_id=draft.id,
        key=key or next_key("u", _keys_ever(CourseUnit, draft)),
        position=max((unit.position for unit in units), default=0) + 1,
        title=title,
    )
    db.session.add(unit)
    db.session.flush()
    return unit


def change_unit(unit: CourseUnit, *, title: LocalizedText, revision: int | None = None) -> CourseUnit:
    """Rename a unit."""
    held = hold_unit(unit)
    bump(held, revision)
    held.title = title
    db.session.flush()
    return held


def remove_unit(unit: CourseUnit, *, at: datetime) -> CourseUnit:
    """Take a unit with its activities out of the draft; until publishing it can be restored."""
    held = hold_unit(unit)
    held.removed_at = held.removed_at or at
    db.session.flush()
    return held


def restore_unit(unit: CourseUnit) -> CourseUnit:
    """Bring a removed unit back to where it was."""
    held = hold_unit(unit)
    held.removed_at = None
    db.session.flush()
    return held


def add_activity(
    unit: CourseUnit,
    *,
    kind: str,
    title: LocalizedText,
    at: datetime,
    minutes: int = 0,
    required: bool = True,
    content: Mapping[str, Any] | None = None,
    key: str = "",
    actor_id: int | None = None,
) -> Activity:
    """Add an activity at the end of a unit. Without content, its kind makes the first one."""
    if kind not in kinds.KINDS:
        raise Invalid(_l("Choose a kind of activity from the list."), field="kind")
    held = hold_unit(unit)
    if held.removed_at is not None:
        raise AlreadyRemoved
    version = held.version
    key = key or next_key("a", _keys_ever(Activity, version))
    positions = select(Activity.position).where(Activity.unit_id == held.id)
    new = kinds.NewActivity(version.course_id, key, title, actor_id, at)
    activity = Activity(
        version_id=version.id,
        unit_id=held.id,
        key=key,
        position=max(db.session.scalars(positions), default=0) + 1,
        kind=kind,
        title=title,
        minutes=_fitting(minutes),
        required=required,
        content=dict(content) if content is not None else kinds.of(kind).start(new),
    )
    db.session.add(activity)
    db.session.flush()
    return activity


def _fitting(minutes: int) -> int:
    if not 0 <= minutes <= LONGEST_MINUTES:
        raise Invalid(_l("Enter minutes between 0 and 10,000."), field="minutes")
    return minutes


def change_activity(
    activity: Activity,
    *,
    title: LocalizedText,
    minutes: int,
    required: bool,
    content: Mapping[str, Any] | None = None,
    revision: int | None = None,
) -> Activity:
    """Change an activity of a draft; its content too when it is given."""
    held = hold_activity(activity)
    bump(held, revision)
    if held.title != title:
        kinds.of(held.kind).rename(held.content, title)
    held.title, held.minutes, held.required = title, _fitting(minutes), required
    if content is not None:
        held.content = dict(content)
    db.session.flush()
    return held


def remove_activity(activity: Activity, *, at: datetime) -> Activity:
    """Take an activity out of the draft; until publishing it can be restored."""
    held = hold_activity(activity)
    held.removed_at = held.removed_at or at
    db.session.flush()
    return held


def restore_activity(activity: Activity) -> Activity:
    """Bring a removed activity back to where it was, together with its unit if that was removed too."""
    held = hold_activity(activity)
    held.removed_at = None
    unit = db.session.get(CourseUnit, held.unit_id)
    if unit is not None:
        unit.removed_at = None
    db.session.flush()
    return held


def move_unit(unit: CourseUnit, direction: ordering.Direction) -> None:
    """Move a unit a place up or down among those that are not removed."""
    held = hold_unit(unit)
    keys = [each.key for each in queries.units_of(held.version_id) if each.removed_at is None]
    if held.key in keys:
        order_units(held.version, ordering.moved(keys, held.key, direction))


def order_units(version: CourseVersion, keys: Sequence[str]) -> None:
    """Put the units into the given order; it must name each of them once."""
    draft = hold_draft(version.id)
    units = queries.units_of(draft.id)
    present = {unit.key: unit for unit in units if unit.removed_at is None}
    _same_set(keys, present)
    for position, unit in enumerate([present[key] for key in keys] + [u for u in units if u.removed_at], start=1):
        unit.position = position
    db.session.flush()


def _same_set(given: Sequence[str], present: Iterable[str]) -> None:
    if sorted(given) != sorted(present):
        raise OutOfStep


def move_activity(activity: Activity, direction: ordering.Direction) -> None:
    """Move an activity a place up or down; past the edge of its unit it enters the neighbouring one."""
    held = hold_activity(activity)
    outline = queries.outline(held.version_id)
    plan = [(unit.key, [each.key for each in unit.activities]) for unit in outline.units]
    if any(held.key in keys for _unit, keys in plan):
        order_activities(held.version, ordering.moved_between(plan, held.key, direction))


def order_activities(version: CourseVersion, plan: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Put activities into units and order: `plan` lists unit keys with their activities' keys, naming each activity once.

    Units that the plan does not name keep what they have.
    """
    draft = hold_draft(version.id)
    units = {unit.key: unit for unit in queries.units_of(draft.id) if unit.removed_at is None}
    if len({key for key, _keys in plan}) < len(plan) or any(key not in units for key, _keys in plan):
        raise OutOfStep
    named = {units[key].id for key, _keys in plan}
    rows = [row for row in queries.activities_of(draft.id) if row.unit_id in named]
    present = {row.key: row for row in rows if row.removed_at is None}
    _same_set([key for _unit, keys in plan for key in keys], present)
    for unit_key, keys in plan:
        for position, key in enumerate(keys, start=1):
            present[key].unit_id, present[key].position = units[unit_key].id, position
    db.session.flush()
