"""Opening, locking, copying and discarding drafts."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select

from academy.base.db import db, lock
from academy.base.errors import Stale
from academy.catalogue import kinds, queries
from academy.catalogue.models import AUTHORED, DRAFT, Activity, Course, CourseUnit, CourseVersion
from academy.catalogue.refusals import AlreadyRemoved, NoDraft

Part = TypeVar("Part", CourseUnit, Activity)


def draft_of(course: Course, *, at: datetime) -> CourseVersion:
    """Return the course's draft; when there is none, a new one copied from the published version. Asking twice is harmless."""
    lock(Course, course.id)
    existing = queries.draft_version(course.id)
    if existing is not None:
        return existing
    published = queries.published_version(course.id)
    number = (
        db.session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course.id)) or 0
    ) + 1
    copied = {name: getattr(published, name) for name in AUTHORED} if published else {}
    draft = CourseVersion(course_id=course.id, number=number, state=DRAFT, created_at=at, **copied)
    db.session.add(draft)
    db.session.flush()
    if published is not None:
        _copy_parts(published, draft, at)
    return draft


def _copy_parts(source: CourseVersion, draft: CourseVersion, at: datetime) -> None:
    """Copy units and activities; their keys stay, so that progress and differences can be told by key."""
    units: dict[int, CourseUnit] = {}
    for unit in queries.units_of(source.id):
        units[unit.id] = CourseUnit(version_id=draft.id, key=unit.key, position=unit.position, title=unit.title)
    db.session.add_all(units.values())
    db.session.flush()
    for activity in queries.activities_of(source.id):
        copy = Activity(
            version_id=draft.id,
            unit_id=units[activity.unit_id].id,
            key=activity.key,
            position=activity.position,
            kind=activity.kind,
            title=activity.title,
            minutes=activity.minutes,
            required=activity.required,
            content=kinds.of(activity.kind).copy(activity.content, at),
        )
        db.session.add(copy)
    db.session.flush()


def hold_draft(version_id: int) -> CourseVersion:
    """Lock a version until the transaction ends; refuse when it is no longer a draft."""
    version: CourseVersion | None = lock(CourseVersion, version_id)
    if version is None or version.state != DRAFT:
        raise NoDraft
    return version


def hold_unit(unit: CourseUnit) -> CourseUnit:
    """Lock the draft of a unit and return the unit as it is now."""
    hold_draft(unit.version_id)
    return _fresh(CourseUnit, unit)


def hold_activity(activity: Activity) -> Activity:
    """Lock the draft of an activity and return the activity as it is now."""
    hold_draft(activity.version_id)
    return _fresh(Activity, activity)


def _fresh(model: type[Part], part: Part) -> Part:
    found = db.session.get(model, part.id, populate_existing=True)
    if found is None:
        raise AlreadyRemoved
    return found


def bump(row: CourseVersion | CourseUnit | Activity | Course, revision: int | None) -> None:
    """Hold a save to the revision its page was opened with (None: whatever is there), and count it."""
    if revision is not None and revision != row.revision:
        raise Stale
    row.revision += 1


def discard_draft(course: Course) -> bool:
    """Throw away the draft of a published course. Returns whether there was one; the only draft of a course stays."""
    lock(Course, course.id)
    draft = queries.draft_version(course.id)
    if draft is None or queries.published_version(course.id) is None:
        return False
    hold_draft(draft.id)
    for activity in queries.activities_of(draft.id):
        db.session.delete(activity)
    db.session.flush()
    for unit in queries.units_of(draft.id):
        db.session.delete(unit)
    db.session.flush()
    db.session.delete(draft)
    db.session.flush()
    return True
