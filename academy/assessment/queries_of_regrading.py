"""What the pages of regrades show: the questions of a course's quizzes, the decisions about them, whom they moved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from academy.accounts.models import Person
from academy.assessment.models import (
    APPLIED,
    FULL,
    GRADED,
    OPEN,
    PROPOSED,
    VOID,
    Attempt,
    AttemptItem,
    QuestionVersion,
    Quiz,
    QuizVersion,
    Regrade,
    RegradeEffect,
)
from academy.assessment.numbers import exact_score
from academy.assessment.queries import percent_of
from academy.assessment.queries_of_attempts import shown_now
from academy.assessment.queries_of_heads import attempt_head
from academy.assessment.queries_of_standing import as_graded
from academy.assessment.rules import AttemptScore, CountingMethod, Graded, passed_with
from academy.assessment.types import kind
from academy.base import jobs
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question version as attempts at a quiz have it."""

    quiz_id: int
    quiz_title: LocalizedText
    version_id: int
    type: str
    stem: LocalizedText
    attempts: int


@dataclass(frozen=True, slots=True)
class QuestionPlace:
    """A question version in a quiz, for those who may edit the course."""

    quiz_id: int
    course: Course
    quiz_title: LocalizedText
    version: QuestionVersion

    @property
    def has_key(self) -> bool:
        """Whether it has a key that can be corrected."""
        return kind(self.version.type).checked_at_once

    @property
    def scored(self) -> bool:
        """Whether it has points that could be given."""
        return kind(self.version.type).scored


@dataclass(frozen=True, slots=True)
class RegradePlace:
    """A regrade with its question, for those who may edit the course."""

    regrade: Regrade
    course: Course
    quiz_title: LocalizedText
    asked: QuestionVersion
    corrected: QuestionVersion | None
    by: LocalizedText | None


@dataclass(frozen=True, slots=True)
class ToTell:
    """What a learner is told of a regrade; scores are shares of the maximum."""

    attempt_id: int
    learner_id: int
    quiz: LocalizedText
    reason: str
    before: Fraction
    after: Fraction
    now_passes: bool
    shows_score: bool


def _newest_version(quiz_id: Any) -> Any:
    each = aliased(QuizVersion)
    return select(func.max(each.id)).where(each.quiz_id == quiz_id).scalar_subquery()


def asked_questions(course_id: int) -> list[AskedQuestion]:
    """Return the questions that closed attempts at the quizzes of a course have, by quiz (one statement)."""
    counted = (
        select(Attempt.quiz_id, AttemptItem.question_version_id.label("version_id"), func.count().label("attempts"))
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Quiz.course_id == course_id, Attempt.state != OPEN)
        .group_by(Attempt.quiz_id, AttemptItem.question_version_id)
        .subquery()
    )
    newest = _newest_version(counted.c.quiz_id)
    query = (
        select(counted, QuestionVersion.type, QuestionVersion.content, QuizVersion.title)
        .join(QuestionVersion, QuestionVersion.id == counted.c.version_id)
        .join(QuizVersion, QuizVersion.id == newest)
        .order_by(counted.c.quiz_id, QuestionVersion.question_id, QuestionVersion.number)
    )
    return [
        AskedQuestion(
            row.quiz_id, row.title, row.version_id, row.type, LocalizedText.of(row.content["stem"]), row.attempts
        )
        for row in db.session.execute(query)
    ]


def last_words(rows: Sequence[Any]) -> dict[tuple[int, int], str]:
    """Return what is in force for (quiz, question version), "void" or "full", from the rows of `decisions`."""
    applied = sorted((row for row in rows if row.state == APPLIED), key=lambda row: (row.applied_at, row.id))
    said = {(row.quiz_id, row.question_version_id): row.act for row in applied}
    return {place: act for place, act in said.items() if act in (VOID, FULL)}


def decisions(course_id: int) -> Sequence[Any]:
    """Return the proposed and applied regrades of a course's quizzes, newest first: id, act, state, reason, dates, who, stem."""
    query = (
        select(
            Regrade.id, Regrade.quiz_id, Regrade.question_version_id, Regrade.act, Regrade.state, Regrade.reason, Regrade.proposed_at, Regrade.applied_at, Regrade.touched,
            Person.name, QuestionVersion.content, func.count(RegradeEffect.id).label("moved"),
        )
        .join(Quiz, Quiz.id == Regrade.quiz_id)
        .join(QuestionVersion, QuestionVersion.id == Regrade.question_version_id)
        .outerjoin(Person, Person.id == func.coalesce(Regrade.applied_by_id, Regrade.proposed_by_id))
        .outerjoin(RegradeEffect, RegradeEffect.regrade_id == Regrade.id)
        .where(Quiz.course_id == course_id, Regrade.state.in_((PROPOSED, APPLIED)))
        .group_by(Regrade.id, Person.id, QuestionVersion.id)
        .order_by(Regrade.proposed_at.desc(), Regrade.id.desc())
    )  # fmt: skip
    return db.session.execute(query).all()


def question_place(quiz_id: int, version_id: int) -> QuestionPlace | None:
    """Return a question version that attempts at a quiz have."""
    used = (
        select(AttemptItem.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(
            Attempt.quiz_id == quiz_id,
            or_(AttemptItem.question_version_id == version_id, AttemptItem.answered_version_id == version_id),
        )
    )
    query = _quiz(quiz_id).add_columns(QuestionVersion).join(QuestionVersion, QuestionVersion.id == version_id)
    row = db.session.execute(query.where(used.exists())).one_or_none()
    return QuestionPlace(quiz_id, row.Course, row.title, row.QuestionVersion) if row else None


def _quiz(quiz_id: int) -> Select[Any]:
    columns: tuple[Any, ...] = (Course, QuizVersion.title)
    newest = _newest_version(quiz_id)
    return (
        select(*columns)
        .select_from(QuizVersion)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(QuizVersion.id == newest)
    )


def regrade_place(regrade_id: int) -> RegradePlace | None:
    """Return a regrade that was not discarded, with its question in both versions; one statement."""
    asked, corrected = aliased(QuestionVersion), aliased(QuestionVersion)
    newest = _newest_version(Regrade.quiz_id)
    query = (
        select(Regrade, Course, QuizVersion.title, asked, corrected, Person.name)
        .join(Quiz, Quiz.id == Regrade.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .join(QuizVersion, QuizVersion.id == newest)
        .join(asked, asked.id == Regrade.question_version_id)
        .outerjoin(corrected, corrected.id == Regrade.new_version_id)
        .outerjoin(Person, Person.id == func.coalesce(Regrade.applied_by_id, Regrade.proposed_by_id))
        .where(Regrade.id == regrade_id, Regrade.state.in_((PROPOSED, APPLIED)))
    )
    row = db.session.execute(query).one_or_none()
    return RegradePlace(*row) if row else None


@dataclass(frozen=True, slots=True)
class Moved:
    """One attempt in the table of a regrade's effect."""

    attempt_id: int
    learner_id: int
    score_before: Decimal
    max_before: Decimal
    passed_before: bool
    score_after: Decimal
    max_after: Decimal
    passed_after: bool

    @property
    def before(self) -> Fraction:
        """The share of the points before."""
        return (percent_of(self.score_before, self.max_before) or Fraction(0)) / 100

    @property
    def after(self) -> Fraction:
        """The share of the points after."""
        return (percent_of(self.score_after, self.max_after) or Fraction(0)) / 100

    @property
    def crosses(self) -> str:
        """ "up" or "down" across the pass mark, else empty."""
        if self.passed_before == self.passed_after:
            return ""
        return "up" if self.passed_after else "down"


def moved(regrade: Regrade) -> list[Moved]:
    """Return whom a regrade moves, as previewed or as applied; those who cross the pass mark come first."""
    if regrade.state == APPLIED:
        columns = (
            RegradeEffect.attempt_id, Attempt.learner_id, RegradeEffect.score_before, RegradeEffect.max_before,
            RegradeEffect.passed_before, RegradeEffect.score_after, RegradeEffect.max_after, RegradeEffect.passed_after,
        )  # fmt: skip
        query = select(*columns).join(Attempt, Attempt.id == RegradeEffect.attempt_id)
        rows = db.session.execute(query.where(RegradeEffect.regrade_id == regrade.id)).all()
        found = [Moved(*row) for row in rows]
    else:
        found = [
            Moved(attempt, learner, Decimal(s1), Decimal(m1), p1, Decimal(s2), Decimal(m2), p2)
            for attempt, learner, s1, m1, p1, s2, m2, p2 in regrade.effect.get("moves", [])
        ]
    return sorted(found, key=lambda each: (not each.crosses, each.attempt_id))


def names_of(learner_ids: Collection[int], seen: Any) -> dict[int, LocalizedText]:
    """Return the names of those learners whom a filter on Person lets through."""
    query = select(Person.id, Person.name).where(Person.id.in_(set(learner_ids)), seen)
    return {row.id: row.name for row in db.session.execute(query)}


def effect_ids(regrade_id: int) -> Sequence[int]:
    """Return the ids of the effects of a regrade, by learner."""
    query = select(RegradeEffect.id).join(Attempt, Attempt.id == RegradeEffect.attempt_id)
    return db.session.scalars(
        query.where(RegradeEffect.regrade_id == regrade_id).order_by(Attempt.learner_id, Attempt.id)
    ).all()


def still_telling(regrade_id: int) -> bool:
    """Whether some of the attempts that a regrade moved are not told yet, or are tried again."""
    keys = select(literal("assessment.tell_regraded:") + cast(RegradeEffect.id, String))
    return jobs.unfinished(f"assessment.tell_regrade:{regrade_id}", keys.where(RegradeEffect.regrade_id == regrade_id))


def to_tell(effect_id: int, *, now: datetime) -> ToTell | None:
    """Return what the learner of an effect is told; of the score only while the page of the result shows it too."""
    query = (
        select(RegradeEffect, Attempt.learner_id, QuizVersion.title, Regrade.reason)
        .join(Attempt, Attempt.id == RegradeEffect.attempt_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Regrade, Regrade.id == RegradeEffect.regrade_id)
        .where(RegradeEffect.id == effect_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    effect: RegradeEffect = row.RegradeEffect
    head = attempt_head(effect.attempt_id)
    before, after = percent_of(effect.score_before, effect.max_before), percent_of(effect.score_after, effect.max_after)
    return ToTell(
        attempt_id=effect.attempt_id,
        learner_id=row.learner_id,
        quiz=row.title,
        reason=row.reason,
        before=(before or Fraction(0)) / 100,
        after=(after or Fraction(0)) / 100,
        now_passes=effect.passed_after and not effect.passed_before,
        shows_score=head is not None and shown_now(head, now=now).score,
    )


@dataclass(frozen=True, slots=True)
class RegradedAttempt:
    """An effect as the slices above hear of it, with the attempts of its round as they were before the regrade and are now."""

    effect_id: int
    regrade_id: int
    attempt_id: int
    learner_id: int
    quiz_id: int
    course_id: int
    cycle: int
    attempt_ids: tuple[int, ...]
    before: tuple[Graded, ...]
    now: tuple[Graded, ...]
    counting: CountingMethod
    pass_percent: int

    def passed(self, least: int | None = None) -> bool:
        """Whether the quiz was passed by what counts before the regrade, with `least` percent where that is asked for."""
        return passed_with(self.counting, self.before, self.pass_percent, least) is not None

    def passes(self, least: int | None = None) -> bool:
        """Whether it is passed now. What was passed by what counted then stays passed, whatever a later attempt brought."""
        return passed_with(self.counting, self.now, self.pass_percent, least) is not None


def regraded_attempt(effect_id: int) -> RegradedAttempt | None:
    """Return an effect with its attempt and what the regrade made of the round; three statements."""
    row = db.session.execute(
        select(RegradeEffect.regrade_id, Attempt, Quiz.course_id)
        .join(Attempt, Attempt.id == RegradeEffect.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(RegradeEffect.id == effect_id)
        .options(joinedload(Attempt.quiz_version))
    ).one_or_none()
    if row is None:
        return None
    attempt = row.Attempt
    same = Attempt.quiz_id == attempt.quiz_id, Attempt.learner_id == attempt.learner_id, Attempt.cycle == attempt.cycle
    graded = db.session.scalars(select(Attempt).where(*same, Attempt.state == GRADED).order_by(Attempt.number)).all()
    ids = tuple(each.id for each in graded)
    moved = RegradeEffect.regrade_id == row.regrade_id, RegradeEffect.attempt_id.in_(ids)
    effects = {each.attempt_id: each for each in db.session.scalars(select(RegradeEffect).where(*moved))}
    now = tuple(as_graded(each) for each in graded)
    before = tuple(_before(each, effects.get(number)) for number, each in zip(ids, now, strict=True))
    return RegradedAttempt(
        effect_id, row.regrade_id, attempt.id, attempt.learner_id, attempt.quiz_id, row.course_id, attempt.cycle, ids,
        before, now, attempt.quiz_version.counting, attempt.quiz_version.pass_percent,
    )  # fmt: skip


def _before(now: Graded, effect: RegradeEffect | None) -> Graded:
    """Return a graded attempt as it was before an effect; what passed had met its floors."""
    if effect is None:
        return now
    score = AttemptScore(exact_score(effect.score_before), exact_score(effect.max_before))
    return Graded(score, effect.passed_before, now.floors_met or effect.passed_before)


def lowering_effects(learner_id: int) -> Sequence[int]:
    """Return the effects by which attempts of a learner came to less, whatever became of them afterwards."""
    query = select(RegradeEffect.id).join(Attempt, Attempt.id == RegradeEffect.attempt_id)
    fell = RegradeEffect.passed_before, ~RegradeEffect.passed_after
    less = RegradeEffect.score_after * RegradeEffect.max_before < RegradeEffect.score_before * RegradeEffect.max_after
    mine = Attempt.learner_id == learner_id, or_(and_(*fell), less)
    return db.session.scalars(query.where(*mine).order_by(RegradeEffect.id)).all()


def last_decisions(quiz_id: int) -> dict[int, str]:
    """Return the last decision in force about each question version of a quiz; one statement."""
    query = select(Regrade.question_version_id, Regrade.act).where(Regrade.quiz_id == quiz_id, Regrade.state == APPLIED)
    rows = db.session.execute(query.order_by(Regrade.applied_at, Regrade.id))
    return {row.question_version_id: row.act for row in rows}
