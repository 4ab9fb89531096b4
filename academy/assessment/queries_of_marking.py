"""The marking desk: what waits for marks, by quiz and question, and one answer in front of its marker."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person, RoleGrant
from academy.accounts.queries_of_memberships import same_human
from academy.assessment.models import (
    FINAL_MARK,
    FIRST,
    SECOND,
    SUBMITTED,
    THIRD,
    AnswerMark,
    Attempt,
    AttemptItem,
    QuestionVersion,
    Quiz,
    QuizMarker,
    QuizVersion,
)
from academy.assessment.rules import MarkingRules
from academy.base.access import TRAINER
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion

WAITING = (FIRST, SECOND, THIRD)
_some_mark = aliased(AnswerMark)  # made once: the frame of every page of a marker asks for it


@dataclass(frozen=True, slots=True)
class QuestionQueue:
    """The answers to one question version that wait: for which mark, how many this marker may take, since when."""

    quiz_id: int
    version_id: int
    stem: LocalizedText
    type: str
    first: int
    second: int
    third: int
    free: int
    mine: int
    held: int
    since: datetime

    @property
    def waiting(self) -> int:
        """How many answers wait for some mark."""
        return self.first + self.second + self.third


@dataclass(frozen=True, slots=True)
class QuizQueue:
    """A quiz with attempts that wait: how many, how many of them are marked completely, and its questions."""

    quiz_id: int
    title: LocalizedText
    course_title: LocalizedText | None
    course: Course
    rules: MarkingRules
    attempts: int
    ready: int
    questions: tuple[QuestionQueue, ...]


@dataclass(frozen=True, slots=True)
class MarkedQuiz:
    """A quiz as the guard of the desk sees it, and the question that was asked for."""

    quiz_id: int
    course: Course
    title: LocalizedText
    rules: MarkingRules
    stem: LocalizedText


def marked_quiz(quiz_id: int, version_id: int = 0) -> MarkedQuiz | None:
    """Return a quiz with the title and the marking rules of its newest published version, and what a question asks."""
    asked = select(QuestionVersion.content).where(QuestionVersion.id == version_id).scalar_subquery()
    query = (
        select(Course, QuizVersion.title, QuizVersion.marking, asked.label("asked"))
        .join(Quiz, Quiz.course_id == Course.id)
        .join(QuizVersion, QuizVersion.quiz_id == Quiz.id)
        .where(Quiz.id == quiz_id)
        .order_by(QuizVersion.frozen_at.is_(None), QuizVersion.number.desc())
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    stem = LocalizedText.of((row.asked or {}).get("stem"))
    return MarkedQuiz(quiz_id, row.Course, row.title, MarkingRules.of(row.marking), stem)


def queues(scope: ColumnElement[bool], marker_id: int, now: datetime) -> list[QuizQueue]:
    """Return what waits in the quizzes of a filter on Quiz and Course, for a marker (three statements)."""
    found = defaultdict(list)
    for line in questions(scope, marker_id, now):
        found[line.quiz_id].append(line)
    return [_quiz(row, found[row.quiz_id]) for row in db.session.execute(_quizzes(scope))]


def questions(scope: ColumnElement[bool], marker_id: int, now: datetime) -> list[QuestionQueue]:
    """Return the questions whose answers wait, those that wait longest first (two statements)."""
    rows = db.session.execute(_lines(scope, marker_id, now)).all()
    contents = _contents([row.version_id for row in rows])
    return [_queue(row, contents[row.version_id]) for row in rows]


def waiting(scope: ColumnElement[bool], marker_id: Any, now: Any) -> ScalarSelect[int]:
    """Return the query of how many answers a marker could take now or has begun; marker and moment may be parameters."""
    free, begun, _held = _for(marker_id, now)
    return _waiting_items(select(func.count())).where(scope, free | begun).scalar_subquery()


def _for(marker_id: Any, now: Any) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """Return the filters on AttemptItem: free for this marker, begun by them, held by another one."""
    of_item, own, unfinished = (
        _some_mark.item_id == AttemptItem.id,
        _some_mark.marker_id == marker_id,
        _some_mark.state != FINAL_MARK,
    )
    mine = exists().where(of_item, own)
    begun = exists().where(of_item, own, unfinished)
    held = exists().where(of_item, ~own, unfinished, _some_mark.held_until > now)
    return (~mine & ~held & Attempt.learner_id.not_in(same_human(marker_id))), begun, held


def _waiting_items(columns: Select[Any]) -> Select[Any]:
    return (
        columns.select_from(AttemptItem)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(Attempt.state == SUBMITTED, AttemptItem.marking.in_(WAITING))
    )


def _lines(scope: ColumnElement[bool], marker_id: int, now: datetime) -> Select[Any]:
    free, begun, held = _for(marker_id, now)
    columns: tuple[Any, ...] = (
        Attempt.quiz_id,
        AttemptItem.question_version_id.label("version_id"),
        *(func.count(case((AttemptItem.marking == name, 1))).label(name) for name in WAITING),
        func.count(case((free, 1))).label("free"),
        func.count(case((begun, 1))).label("mine"),
        func.count(case((held, 1))).label("held"),
        func.min(Attempt.submitted_at).label("since"),
    )
    grouped = _waiting_items(select(*columns)).where(scope)
    return grouped.group_by(Attempt.quiz_id, AttemptItem.question_version_id).order_by(func.min(Attempt.submitted_at))


def _quizzes(scope: ColumnElement[bool]) -> Select[Any]:
    """One row for each quiz with submitted attempts: how many, how many of them are ready, the newest frozen version."""
    still = exists().where(AttemptItem.attempt_id == Attempt.id, AttemptItem.marking.in_(WAITING))
    newest = (
        select(func.max(QuizVersion.id)).where(QuizVersion.quiz_id == Quiz.id, QuizVersion.frozen_at.is_not(None))
    ).scalar_subquery()
    counted = (
        select(
            Quiz.id.label("quiz_id"), newest.label("version_id"), Quiz.course_id,
            func.count(Attempt.id).label("attempts"), func.count(case((~still, 1))).label("ready"),
            func.min(Attempt.submitted_at).label("since"),
        )
        .join(Attempt, Attempt.quiz_id == Quiz.id)
        .join(Course, Course.id == Quiz.course_id)
        .where(Attempt.state == SUBMITTED, scope)
        .group_by(Quiz.id)
        .subquery()
    )  # fmt: skip
    return (
        select(counted, QuizVersion.title, QuizVersion.marking, Course, CourseVersion.title.label("course_title"))
        .join(QuizVersion, QuizVersion.id == counted.c.version_id)
        .join(Course, Course.id == counted.c.course_id)
        .outerjoin(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .order_by(counted.c.since, counted.c.quiz_id)
    )


def _contents(version_ids: Sequence[int]) -> dict[int, Any]:
    query = select(QuestionVersion.id, QuestionVersion.type, QuestionVersion.content)
    return {row.id: row for row in db.session.execute(query.where(QuestionVersion.id.in_(set(version_ids))))}


def _queue(row: Row[Any], version: Any) -> QuestionQueue:
    stem = LocalizedText.of(version.content["stem"])
    return QuestionQueue(
        row.quiz_id, row.version_id, stem, version.type, row.first, row.second, row.third, row.free, row.mine, row.held,
        row.since,
    )  # fmt: skip


def _quiz(row: Row[Any], questions: Sequence[QuestionQueue]) -> QuizQueue:
    rules = MarkingRules.of(row.marking)
    return QuizQueue(
        row.quiz_id, row.title, row.course_title, row.Course, rules, row.attempts, row.ready, tuple(questions)
    )


def answers(quiz_id: int, version_id: int, marker_id: int, now: datetime) -> Select[Any]:
    """Return the query of the answers to a question that were handed in to be marked, those that wait first.

    Rows: id, marking, submitted_at, learner_id, name and organisation_id of the learner; `share` and `mark_state` of this
    marker's own mark; `held`: another marker is at it.
    """
    waits = case((AttemptItem.marking.in_(WAITING), 0), else_=1)
    _free, _begun, held = _for(marker_id, now)
    columns: tuple[Any, ...] = (
        AttemptItem.id, AttemptItem.marking, Attempt.submitted_at, Attempt.learner_id, Person.name, Person.organisation_id,
        AnswerMark.share, AnswerMark.state.label("mark_state"), held.label("held"), waits.label("waits"),
    )  # fmt: skip
    return (
        select(*columns)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Person, Person.id == Attempt.learner_id)
        .outerjoin(AnswerMark, and_(AnswerMark.item_id == AttemptItem.id, AnswerMark.marker_id == marker_id))
        .where(
            Attempt.quiz_id == quiz_id,
            AttemptItem.question_version_id == version_id,
            AttemptItem.marking.is_not(None),
            Attempt.state == SUBMITTED,
        )
        .order_by(waits, Attempt.submitted_at, AttemptItem.id)
    )


def marks_of(item_ids: Sequence[int]) -> dict[int, list[AnswerMark]]:
    """Return the marks of answers in their turns, by item; one statement."""
    found: dict[int, list[AnswerMark]] = defaultdict(list)
    if item_ids:
        query = select(AnswerMark).where(AnswerMark.item_id.in_(item_ids)).order_by(AnswerMark.item_id, AnswerMark.turn)
        for mark in db.session.scalars(query):
            found[mark.item_id].append(mark)
    return found


def markers(quiz_id: int) -> list[Any]:
    """Return (person_id, name, named_at) of those named to mark a quiz."""
    query = (
        select(Person.id.label("person_id"), Person.name, QuizMarker.named_at)
        .join(QuizMarker, QuizMarker.person_id == Person.id)
        .where(QuizMarker.quiz_id == quiz_id)
        .order_by(Person.search_text, Person.id)
    )
    return list(db.session.execute(query).all())


def possible_markers(quiz_id: int, organisation_id: int) -> list[tuple[int, LocalizedText]]:
    """Return (id, name) of the active trainers of an organisation who are not yet named for a quiz."""
    here = RoleGrant.organisation_id.is_(None) | (RoleGrant.organisation_id == organisation_id)
    trains = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == TRAINER, here)
    named = exists().where(QuizMarker.quiz_id == quiz_id, QuizMarker.person_id == Person.id)
    query = select(Person.id, Person.name).where(
        Person.state == "active", Person.organisation_id == organisation_id, trains, ~named
    )
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Person.search_text, Person.id))]
