"""Keeping what a trainer writes in a question, without ever changing what an attempt or a published quiz has used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select

from academy.assessment.models import AttemptItem, Question, QuestionVersion, QuizItem, QuizPool
from academy.assessment.queries_of_editing import EditedQuiz
from academy.assessment.refusals_of_editing import LiesInBank
from academy.assessment.services.editing import (
    hold_quiz,
    item_of,
    items_of,
    new_question,
    question_now,
    refuse_stale,
)
from academy.assessment.services.indexing import index_again, index_question
from academy.assessment.services.quizzes import check_question
from academy.base.db import db, lock
from academy.base.errors import Invalid
from academy.base.i18n import _

DIFFICULTIES = range(1, 4)
MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class Written:
    """What a trainer wrote: the content as its type wants it, what it measures, what it is worth."""

    type: str
    content: Mapping[str, Any]
    competency_key: str | None = None
    objective: str | None = None
    difficulty: int = 2
    points: int = 1


def add_written(activity_id: int, written: Written, *, at: datetime, by_id: int | None) -> QuizItem:
    """Put a new question at the end of the quiz. Raises UnusableQuestion with the problems of its content."""
    held = hold_quiz(activity_id)
    check_written(written)
    version = make_version(written, new_question(held, at=at, by_id=by_id), 1, at, by_id)
    item = QuizItem(
        quiz_version_id=held.quiz.id,
        position=max((item.position for item in items_of(held.quiz)), default=0) + 1,
        points=written.points,
        question_version=version,
    )
    db.session.add_all((version, item))
    index_question(version.question, written.content)
    db.session.flush()
    return item


def keep_written(
    activity_id: int, item_id: int, written: Written, *, at: datetime, by_id: int | None, seen: str | None = None
) -> QuizItem:
    """Keep an edit of a question: in place while only this draft uses it, else as its next version.

    `seen` is the mark of the question that the page was opened with. Raises ChangedMeanwhile, UnusableQuestion, and
    LiesInBank for a question that other quizzes may share: it is edited where it lies.
    """
    held = hold_quiz(activity_id)
    refuse_stale(question_now(held, item_id).mark, seen)
    check_written(written)
    item = item_of(held.quiz, item_id)
    item.points = written.points
    present = item.question_version
    if differs(present, written):
        if present.question.course_id is None:
            raise LiesInBank
        if used_elsewhere(present.id, held):
            item.question_version = next_version(present.question, written, at, by_id)
        else:
            _change(present, written, by_id)
        db.session.flush()
        index_again(present.question)
    db.session.flush()
    return item


def used_elsewhere(question_version_id: int, held: EditedQuiz) -> bool:
    """Whether an attempt, or a quiz version other than this draft, uses the question version; fixed or in a pool."""
    other_quiz = exists().where(
        QuizItem.question_version_id == question_version_id, QuizItem.quiz_version_id != held.quiz.id
    )
    pool = exists().where(QuizPool.question_version_id == question_version_id)
    attempt = exists().where(AttemptItem.question_version_id == question_version_id)
    return bool(db.session.scalar(select(or_(other_quiz, pool, attempt))))


def check_written(written: Written) -> None:
    """Raise UnusableQuestion or Invalid when what was written cannot be kept."""
    check_question(written.type, written.content)
    if written.difficulty not in DIFFICULTIES:
        raise Invalid(_("Choose a difficulty from the list."), field="difficulty")
    if not 1 <= written.points <= MOST_POINTS:
        raise Invalid(_("Enter points from 1 to %(most)s.", most=MOST_POINTS), field="points")


def differs(present: QuestionVersion, written: Written) -> bool:
    """Whether what was written is anything new."""
    now = (present.type, dict(present.content), present.competency_key, present.objective, present.difficulty)
    then = (written.type, dict(written.content), written.competency_key, written.objective, written.difficulty)
    return now != then


def _change(present: QuestionVersion, written: Written, by_id: int | None) -> None:
    present.type, present.content, present.difficulty = written.type, dict(written.content), written.difficulty
    present.competency_key, present.objective = written.competency_key, written.objective
    present.created_by_id = by_id


def next_version(question: Question, written: Written, at: datetime, by_id: int | None) -> QuestionVersion:
    """Make the next version of a question; two at once wait for one another."""
    lock(Question, question.id)
    query = select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == question.id)
    version = make_version(written, question, (db.session.scalar(query) or 0) + 1, at, by_id)
    db.session.add(version)
    db.session.flush()
    return version


def make_version(written: Written, question: Question, number: int, at: datetime, by_id: int | None) -> QuestionVersion:
    """Return a version of a question that says what was written."""
    return QuestionVersion(
        question=question,
        number=number,
        type=written.type,
        competency_key=written.competency_key,
        objective=written.objective,
        difficulty=written.difficulty,
        content=dict(written.content),
        created_at=at,
        created_by_id=by_id,
    )
