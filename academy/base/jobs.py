"""Background work: a durable row written in the transaction of its cause, claimed with a lease, retried, visible."""

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Select,
    String,
    Text,
    cast,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from academy.base import clock
from academy.base.db import Model, db, insert_once, lock, transaction

LEASE = timedelta(minutes=5)
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
MOST_KILLED = 5
KILLED = "The worker stopped in the middle, each time."


class Job(Model):
    """One piece of background work and what became of it."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="known_state"),
        Index("ix_job_state_run_after", "state", "run_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    arguments: Mapped[dict[str, Any]]
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=QUEUED)
    run_after: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered job function, what administrators read of it, its tries, and how long a silent worker is waited for."""

    name: str
    title: LazyString
    run: Callable[..., None]
    tries: int
    every: timedelta | None
    lease: timedelta = LEASE


KINDS: dict[str, Kind] = {}


def job(
    name: str, title: LazyString, *, tries: int = 5, every: timedelta | None = None, lease: timedelta = LEASE
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as a job; `title` says to administrators what it does. With `every`, the worker queues it by itself once per interval."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        KINDS[name] = Kind(name, title, function, tries, every, lease)
        return function

    return register


def enqueue(name: str, *, unique_key: str | None = None, run_after: datetime | None = None, **arguments: Any) -> Job:
    """Queue a job in the present transaction. With a unique key, a second call returns the first row."""
    at = clock.now()

    def make() -> Job:
        return Job(name=name, arguments=arguments, unique_key=unique_key, run_after=run_after or at, created_at=at)

    def find() -> Job | None:
        return db.session.scalar(select(Job).where(Job.unique_key == unique_key)) if unique_key else None

    return insert_once(make, find)[0]


def free_key(unique_key: str) -> None:
    """Let a job with this key be queued again, as the one that holds it had nothing to do yet."""
    db.session.execute(update(Job).where(Job.unique_key == unique_key).values(unique_key=None))


def asked_for(beginning: str, number: Any) -> ColumnElement[bool]:
    """Return the filter on the rows of a query for whose number there is a job, whatever became of it; the number ends its key.

    Whoever looks for what is left to do, so many at a time, would else find the same that cannot be done every time.
    """
    return exists().where(Job.unique_key == literal(beginning) + cast(number, String))


def unfinished(*keys: Any) -> bool:
    """Whether a job with one of these keys is still to be done or tried again; a key may be a query of keys."""
    known = or_(*(Job.unique_key.in_(key) if isinstance(key, Select) else Job.unique_key == key for key in keys))
    return bool(db.session.scalar(select(exists().where(known, Job.state.in_((QUEUED, RUNNING))))))


def on_last_try(unique_key: str) -> bool:
    """Whether the job of this key, which runs, is not tried again when it fails now."""
    found = db.session.scalar(select(Job).where(Job.unique_key == unique_key, Job.state == RUNNING))
    return found is not None and found.tries >= KINDS[found.name].tries


def claim(at: datetime) -> int | None:
    """Take the next due job, or one whose worker died, and hold it for the lease. Returns its id.

    One at which the worker died again and again is given up instead: it would take down the next one too.
    """
    with transaction():
        while (found := _due(at)) is not None:
            if found.state == RUNNING and found.tries >= max(MOST_KILLED, _tries(found)):
                found.state, found.finished_at, found.lease_until = FAILED, at, None
                found.last_error = KILLED
                db.session.flush()
                continue
            lease = KINDS[found.name].lease if found.name in KINDS else LEASE
            found.state, found.lease_until, found.tries = RUNNING, at + lease, found.tries + 1
            return found.id
    return None


def _due(at: datetime) -> Job | None:
    due = or_(
        (Job.state == QUEUED) & (Job.run_after <= at),
        (Job.state == RUNNING) & (Job.lease_until < at),
    )
    query = select(Job).where(due).order_by(Job.run_after, Job.id).limit(1).with_for_update(skip_locked=True)
    return db.session.scalar(query)


class _DoneMeanwhile(Exception):
    """Another worker, who took a job over when the lease was out, was faster: what this one did is undone."""


def run(job_id: int) -> bool:
    """Run a claimed job. Its effects and its 'done' are one transaction. Returns whether it went well.

    Of two workers, as when one took longer than the lease, the first to finish counts and the other's effects are undone.
    """
    attempt = None
    try:
        with transaction():
            found = db.session.get_one(Job, job_id)
            attempt = found.tries
            KINDS[found.name].run(**found.arguments)
            db.session.flush()
            if (held := lock(Job, job_id)).state == DONE:
                raise _DoneMeanwhile
            held.state, held.finished_at, held.lease_until, held.last_error = DONE, clock.now(), None, None
    except _DoneMeanwhile:
        return True
    except Exception:
        _note_failure(job_id, attempt, traceback.format_exc(limit=-6))
        return False
    return True


def _tries(found: Job) -> int:
    return KINDS[found.name].tries if found.name in KINDS else 1


def _note_failure(job_id: int, attempt: int | None, trace: str) -> None:
    """Have a job tried again, or note that it has failed; one that another worker has taken over is that one's."""
    with transaction():
        found: Job = lock(Job, job_id)
        if found.state == DONE or attempt not in (None, found.tries):
            return
        limit = _tries(found)
        found.last_error, found.lease_until = trace[-4000:], None
        if found.tries >= limit:
            found.state, found.finished_at = FAILED, clock.now()
        else:
            pause = min(3600, 5 * 4 ** (found.tries - 1)) * random.uniform(0.8, 1.2)
            found.state, found.run_after = QUEUED, clock.now() + timedelta(seconds=pause)


def retry(job_id: int, *, at: datetime) -> None:
    """Put a failed job back into the queue with fresh tries."""
    db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == FAILED)
        .values(state=QUEUED, tries=0, run_after=at, finished_at=None)
    )


def queue_periodic(at: datetime) -> None:
    """Queue every periodic job once for the interval that `at` falls into."""
    for kind in KINDS.values():
        if kind.every is not None:
            slot = int(at.timestamp() // kind.every.total_seconds())
            with transaction():
                enqueue(kind.name, unique_key=f"every:{kind.name}:{slot}")


def run_all_due(limit: int = 10_000) -> int:
    """Run every job that is due now, one after the other; for tests, commands and small installations."""
    for count in range(limit):
        job_id = claim(clock.now())
        if job_id is None:
            return count
        run(job_id)
    return limit
