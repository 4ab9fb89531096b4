"""Opening, locking, copying and discarding drafts of programmes."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select

from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Stale
from academy.learning.models import (
    DRAFT,
    PUBLISHED,
    Programme,
    ProgrammeGroup,
    ProgrammePrerequisite,
    ProgrammeStep,
    ProgrammeVersion,
)
from academy.learning.queries import programmes as queries
from academy.learning.refusals import NoDraft

Part = TypeVar("Part", ProgrammeGroup, ProgrammeStep, ProgrammePrerequisite)
COPIED = ("title", "summary", "hours", "in_order", "validity_months", "renewal", "suspension")
_GROUP = ("key", "position", "title", "needed")
_STEP = (
    "key", "position", "kind", "title", "note", "required", "min_percent", "hours", "course_id", "quiz_id", "ref",
)  # fmt: skip
_PREREQUISITE = ("key", "position", "kind", "title", "text", "renew_months")


def version_in(programme_id: int, state: str) -> ProgrammeVersion | None:
    """Return a programme's version in a state of which there is at most one."""
    mine = ProgrammeVersion.programme_id == programme_id, ProgrammeVersion.state == state
    return db.session.scalar(select(ProgrammeVersion).where(*mine))


def programme_draft(programme: Programme, *, at: datetime) -> ProgrammeVersion:
    """Return the draft; when there is none, a new one copied from the published version. Asking twice is harmless."""
    lock(Programme, programme.id)
    existing = version_in(programme.id, DRAFT)
    if existing is not None:
        return existing
    published = version_in(programme.id, PUBLISHED)
    highest = db.session.scalar(
        select(func.max(ProgrammeVersion.number)).where(ProgrammeVersion.programme_id == programme.id)
    )
    copied = {name: getattr(published, name) for name in COPIED} if published else {}
    draft = ProgrammeVersion(programme_id=programme.id, number=(highest or 0) + 1, state=DRAFT, created_at=at, **copied)
    db.session.add(draft)
    db.session.flush()
    if published is not None:
        _copy_parts(published, draft)
    return draft


def _copy_parts(source: ProgrammeVersion, draft: ProgrammeVersion) -> None:
    """Copy groups, steps and prerequisites; their keys stay, so that differences can be told by key."""
    groups = {
        group.id: ProgrammeGroup(version_id=draft.id, **_values(group, _GROUP))
        for group in queries.groups_of(source.id)
    }
    db.session.add_all(groups.values())
    db.session.flush()
    for step in queries.steps_of(source.id):
        group_id = groups[step.group_id].id
        db.session.add(ProgrammeStep(version_id=draft.id, group_id=group_id, **_values(step, _STEP)))
    for each in queries.prerequisites_of(source.id):
        db.session.add(ProgrammePrerequisite(version_id=draft.id, **_values(each, _PREREQUISITE)))
    db.session.flush()


def _values(row: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


def discard_programme_draft(programme: Programme) -> bool:
    """Throw away the draft of a published programme. Returns whether there was one; the only draft of a programme stays."""
    lock(Programme, programme.id)
    draft = version_in(programme.id, DRAFT)
    if draft is None or version_in(programme.id, PUBLISHED) is None:
        return False
    for rows in (queries.steps_of(draft.id), queries.groups_of(draft.id), queries.prerequisites_of(draft.id), [draft]):
        for row in rows:
            db.session.delete(row)
        db.session.flush()
    return True


def hold_programme_draft(version_id: int) -> ProgrammeVersion:
    """Lock a version until the transaction ends; refuse when it is no longer a draft."""
    version: ProgrammeVersion | None = lock(ProgrammeVersion, version_id)
    if version is None or version.state != DRAFT:
        raise NoDraft
    return version


def hold_part(part: Part) -> Part:
    """Lock the draft of a part and return the part as it is now; OutOfStep's kin NoDraft when it is gone."""
    hold_programme_draft(part.version_id)
    found = db.session.get(type(part), part.id, populate_existing=True)
    if found is None:
        raise NoDraft
    return found


def bump(row: Programme | ProgrammeVersion | Part, revision: int | None) -> None:
    """Hold a save to the revision its page was opened with (None: whatever is there), and count it."""
    if revision is not None and revision != row.revision:
        raise Stale
    row.revision += 1


def record(
    act: str, programme: Programme, actor_id: int | None, at: datetime, before: object = None, after: object = None
) -> None:
    """Write an act about a programme into the trail."""
    audit.record(
        act,
        at=at,
        actor_id=actor_id,
        subject=("programme", programme.id, programme.key),
        organisation_id=programme.organisation_id,
        before=before,  # type: ignore[arg-type]
        after=after,  # type: ignore[arg-type]
    )
    db.session.flush()
