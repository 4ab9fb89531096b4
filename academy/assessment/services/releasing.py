"""Releasing the results of marked attempts together; those whose answers are not all marked keep waiting."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from academy.assessment.models import SUBMITTED, Attempt, MarkRelease, Quiz, QuizVersion
from academy.assessment.policies_of_marking import RELEASE_MARKS
from academy.assessment.questions import mark_of
from academy.assessment.refusals_of_marking import ReleaseChanged
from academy.assessment.services.judging import Bar, Judged, as_kept, items_of, items_where, verdict
from academy.assessment.services.submitting import set_score
from academy.base import audit, jobs
from academy.base.db import db, lock
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _l


@dataclass(frozen=True, slots=True)
class ReleasePreview:
    """What a release would do now, in numbers: attempts released, how many of them pass, how many go on waiting."""

    ready: int
    passing: int
    waiting: int
    mark: str


def preview_release(quiz_id: int) -> ReleasePreview:
    """Reckon what a release would do, without changing anything, in one statement."""
    return _preview(items_where(*_waiting(quiz_id)))[0]


def release(quiz_id: int, *, by_id: int, seen: str | None = None, at: datetime) -> MarkRelease:
    """Grade every attempt of a quiz whose answers are all marked, together, and see that it is told.

    `seen` is the mark of the preview. Raises ReleaseChanged when the effect is another one by now, Conflict when nothing is
    ready. Learners are told, and AttemptGraded is published, by one job an attempt.
    """
    if lock(Quiz, quiz_id) is None:
        raise NotFound
    held = select(Attempt).where(*_waiting(quiz_id)).order_by(Attempt.id).with_for_update()
    attempts = list(db.session.scalars(held.execution_options(populate_existing=True)))
    preview, ready, bars = _preview(items_of(attempt.id for attempt in attempts))
    if seen is not None and seen != preview.mark:
        raise ReleaseChanged
    if not ready:
        raise Conflict(_l("No attempt is marked completely yet."))
    for attempt in attempts:
        if attempt.id in ready:
            set_score(attempt, ready[attempt.id], bars[attempt.id], at=at)
    made = MarkRelease(quiz_id=quiz_id, released_by_id=by_id, released_at=at, attempt_ids=sorted(ready))
    db.session.add(made)
    db.session.flush()
    counts = {"attempts": preview.ready, "passed": preview.passing, "still_waiting": preview.waiting}
    audit.record(RELEASE_MARKS, at=at, actor_id=by_id, subject=("quiz", quiz_id, _title(quiz_id)), after=counts)
    jobs.enqueue("assessment.tell_release", unique_key=f"assessment.tell_release:{made.id}", release_id=made.id)
    return made


def _waiting(quiz_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Attempt.quiz_id == quiz_id, Attempt.state == SUBMITTED


def _preview(items: Sequence[Row[Any]]) -> tuple[ReleasePreview, dict[int, list[Judged]], dict[int, Bar]]:
    """Return the numbers, the answers of each attempt that is ready, and what each attempt has to reach."""
    found: dict[int, list[Judged]] = defaultdict(list)
    for each in as_kept(items):
        found[each.attempt_id].append(each)
    bars = {item.attempt_id: Bar.of(item) for item in items}
    ready = {key: judged for key, judged in found.items() if not any(each.waits for each in judged)}
    passing = sum(verdict(judged, bars[key]).passed for key, judged in ready.items())
    return ReleasePreview(len(ready), passing, len(found) - len(ready), mark_of(sorted(ready), passing)), ready, bars


def _title(quiz_id: int) -> str:
    query = select(QuizVersion.title).where(QuizVersion.quiz_id == quiz_id).order_by(QuizVersion.number.desc()).limit(1)
    title = db.session.scalar(query)
    return title.show("ar") if title else ""
