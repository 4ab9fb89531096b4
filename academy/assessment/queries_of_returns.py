"""Questions that a reviewer has returned to their author: whether one is back now, why, and whom to tell."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, and_, func, select

from academy.accounts.models import Person
from academy.assessment.models import (
    DRAFT,
    IN_REVIEW,
    Question,
    QuestionComment,
    QuestionStateChange,
    QuestionVersion,
)
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Returned:
    """Why a question lies with its author again, who said so and when."""

    note: str
    by: LocalizedText
    at: datetime


@dataclass(frozen=True, slots=True)
class ToTell:
    """What the author of a returned question is told."""

    author_id: int
    question_id: int
    stem: LocalizedText
    note: str
    by: LocalizedText


# A return is written down as a change of state with what its reviewer said in the same moment; taking back says nothing.
_SAID = and_(
    QuestionComment.question_id == QuestionStateChange.question_id,
    QuestionComment.created_at == QuestionStateChange.changed_at,
    QuestionComment.author_id == QuestionStateChange.changed_by_id,
)
_BACK = and_(QuestionStateChange.before == IN_REVIEW, QuestionStateChange.after == DRAFT)


def returned_now() -> Exists:
    """Return the filter on Question for those whose last change of state was a return."""
    last = select(func.max(QuestionStateChange.id)).where(QuestionStateChange.question_id == Question.id)
    found = select(QuestionComment.id).join(QuestionStateChange, _SAID).where(_BACK)
    return (
        found.where(QuestionStateChange.id == last.correlate(Question).scalar_subquery()).correlate(Question).exists()
    )


def returned(question_id: int) -> Returned | None:
    """Return why a question is back with its author; None when it is not. One statement."""
    row = db.session.execute(
        select(QuestionComment.text, Person.name, QuestionStateChange.changed_at)
        .join(QuestionStateChange, _SAID)
        .join(Person, Person.id == QuestionComment.author_id)
        .join(Question, Question.id == QuestionComment.question_id)
        .where(Question.id == question_id, _BACK, returned_now())
        .order_by(QuestionStateChange.id.desc())
        .limit(1)
    ).one_or_none()
    return Returned(*row) if row else None


def return_to_tell(comment_id: int) -> ToTell | None:
    """Return what is told of a return by what its reviewer said; None when its author is unknown or returned it alone."""
    row = db.session.execute(
        select(QuestionVersion.created_by_id, Question.id, QuestionVersion.content, QuestionComment.text, Person.name)
        .join(Question, Question.id == QuestionComment.question_id)
        .join(
            QuestionVersion,
            and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == QuestionComment.version_number),
        )
        .join(Person, Person.id == QuestionComment.author_id)
        .where(
            QuestionComment.id == comment_id,
            QuestionVersion.created_by_id.is_not(None),
            QuestionVersion.created_by_id != QuestionComment.author_id,
        )
    ).one_or_none()
    return ToTell(row[0], row[1], LocalizedText.of(row[2].get("stem")), row[3], row[4]) if row else None
