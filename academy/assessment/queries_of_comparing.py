"""What the job that looks for hints reads: which quiz versions have new attempts, and their answers side by side."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from academy.assessment.models import GRADED, Attempt, AttemptItem
from academy.assessment.queries import exact
from academy.base.db import db

LATEST = 1_500


@dataclass(slots=True)
class Compared:
    """One graded first attempt: how long it took, its wrong answers and how long each answer took, by question version."""

    id: int
    learner_id: int
    started_at: datetime
    ended_at: datetime
    by_learner: bool
    wrong: dict[int, str] = field(default_factory=dict)
    times: dict[int, tuple[float, bool]] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended_at - self.started_at).total_seconds()


def _timed() -> tuple[Any, ...]:
    return Attempt.state == GRADED, Attempt.number == 1, Attempt.deadline.is_not(None)


def due() -> Sequence[int]:
    """Return the quiz versions with first attempts with an end that nobody has compared yet."""
    query = select(Attempt.quiz_version_id).where(*_timed(), Attempt.compared_at.is_(None)).distinct()
    return db.session.scalars(query.order_by(Attempt.quiz_version_id)).all()


def compared(quiz_version_id: int) -> list[Compared]:
    """Return the latest first attempts at a quiz version with their answers, oldest first; two statements."""
    columns = (Attempt.id, Attempt.learner_id, Attempt.started_at, Attempt.submitted_at, Attempt.closed_by)
    query = select(*columns).where(*_timed(), Attempt.quiz_version_id == quiz_version_id)
    found = {
        row.id: Compared(row.id, row.learner_id, row.started_at, row.submitted_at, row.closed_by == "learner")
        for row in reversed(db.session.execute(query.order_by(Attempt.id.desc()).limit(LATEST)).all())
    }
    items = select(
        AttemptItem.attempt_id, AttemptItem.question_version_id, AttemptItem.response, AttemptItem.share,
        AttemptItem.seconds,
    )  # fmt: skip
    for row in db.session.execute(items.where(AttemptItem.attempt_id.in_(found), AttemptItem.voided.is_(False))):
        if not row.response or row.share is None:
            continue
        share, one = exact(row.share), found[row.attempt_id]
        if share == Fraction(0):
            one.wrong[row.question_version_id] = json.dumps(row.response, sort_keys=True, ensure_ascii=False)
        if row.seconds:
            one.times[row.question_version_id] = (float(row.seconds), share == Fraction(1))
    return list(found.values())
