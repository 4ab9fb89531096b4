"""A worker's process is killed in the middle of its work, three times over; the next one takes over when the lease is out."""

import time
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from academy.assessment.models import GRADED, OPEN, Attempt, QuizVersion
from academy.base import jobs
from academy.base.db import db
from academy.base.jobs import DONE, QUEUED, RUNNING, Job
from academy.catalogue import services as courses
from academy.competencies.models import Evidence
from academy.credentials.models import Certificate
from academy.learning import services as learning
from academy.learning.models import Enrolment
from academy.notices.models import Letter, Notice
from tests.concurrency import crowd_app, prepared  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue
from tests.factories import competencies as frameworks
from tests.invariants import broken, unfaithful
from tests.notices.sink import AnyPort, Sink
from tests.worker_process import Workers, academy_of

LEARNERS = 5
LATER = timedelta(minutes=6)
WITHIN_SECONDS = 60
TOLD = ("attempt_closed", "course_completed", "certificate_issued")


@pytest.fixture
def post():
    """A mail server, and the letters it took."""
    taken = Sink()
    server: Controller = AnyPort(taken, hostname="127.0.0.1", port=0)
    server.start()
    yield taken, server.port
    server.stop()


@pytest.fixture
def workers(crowd_app, post):  # noqa: F811
    """Workers of the academy under test; none outlives the test."""
    environment = academy_of(crowd_app) | {
        "ACADEMY_MAIL_HOST": "127.0.0.1", "ACADEMY_MAIL_PORT": str(post[1]), "ACADEMY_MAIL_FROM": "academy@agency.test",
    }  # fmt: skip
    found = Workers(environment)
    yield found
    found.clean_up()


def out_of_time() -> None:
    """A course of one quiz that gives a certificate; everybody has answered all of it rightly, and nobody submitted."""
    frameworks.framework()
    trainer = people.trainer()
    course = catalogue.course(trainer=trainer, published=False, units=0, gives_certificate=True, audience="everyone")
    activity = catalogue.activity(catalogue.unit(catalogue.draft(course)), "quiz")
    quiz = db.session.get(QuizVersion, activity.content["quiz_version_id"])
    quiz.minutes, quiz.pass_percent = 30, 100
    for _ in range(2):
        quizzes.question(quiz, "single", competency_key="D1.1")
    courses.publish(course, actor_id=trainer.id, at=NOW - timedelta(days=2))
    for _ in range(LEARNERS):
        learner, at = people.person(), NOW - timedelta(days=1)
        learning.enrol(learner.id, course.id, at=at)
        quizzes.answer(quizzes.attempt(quiz, learner, at=at))


def count(*conditions) -> int:
    return db.session.scalar(select(func.count()).where(*conditions))


def left_inside(app, name: str) -> None:
    """The killed job is held by its dead worker, and is not done."""
    with prepared(app):
        held = db.session.scalars(select(Job).where(Job.state == RUNNING, Job.name == name)).one()
        assert held.lease_until is not None and held.finished_at is None


def until_all_is_done(app) -> None:
    """Look at the queue until nothing is due in it."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while True:
        with app.app_context():
            waiting = db.session.scalars(select(Job.name).where(Job.state.in_((QUEUED, RUNNING)))).all()
            db.session.rollback()
        if not waiting:
            return
        assert time.monotonic() < deadline, waiting
        time.sleep(0.05)


def test_a_held_job_is_nobody_elses_until_its_lease_is_out(app):
    """R14: neither a moment too early nor never."""
    db.session.query(Job).delete()
    held = jobs.enqueue("assessment.close", attempt_id=0)
    lease = jobs.KINDS["assessment.close"].lease
    at = held.run_after
    assert jobs.claim(at) == held.id
    assert jobs.claim(at + lease) is None
    assert jobs.claim(at + lease + timedelta(seconds=1)) == held.id


@pytest.mark.concurrency
def test_whatever_a_killed_worker_was_doing_is_done_once_by_the_next(crowd_app, workers, post):  # noqa: F811
    """R14, R9, R17, R23, P9, P10: killed while it grades, while it issues, and between the mail server's yes and its own note."""
    with prepared(crowd_app):
        out_of_time()

    workers.start(NOW, "assessment.close", 4)
    workers.kill()
    left_inside(crowd_app, "assessment.close")
    with prepared(crowd_app):
        assert count(Attempt.state == GRADED) == 3 and count(Attempt.state == OPEN) == LEARNERS - 3
    workers.start(NOW + LATER, "credentials.issue", 3)
    workers.kill()
    left_inside(crowd_app, "credentials.issue")
    with prepared(crowd_app):
        assert count(Attempt.state == GRADED) == LEARNERS and count(Certificate.id.is_not(None)) == 2
    workers.start(NOW + 2 * LATER, "notices.send_letter", 3)
    workers.kill()
    left_inside(crowd_app, "notices.send_letter")
    workers.start(NOW + 3 * LATER)
    until_all_is_done(crowd_app)
    workers.end()

    with prepared(crowd_app):
        assert broken() == {} and unfaithful() == []
        assert count(Attempt.state == GRADED, Attempt.closed_by == "clock", Attempt.passed) == LEARNERS
        assert count(Enrolment.state == "completed") == LEARNERS
        everyone = set(db.session.scalars(select(Attempt.learner_id)))
        for once in (
            select(Evidence.person_id).where(Evidence.kind == "attempt"),
            select(Certificate.holder_id),
            *(select(Notice.person_id).where(Notice.kind == kind) for kind in TOLD),
            *(select(Letter.person_id).where(Letter.kind == kind) for kind in TOLD),
        ):
            found = db.session.scalars(once).all()
            assert len(found) == LEARNERS and set(found) == everyone, str(once)
        sent = db.session.scalars(select(Letter.message_id).where(Letter.state == "sent")).all()
        assert len(sent) == len(set(sent)) == len(TOLD) * LEARNERS == count(Letter.id.is_not(None))
        tried = dict(db.session.execute(select(Job.name, func.count()).where(Job.tries > 1).group_by(Job.name)).all())
        assert tried == {"assessment.close": 1, "credentials.issue": 1, "notices.send_letter": 1}
        assert count(Job.state != DONE) == 0
    # What the mail server had taken is handed in again under the same id, by which mail programs know it.
    handed_in = [letter["Message-ID"] for letter in post[0].letters]
    assert set(handed_in) == set(sent) and len(handed_in) == len(sent) + 1
