"""Arranging the marking of a quiz: its rules while it is a draft, and who is named to mark."""

from datetime import datetime

from sqlalchemy import exists, select

from academy.accounts.models import Person, RoleGrant
from academy.assessment.models import Quiz, QuizMarker, QuizVersion
from academy.assessment.policies_of_marking import NAME_MARKERS
from academy.assessment.rules import MarkingRules
from academy.assessment.services.editing import hold_quiz
from academy.base import audit
from academy.base.access import TRAINER
from academy.base.db import db, insert_once
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.catalogue.models import Course


def change_marking(activity_id: int, rules: MarkingRules) -> QuizVersion:
    """Change how the answers of a draft quiz will be marked."""
    quiz = hold_quiz(activity_id).quiz
    quiz.marking = rules.as_json()
    db.session.flush()
    return quiz


def name_marker(quiz_id: int, person_id: int, *, by_id: int, at: datetime) -> QuizMarker:
    """Name a trainer of the course's organisation to mark a quiz; once, however often it is asked."""
    quiz = db.session.get_one(Quiz, quiz_id)
    course = db.session.get_one(Course, quiz.course_id)
    person = db.session.get(Person, person_id)
    if person is None or person.state != "active" or not _trains(person_id, course.organisation_id):
        raise Invalid(_l("Choose a trainer of the course's organisation."), field="person")

    def make() -> QuizMarker:
        return QuizMarker(quiz_id=quiz_id, person_id=person_id, named_by_id=by_id, named_at=at)

    marker, made = insert_once(make, lambda: db.session.get(QuizMarker, (quiz_id, person_id)))
    if made:
        _record(quiz, course, person, by_id, at, named=True)
    return marker


def dismiss_marker(quiz_id: int, person_id: int, *, by_id: int, at: datetime) -> None:
    """Name somebody no longer; their marks stay."""
    found = db.session.get(QuizMarker, (quiz_id, person_id))
    if found is None:
        return
    db.session.delete(found)
    db.session.flush()
    quiz = db.session.get_one(Quiz, quiz_id)
    person = db.session.get_one(Person, person_id)
    _record(quiz, db.session.get_one(Course, quiz.course_id), person, by_id, at, named=False)


def _trains(person_id: int, organisation_id: int) -> bool:
    here = RoleGrant.organisation_id.is_(None) | (RoleGrant.organisation_id == organisation_id)
    found = exists().where(RoleGrant.person_id == person_id, RoleGrant.role == TRAINER, here)
    return bool(db.session.scalar(select(found)))


def _record(quiz: Quiz, course: Course, person: Person, by_id: int, at: datetime, *, named: bool) -> None:
    audit.record(
        NAME_MARKERS,
        at=at,
        actor_id=by_id,
        subject=("person", person.id, person.name.show("ar")),
        organisation_id=course.organisation_id,
        before={"quiz": quiz.key, "marks": not named},
        after={"quiz": quiz.key, "marks": named},
    )
