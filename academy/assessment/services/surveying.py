"""Anonymous surveys: making a quiz one, and taking answers so that nothing leads from them to whoever gave them.

A sheet waits sealed until as many wait as the floor asks for; then all of them are opened together, with new keys in a drawn
order. So neither the results nor the database tell which of the last few people said what.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select

from academy.assessment.models import (
    GRADED,
    AnonymousSurvey,
    Attempt,
    AttemptItem,
    IntegrityEvent,
    IntegrityNote,
    QuestionVersion,
    QuizItem,
    QuizSection,
    QuizVersion,
    SaveReceipt,
    SaveRefusal,
    SurveySheet,
)
from academy.assessment.queries_of_surveys import floor_of, was_published
from academy.assessment.types import unscored
from academy.base import place
from academy.base.db import db, insert_missing, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.sealing import CannotUnseal, seal, unseal

PURPOSE = "survey sheet"


class NothingSaid(Conflict):
    """A survey is sent with at least one answer."""

    sentence = _l("Answer at least one question before you send. Nothing has been sent yet.")


class MixedSurvey(Conflict):
    """An anonymous survey with questions that are scored, or drawn, cannot be published."""

    sentence = _l("An anonymous survey holds only questions that are not scored, and draws none.")


def set_anonymous(version: QuizVersion, anonymous: bool) -> None:
    """Make the quiz of a draft an anonymous survey, or an ordinary quiz again.

    Raises Invalid once a version of it was published: learners have read what holds. The caller holds the draft.
    """
    if anonymous == version.anonymous:
        return
    if was_published(version.quiz_id):
        raise Invalid(
            _l("This quiz has been published, so this can no longer change. Add another quiz instead."),
            field="anonymous",
        )
    if anonymous:
        insert_missing(AnonymousSurvey, [{"quiz_id": version.quiz_id}])
    else:
        db.session.execute(delete(AnonymousSurvey).where(AnonymousSurvey.quiz_id == version.quiz_id))
    db.session.expire(version, ["anonymous"])


def refuse_mixed(version: QuizVersion) -> None:
    """Raise MixedSurvey when an anonymous survey asks something that is scored, or draws."""
    if not version.anonymous:
        return
    scored = (
        select(QuizItem.id)
        .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
        .where(QuizItem.quiz_version_id == version.id, QuestionVersion.type.not_in(unscored()))
    )
    draws = select(QuizSection.id).where(QuizSection.quiz_version_id == version.id, QuizSection.kind == "draw")
    if db.session.scalar(scored.limit(1)) is not None or db.session.scalar(draws.limit(1)) is not None:
        raise MixedSurvey


def close_survey(attempt: Attempt, *, at: datetime, by: str) -> None:
    """End an attempt at an anonymous survey. Only its learner sends answers; what the clock ends is thrown away.

    `attempt` is held and open. It stays as the record that somebody took part; its draft goes in the same transaction.
    Raises NothingSaid when its learner sends nothing.
    """
    answers = _said(attempt.id)
    sent = by == "learner"
    if sent and not answers:
        raise NothingSaid
    _forget(attempt.id)
    attempt.state, attempt.submitted_at, attempt.graded_at, attempt.closed_by = GRADED, at, at, by
    attempt.score, attempt.max_score, attempt.passed = cast(Any, 0), cast(Any, 0), sent
    attempt.seed = attempt.sequence = 0
    attempt.saved_by = attempt.network = attempt.timed_until = attempt.language = None
    attempt.compared_at = at
    db.session.flush()
    if sent:
        _keep(attempt.quiz_id, attempt.quiz_version_id, answers)


def _said(attempt_id: int) -> dict[str, Any]:
    """Return the answers of a draft by question version, in an order that tells nothing of its paper."""
    query = (
        select(AttemptItem.question_version_id, AttemptItem.response)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.question_version_id)
    )
    return {str(version_id): response for version_id, response in db.session.execute(query) if response}


def _forget(attempt_id: int) -> None:
    """Delete all that was kept while answers were given."""
    for kept in (SaveReceipt, SaveRefusal, IntegrityEvent, IntegrityNote, AttemptItem):
        db.session.execute(delete(kept).where(kept.attempt_id == attempt_id))


def _keep(quiz_id: int, version_id: int, answers: Mapping[str, Any]) -> None:
    """Add a sheet to those that wait; with as many as the floor, open them all. Others who send wait meanwhile."""
    lock(AnonymousSurvey, quiz_id)
    secret, floor = place.secret(), floor_of(quiz_id)
    waiting = _waiting(version_id, secret)
    whose = {"quiz_id": quiz_id, "quiz_version_id": version_id}
    table = cast(Table, SurveySheet.__table__)
    if len(waiting) + 1 < floor:
        row = {"key": secrets.token_hex(16), **whose, "sealed": seal(answers, PURPOSE, secret)}
        db.session.execute(insert(table), [row])
        return
    together = [*waiting.values(), answers]
    secrets.SystemRandom().shuffle(together)
    db.session.execute(delete(SurveySheet).where(SurveySheet.key.in_(list(waiting))))
    db.session.execute(insert(table), [{"key": secrets.token_hex(16), **whose, "answers": each} for each in together])


def _waiting(version_id: int, secret: str) -> dict[str, Mapping[str, Any]]:
    """Return the sheets that wait, by key; one that was sealed with an earlier secret stays where it is."""
    query = select(SurveySheet.key, SurveySheet.sealed)
    mine = SurveySheet.quiz_version_id == version_id, SurveySheet.sealed.is_not(None)
    found: dict[str, Mapping[str, Any]] = {}
    for key, sealed in db.session.execute(query.where(*mine)):
        try:
            found[key] = unseal(str(sealed), PURPOSE, secret)
        except CannotUnseal:
            continue
    return found
