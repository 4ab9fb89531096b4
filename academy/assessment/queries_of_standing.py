"""Where a learner stands with a quiz: its rules, their attempts, the result that counts, whether another may begin."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from academy.assessment.models import (
    GRADED,
    OPEN,
    SUBMITTED,
    Attempt,
    QuestionVersion,
    QuizItem,
    QuizPool,
    QuizSection,
    QuizVersion,
)
from academy.assessment.numbers import exact_score
from academy.assessment.queries import percent_of, whole_percent
from academy.assessment.queries_of_accommodations import granted_to_all, limits_of, own_limits
from academy.assessment.queries_of_pools import sections_of
from academy.assessment.rules import (
    SEQUENTIAL,
    AttemptScore,
    CannotStart,
    Graded,
    Granted,
    Limits,
    Matrix,
    Outcome,
    Shown,
    accommodated,
    matrix,
    outcome,
    passed_with,
    release,
)
from academy.assessment.types import marked_by_hand, unscored
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt in a list; `percent` (0 to 100) and `passed` are None until it is graded or while they are not released.

    It is `waiting` while a person has still to mark some of its answers.
    """

    id: int
    number: int
    open: bool
    started_at: datetime
    submitted_at: datetime | None
    deadline: datetime | None
    percent: Fraction | None
    passed: bool | None
    by_clock: bool
    waiting: bool = False

    @property
    def whole_percent(self) -> int | None:
        """The percentage without its fraction."""
        return whole_percent(self.percent)


@dataclass(frozen=True, slots=True)
class QuizState:
    """Where a learner stands with a quiz, by the rules of the version they take; `limits` are their own.

    `counted` is the percentage that counts (0 to 100), exact; None without one to show. `passed` decides completion and
    is true whatever the release rule; pages show `counted` and `lines` (the newest first) only. `marked_by_hand` says
    that a person marks a question of every paper, so that no result is there right after submitting; `perhaps_by_hand` that
    some papers may have such a question.
    """

    version: QuizVersion
    limits: Limits
    questions: int
    points: int
    drawn: int
    attempts_used: int
    counted: Fraction | None
    passed: bool
    may_start: CannotStart | None
    lines: tuple[AttemptLine, ...]
    marked_by_hand: bool = False
    perhaps_by_hand: bool = False

    @property
    def quiz_id(self) -> int:
        """The quiz."""
        return self.version.quiz_id

    @property
    def title(self) -> LocalizedText:
        """What it is called."""
        return self.version.title

    @property
    def pass_percent(self) -> int:
        """The pass mark."""
        return self.version.pass_percent

    @property
    def attempts_allowed(self) -> int | None:
        """How many attempts this learner has in all; None without limit."""
        left = self.attempts_left
        return None if left is None else left + self.attempts_used

    @property
    def attempts_left(self) -> int | None:
        """How many more attempts may begin; None without limit."""
        return self.limits.left(self.attempts_used)

    @property
    def whole_minutes(self) -> int | None:
        """The minutes of an attempt with what this learner has on top, without a fraction."""
        minutes = self.limits.minutes
        return None if minutes is None else minutes * (100 + self.limits.extra_percent) // 100

    @property
    def watched(self) -> bool:
        """Whether signs of how an attempt is taken are noted: only while time runs, and never in an anonymous survey."""
        return not self.version.anonymous and any((self.limits.minutes, self.limits.closes_at, self.limits.ends_at))

    @property
    def surveys(self) -> bool:
        """Whether nothing in it is scored."""
        return self.questions > 0 and not self.points

    @property
    def open_attempt(self) -> AttemptLine | None:
        """The attempt that is going on."""
        return next((line for line in self.lines if line.open), None)

    @property
    def sequential(self) -> bool:
        """Whether there is no way back."""
        return self.version.navigation == SEQUENTIAL

    @property
    def table(self) -> Matrix:
        """What is shown when."""
        return matrix(self.version.release, self.version.review)

    @property
    def whole_percent(self) -> int | None:
        """The percentage that counts without its fraction: 69.9 is shown as 69, as it does not pass at 70."""
        return whole_percent(self.counted)


def quiz_state(quiz_version_id: int, learner_id: int, cycle: int = 1, *, now: datetime) -> QuizState | None:
    """Return where a learner stands with a quiz, by the rules of the given version; three statements."""
    own = and_(Attempt.quiz_id == QuizVersion.quiz_id, Attempt.learner_id == learner_id, Attempt.cycle == cycle)
    fixed, drawn = QuizItem.quiz_version_id == QuizVersion.id, _drawn_by_hand(quiz_version_id)
    query = (
        select(
            QuizVersion,
            select(func.count()).where(fixed).scalar_subquery(),
            _worth().where(fixed).scalar_subquery(),
            _by_hand().where(fixed).scalar_subquery(),
            select(func.max(drawn.c.most)).scalar_subquery(),
            select(func.max(drawn.c.least)).scalar_subquery(),
            Attempt,
        )
        .outerjoin(Attempt, own)
        .where(QuizVersion.id == quiz_version_id)
        .order_by(Attempt.number)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    version, questions, points, by_hand, some_drawn, all_drawn, _attempt = rows[0]
    attempts = [row[-1] for row in rows if row[-1] is not None]
    sections = sections_of([quiz_version_id]).get(quiz_version_id, [])
    size = (questions, int(points), sum(section.count for section in sections))
    worth = sum(section.points for section in sections)
    limits = limits_of(version, learner_id, now)
    found = _state(version, limits, (size[0], size[1] + worth, size[2]), attempts, now)
    return replace(found, marked_by_hand=bool(by_hand or all_drawn), perhaps_by_hand=bool(some_drawn))


def _worth() -> Select[Any]:
    """Return the query of what questions are worth; those that are not scored are worth nothing."""
    worth = case((QuestionVersion.type.in_(unscored()), 0), else_=QuizItem.points)
    joined = QuestionVersion.id == QuizItem.question_version_id
    return select(func.coalesce(func.sum(worth), 0)).select_from(QuizItem).join(QuestionVersion, joined)


def _by_hand() -> Select[Any]:
    """Return the query of how many questions a person marks."""
    joined = QuestionVersion.id == QuizItem.question_version_id
    found = select(func.count()).select_from(QuizItem).join(QuestionVersion, joined)
    return found.where(QuestionVersion.type.in_(marked_by_hand()))


def _drawn_by_hand(quiz_version_id: int) -> Subquery:
    """Return for each line that draws whether some of what it may draw (`most`), or all (`least`), is marked by a person."""
    by_hand = case((QuestionVersion.type.in_(marked_by_hand()), 1), else_=0)
    lines = (
        select(func.max(by_hand).label("most"), func.min(by_hand).label("least"))
        .select_from(QuizPool)
        .join(QuizSection, QuizSection.id == QuizPool.section_id)
        .join(QuestionVersion, QuestionVersion.id == QuizPool.question_version_id)
        .where(QuizSection.quiz_version_id == quiz_version_id)
    )
    return lines.group_by(QuizPool.section_id, QuizPool.line).subquery()


def _state(
    version: QuizVersion, limits: Limits, size: tuple[int, int, int], attempts: Sequence[Attempt], now: datetime
) -> QuizState:
    left, result = limits.left(len(attempts)), outcome_of(version, attempts)
    going_on = any(attempt.state == OPEN for attempt in attempts)
    lines = [
        _line(
            attempt,
            shown_of(version, attempt, limits=limits, left=left, passed=result.passed, going_on=going_on, now=now),
        )
        for attempt in reversed(attempts)
    ]
    graded = {attempt.id for attempt in attempts if attempt.state == GRADED}
    visible = all(line.percent is not None for line in lines if line.id in graded)
    submitted = [attempt.submitted_at for attempt in attempts if attempt.submitted_at is not None]
    refusal = limits.refusal(
        now=now, used=len(attempts), has_open_attempt=going_on, last_submitted_at=max(submitted, default=None)
    )
    return QuizState(
        version=version,
        limits=limits,
        questions=size[0] + size[2],
        points=size[1],
        drawn=size[2],
        attempts_used=len(attempts),
        counted=result.percent if visible else None,
        passed=result.passed,
        may_start=refusal,
        lines=tuple(lines),
    )


def shown_of(
    version: Any,
    attempt: Any,
    *,
    limits: Limits,
    left: int | None,
    passed: bool,
    going_on: bool,
    now: datetime,
) -> Shown:
    """Return what is released of an attempt now; `version` and `attempt` may be one row that holds both.

    `going_on`: another attempt of the learner is open.
    """
    return release(
        version.release,
        review=version.review,
        submitted=attempt.state == GRADED,
        submitted_at=attempt.submitted_at,
        now=now,
        closes_at=limits.closes_at,
        attempts_left=left,
        passed=passed,
        going_on=going_on,
    )


def hidden_scores(learner_id: int, quiz_ids: Collection[int], *, now: datetime) -> set[tuple[int, datetime]]:
    """Return the graded attempts of a learner at some quizzes whose score is not shown now, as (quiz, when it was submitted).

    One statement, and two more where a quiz does not always show it.
    """
    mine = Attempt.learner_id == learner_id, Attempt.quiz_id.in_(quiz_ids)
    query = select(Attempt).join(Attempt.quiz_version).options(contains_eager(Attempt.quiz_version))
    graded = db.session.scalars(query.where(*mine, Attempt.state == GRADED)).all() if quiz_ids else ()
    secret = [
        attempt
        for attempt in graded
        if not matrix(attempt.quiz_version.release, attempt.quiz_version.review).always_shows_score
    ]
    if not secret:
        return set()
    granted = granted_to_all([(learner_id, attempt.quiz_id) for attempt in secret], now)
    going_on = set(db.session.scalars(select(Attempt.quiz_id).where(*mine, Attempt.state == OPEN)))
    return {
        (attempt.quiz_id, attempt.submitted_at)
        for attempt in secret
        if attempt.submitted_at is not None and not _shows_score(attempt, granted, going_on, now)
    }


def _shows_score(
    attempt: Attempt, granted: Mapping[tuple[int, int], Granted], going_on: Collection[int], now: datetime
) -> bool:
    version = attempt.quiz_version
    limits = accommodated(own_limits(version), granted.get((attempt.learner_id, attempt.quiz_id)), now)
    return shown_of(
        version, attempt, limits=limits, left=None, passed=False, going_on=attempt.quiz_id in going_on, now=now
    ).score


def outcome_of(version: Any, attempts: Sequence[Any]) -> Outcome:
    """Return what counts of attempts in their order, by the rules of a quiz version; only graded ones count."""
    graded = [as_graded(attempt) for attempt in attempts if attempt.state == GRADED]
    return outcome(version.counting, graded, version.pass_percent)


def passing_attempt(attempts: Sequence[Attempt], least: int | None = None) -> Attempt | None:
    """Return the graded attempt of a round, in their order, with which its quiz was first passed by what counts, with `least` percent."""
    rules: Any = attempts[-1].quiz_version
    place = passed_with(rules.counting, [as_graded(each) for each in attempts], rules.pass_percent, least)
    return None if place is None else attempts[place]


def by_round(*which: ColumnElement[bool]) -> dict[tuple[int, int, int], list[Attempt]]:
    """Return graded attempts with their rules by (learner, quiz, round), each round in its order; one statement."""
    query = select(Attempt).where(Attempt.state == GRADED, *which).options(joinedload(Attempt.quiz_version))
    rounds: dict[tuple[int, int, int], list[Attempt]] = {}
    for attempt in db.session.scalars(query.order_by(Attempt.number)):
        rounds.setdefault((attempt.learner_id, attempt.quiz_id, attempt.cycle), []).append(attempt)
    return rounds


def as_graded(attempt: Any) -> Graded:
    """Return a graded attempt, or a row that holds its results, as the counting methods see it."""
    score = AttemptScore(exact_score(attempt.score or Decimal(0)), exact_score(attempt.max_score))
    return Graded(score, bool(attempt.passed), not attempt.shortfalls)


def counted_outcome(quiz_version_id: int, learner_id: int, cycle: int = 1) -> Outcome:
    """Return what counts for a learner at a quiz, by the rules of the given version; two statements."""
    version = db.session.get(QuizVersion, quiz_version_id)
    if version is None:
        return Outcome(None, False)
    mine = Attempt.quiz_id == version.quiz_id, Attempt.learner_id == learner_id, Attempt.cycle == cycle
    return outcome_of(version, db.session.scalars(select(Attempt).where(*mine).order_by(Attempt.number)).all())


def _line(attempt: Attempt, shown: Shown) -> AttemptLine:
    return AttemptLine(
        attempt.id,
        attempt.number,
        attempt.state == OPEN,
        attempt.started_at,
        attempt.submitted_at,
        attempt.deadline if attempt.state == OPEN else None,
        percent_of(attempt.score, attempt.max_score) if shown.score else None,
        attempt.passed if shown.score else None,
        attempt.closed_by == "clock",
        attempt.state == SUBMITTED,
    )
