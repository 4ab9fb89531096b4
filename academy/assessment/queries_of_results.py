"""Which quizzes were taken how often and by whom: trainers see figures of all and names of those they may see."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from academy.accounts.models import Organisation, Person
from academy.assessment.models import GRADED, Attempt, Calibration, Quiz, QuizVersion
from academy.assessment.queries import percent_of
from academy.assessment.queries_of_calibration import Scale, scale
from academy.assessment.queries_of_standing import by_round, outcome_of
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """The graded attempts at one version of a quiz, `scores` by exact percentage, and its calibration if it has one."""

    version_id: int
    number: int
    title: LocalizedText
    pass_percent: int
    scores: tuple[tuple[Fraction, int], ...]
    passed: int
    scale: Scale | None
    pre_quiz_id: int | None = None
    asks_sureness: bool = False

    @property
    def attempts(self) -> int:
        """How many attempts are graded."""
        return sum(count for _percent, count in self.scores)

    @property
    def mean(self) -> Fraction | None:
        """The mean percentage; None without attempts."""
        return sum((p * count for p, count in self.scores), Fraction(0)) / self.attempts if self.attempts else None

    @property
    def pass_rate(self) -> Fraction | None:
        """The share of attempts that passed; None without attempts."""
        return Fraction(self.passed, self.attempts) if self.attempts else None


@dataclass(frozen=True, slots=True)
class LearnerAttempt:
    """One attempt of a learner, as trainers list it; `percent` and `passed` are None while it is open."""

    id: int
    title: LocalizedText
    version: int
    cycle: int
    number: int
    started_at: datetime
    submitted_at: datetime | None
    closed_by: str | None
    score: Decimal | None
    max_score: Decimal
    passed: bool | None
    anonymous: bool = False

    @property
    def percent(self) -> Fraction | None:
        """The percentage earned."""
        return percent_of(self.score, self.max_score)


@dataclass(frozen=True, slots=True)
class LearnerOfCourse:
    """A learner, seen from a course."""

    course: Course
    person: Person


@dataclass(frozen=True, slots=True)
class ReckonedQuiz:
    """A published version of a quiz, seen from its course."""

    course: Course
    version_id: int


def reckoned_quiz(key: str, quiz_version_id: int) -> ReckonedQuiz | None:
    """Return a published version of a quiz of a course; None when the course has no such version."""
    query = (
        select(Course)
        .join(Quiz, Quiz.course_id == Course.id)
        .join(QuizVersion, QuizVersion.quiz_id == Quiz.id)
        .where(Course.key == key, QuizVersion.id == quiz_version_id, QuizVersion.frozen_at.is_not(None))
    )
    course = db.session.scalar(query)
    return ReckonedQuiz(course, quiz_version_id) if course else None


def quiz_figures(course_id: int) -> list[QuizFigures]:
    """Return the published versions of the quizzes of a course, newest first, in one statement."""
    graded = and_(Attempt.quiz_version_id == QuizVersion.id, Attempt.state == GRADED)
    query = (
        select(QuizVersion, Calibration, Attempt.score, Attempt.max_score, Attempt.passed, func.count(Attempt.id))
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .outerjoin(Calibration, Calibration.quiz_version_id == QuizVersion.id)
        .outerjoin(Attempt, graded)
        .where(Quiz.course_id == course_id, QuizVersion.frozen_at.is_not(None))
        .group_by(QuizVersion.id, Calibration.id, Attempt.score, Attempt.max_score, Attempt.passed)
        .order_by(QuizVersion.frozen_at.desc(), QuizVersion.id.desc())
    )
    found: dict[int, tuple[QuizVersion, Calibration | None, Counter[Fraction], list[int]]] = {}
    for version, kept, score, most, passed, count in db.session.execute(query):
        _version, _kept, scores, passes = found.setdefault(version.id, (version, kept, Counter(), []))
        percent = percent_of(score, most) if count else None
        if percent is not None:
            scores[percent] += count
            passes.append(count if passed else 0)
    return [
        QuizFigures(
            v.id, v.number, v.title, v.pass_percent, tuple(sorted(scores.items())), sum(passes), scale(kept),
            v.pre_quiz_id, v.confidence,
        )
        for v, kept, scores, passes in found.values()
    ]  # fmt: skip


def learners(course_id: int, seen: ColumnElement[bool]) -> Select[Any]:
    """Return the query of the learners with graded attempts at a course's quizzes whom the filter on Person lets through.

    Rows: id, name, organisation, attempts, best (percentage), last (moment).
    """
    best = func.max(Attempt.score * 100 / func.nullif(Attempt.max_score, 0))
    columns: tuple[Any, ...] = (
        Person.id, Person.name, Organisation.name.label("organisation"), func.count(Attempt.id).label("attempts"),
        best.label("best"), func.max(Attempt.submitted_at).label("last"),
    )  # fmt: skip
    return (
        select(*columns)
        .join(Attempt, Attempt.learner_id == Person.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Quiz.course_id == course_id, Attempt.state == GRADED, seen)
        .group_by(Person.id, Organisation.id)
        .order_by(Person.search_text, Person.id)
    )


def passed_a_quiz(course_id: int, learner_ids: Collection[int]) -> set[int]:
    """Return which of some learners have passed a quiz of a course by what counts in it; one statement."""
    of_course = Attempt.quiz_id.in_(select(Quiz.id).where(Quiz.course_id == course_id))
    rounds = by_round(of_course, Attempt.learner_id.in_(learner_ids))
    return {key[0] for key, tried in rounds.items() if outcome_of(tried[-1].quiz_version, tried).passed}


def learner_of_course(course: Course | None, person_id: int) -> LearnerOfCourse | None:
    """Return a person seen from a course; None when either is unknown."""
    person = db.session.get(Person, person_id) if course else None
    return LearnerOfCourse(course, person) if course and person else None


def attempts_of(course_id: int, person_id: int) -> list[LearnerAttempt]:
    """Return the attempts of a learner at the quizzes of a course, newest first, in one statement."""
    columns: tuple[Any, ...] = (
        Attempt.id, QuizVersion.title, QuizVersion.number, Attempt.cycle, Attempt.number, Attempt.started_at, Attempt.submitted_at,
        Attempt.closed_by, Attempt.score, Attempt.max_score, Attempt.passed, QuizVersion.anonymous,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Quiz.course_id == course_id, Attempt.learner_id == person_id)
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    )
    rows = db.session.execute(query).all()
    return [LearnerAttempt(*row) for row in rows]
