"""Calibrations as they were kept, and what their job reads: which versions are due, who had which question right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from academy.assessment.models import GRADED, Attempt, AttemptItem, Calibration
from academy.assessment.rules import ENOUGH_TO_CALIBRATE, Ability, RaschItem
from academy.base.db import db

MOST = 5_000
GROWTH = 20


@dataclass(frozen=True, slots=True)
class RightAnswers:
    """The latest first attempts at a quiz version: a row an attempt, a column a question, 1 for fully right.

    Answers left empty or right in part count as wrong. `attempts` is how many first attempts there are in all.
    """

    quiz_version_id: int
    attempts: int
    question_version_ids: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A quiz version to be calibrated, with its number of first attempts."""

    quiz_version_id: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The Rasch calibration as last computed: `attempts` were used; None of a question means no finite difficulty."""

    computed_at: datetime
    attempts: int
    items: Mapping[int, RaschItem | None]
    abilities: tuple[Ability, ...]


def scale(kept: Calibration | None) -> Scale | None:
    """Return a kept calibration in the words of the rules; None stays None."""
    if kept is None:
        return None
    items = {int(key): RaschItem(**item) if item else None for key, item in kept.document["items"].items()}
    abilities = tuple(Ability(**each) for each in kept.document["abilities"])
    return Scale(kept.computed_at, kept.document["used"], items, abilities)


def _first(quiz_version_id: int | None = None) -> tuple[ColumnElement[bool], ...]:
    chosen = (Attempt.state == GRADED, Attempt.cycle == 1, Attempt.number == 1)
    return chosen if quiz_version_id is None else (*chosen, Attempt.quiz_version_id == quiz_version_id)


def due() -> list[Due]:
    """Return the versions with enough first attempts that were never calibrated or have a twentieth more since."""
    count = func.count(Attempt.id)
    query = (
        select(Attempt.quiz_version_id, count, func.max(Calibration.attempts))
        .outerjoin(Calibration, Calibration.quiz_version_id == Attempt.quiz_version_id)
        .where(*_first())
        .group_by(Attempt.quiz_version_id)
        .having(count >= ENOUGH_TO_CALIBRATE)
        .order_by(Attempt.quiz_version_id)
    )
    rows = db.session.execute(query)
    return [Due(id, now) for id, now, before in rows if before is None or now - before >= max(1, before // GROWTH)]


def right_answers(quiz_version_id: int) -> RightAnswers:
    """Return who had which question right, over the latest `MOST` first attempts, in two statements."""
    chosen = _first(quiz_version_id)
    count = db.session.scalar(select(func.count(Attempt.id)).where(*chosen)) or 0
    first = select(Attempt.id).where(*chosen).order_by(Attempt.submitted_at.desc(), Attempt.id.desc()).limit(MOST)
    latest = first.subquery()
    query = (
        select(AttemptItem.attempt_id, AttemptItem.question_version_id, AttemptItem.share)
        .join(latest, latest.c.id == AttemptItem.attempt_id)
        .where(AttemptItem.points > 0, AttemptItem.voided.is_(False))
    )
    given: dict[int, dict[int, int]] = {}
    for attempt_id, version_id, share in db.session.execute(query):
        given.setdefault(attempt_id, {})[version_id] = int(share == 1)
    ids = tuple(sorted(next(iter(given.values()), {})))
    rows = tuple(tuple(right[id] for id in ids) for right in given.values() if right.keys() == set(ids))
    return RightAnswers(quiz_version_id, count, ids, rows)
