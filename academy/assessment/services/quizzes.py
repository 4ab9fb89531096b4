"""Making quizzes and their questions, copying them into the next version, freezing them when a course is published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import joinedload

from academy.assessment.models import Question, QuestionVersion, Quiz, QuizItem, QuizPool, QuizSection, QuizVersion
from academy.assessment.queries_of_editing import RULES, activity_holding
from academy.assessment.queries_of_pools import drawings_of, fixed_questions, placed_quizzes
from academy.assessment.rules.safe_browser import NONE
from academy.assessment.services.indexing import index_again
from academy.assessment.services.surveying import refuse_mixed
from academy.assessment.types import Problem, kind
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import Course

FROZEN = _l("This quiz is published. Edit the course to change it.")
COPIED = ("title", "marking", *RULES)
COPIED_OF_SECTION = ("position", "title", "kind", "draw", "points")


class UnusableQuestion(Invalid):
    """A question cannot be used as it is; `problems` say why, field by field."""

    sentence = _l("This question cannot be used yet.")

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


class PoolTooSmall(Conflict):
    """The lines of a quiz cannot all be filled from what they may draw."""

    sentence = _l("There are too few questions for the draws of this quiz.")


def create_quiz(
    course_id: int,
    key: str,
    *,
    title: LocalizedText,
    pass_percent: int = 70,
    attempts_allowed: int | None = None,
    minutes: int | None = None,
    shuffle: bool = True,
    layout: str = "one",
    release: str = "after_submit",
    at: datetime,
) -> QuizVersion:
    """Make a quiz of a course with its first version; a key that the course has already gets its next version."""
    quiz = db.session.scalar(select(Quiz).where(Quiz.course_id == course_id, Quiz.key == key))
    if quiz is None:
        quiz = _added(Quiz(course_id=course_id, key=key))
    return _added(
        QuizVersion(
            quiz=quiz,
            number=_next_number(quiz.id),
            title=title,
            pass_percent=pass_percent,
            attempts_allowed=attempts_allowed,
            minutes=minutes,
            shuffle=shuffle,
            layout=layout,
            release=release,
            created_at=at,
        )
    )


def add_question(
    quiz_version: QuizVersion,
    *,
    key: str,
    type: str,
    content: Mapping[str, Any],
    competency_key: str | None = None,
    objective: str | None = None,
    difficulty: int = 2,
    points: int = 1,
    at: datetime,
    by_id: int | None = None,
) -> QuizItem:
    """Put a question at the end of a draft quiz; a key that the course has already gets its next version.

    Raises UnusableQuestion when the type finds problems in the content, Conflict when the quiz is frozen.
    """
    refuse_frozen(quiz_version)
    check_question(type, content)
    question = _question(quiz_version.quiz.course_id, key, at=at, by_id=by_id)
    version = _added(
        QuestionVersion(
            question=question,
            number=_next_question_number(question.id),
            type=type,
            competency_key=competency_key,
            objective=objective,
            difficulty=difficulty,
            content=dict(content),
            created_at=at,
            created_by_id=by_id,
        )
    )
    index_again(question, version.content)
    last = db.session.scalar(select(func.max(QuizItem.position)).where(QuizItem.quiz_version_id == quiz_version.id))
    return _added(
        QuizItem(quiz_version_id=quiz_version.id, position=(last or 0) + 1, points=points, question_version=version)
    )


def copy_version(quiz_version_id: int, at: datetime) -> QuizVersion:
    """Make the next version of a quiz: the same rules, sections and question versions, open to edits.

    What its lines may draw is not copied: it is looked up anew when that version is published.
    """
    old = _version(quiz_version_id)
    copy = _added(
        QuizVersion(
            quiz_id=old.quiz_id,
            number=_next_number(old.quiz_id),
            created_at=at,
            **{name: getattr(old, name) for name in COPIED},
        )
    )
    sections = _copied_sections(old.id, copy.id)
    items = db.session.scalars(
        select(QuizItem).where(QuizItem.quiz_version_id == old.id).order_by(QuizItem.position, QuizItem.id)
    )
    db.session.add_all(
        QuizItem(
            quiz_version_id=copy.id,
            section_id=sections.get(item.section_id),
            position=place,
            points=item.points,
            question_version_id=item.question_version_id,
        )
        for place, item in enumerate(items, start=1)
    )
    db.session.flush()
    return copy


def _copied_sections(old_id: int, new_id: int) -> dict[int | None, int]:
    """Copy the sections of a quiz version; return old id → new id."""
    query = select(QuizSection).where(QuizSection.quiz_version_id == old_id)
    copied: dict[int | None, int] = {}
    for old in db.session.scalars(query.order_by(QuizSection.position, QuizSection.id)).all():
        new = QuizSection(quiz_version_id=new_id, **{name: getattr(old, name) for name in COPIED_OF_SECTION})
        copied[old.id] = _added(new).id
    return copied


def freeze(quiz_version_id: int, at: datetime) -> None:
    """Close a quiz version to edits, so that attempts can be made on it; freezing again changes nothing.

    What its lines may draw is written down now, so that a later edit of the bank changes nobody's paper; so is the activity
    that holds it, whose address Safe Exam Browser may open.
    Raises PoolTooSmall when the lines cannot all be filled, MixedSurvey for a survey that is none.
    """
    version = _version(quiz_version_id)
    if version.frozen_at is not None:
        return
    refuse_mixed(version)
    fixed = {version.id: fixed_questions(version.id)}
    drawing = drawings_of(placed_quizzes([version.id]), fixed)[version.id]
    if not drawing.fits:
        raise PoolTooSmall
    version.frozen_at = at
    if version.secure_browser != NONE:
        version.secure = {**version.secure, "step": activity_holding(version.id)}
    rows = [
        {"section_id": each.section_id, "line": each.place, "question_version_id": candidate.version_id}
        for each in drawing.lines
        for candidate in each.pool.candidates
    ]
    db.session.flush()
    if rows:
        db.session.execute(insert(QuizPool), rows)


def refuse_frozen(quiz_version: QuizVersion) -> None:
    """Raise Conflict when the version is closed to edits."""
    if quiz_version.frozen_at is not None:
        raise Conflict(FROZEN)


def check_question(type: str, content: Mapping[str, Any]) -> None:
    """Raise UnusableQuestion when the type finds problems; NotFound for a type that is none."""
    try:
        problems = kind(type).check(content)
    except KeyError:
        raise NotFound from None
    if problems:
        raise UnusableQuestion(problems)


def _version(quiz_version_id: int) -> QuizVersion:
    found = db.session.get(QuizVersion, quiz_version_id, options=[joinedload(QuizVersion.quiz)])
    if found is None:
        raise NotFound
    return found


def _question(course_id: int, key: str, *, at: datetime, by_id: int | None) -> Question:
    found = db.session.scalar(select(Question).where(Question.course_id == course_id, Question.key == key))
    if found is not None:
        return found
    owner = db.session.get_one(Course, course_id).organisation_id
    return _added(  # type: ignore[no-any-return]
        Question(organisation_id=owner, course_id=course_id, key=key, created_at=at, created_by_id=by_id)
    )


def _next_number(quiz_id: int) -> int:
    lock(Quiz, quiz_id)
    last = db.session.scalar(select(func.max(QuizVersion.number)).where(QuizVersion.quiz_id == quiz_id))
    return (last or 0) + 1


def _next_question_number(question_id: int) -> int:
    lock(Question, question_id)
    query = select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == question_id)
    return (db.session.scalar(query) or 0) + 1


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row
