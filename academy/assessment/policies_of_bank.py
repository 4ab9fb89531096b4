"""Who works in which question bank: the same scope guards its pages and filters its lists."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from academy.assessment.models import Question
from academy.base.access import ADMINISTRATOR, REVIEWER, TRAINER, Actor, permit
from academy.catalogue.models import Course
from academy.catalogue.policies import courses_edited, edits


def banks_of(actor: Actor) -> set[int] | None:
    """Return the ids of organisations in whose bank the actor works or reviews; None means all."""
    found: set[int] = set()
    for role in (TRAINER, ADMINISTRATOR, REVIEWER):
        organisations = actor.organisations_as(role)
        if organisations is None:
            return None
        found |= organisations
    return found


def works_in(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor trains or administers in an organisation."""
    return actor.has(TRAINER, organisation_id) or actor.has(ADMINISTRATOR, organisation_id)


def questions_seen(actor: Actor, organisation_id: int) -> ColumnElement[bool]:
    """Return the filter on Question: the bank of one organisation, with its courses that the actor may edit or review."""
    if actor.has(REVIEWER, organisation_id):
        return Question.organisation_id == organisation_id
    own = Question.course_id.in_(select(Course.id).where(courses_edited(actor)))
    return and_(Question.organisation_id == organisation_id, or_(Question.course_id.is_(None), own))


def _has_bank(actor: Actor, thing: Any) -> bool:
    if thing is None:
        return actor.has(TRAINER) or actor.has(ADMINISTRATOR)
    return works_in(actor, thing.organisation_id)


def _keeps(actor: Actor, thing: Any) -> bool:
    if not works_in(actor, thing.question.organisation_id):
        return False
    return thing.question.course_id is None or edits(actor, thing)


def _reads(actor: Actor, thing: Any) -> bool:
    return _has_bank(actor, thing) or actor.has(REVIEWER, thing.organisation_id if thing is not None else None)


def _reviews(actor: Actor, thing: Any) -> bool:
    return _keeps(actor, thing) or actor.has(REVIEWER, thing.question.organisation_id)


def _imports(actor: Actor, thing: Any) -> bool:
    return bool(thing.plan.owner_id == actor.person_id) and _has_bank(actor, thing)


USE_BANK = permit(
    "assessment:bank:use", _has_bank, "Trainers and administrators work in the question bank of their organisations."
)
READ_BANK = permit(
    "assessment:bank:read",
    _reads,
    "Whoever works in a question bank, and its organisation's content reviewers, read it.",
)
REVIEW_BANKED = permit(
    "assessment:question:review",
    _reviews,
    "Whoever may edit a question of the bank, and its organisation's content reviewers, read it, comment on it and judge it.",
)
EDIT_BANKED = permit(
    "assessment:question:edit",
    _keeps,
    "A question of the bank is edited by whoever works in that bank, a course's own by those who may edit the course.",
)
IMPORT_TO_BANK = permit(
    "assessment:bank:import", _imports, "Whoever uploaded a file for the bank decides about it, and nobody else."
)
