"""What the learners of a quiz gained since the quiz that was taken before it, and how well they judged themselves."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from academy.assessment.models import GRADED, Attempt, AttemptItem, QuizVersion
from academy.assessment.queries import exact, percent_of
from academy.assessment.rules import Sureness, sureness
from academy.assessment.rules.gain import Gain, gain
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class GainFigures:
    """The quiz taken before, how many people took both in that order, and the gain when they are enough."""

    title: LocalizedText
    people: int
    gain: Gain | None


def gain_figures(quiz_version_id: int, pre_quiz_id: int) -> GainFigures:
    """Return the gain between two quizzes over the first attempts of those who took the earlier one first.

    Attempts at any version of the quiz before count. Two statements.
    """
    before, after = aliased(Attempt), aliased(Attempt)
    first = [
        condition
        for attempt in (before, after)
        for condition in (attempt.cycle == 1, attempt.number == 1, attempt.state == GRADED)
    ]
    query = select(before.score, before.max_score, after.score, after.max_score).where(
        before.quiz_id == pre_quiz_id,
        after.quiz_version_id == quiz_version_id,
        before.learner_id == after.learner_id,
        before.submitted_at <= after.started_at,
        *first,
    )
    pairs = [(percent_of(*row[:2]), percent_of(*row[2:])) for row in db.session.execute(query)]
    known = [(early, late) for early, late in pairs if early is not None and late is not None]
    newest = select(QuizVersion.title).where(QuizVersion.quiz_id == pre_quiz_id).order_by(QuizVersion.number.desc())
    return GainFigures(db.session.scalars(newest.limit(1)).one(), len(known), gain(known))


def sureness_figures(quiz_version_id: int) -> tuple[Sureness, ...]:
    """Return how sure learners were in their first attempts against what they earned; one statement."""
    query = (
        select(AttemptItem.confidence, AttemptItem.share)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.quiz_version_id == quiz_version_id, Attempt.cycle == 1, Attempt.number == 1)
        .where(Attempt.state == GRADED, AttemptItem.confidence.is_not(None), AttemptItem.share.is_not(None))
    )
    told = db.session.execute(query).all()
    return sureness((level, exact(share)) for level, share in told if level is not None and share is not None)
