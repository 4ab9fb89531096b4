"""Surveys: quizzes in which nothing is scored. What was said in them, by how many, and never less than a small group's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true, union

from academy.accounts.models import Person
from academy.assessment.kinds import lookups
from academy.assessment.models import (
    GRADED,
    Attempt,
    AttemptItem,
    QuestionVersion,
    Quiz,
    QuizItem,
    QuizSection,
    QuizVersion,
    SurveySheet,
)
from academy.assessment.queries_of_editing import EditedQuestion, edited_questions
from academy.assessment.queries_of_opinions import Opinions, opinions
from academy.assessment.types import unscored
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course

LEAST_GROUP = 5
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Survey:
    """A published version of a survey; `sent` counts the people who have taken part."""

    version_id: int
    quiz_id: int
    number: int
    title: LocalizedText
    anonymous: bool
    sent: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person said: question version id (as text) → stored response; `name` is None in anonymous surveys."""

    answers: Answers
    name: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What was said to one question. `opinions` is None while fewer than the floor have answered it."""

    number: int
    question: EditedQuestion
    answered: int
    opinions: Opinions | None


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """The results of a survey from `shown` people, None or as many as the `floor` at least; the others wait."""

    survey: Survey
    floor: int
    shown: int
    questions: tuple[QuestionResult, ...]

    @property
    def waiting(self) -> int:
        """How many have taken part whose answers are not among those that are shown."""
        return max(0, self.survey.sent - self.shown)


def surveys_of(course_id: int) -> list[Survey]:
    """Return the published versions of the surveys of a course, newest first; one statement."""
    scored = (
        select(QuizItem.id)
        .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
        .where(QuizItem.quiz_version_id == QuizVersion.id, QuestionVersion.type.not_in(unscored()))
    )
    asks = select(QuizItem.id).where(QuizItem.quiz_version_id == QuizVersion.id)
    draws = select(QuizSection.id).where(QuizSection.quiz_version_id == QuizVersion.id, QuizSection.kind == "draw")
    part = func.count(Attempt.id).label("sent")
    took_part = and_(Attempt.quiz_version_id == QuizVersion.id, Attempt.state == GRADED, Attempt.passed.is_(True))
    query = (
        select(QuizVersion, part)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .outerjoin(Attempt, took_part)
        .where(Quiz.course_id == course_id, QuizVersion.frozen_at.is_not(None))
        .where(asks.exists(), ~scored.exists(), ~draws.exists())
        .group_by(QuizVersion.id)
        .order_by(QuizVersion.frozen_at.desc(), QuizVersion.id.desc())
    )
    return [
        Survey(version.id, version.quiz_id, version.number, version.title, version.anonymous, sent)
        for version, sent in db.session.execute(query)
    ]


def was_published(quiz_id: int) -> bool:
    """Whether any version of a quiz has been published."""
    published = select(QuizVersion.id).where(QuizVersion.quiz_id == quiz_id, QuizVersion.frozen_at.is_not(None))
    return db.session.scalar(published.limit(1)) is not None


def floor_of(quiz_id: int) -> int:
    """Return how many people must have answered before anything is shown: the strictest rule of the organisations concerned."""
    owner = select(Course.organisation_id).join(Quiz, Quiz.course_id == Course.id).where(Quiz.id == quiz_id)
    took_part = (
        select(Person.organisation_id)
        .join(Attempt, Attempt.learner_id == Person.id)
        .where(Attempt.quiz_id == quiz_id, Attempt.state == GRADED)
    )
    concerned = select(union(owner, took_part).subquery().c[0])
    return max(LEAST_GROUP, lookups.smallest_group(concerned) if lookups.smallest_group else LEAST_GROUP)


def results(survey: Survey) -> SurveyResults:
    """Return what was said, of as many people as the floor at least; four statements at most, however many."""
    floor = floor_of(survey.quiz_id)
    said = shown_sheets(survey, floor)
    questions = edited_questions(survey.version_id)
    found = tuple(_result(number, each, said, floor) for number, each in enumerate(questions, start=1))
    return SurveyResults(survey, floor, len(said), found)


def shown_sheets(survey: Survey, floor: int) -> list[Sheet]:
    """Return the sheets that results rest on: none below the floor."""
    found = _unnamed(survey.version_id) if survey.anonymous else named_sheets(survey, true())
    return found if len(found) >= floor else []


def _unnamed(version_id: int) -> list[Sheet]:
    """Return what lies open, in the order of drawn keys."""
    opened = SurveySheet.quiz_version_id == version_id, SurveySheet.answers.is_not(None)
    return [
        Sheet(answers)
        for answers in db.session.scalars(select(SurveySheet.answers).where(*opened).order_by(SurveySheet.key))
    ]


def named_sheets(survey: Survey, seen: ColumnElement[bool]) -> list[Sheet]:
    """Return what those whom the filter on Person lets through said last, by name; nothing of an anonymous survey."""
    if survey.anonymous:
        return []
    rows = db.session.execute(_named(survey.version_id, seen)).all()
    found: dict[int, tuple[LocalizedText, dict[str, Any]]] = {}
    for learner_id, name, version_id, response in rows:
        answers = found.setdefault(learner_id, (name, {}))[1]
        if response:
            answers[str(version_id)] = response
    return [Sheet(answers, name) for name, answers in found.values() if answers]


def _named(version_id: int, seen: ColumnElement[bool]) -> Select[Any]:
    latest = func.row_number().over(
        partition_by=Attempt.learner_id, order_by=(Attempt.cycle.desc(), Attempt.number.desc())
    )
    newest = (
        select(Attempt.id, latest.label("place"))
        .where(Attempt.quiz_version_id == version_id, Attempt.state == GRADED, Attempt.passed.is_(True))
        .subquery()
    )
    return (
        select(Person.id, Person.name, AttemptItem.question_version_id, AttemptItem.response)
        .join(Attempt, Attempt.learner_id == Person.id)
        .join(newest, and_(newest.c.id == Attempt.id, newest.c.place == 1))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .where(seen)
        .order_by(Person.search_text, Person.id, AttemptItem.position)
    )


def _result(number: int, question: EditedQuestion, said: Sequence[Sheet], floor: int) -> QuestionResult:
    responses = [sheet.answers.get(str(question.version_id)) or {} for sheet in said]
    found = opinions(question.content, responses, least=floor, each=True)
    return QuestionResult(number, question, sum(map(bool, responses)), found)
