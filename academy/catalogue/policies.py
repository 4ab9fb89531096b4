"""Who may see and who may edit a course. The same scopes guard pages and filter queries."""

from typing import Any

from academy.base.access import ADMINISTRATOR, REVIEWER, TRAINER, Actor, permit
from academy.base.db import db
from academy.catalogue.models import Course, CourseTrainer
from academy.catalogue.scopes import courses_edited, courses_visible

__all__ = [
    "CREATE_COURSE",
    "DECIDE_REVIEW",
    "EDIT_COURSE",
    "KEEP_GLOSSARY",
    "READ_DRAFT",
    "REVIEW_COURSES",
    "SEE_COURSE",
    "TEACH",
    "courses_edited",
    "courses_visible",
    "edits",
    "organisations_for_new",
    "reads_draft",
    "sees",
]


def course_of(thing: Any) -> Course:
    """Return the course of a course, version, unit, activity or anything else that knows its `course` or `version`."""
    if isinstance(thing, Course):
        return thing
    return thing.course if hasattr(thing, "course") else thing.version.course  # type: ignore[no-any-return]


def _trains(actor: Actor, course: Course) -> bool:
    if not actor.has(TRAINER, course.organisation_id):
        return False
    row = db.session.get(CourseTrainer, (course.id, actor.person_id))
    # A page asks this several times, and the session holds rows only weakly: unheld, each time might read it anew.
    db.session.info[CourseTrainer, course.id, actor.person_id] = row
    return row is not None


def edits(actor: Actor, thing: Any) -> bool:
    """Whether the actor may edit a course: administrators of its organisation, and its trainers while they hold the role."""
    course = course_of(thing)
    return actor.has(ADMINISTRATOR, course.organisation_id) or _trains(actor, course)


def sees(actor: Actor, thing: Any) -> bool:
    """Whether the actor may know of a course: it is for everyone, of their own organisation, or theirs to edit."""
    course = course_of(thing)
    return course.audience == "everyone" or course.organisation_id == actor.organisation_id or edits(actor, course)


def reads_draft(actor: Actor, thing: Any) -> bool:
    """Whether the actor may read the draft of a course: who may edit it, and its organisation's content reviewers."""
    return actor.has(REVIEWER, course_of(thing).organisation_id) or edits(actor, thing)


def _decides(actor: Actor, thing: Any) -> bool:
    return actor.has(REVIEWER, course_of(thing).organisation_id) and not edits(actor, thing)


def _reviews(actor: Actor, thing: object) -> bool:
    return actor.has(REVIEWER)


def organisations_for_new(actor: Actor) -> set[int] | None:
    """Return the ids of organisations in which the actor may create courses; None means all."""
    administered, trained = actor.organisations_as(ADMINISTRATOR), actor.organisations_as(TRAINER)
    return None if administered is None or trained is None else administered | trained


def _teaches(actor: Actor, thing: object) -> bool:
    return actor.has(TRAINER) or actor.has(ADMINISTRATOR)


def _creates(actor: Actor, organisation_id: int | None) -> bool:
    allowed = organisations_for_new(actor)
    return _teaches(actor, None) and (organisation_id is None or allowed is None or organisation_id in allowed)


def _keeps_glossary(actor: Actor, thing: object) -> bool:
    return actor.holds_everywhere(ADMINISTRATOR) or actor.holds_everywhere(TRAINER)


KEEP_GLOSSARY = permit(
    "catalogue:glossary:edit",
    _keeps_glossary,
    "Administrators and trainers of the whole academy add, change and remove the terms of the glossary.",
)
TEACH = permit("catalogue:course:list", _teaches, "Trainers and administrators list the courses they may edit.")
CREATE_COURSE = permit(
    "catalogue:course:create", _creates, "Trainers and administrators create courses in their organisation."
)
SEE_COURSE = permit(
    "catalogue:course:see", sees, "Everyone sees courses for everyone and those of their own organisation."
)
EDIT_COURSE = permit(
    "catalogue:course:edit", edits, "Trainers edit their courses; administrators those of their organisation."
)
REVIEW_COURSES = permit("catalogue:review:list", _reviews, "Content reviewers list the drafts that wait for them.")
READ_DRAFT = permit(
    "catalogue:draft:read",
    reads_draft,
    "Whoever may edit a course, and its organisation's content reviewers, read its draft and comment on it.",
)
DECIDE_REVIEW = permit(
    "catalogue:review:decide",
    _decides,
    "Content reviewers approve and return the drafts of their organisation, never of a course that they may edit.",
)
