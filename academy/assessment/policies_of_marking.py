"""Who marks the answers of a quiz, who names markers and releases results, and who fetches the files of answers."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from academy.assessment.models import Quiz, QuizMarker
from academy.base.access import ADMINISTRATOR, TRAINER, Actor, allowed, permit
from academy.base.db import db
from academy.catalogue.models import Course
from academy.catalogue.policies import EDIT_COURSE, courses_edited


def quizzes_marked(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Quiz (joined with Course) for those whose answers the actor may mark.

    Those of the courses they may edit, and those they are named for, while they are trainers where the course belongs.
    """
    named = Quiz.id.in_(select(QuizMarker.quiz_id).where(QuizMarker.person_id == actor.person_id))
    trained = actor.organisations_as(TRAINER)
    return or_(courses_edited(actor), named if trained is None else and_(named, Course.organisation_id.in_(trained)))


def marks(actor: Actor, thing: Any) -> bool:
    """Whether the actor may mark the answers of a quiz; `thing` knows its `quiz_id` and its `course`."""
    if allowed(EDIT_COURSE, actor, thing.course):
        return True
    named = actor.has(TRAINER, thing.course.organisation_id)
    return named and db.session.get(QuizMarker, (thing.quiz_id, actor.person_id)) is not None


def _marks_answer(actor: Actor, thing: Any) -> bool:
    return not actor.is_human(thing.learner_id, thing.learner_account_id) and marks(actor, thing)


def _fetches(actor: Actor, thing: Any) -> bool:
    return thing.learner_id == actor.person_id or marks(actor, thing)


def _works(actor: Actor, thing: object) -> bool:
    return actor.has(TRAINER) or actor.has(ADMINISTRATOR)


OPEN_MARKING = permit(
    "assessment:marking:open", _works, "Trainers and administrators open the marking desk; it shows what they may mark."
)
SEE_MARKING = permit(
    "assessment:marking:see",
    marks,
    "Those who may edit a course, and markers named for a quiz, see what waits for marks.",
)
MARK_ANSWER = permit(
    "assessment:answer:mark",
    _marks_answer,
    "Those who may edit a course, and markers named for a quiz, mark its answers; nobody marks their own, nor those they gave in another organisation.",
)
FETCH_FILE = permit(
    "assessment:file:fetch", _fetches, "Learners fetch the files of their own answers; markers those they may mark."
)
RELEASE_MARKS = permit(
    "assessment:marks:release",
    lambda actor, thing: allowed(EDIT_COURSE, actor, thing.course),
    "Those who may edit a course release the results of its marked attempts.",
)
NAME_MARKERS = permit(
    "assessment:marker:name",
    lambda actor, thing: allowed(EDIT_COURSE, actor, thing.course),
    "Those who may edit a course name markers among the trainers of its organisation.",
)
