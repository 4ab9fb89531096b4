"""Marking answers: claimed for a while, saved as a draft, made final; whoever marks holds the attempt, as every change of a score."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from academy.accounts.queries_of_memberships import are_same_human, same_human
from academy.assessment.models import (
    CLAIMED,
    DRAFT_MARK,
    FINAL_MARK,
    FIRST,
    SECOND,
    SUBMITTED,
    THIRD,
    AnswerMark,
    Attempt,
    AttemptItem,
    QuestionVersion,
    QuizVersion,
)
from academy.assessment.numbers import kept
from academy.assessment.policies_of_marking import MARK_ANSWER
from academy.assessment.queries_of_decisions import decisions_in_force
from academy.assessment.refusals_of_marking import BeingMarked, MarkChanged, NothingToMark
from academy.assessment.services.judging import items_of, judge, write_down
from academy.assessment.services.submitting import hold_attempt
from academy.assessment.types.rubrics import read_picks, refused_points, share_of
from academy.base import audit
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_block

CLAIM = timedelta(minutes=30)
DRAFT_CLAIM = timedelta(days=3)
LONGEST_COMMENT = 4000
TURNS = {FIRST: 1, SECOND: 2, THIRD: 3}
TRIES = 20


def claim(item_id: int, *, marker_id: int, at: datetime) -> AnswerMark:
    """Take an answer to mark it, or go on with one's own mark. Asking again only lengthens the claim.

    A claim that has run out, and a draft left alone for days, pass to whoever asks next. Raises BeingMarked, NothingToMark.
    """
    attempt, item = _held(item_id)
    if are_same_human(attempt.learner_id, marker_id):
        raise NothingToMark
    marks = _marks(item_id)
    own = next((mark for mark in marks if mark.marker_id == marker_id), None)
    if own is not None:
        if own.state != FINAL_MARK:
            own.held_until = max(own.held_until, at + CLAIM)
            db.session.flush()
        return own
    turn = TURNS.get(item.marking or "")
    if turn is None or attempt.state != SUBMITTED:
        raise NothingToMark
    present = next((mark for mark in marks if mark.turn == turn), None)
    if present is not None:
        if present.held_until > at:
            raise BeingMarked
        db.session.delete(present)
        db.session.flush()
    mark = AnswerMark(
        item_id=item_id, marker_id=marker_id, turn=turn, state=CLAIMED, version=0, claimed_at=at, held_until=at + CLAIM
    )
    db.session.add(mark)
    db.session.flush()
    return mark


def claim_next(quiz_id: int, question_version_id: int, *, marker_id: int, at: datetime) -> int | None:
    """Take the next answer to a question: one's own unfinished first, then the one that waits longest; None when none waits."""
    passed_over: set[int] = set()
    for _try in range(TRIES):
        item_id = _next(quiz_id, question_version_id, marker_id, at, passed_over)
        if item_id is None:
            return None
        try:
            claim(item_id, marker_id=marker_id, at=at)
        except (BeingMarked, NothingToMark):  # another marker was faster
            passed_over.add(item_id)
        else:
            return item_id
    return None


def save_mark(
    item_id: int,
    *,
    marker_id: int,
    version: int,
    given: Mapping[str, str],
    comment: str = "",
    note: str = "",
    final: bool = False,
    at: datetime,
) -> AnswerMark:
    """Keep a marker's own mark as a draft, or make it final; `given` holds a level or points for each criterion.

    `version` is the one the page was opened with. Raises MarkChanged, and Invalid when a final mark lacks a criterion.
    """
    attempt, item = _held(item_id)
    mark = _own(attempt, item_id, marker_id, version)
    if mark.state == FINAL_MARK:
        raise MarkChanged
    question = db.session.get_one(QuestionVersion, item.question_version_id)
    picks = read_picks(question.content, item.points, given)
    share = share_of(question.content, item.points, picks)
    most = refused_points(question.content, item.points, given)
    if most is not None:
        raise Invalid(
            _l("Enter points from 0 to %(most)s in quarters, such as 0.25, 0.5 or 1."), field="picks", most=most
        )
    if final and share is None and not question.content.get("rubric"):
        raise Invalid(_l("Enter the points before you make the mark final."), field="picks")
    if final and share is None:
        raise Invalid(_l("Decide every criterion before you make the mark final."), field="picks")
    mark.picks, mark.share = picks, None if share is None else kept(share, 10)
    mark.comment, mark.note = _text(comment, "comment"), _text(note, "note")
    mark.version, mark.saved_at = mark.version + 1, at
    mark.state, mark.held_until = (FINAL_MARK if final else DRAFT_MARK), at + DRAFT_CLAIM
    db.session.flush()
    if final:
        _judge_again(attempt, item)
        _note(attempt, mark, before=None, after={"share": str(mark.share), "turn": mark.turn}, at=at)
    return mark


def reopen_mark(item_id: int, *, marker_id: int, version: int, at: datetime) -> AnswerMark:
    """Take one's own final mark back to a draft, while nobody else has marked after it and nothing is released."""
    attempt, item = _held(item_id)
    mark = _own(attempt, item_id, marker_id, version)
    later = exists().where(AnswerMark.item_id == item_id, AnswerMark.turn > mark.turn)
    if mark.state != FINAL_MARK or db.session.scalar(select(later)):
        raise Conflict(_l("This mark can no longer be changed: another marker has gone on from it."))
    mark.state, mark.version, mark.held_until = DRAFT_MARK, mark.version + 1, at + DRAFT_CLAIM
    db.session.flush()
    _judge_again(attempt, item)
    _note(attempt, mark, before={"share": str(mark.share), "turn": mark.turn}, after={"state": DRAFT_MARK}, at=at)
    return mark


def put_back(item_id: int, *, marker_id: int) -> None:
    """Give up one's claim on an answer, with the draft if there is one; a final mark stays."""
    _held(item_id)
    own = next((mark for mark in _marks(item_id) if mark.marker_id == marker_id), None)
    if own is not None and own.state != FINAL_MARK:
        db.session.delete(own)
        db.session.flush()


def _held(item_id: int) -> tuple[Attempt, AttemptItem]:
    attempt_id = db.session.scalar(select(AttemptItem.attempt_id).where(AttemptItem.id == item_id))
    attempt = hold_attempt(attempt_id) if attempt_id else None
    if attempt is None:
        raise NotFound
    return attempt, db.session.get_one(AttemptItem, item_id, populate_existing=True)


def _marks(item_id: int) -> list[AnswerMark]:
    query = select(AnswerMark).where(AnswerMark.item_id == item_id).order_by(AnswerMark.turn)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _own(attempt: Attempt, item_id: int, marker_id: int, version: int) -> AnswerMark:
    own = next((mark for mark in _marks(item_id) if mark.marker_id == marker_id), None)
    if own is None or own.version != version or attempt.state != SUBMITTED:
        raise MarkChanged
    return own


def _judge_again(attempt: Attempt, item: AttemptItem) -> None:
    judged = judge(items_of([attempt.id]), decisions_in_force(attempt.quiz_id))
    write_down([each for each in judged if each.item_id == item.id])
    db.session.refresh(item)


def _note(attempt: Attempt, mark: AnswerMark, *, before: object, after: object, at: datetime) -> None:
    """Write a change of a final mark into the trail; whose answer it is stands in the attempt, not in the label."""
    label = db.session.scalar(select(QuizVersion.title).where(QuizVersion.id == attempt.quiz_version_id))
    audit.record(
        MARK_ANSWER,
        at=at,
        actor_id=mark.marker_id,
        subject=("answer", mark.item_id, str(label.show("ar")) if label else ""),
        before=before,  # type: ignore[arg-type]
        after=after,  # type: ignore[arg-type]
    )


def _text(typed: str, field: str) -> str:
    text = clean_block(typed)
    if len(text) > LONGEST_COMMENT:
        raise Invalid(_l("Use at most %(limit)s characters."), field=field, limit=LONGEST_COMMENT)
    return text


def _next(quiz_id: int, question_version_id: int, marker_id: int, at: datetime, passed_over: set[int]) -> int | None:
    mine = exists().where(AnswerMark.item_id == AttemptItem.id, AnswerMark.marker_id == marker_id)
    my_open = exists().where(
        AnswerMark.item_id == AttemptItem.id, AnswerMark.marker_id == marker_id, AnswerMark.state != FINAL_MARK
    )
    held = exists().where(
        AnswerMark.item_id == AttemptItem.id, AnswerMark.state != FINAL_MARK, AnswerMark.held_until > at
    )
    query = (
        select(AttemptItem.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(
            Attempt.quiz_id == quiz_id, Attempt.state == SUBMITTED, Attempt.learner_id.not_in(same_human(marker_id)),
            AttemptItem.question_version_id == question_version_id, AttemptItem.marking.in_(TURNS),
            AttemptItem.id.not_in(passed_over), my_open | (~mine & ~held),
        )
        .order_by((~my_open), Attempt.submitted_at, AttemptItem.id)
        .limit(1)
    )  # fmt: skip
    return db.session.scalar(query)
