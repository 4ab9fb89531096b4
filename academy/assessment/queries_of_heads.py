"""An attempt with the rules of its quiz and what its learner was granted, without any question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from academy.assessment.models import (
    OPEN,
    SUBMITTED,
    Accommodation,
    Attempt,
    Quiz,
    QuizVersion,
)
from academy.assessment.queries_of_groups import CLOCKLESS, LARGER, comforts
from academy.assessment.rules import SEQUENTIAL, Matrix, holds, matrix
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course


@dataclass(frozen=True, slots=True)
class AttemptHead:
    """An attempt with the rules of its quiz, without any question."""

    id: int
    learner_id: int
    quiz_id: int
    quiz_version_id: int
    cycle: int
    number: int
    state: str
    sequence: int
    started_at: datetime
    deadline: datetime | None
    submitted_at: datetime | None
    closed_by: str | None
    score: Decimal | None
    max_score: Decimal
    passed: bool | None
    title: LocalizedText
    pass_percent: int
    attempts_allowed: int | None
    minutes: int | None
    layout: str
    release: str
    review: Mapping[str, Any]
    opens_at: datetime | None
    closes_at: datetime | None
    grace_seconds: int
    cooling_minutes: int
    counting: str
    navigation: str
    confidence: bool
    tries: int
    try_penalty: int
    addresses: Sequence[str]
    secure_browser: str
    secure: Mapping[str, Any]
    shortfalls: Sequence[Mapping[str, Any]]
    course_key: str
    saved_by: str | None
    larger_text: bool | None
    no_clock: bool | None
    granted_until: date | None
    anonymous: bool
    comforts: int | None

    @property
    def larger(self) -> bool:
        """Whether the learner reads it in larger text; what held when the attempt began holds until its end."""
        own = bool(self.larger_text) and holds(self.granted_until, self.started_at)
        return own or bool((self.comforts or 0) & LARGER)

    @property
    def clockless(self) -> bool:
        """Whether no running clock is shown to the learner."""
        own = bool(self.no_clock) and holds(self.granted_until, self.started_at)
        return own or bool((self.comforts or 0) & CLOCKLESS)

    @property
    def watched(self) -> bool:
        """Whether signs of how it is taken are noted: only while time runs."""
        return self.deadline is not None and not self.anonymous

    @property
    def open(self) -> bool:
        """Whether answers can still be given, as far as the state says."""
        return self.state == OPEN

    @property
    def waiting(self) -> bool:
        """Whether a person has still to mark some of its answers, or the marks are not released yet."""
        return self.state == SUBMITTED

    @property
    def sequential(self) -> bool:
        """Whether it shows one question after the other, without a way back."""
        return self.navigation == SEQUENTIAL

    @property
    def table(self) -> Matrix:
        """What is shown when."""
        return matrix(self.release, self.review)

    @property
    def one_at_a_time(self) -> bool:
        """Whether a page shows one question."""
        return self.sequential or self.layout == "one"

    def seconds_left(self, now: datetime) -> int | None:
        """Return the whole seconds until the deadline, 0 after it; None without a limit."""
        return None if self.deadline is None else max(0, int((self.deadline - now).total_seconds()))


def _columns() -> tuple[Any, ...]:
    """Return what an AttemptHead holds."""
    return (
        Attempt.id,
        Attempt.learner_id,
        Attempt.quiz_id,
        Attempt.quiz_version_id,
        Attempt.cycle,
        Attempt.number,
        Attempt.state,
        Attempt.sequence,
        Attempt.started_at,
        Attempt.deadline,
        Attempt.submitted_at,
        Attempt.closed_by,
        Attempt.score,
        Attempt.max_score,
        Attempt.passed,
        QuizVersion.title,
        QuizVersion.pass_percent,
        QuizVersion.attempts_allowed,
        QuizVersion.minutes,
        QuizVersion.layout,
        QuizVersion.release,
        QuizVersion.review,
        QuizVersion.opens_at,
        QuizVersion.closes_at,
        QuizVersion.grace_seconds,
        QuizVersion.cooling_minutes,
        QuizVersion.counting,
        QuizVersion.navigation,
        QuizVersion.confidence,
        QuizVersion.tries,
        QuizVersion.try_penalty,
        QuizVersion.addresses,
        QuizVersion.secure_browser,
        QuizVersion.secure,
        Attempt.shortfalls,
        Course.key.label("course_key"),
        Attempt.saved_by,
        Accommodation.larger_text,
        Accommodation.no_clock,
        Accommodation.valid_until.label("granted_until"),
        QuizVersion.anonymous.label("anonymous"),
        comforts(Attempt.learner_id, Attempt.quiz_id, Attempt.started_at).label("comforts"),
    )


@cache
def _head() -> Select[Any]:
    """Return the query of `attempt_head`, built once for all attempts: to build it costs more than to ask it."""
    return (
        select(*_columns())
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .outerjoin(Accommodation, Accommodation.person_id == Attempt.learner_id)
        .where(Attempt.id == bindparam("attempt_id"))
    )


def attempt_head(attempt_id: int) -> AttemptHead | None:
    """Return an attempt with the rules of its quiz; one statement."""
    row = db.session.execute(_head(), {"attempt_id": attempt_id}).one_or_none()
    return None if row is None else AttemptHead(**row._mapping)
