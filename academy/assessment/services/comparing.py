"""Keeping the hints that come of comparing the attempts at a quiz with each other."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from academy.assessment.models import Attempt, IntegrityEvent
from academy.assessment.models.integrity import COMPARED_KINDS, FAST_ANSWERS, FAST_ATTEMPT, SAME_WRONG
from academy.assessment.queries_of_comparing import Compared
from academy.assessment.rules import likeness
from academy.base.db import db

Found = dict[tuple[int, str, int | None], dict[str, Any]]


def look_through(attempts: Sequence[Compared]) -> Found:
    """Return the hints among attempts: (attempt, kind, other attempt) → the figures to tell them with."""
    return {**_fast(attempts), **_alike(attempts)}


def _fast(attempts: Sequence[Compared]) -> Found:
    times: dict[int, list[float]] = defaultdict(list)
    for one in attempts:
        for question, (seconds, _right) in one.times.items():
            times[question].append(seconds)
    limits = likeness.fast_limits(times)
    usual = likeness.usual_duration([one.seconds for one in attempts if one.by_learner])
    found: Found = {}
    for one in attempts:
        fast = likeness.fast_answers(one.times, limits)
        if fast is not None:
            detail = {"fast": fast.fast, "measured": fast.measured, "right": fast.right}
            found[one.id, FAST_ANSWERS, None] = detail
        if one.by_learner and usual is not None and likeness.is_fast(one.seconds, usual):
            found[one.id, FAST_ATTEMPT, None] = {"seconds": int(one.seconds), "median": int(usual)}
    return found


def _alike(attempts: Sequence[Compared]) -> Found:
    found: Found = {}
    pairs = len(attempts) * (len(attempts) - 1) // 2
    for pair in likeness.same_wrong([one.wrong for one in attempts]):
        one, other = attempts[pair.one], attempts[pair.other]
        if one.learner_id == other.learner_id:
            continue
        detail = {
            "same": pair.same, "both_wrong": pair.both_wrong, "expected": round(pair.expected, 2),
            "by_chance": pair.by_chance, "pairs": pairs,
        }  # fmt: skip
        found[one.id, SAME_WRONG, other.id] = detail
        found[other.id, SAME_WRONG, one.id] = detail
    return found


def keep_hints(attempts: Sequence[Compared], found: Found, *, at: datetime) -> int:
    """Keep what was found in place of what comparing had found before; returns how many hints are new.

    A hint that is still there keeps its moment and gets the newer figures; one that is no longer there is gone, as more
    attempts have shown that it was nothing.
    """
    ids = [one.id for one in attempts]
    query = select(IntegrityEvent).where(IntegrityEvent.attempt_id.in_(ids), IntegrityEvent.kind.in_(COMPARED_KINDS))
    known = {(row.attempt_id, row.kind, row.other_id): row for row in db.session.scalars(query)}
    gone = [row.id for key, row in known.items() if key not in found]
    if gone:
        db.session.execute(delete(IntegrityEvent).where(IntegrityEvent.id.in_(gone)))
    for key, row in known.items():
        if key in found and row.detail != found[key]:
            row.detail = found[key]
    new = [
        {"attempt_id": attempt, "kind": kind, "other_id": other, "at": at, "seconds": 0, "detail": detail}
        for (attempt, kind, other), detail in found.items()
        if (attempt, kind, other) not in known
    ]
    if new:
        db.session.execute(insert(IntegrityEvent), new)
    db.session.execute(update(Attempt).where(Attempt.id.in_(ids)).values(compared_at=at))
    return len(new)
