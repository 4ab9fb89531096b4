"""The way of a question from draft to ready, and what is said about it on the way."""

from datetime import datetime

from sqlalchemy import select

from academy.assessment.models import DRAFT, RETIRED, Question, QuestionComment, QuestionStateChange, QuestionVersion
from academy.assessment.queries_of_banked import mark_of_version, may_review
from academy.assessment.rules.bank import MOVES, Move
from academy.assessment.services.banking import change_state, newest_version
from academy.assessment.services.editing import refuse_stale
from academy.assessment.services.quizzes import check_question
from academy.base import audit, jobs
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText, clean_block

LONGEST_COMMENT = 2000
OUT_OF_STEP = _l("The question is in another state by now. Look at it again.")


class OwnWork(NotAllowed):
    """Whoever wrote the newest version does not approve it."""

    sentence = _l("You wrote the newest version. Somebody else reviews it.")


def move_state(
    question_id: int, name: str, *, at: datetime, by_id: int, note: str = "", seen: str | None = None
) -> Question:
    """Let a question take one of the MOVES. `note` is kept as a comment; a return needs one.

    Raises OwnWork for the author of the newest version, unless nobody else could review; ChangedMeanwhile when it is not
    the version that was seen; Conflict when the question is in another state.
    """
    move = MOVES.get(name)
    if move is None:
        raise NotFound
    question, newest = lock(Question, question_id), newest_version(question_id)
    before = question.state
    refuse_stale(mark_of_version(newest), seen)
    take_move(question, newest, move, at=at, by_id=by_id, note=note)
    label = LocalizedText.of(newest.content.get("stem"))
    audit.record(
        f"assessment:question:{name}",
        at=at,
        actor_id=by_id,
        subject=("question", question.id, label.ar or label.en),
        organisation_id=question.organisation_id,
        before={"state": before},
        after={"state": question.state, "version": newest.number},
    )
    db.session.flush()
    return question


def take_move(
    question: Question, newest: QuestionVersion, move: Move, *, at: datetime, by_id: int, note: str = ""
) -> None:
    """Change the state of a question that is held already, after every check that the move asks for."""
    if question.state not in move.before:
        raise Conflict(OUT_OF_STEP)
    if move.review and not may_review(question, newest, by_id):
        raise OwnWork
    if move.said and not clean_block(note):
        raise Invalid(_l("Say what should be changed."), field="note")
    after = move.after or state_before_retiring(question.id)
    if after in ("in_review", "ready"):
        check_question(newest.type, newest.content)
    if clean_block(note):
        said = add_comment(question.id, note, number=newest.number, at=at, by_id=by_id)
        if move.said:
            jobs.enqueue(
                "assessment.tell_returned", unique_key=f"assessment.tell_returned:{said.id}", comment_id=said.id
            )
    change_state(question, newest.number, after, at=at, by_id=by_id)


def state_before_retiring(question_id: int) -> str:
    """Return the state that a retired question goes back to; a draft when nobody knows."""
    query = select(QuestionStateChange.before).where(
        QuestionStateChange.question_id == question_id, QuestionStateChange.after == RETIRED
    )
    return db.session.scalars(query.order_by(QuestionStateChange.id.desc()).limit(1)).first() or DRAFT


def add_comment(question_id: int, text: str, *, number: int | None = None, at: datetime, by_id: int) -> QuestionComment:
    """Say something about a question as it is now."""
    said = clean_block(text)
    if not said:
        raise Invalid(_l("Write a comment."), field="text")
    if len(said) > LONGEST_COMMENT:
        raise Invalid(_l("This comment is too long."), field="text")
    row = QuestionComment(
        question_id=question_id,
        version_number=number or newest_version(question_id).number,
        author_id=by_id,
        text=said,
        created_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def resolve_comment(comment: QuestionComment, *, resolved: bool, at: datetime, by_id: int) -> None:
    """Settle a comment, or open it again; doing so twice changes nothing."""
    held = lock(QuestionComment, comment.id)
    if resolved != (held.resolved_at is not None):
        held.resolved_at, held.resolved_by_id = (at, by_id) if resolved else (None, None)
        db.session.flush()
