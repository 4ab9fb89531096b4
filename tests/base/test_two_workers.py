"""A job that takes longer than its lease is run by two workers; whichever is first counts, once. One that kills its workers is shown."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy.base import audit, clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db, settle
from academy.base.i18n import _l
from academy.base.jobs import DONE, FAILED, QUEUED, RUNNING, Job
from tests.concurrency import crowd_app, prepared  # noqa: F401
from tests.conftest import NOW

ACT = "base:slow:work"
BEYOND = timedelta(minutes=6)


class Slow:
    """A job whose first run waits until it may go on, and then does its work or fails."""

    def __init__(self, fails: bool) -> None:
        self.fails, self.runs = fails, 0
        self.began, self.may_go = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.runs += 1
        first = self.runs == 1
        settle()
        if first:
            self.began.set()
            assert self.may_go.wait(20)
        if first and self.fails:
            raise ValueError("too late anyway")
        audit.record(ACT, at=NOW, actor_id=None, subject=("work", self.runs, ""))


@pytest.fixture
def overtaken(crowd_app, monkeypatch):  # noqa: F811
    """Begin a job in one worker, and have another one claim it when the lease is out; returns both, and what ends the first."""

    def begin(*, fails: bool):
        slow, ended = Slow(fails), []
        monkeypatch.setitem(jobs.KINDS, "base.slow", jobs.Kind("base.slow", _l("Send a letter"), slow, 5, None))
        with prepared(crowd_app):
            jobs.enqueue("base.slow")
        with crowd_app.app_context():
            job_id = jobs.claim(clock.now())

        def work() -> None:
            with crowd_app.app_context():
                ended.append(jobs.run(job_id))
                db.session.remove()

        worker = threading.Thread(target=work)
        worker.start()
        assert slow.began.wait(20)
        with crowd_app.app_context():
            assert jobs.claim(clock.now() + BEYOND) == job_id

        def end() -> bool:
            slow.may_go.set()
            worker.join(20)
            return ended[0]

        return job_id, end

    return begin


def stands(app, job_id: int) -> tuple[str, int]:
    with prepared(app):
        acts = db.session.scalar(select(func.count()).where(AuditEntry.act == ACT))
        return db.session.get_one(Job, job_id).state, acts


@pytest.mark.concurrency
@pytest.mark.parametrize("fails", [False, True])
def test_who_comes_second_does_nothing_more(crowd_app, overtaken, fails):  # noqa: F811
    """R23, R14, P9: neither a second time nor, failing late, once more."""
    job_id, end = overtaken(fails=fails)
    with crowd_app.app_context():
        assert jobs.run(job_id)
    end()
    assert stands(crowd_app, job_id) == (DONE, 1)


@pytest.mark.concurrency
def test_the_slow_worker_may_be_the_first(crowd_app, overtaken):  # noqa: F811
    """P9: a job that always takes longer than its lease is done all the same."""
    job_id, end = overtaken(fails=False)
    assert end()
    assert stands(crowd_app, job_id) == (DONE, 1)
    with crowd_app.app_context():
        assert jobs.run(job_id)
    assert stands(crowd_app, job_id) == (DONE, 1)


@pytest.mark.concurrency
def test_failing_late_takes_no_job_from_the_worker_who_has_it_now(crowd_app, overtaken):  # noqa: F811
    """P9"""
    job_id, end = overtaken(fails=True)
    assert not end()
    assert stands(crowd_app, job_id) == (RUNNING, 0)
    with crowd_app.app_context():
        assert jobs.claim(clock.now() + timedelta(minutes=1)) is None
        assert jobs.run(job_id)
    assert stands(crowd_app, job_id) == (DONE, 1)


def test_a_job_that_kills_every_worker_has_failed_for_all_to_see(app):
    """P9, I8: what is queued ends done or shown as failed; the next job is not kept waiting by it."""
    db.session.query(Job).delete()
    deadly, other = jobs.enqueue("assessment.close", attempt_id=0), jobs.enqueue("assessment.close", attempt_id=1)
    at = other.run_after
    other.run_after = at + timedelta(days=1)
    for turn in range(jobs.KINDS["assessment.close"].tries):
        assert jobs.claim(at + turn * BEYOND) == deadly.id
    over = at + timedelta(days=1)
    assert jobs.claim(over) == other.id
    assert (deadly.state, deadly.finished_at, deadly.lease_until) == (FAILED, over, None) and deadly.last_error
    jobs.retry(deadly.id, at=over)
    db.session.refresh(deadly)
    assert (deadly.state, deadly.tries) == (QUEUED, 0) and jobs.claim(over) == deadly.id
