"""The filters that say which courses somebody may edit or know of; policies and queries stand on them."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from academy.base.access import ADMINISTRATOR, TRAINER, Actor
from academy.catalogue.models import Course, CourseTrainer


def courses_edited(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Course for those the actor may edit."""
    parts: list[ColumnElement[bool]] = []
    administered, trained = actor.organisations_as(ADMINISTRATOR), actor.organisations_as(TRAINER)
    if administered is None:
        return true()
    if administered:
        parts.append(Course.organisation_id.in_(administered))
    if trained is None or trained:
        listed = Course.id.in_(select(CourseTrainer.course_id).where(CourseTrainer.person_id == actor.person_id))
        parts.append(listed if trained is None else and_(listed, Course.organisation_id.in_(trained)))
    return or_(*parts) if parts else false()


def courses_visible(actor: Actor | None) -> ColumnElement[bool]:
    """Return the filter on Course for those the actor may know of; without an actor, the public ones."""
    if actor is None:
        return and_(Course.public, Course.audience == "everyone")
    own = Course.organisation_id == actor.organisation_id
    return or_(Course.audience == "everyone", own, courses_edited(actor))
