"""The life of a course beside its versions: its address, who may see it, its trainers, retiring it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Person, RoleGrant
from academy.base import audit
from academy.base.access import TRAINER
from academy.base.db import db, lock
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.catalogue import queries
from academy.catalogue.models import Course, CourseTrainer
from academy.catalogue.refusals import KeyFixed, KeyTaken
from academy.catalogue.services.creating import check_code, check_key
from academy.catalogue.services.drafting import bump
from academy.catalogue.services.searching import refresh_search_text

AUDIENCES = ("everyone", "organisation")


def _record(
    act: str,
    course: Course,
    actor_id: int | None,
    at: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    audit.record(
        act,
        at=at,
        actor_id=actor_id,
        subject=("course", course.id, course.key),
        organisation_id=course.organisation_id,
        before=before,
        after=after,
    )
    db.session.flush()


def change_access(
    course: Course,
    *,
    key: str,
    code: str,
    audience: str,
    public: bool,
    actor_id: int | None,
    at: datetime,
    revision: int | None = None,
) -> Course:
    """Change a course's address (before its first publication), code and who may see it; this takes effect at once."""
    held: Course = lock(Course, course.id)
    bump(held, revision)
    if audience not in AUDIENCES:
        raise Invalid(_l("Choose who may see the course from the list."), field="audience")
    if key != held.key:
        if queries.was_published(held.id):
            raise KeyFixed(field="key")
        check_key(key, but=held.id)
    check_code(code, held.organisation_id, but=held.id)
    before = _access(held)
    try:
        with db.session.begin_nested():
            held.key, held.code, held.audience = key, code, audience
            held.public = public and audience == "everyone"
            db.session.flush()
    except IntegrityError as taken:  # another had it first, a moment ago
        check_code(code, held.organisation_id, but=held.id)
        raise KeyTaken(field="key") from taken
    version = queries.published_version(held.id) or queries.draft_version(held.id)
    if version is not None:
        refresh_search_text(held, version)
    if (after := _access(held)) != before:
        _record("catalogue:course:edit", held, actor_id, at, before, after)
    return held


def _access(course: Course) -> dict[str, Any]:
    return {"key": course.key, "code": course.code, "audience": course.audience, "public": course.public}


def retire(course: Course, *, actor_id: int | None, at: datetime) -> bool:
    """Take a course out of the catalogue; learners who are in it finish it. Returns whether it was not retired before."""
    held: Course = lock(Course, course.id)
    if held.retired_at is not None:
        return False
    held.retired_at = at
    _record("catalogue:course:retire", held, actor_id, at, {"retired": False}, {"retired": True})
    return True


def bring_back(course: Course, *, actor_id: int | None, at: datetime) -> bool:
    """Put a retired course back into the catalogue. Returns whether it was retired."""
    held: Course = lock(Course, course.id)
    if held.retired_at is None:
        return False
    held.retired_at = None
    _record("catalogue:course:retire", held, actor_id, at, {"retired": True}, {"retired": False})
    return True


def assign_trainer(course: Course, person_id: int, *, actor_id: int | None, at: datetime) -> bool:
    """Let a person who holds the trainer's role in the course's organisation edit it. Returns whether they are new to it."""
    lock(Course, course.id)
    if db.session.get(CourseTrainer, (course.id, person_id)) is not None:
        return False
    if not _may_train(course, person_id):
        raise Invalid(_l("Choose somebody of the course's organisation who holds the trainer role."), field="person")
    db.session.add(CourseTrainer(course_id=course.id, person_id=person_id))
    _record("catalogue:course:trainers", course, actor_id, at, None, {"trainer": person_id})
    return True


def _may_train(course: Course, person_id: int) -> bool:
    person = db.session.get(Person, person_id)
    if person is None or person.state != "active" or person.organisation_id != course.organisation_id:
        return False
    scopes = db.session.scalars(
        select(RoleGrant.organisation_id).where(RoleGrant.person_id == person_id, RoleGrant.role == TRAINER)
    )
    return any(scope in (None, course.organisation_id) for scope in scopes)


def remove_trainer(course: Course, person_id: int, *, actor_id: int | None, at: datetime) -> bool:
    """Take a trainer from a course. Returns whether they were its trainer; the last one stays."""
    lock(Course, course.id)
    row = db.session.get(CourseTrainer, (course.id, person_id))
    if row is None:
        return False
    if len(queries.trainers_of(course.id)) < 2:
        raise Invalid(_l("A course keeps at least one trainer. Add another one first."), field="person")
    db.session.delete(row)
    _record("catalogue:course:trainers", course, actor_id, at, {"trainer": person_id}, None)
    return True
