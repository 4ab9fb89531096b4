"""Where the picture of a question is shown: in the bank, and in the attempts of a learner."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from academy.assessment.models import (
    Attempt,
    AttemptItem,
    Question,
    QuestionVersion,
)
from academy.assessment.queries_of_attempts import lines, place_in, shown_now
from academy.assessment.queries_of_heads import AttemptHead, attempt_head
from academy.assessment.queries_of_safe_browser import keeps_out
from academy.assessment.rules import is_late
from academy.assessment.rules.access import address_allowed
from academy.base.browser import Browser
from academy.base.db import db


@dataclass(frozen=True, slots=True)
class Showing:
    """An attempt with a question that has the picture, at a position."""

    head: AttemptHead
    position: int


def attempts_showing(key: str, owner_id: int, learner_id: int) -> Iterator[Showing]:
    """Yield a learner's attempts whose paper has the picture, the newest first; one statement, and one for each."""
    query = (
        select(AttemptItem.attempt_id, AttemptItem.position)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.learner_id == learner_id, AttemptItem.question_version_id.in_(_versions(key, owner_id)))
        .order_by(AttemptItem.attempt_id.desc(), AttemptItem.position)
    )
    for attempt_id, position in db.session.execute(query).all():
        head = attempt_head(attempt_id)
        if head is not None:
            yield Showing(head, position)


def is_shown(showing: Showing, *, address: str | None, browser: Browser | None = None, now: datetime) -> bool:
    """Whether the learner's own pages show the question now: the open attempt where and while it can be answered, else its review."""
    head = showing.head
    if not head.open:
        return shown_now(head, now=now).responses
    if is_late(now, head.deadline, head.grace_seconds) or not address_allowed(address, head.addresses):
        return False
    if keeps_out(head, head.learner_id, head.started_at, browser or Browser()):
        return False
    return not head.sequential or place_in(lines(head.id)) == showing.position


def is_banked(key: str, owner_id: int) -> bool:
    """Whether a question in the bank of an organisation shows the picture in any of its versions."""
    query = _versions(key, owner_id).where(Question.course_id.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def _versions(key: str, owner_id: int) -> Select[int]:
    return (
        select(QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuestionVersion.picture_key == key, Question.organisation_id == owner_id)
    )
