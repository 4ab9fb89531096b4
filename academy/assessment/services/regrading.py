"""Regrades: proposed, previewed, applied as a recorded act; frozen results change in no other way.

Locks: the quiz first, which keeps new attempts waiting, then its attempts in the order of their ids. Saves and submits
hold one attempt and nothing before it, so they and a regrade wait for each other but never in a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, insert, or_, select, update

from academy.assessment.models import (
    APPLIED,
    DISCARDED,
    FULL,
    GRADED,
    KEY,
    OPEN,
    PROPOSED,
    RESTORE,
    VOID,
    Attempt,
    AttemptItem,
    Question,
    QuestionVersion,
    Quiz,
    QuizItem,
    QuizVersion,
    Regrade,
    RegradeEffect,
)
from academy.assessment.numbers import kept
from academy.assessment.policies_of_regrading import REGRADE
from academy.assessment.queries_of_decisions import Decision, decisions_in_force
from academy.assessment.questions import mark_of
from academy.assessment.refusals_of_regrading import DecidedMeanwhile, NothingCorrected, NotOpen, NotTheSameQuestion
from academy.assessment.rules import Standing, answers_fit
from academy.assessment.services.judging import Bar, Judged, as_kept, items_of, judge, score_of, verdict, write_down
from academy.assessment.services.quizzes import check_question
from academy.assessment.types import kind
from academy.base import audit, jobs
from academy.base.db import db, lock
from academy.base.errors import Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.catalogue.models import Course

LONGEST_REASON = 500
BATCH = 500
ACTS = (KEY, VOID, FULL, RESTORE)


@dataclass(frozen=True, slots=True)
class Move:
    """One graded attempt that a regrade moves."""

    attempt_id: int
    learner_id: int
    before: Standing
    after: Standing

    @property
    def crosses(self) -> str:
        """ "up" or "down" across the pass mark, else empty."""
        if self.before.passed == self.after.passed:
            return ""
        return "up" if self.after.passed else "down"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a regrade would do: how many closed attempts have the question, which of the graded ones move, its mark.

    `unmarked` graded attempts stay as they are: their answer was never marked, and nobody marks what is released.
    """

    touched: int
    waiting: int
    open: int
    moves: tuple[Move, ...]
    unmarked: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the effect as the proposal keeps it."""
        moves = [[move.attempt_id, move.learner_id, *_flat(move.before), *_flat(move.after)] for move in self.moves]
        return {
            "touched": self.touched, "waiting": self.waiting, "open": self.open, "moves": moves, "mark": self.mark,
            "unmarked": self.unmarked,
        }  # fmt: skip

    @property
    def mark(self) -> str:
        """A mark of the whole effect: what is applied must be what was previewed."""
        moves = [(m.attempt_id, str(m.before.score), str(m.after.score), str(m.after.max)) for m in self.moves]
        return mark_of(self.touched, moves)


def _flat(standing: Standing) -> list[Any]:
    return [str(kept(standing.score, 6)), str(kept(standing.max, 6)), standing.passed]


def propose_regrade(
    quiz_id: int,
    question_version_id: int,
    act: str,
    *,
    reason: str,
    by_id: int,
    at: datetime,
    content: Mapping[str, Any] | None = None,
) -> Regrade:
    """Write down a decision that is not in force yet; with the act "key", `content` is the corrected question.

    Raises Invalid without a reason, NotTheSameQuestion and UnusableQuestion for a correction that cannot count.
    """
    said = clean_line(reason)
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(_l("Give the reason in at most %(most)s characters."), field="reason", most=LONGEST_REASON)
    version = db.session.get(QuestionVersion, question_version_id)
    if act not in ACTS or version is None or not _uses(quiz_id, question_version_id):
        raise NotFound
    corrected = _corrected(version, content or {}, by_id, at) if act == KEY else None
    made = Regrade(
        quiz_id=quiz_id, question_version_id=version.id, act=act, new_version_id=corrected.id if corrected else None,
        reason=said, state=PROPOSED, proposed_by_id=by_id, proposed_at=at,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    preview_regrade(made)
    return made


def preview_regrade(regrade: Regrade) -> Effect:
    """Reckon what a proposed regrade would do now, and keep it with the proposal."""
    effect = effect_of(regrade)
    regrade.effect = effect.as_json()
    db.session.flush()
    return effect


def effect_of(regrade: Regrade) -> Effect:
    """Reckon what a regrade would do now; nothing is written, and it need not be kept."""
    found = _closed(regrade)
    reckoned = _moves(regrade, found)
    opened = (
        select(func.count(func.distinct(Attempt.id)))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .where(Attempt.quiz_id == regrade.quiz_id, Attempt.state == OPEN, _asks(regrade.question_version_id))
    )
    graded = sum(attempt.state == GRADED for attempt in found)
    still = db.session.scalar(opened) or 0
    return Effect(len(found), len(found) - graded, still, reckoned.moves, reckoned.unmarked)


def apply_regrade(regrade_id: int, *, by_id: int, seen: str | None = None, at: datetime) -> Regrade:
    """Put a regrade in force: recompute every closed attempt that has the question, and keep before and after.

    Pressed again it changes nothing. `seen` is the mark of the previewed effect; raises DecidedMeanwhile when the effect is
    another one by now. Open attempts meet the decision when they are submitted.
    """
    quiz_id = db.session.scalar(select(Regrade.quiz_id).where(Regrade.id == regrade_id))
    if quiz_id is None or lock(Quiz, quiz_id) is None:
        raise NotFound
    regrade: Regrade = lock(Regrade, regrade_id)
    if regrade.state == APPLIED:
        return regrade
    if regrade.state != PROPOSED:
        raise NotOpen
    found = _closed(regrade, hold=True)
    reckoned = _moves(regrade, found)
    moves, maxima = reckoned.moves, reckoned.maxima
    graded = sum(attempt.state == GRADED for attempt in found)
    if seen is not None and seen != Effect(len(found), len(found) - graded, 0, moves).mark:
        raise DecidedMeanwhile
    write_down(reckoned.judged)
    if maxima:
        db.session.execute(update(Attempt), [{"id": key, "max_score": most} for key, most in maxima.items()])
    _keep_effects(regrade, moves)
    regrade.state, regrade.applied_at, regrade.applied_by_id, regrade.touched = APPLIED, at, by_id, len(found)
    _correct_drafts(regrade)
    db.session.flush()
    _record(regrade, moves, by_id, at)
    jobs.enqueue("assessment.tell_regrade", unique_key=f"assessment.tell_regrade:{regrade.id}", regrade_id=regrade.id)
    return regrade


def discard_regrade(regrade_id: int) -> None:
    """Drop a proposal; an applied regrade stays in force."""
    regrade: Regrade | None = lock(Regrade, regrade_id)
    if regrade is None:
        raise NotFound
    if regrade.state == APPLIED:
        raise NotOpen
    regrade.state = DISCARDED
    db.session.flush()


def _uses(quiz_id: int, version_id: int) -> bool:
    asked = exists().where(AttemptItem.attempt_id == Attempt.id, Attempt.quiz_id == quiz_id, _asks(version_id))
    return bool(db.session.scalar(select(asked)))


def _asks(version_id: int) -> Any:
    return or_(AttemptItem.question_version_id == version_id, AttemptItem.answered_version_id == version_id)


def _corrected(version: QuestionVersion, content: Mapping[str, Any], by_id: int, at: datetime) -> QuestionVersion:
    """Make the next version of a question with another key; answers given to the former one must fit it."""
    check_question(version.type, content)
    if kind(version.type).marked_by_hand or not answers_fit(version.content, content):
        raise NotTheSameQuestion
    if dict(content) == dict(version.content):
        raise NothingCorrected
    lock(Question, version.question_id)
    last = select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == version.question_id)
    made = QuestionVersion(
        question_id=version.question_id, number=(db.session.scalar(last) or 0) + 1, type=version.type,
        competency_key=version.competency_key, objective=version.objective, difficulty=version.difficulty,
        content=dict(content), created_at=at, created_by_id=by_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _decision(regrade: Regrade) -> Decision:
    return Decision(regrade.question_version_id, regrade.act, regrade.new_version_id)


def _closed(regrade: Regrade, *, hold: bool = False) -> Sequence[Attempt]:
    """Return the submitted and graded attempts that have the question, in the order of their ids; held when asked."""
    has = exists().where(AttemptItem.attempt_id == Attempt.id, _asks(regrade.question_version_id))
    query = select(Attempt).where(Attempt.quiz_id == regrade.quiz_id, has).order_by(Attempt.id)
    if not hold:
        return db.session.scalars(query.where(Attempt.state != OPEN)).all()
    held = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    return [attempt for attempt in held if attempt.state != OPEN]


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """Which graded attempts move, the answers that are judged otherwise, the maxima of waiting attempts, how many stay unmarked."""

    moves: tuple[Move, ...]
    judged: list[Judged]
    maxima: dict[int, Decimal]
    unmarked: int


def _moves(regrade: Regrade, attempts: Sequence[Attempt]) -> _Reckoned:
    """Return what a regrade moves. No other question is touched.

    An answer that would wait for a mark stays as it is in an attempt that is graded: it would count for nothing for ever.
    """
    items = items_of(attempt.id for attempt in attempts)
    graded = {attempt.id for attempt in attempts if attempt.state == GRADED}
    asked = [item for item in items if regrade.question_version_id in (item.version_id, item.answered_version_id)]
    judged = judge(asked, [*decisions_in_force(regrade.quiz_id), _decision(regrade)])
    unmarked = {each.item_id for each in judged if each.waits and each.attempt_id in graded}
    decided = {each.item_id: each for each in judged if each.item_id not in unmarked}
    before = as_kept(items)
    after = [decided.get(each.item_id, each) for each in before]
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    moved = {each.attempt_id for each in changed}
    bars = {item.attempt_id: Bar.of(item) for item in items}
    old, new = _by_attempt(before), _by_attempt(after)
    moves = []
    for attempt in attempts:
        if attempt.id in graded and attempt.id in moved:
            standing = [_standing(each[attempt.id], bars[attempt.id]) for each in (old, new)]
            if standing[0] != standing[1]:
                moves.append(Move(attempt.id, attempt.learner_id, *standing))
    waiting = [attempt.id for attempt in attempts if attempt.id not in graded and attempt.id in moved]
    maxima = {key: kept(score_of(new[key]).max, 6) for key in waiting}
    return _Reckoned(tuple(moves), changed, maxima, len(unmarked))


def _by_attempt(judged: Iterable[Judged]) -> dict[int, list[Judged]]:
    found: dict[int, list[Judged]] = defaultdict(list)
    for each in judged:
        found[each.attempt_id].append(each)
    return found


def _standing(judged: Sequence[Judged], bar: Bar) -> Standing:
    found = verdict(judged, bar)
    return Standing(found.score.raw, found.score.max, found.passed, found.shortfalls)


def _keep_effects(regrade: Regrade, moves: Sequence[Move]) -> None:
    """Write the new scores and the effects, both in one statement for all attempts."""
    if not moves:
        return
    db.session.execute(
        update(Attempt),
        [
            {
                "id": m.attempt_id,
                "score": kept(m.after.score, 6),
                "max_score": kept(m.after.max, 6),
                "passed": m.after.passed,
                "shortfalls": list(m.after.shortfalls),
            }
            for m in moves
        ],
    )
    db.session.execute(
        insert(RegradeEffect),
        [
            {
                "regrade_id": regrade.id, "attempt_id": m.attempt_id,
                "score_before": kept(m.before.score, 6), "max_before": kept(m.before.max, 6), "passed_before": m.before.passed,
                "score_after": kept(m.after.score, 6), "max_after": kept(m.after.max, 6), "passed_after": m.after.passed,
            }
            for m in moves
        ],
    )  # fmt: skip


def _correct_drafts(regrade: Regrade) -> None:
    """Let drafts of the quiz ask by the corrected key, so that the next publication is right; frozen ones stay."""
    if regrade.new_version_id is None:
        return
    drafts = select(QuizVersion.id).where(QuizVersion.quiz_id == regrade.quiz_id, QuizVersion.frozen_at.is_(None))
    db.session.execute(
        update(QuizItem)
        .where(QuizItem.quiz_version_id.in_(drafts), QuizItem.question_version_id == regrade.question_version_id)
        .values(question_version_id=regrade.new_version_id)
    )


def _record(regrade: Regrade, moves: Sequence[Move], by_id: int, at: datetime) -> None:
    course = db.session.scalar(select(Course).join(Quiz, Quiz.course_id == Course.id).where(Quiz.id == regrade.quiz_id))
    counts = {way: sum(move.crosses == way for move in moves) for way in ("up", "down")}
    audit.record(
        REGRADE,
        at=at,
        actor_id=by_id,
        subject=("regrade", regrade.id, regrade.reason),
        organisation_id=course.organisation_id if course else None,
        before={"question_version": regrade.question_version_id},
        after={
            "act": regrade.act, "new_version": regrade.new_version_id, "touched": regrade.touched, "moved": len(moves),
            "now_pass": counts["up"], "now_fail": counts["down"],
        },
    )  # fmt: skip
