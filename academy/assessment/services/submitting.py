"""Submitting an attempt: closed once, by the learner or by the clock, and judged by the answers that were saved."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager

from academy import facts
from academy.assessment.models import GRADED, OPEN, SUBMITTED, Attempt, QuizVersion
from academy.assessment.numbers import kept
from academy.assessment.queries_of_decisions import decisions_in_force
from academy.assessment.rules import is_late
from academy.assessment.services.judging import Bar, Judged, items_of, judge, score_of, verdict, write_down
from academy.assessment.services.surveying import close_survey
from academy.base import bus
from academy.base.db import db
from academy.base.errors import NotFound


def submit(
    attempt_id: int, *, at: datetime, by: Literal["learner", "clock"] = "learner", round_over: bool = False
) -> Attempt:
    """Close an open attempt; graded at once it is told as AttemptGraded. One that is closed is returned as it is.

    With answers that a person marks it is submitted and waits, whoever closes it. A learner who comes after the deadline
    and its grace is too late: the clock has ended the attempt, at that moment, whenever it is noticed. The clock leaves
    an attempt alone that still has time, unless the round of the course that it was made in is over. Raises NothingSaid when
    an anonymous survey is sent without any answer.
    """
    attempt = hold_attempt(attempt_id)
    if attempt is None:
        raise NotFound
    grace = attempt.quiz_version.grace_seconds
    late = is_late(at, attempt.deadline, grace)
    if attempt.state != OPEN or (by == "clock" and not (late or round_over)):
        return attempt
    ended = attempt.deadline + timedelta(seconds=grace) if late and attempt.deadline else at
    if attempt.quiz_version.anonymous:
        close_survey(attempt, at=ended, by="clock" if late else by)
    else:
        _close(attempt, ended, "clock" if late else by)
    if attempt.state == GRADED:
        bus.publish(facts.AttemptGraded(attempt.id))
    return attempt


def hold_attempt(attempt_id: int) -> Attempt | None:
    """Return the attempt with its quiz version and hold it until the transaction ends: saves and submits stand in line.

    One statement. The version is frozen, so it is read without being held.
    """
    return db.session.scalar(_held(), {"attempt_id": attempt_id})


@cache
def _held() -> Select[Attempt]:
    """Return the query of `hold_attempt`, built once: every save asks it, and building it takes longer than asking."""
    return (
        select(Attempt)
        .join(Attempt.quiz_version)
        .options(contains_eager(Attempt.quiz_version))
        .where(Attempt.id == bindparam("attempt_id"))
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )


def close_overdue(at: datetime) -> int:
    """Close every attempt whose time is over; return how many. For commands: the worker closes each in its own job."""
    late = overdue(at)
    for attempt_id in late:
        submit(attempt_id, at=at, by="clock")
    return len(late)


def overdue(at: datetime) -> Sequence[int]:
    """Return the ids of open attempts whose deadline and grace are over, the earliest first."""
    query = (
        select(Attempt.id, Attempt.deadline, QuizVersion.grace_seconds)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .where(Attempt.state == OPEN, Attempt.deadline < at)
        .order_by(Attempt.deadline)
    )
    return [row.id for row in db.session.execute(query) if is_late(at, row.deadline, row.grace_seconds)]


def _close(attempt: Attempt, at: datetime, by: str) -> None:
    """Take no more answers and judge those that are kept; the attempt is graded at once unless one waits for a mark."""
    judged = judge(items_of([attempt.id]), decisions_in_force(attempt.quiz_id))
    write_down(judged)
    waits = any(each.waits for each in judged)
    attempt.state, attempt.submitted_at, attempt.closed_by = SUBMITTED, at, by
    attempt.max_score = kept(score_of(judged).max, 6)
    if waits:
        db.session.flush()
    else:
        set_score(attempt, judged, Bar.of(attempt.quiz_version), at=at)


def set_score(attempt: Attempt, judged: Sequence[Judged], bar: Bar, *, at: datetime) -> None:
    """Make an attempt graded with what its answers are worth, none of which waits for a mark."""
    found = verdict(judged, bar)
    attempt.state, attempt.graded_at = GRADED, at
    attempt.score, attempt.max_score = kept(found.score.raw, 6), kept(found.score.max, 6)
    attempt.shortfalls, attempt.passed = list(found.shortfalls), found.passed
    db.session.flush()
