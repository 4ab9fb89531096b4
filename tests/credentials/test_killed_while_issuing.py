"""R9, R14, R17: two hundred complete at once, a worker is killed in the middle, another goes on; everybody has one certificate."""

import time
from contextlib import suppress

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from academy import facts
from academy.base import bus, jobs
from academy.base.db import db
from academy.credentials.models import Certificate
from academy.notices.models import Notice
from tests.concurrency import crowd_app, prepared  # noqa: F401
from tests.conftest import NOW
from tests.factories import catalogue, credentials
from tests.worker_process import Workers, academy_of

COMPLETIONS, KILLED_AT, WITHIN_SECONDS = 200, 60, 240
ISSUING = jobs.Job.name == "credentials.issue"


@pytest.fixture
def two(crowd_app):  # noqa: F811
    """Two programs of workers of the academy under test; none outlives the test."""
    found = [Workers(academy_of(crowd_app)) for _ in range(2)]
    yield found
    for each in found:
        each.clean_up()


def until_left(app, most: int) -> None:
    """Look at the queue until so few certificates are still to be issued; workers may keep SQLite to themselves for long."""
    deadline, left = time.monotonic() + WITHIN_SECONDS, None
    while left is None or left > most:
        assert time.monotonic() < deadline, left
        time.sleep(0.25)
        with app.app_context(), suppress(OperationalError):
            left = db.session.scalar(select(func.count()).where(ISSUING, jobs.Job.state != jobs.DONE))
            db.session.rollback()


@pytest.mark.concurrency
@pytest.mark.timeout(600)
def test_two_hundred_at_once_with_a_killed_worker_have_one_certificate_each(crowd_app, two):  # noqa: F811
    with time_machine.travel(NOW, tick=False), prepared(crowd_app):
        course = catalogue.course(validity_months=24)
        places = [credentials.completed(of=course, at=NOW) for _ in range(COMPLETIONS)]
        everyone = {each.learner_id for each in places}
        for each in places:
            bus.publish(facts.CourseCompleted(each.id))

    killed, other = two
    killed.start(NOW, "credentials.issue", KILLED_AT)
    killed.kill()
    other.start(NOW)
    until_left(crowd_app, 1)
    other.end()
    with prepared(crowd_app):
        held = db.session.scalars(select(jobs.Job).where(ISSUING, jobs.Job.state == jobs.RUNNING)).one()
        assert db.session.scalar(select(func.count(Certificate.id))) == COMPLETIONS - 1
        lease = jobs.KINDS[held.name].lease
    killed.start(NOW + 2 * lease)
    until_left(crowd_app, 0)
    killed.end()

    with prepared(crowd_app):
        for once in (Certificate.holder_id, Certificate.number):
            assert db.session.scalar(select(func.count(once.distinct()))) == COMPLETIONS
        assert db.session.scalar(select(func.count(Certificate.id))) == COMPLETIONS
        assert set(db.session.scalars(select(Certificate.holder_id))) == everyone
        told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "certificate_issued")).all()
        assert len(told) == COMPLETIONS and set(told) == everyone
        assert db.session.scalar(select(func.count()).where(ISSUING, jobs.Job.tries > 1)) == 1
