"""Units and activities of a version, as pages show them."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Activity, CourseUnit, CourseVersion
from academy.catalogue.rules.texts import opened


@dataclass(frozen=True, slots=True)
class OutlineActivity:
    """One line of an outline, without its content."""

    id: int
    unit_id: int
    key: str
    kind: str
    title: LocalizedText
    minutes: int
    required: bool
    position: int


@dataclass(frozen=True, slots=True)
class OutlineUnit:
    """A unit and its activities in order."""

    id: int
    key: str
    title: LocalizedText
    activities: tuple[OutlineActivity, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The units of a version in order, removed ones left out."""

    version_id: int
    units: tuple[OutlineUnit, ...]

    @property
    def activities(self) -> tuple[OutlineActivity, ...]:
        """Every activity in order."""
        return tuple(activity for unit in self.units for activity in unit.activities)

    @property
    def minutes(self) -> int:
        """How long everything takes."""
        return sum(activity.minutes for activity in self.activities)


@dataclass(frozen=True, slots=True)
class ShownActivity:
    """An activity ready for `catalogue/content/<kind>.html`: every text of its content is a LocalizedText."""

    id: int
    key: str
    kind: str
    title: LocalizedText
    minutes: int
    required: bool
    content: dict[str, Any] = field(default_factory=dict)


def outline(version_id: int) -> Outline:
    """Return the outline of a version, in one statement."""
    shown = and_(Activity.unit_id == CourseUnit.id, Activity.removed_at.is_(None))
    query = (
        select(
            CourseUnit.id, CourseUnit.key, CourseUnit.title, Activity.id, Activity.unit_id, Activity.key, Activity.kind,
            Activity.title, Activity.minutes, Activity.required, Activity.position,
        )
        .outerjoin(Activity, shown)
        .where(CourseUnit.version_id == version_id, CourseUnit.removed_at.is_(None))
        .order_by(CourseUnit.position, CourseUnit.id, Activity.position, Activity.id)
    )  # fmt: skip
    found: dict[int, tuple[str, LocalizedText, list[OutlineActivity]]] = {}
    for unit_id, key, title, *rest in db.session.execute(query):
        activities = found.setdefault(unit_id, (key, title, []))[2]
        if rest[0] is not None:
            activities.append(OutlineActivity(*rest))
    units = (OutlineUnit(unit_id, key, title, tuple(lines)) for unit_id, (key, title, lines) in found.items())
    return Outline(version_id, tuple(units))


def activity(activity_id: int) -> Activity | None:
    """Return an activity with its version and course, in one statement."""
    whole = joinedload(Activity.version).joinedload(CourseVersion.course)
    return db.session.scalar(select(Activity).options(whole).where(Activity.id == activity_id))


def shown(row: Activity) -> ShownActivity:
    """Return an activity as the content templates want it."""
    return ShownActivity(row.id, row.key, row.kind, row.title, row.minutes, row.required, opened(row.content))


def parts_of(*version_ids: int) -> tuple[list[CourseUnit], list[Activity]]:
    """Return what `units_of` and `activities_of` return, in one statement."""
    query = (
        select(CourseUnit, Activity)
        .outerjoin(Activity, Activity.unit_id == CourseUnit.id)
        .where(CourseUnit.version_id.in_(version_ids))
        .order_by(CourseUnit.position, CourseUnit.id, Activity.position, Activity.id)
    )
    rows = db.session.execute(query).all()
    return list(dict.fromkeys(unit for unit, _row in rows)), [row for _unit, row in rows if row is not None]


def units_of(*version_ids: int) -> list[CourseUnit]:
    """Return all units of one version or several in order, removed ones too."""
    query = select(CourseUnit).where(CourseUnit.version_id.in_(version_ids))
    return list(db.session.scalars(query.order_by(CourseUnit.position, CourseUnit.id)))


def activities_of(*version_ids: int) -> list[Activity]:
    """Return all activities of one version or several with their content, by their place in their unit, removed ones too."""
    query = select(Activity).where(Activity.version_id.in_(version_ids))
    return list(db.session.scalars(query.order_by(Activity.position, Activity.id)))
