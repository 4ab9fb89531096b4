"""What fails in the academy itself: a killed worker, a clock that is moved, everybody at once. Nothing acknowledged is lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from academy.assessment import jobs, services
from academy.assessment.models import Accommodation, Attempt, SaveReceipt
from academy.base import clock
from academy.base import jobs as queue
from academy.base.db import db
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.invariants import broken, unfaithful

pytestmark = pytest.mark.concurrency
STARTED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTES = 30
GRACE = timedelta(seconds=10)
DEADLINE = STARTED + timedelta(minutes=MINUTES)
TICK = timedelta(seconds=15)
PROMISED = timedelta(minutes=2)


class Killed(BaseException):
    """The worker's process is gone."""


def begun(app, answers=2, **given) -> int:
    """An attempt at four questions with some right answers saved; its id."""
    with prepared(app):
        version = quizzes.quiz(types=("short_text",) * 4, minutes=MINUTES, **given)
        attempt = services.start_attempt(version.id, people.person().id, at=STARTED)
        for position in range(1, answers + 1):
            services.save_response(attempt.id, position, {"text": "رحلة المستفيد"}, at=STARTED)
        return attempt.id


def row(app, attempt_id):
    with prepared(app):
        columns = (Attempt.state, Attempt.score, Attempt.closed_by, Attempt.submitted_at)
        return db.session.execute(select(*columns).where(Attempt.id == attempt_id)).one()


def sound(app) -> None:
    """Nothing acknowledged is lost, and every score is what the log earns."""
    with prepared(app):
        assert unfaithful() == [] and broken() == {}


def worker_turn(app, at) -> None:
    """Do what the worker does at one moment: queue what recurs, run what is due."""
    with app.app_context(), time_machine.travel(at, tick=False):
        queue.queue_periodic(at)
        queue.run_all_due()


# --- The worker ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [0, 8, 17, 29])
def test_saved_answers_are_graded_within_two_minutes_though_the_worker_is_killed(crowd_app, monkeypatch, phase):  # noqa: F811
    """P1, R6, R9: nobody comes back, and the worker dies in the middle of closing; the next one finishes it, once."""
    attempt_id, kills, kept = begun(crowd_app), [], services.submit

    def dies(*args, **kwargs):
        graded = kept(*args, **kwargs)
        if not kills:
            kills.append(clock.now())
            raise Killed
        return graded

    monkeypatch.setattr(jobs.services, "submit", dies)
    at = DEADLINE + timedelta(seconds=phase)
    while row(crowd_app, attempt_id).state != "graded" and at < DEADLINE + 2 * PROMISED:
        try:
            worker_turn(crowd_app, at)
        except Killed:
            assert row(crowd_app, attempt_id).state == "open", "half of a grading must not stay"
        at += TICK
    assert kills and at - TICK - DEADLINE <= PROMISED
    found = row(crowd_app, attempt_id)
    assert (found.score, found.closed_by) == (2, "clock")
    assert found.submitted_at == DEADLINE + GRACE
    sound(crowd_app)


def test_a_worker_that_was_away_for_an_hour_closes_at_the_moment_that_counts(crowd_app):  # noqa: F811
    attempt_id = begun(crowd_app)
    worker_turn(crowd_app, DEADLINE + timedelta(hours=1))
    assert row(crowd_app, attempt_id).submitted_at == DEADLINE + GRACE


# --- The clock -------------------------------------------------------------------------------------------


def test_a_server_clock_that_is_put_back_closes_nothing_early_and_everything_in_the_end(crowd_app):  # noqa: F811
    """The closing was begun by a clock that ran ahead; put right, it finds time left, and is queued once more in the end."""
    attempt_id = begun(crowd_app)
    ahead = DEADLINE + timedelta(minutes=1)
    with prepared(crowd_app), time_machine.travel(ahead, tick=False):
        jobs.close_overdue()
    with crowd_app.app_context():
        claimed = queue.claim(ahead)
        with time_machine.travel(DEADLINE - timedelta(minutes=5), tick=False):
            assert queue.run(claimed)
    assert row(crowd_app, attempt_id).state == "open"
    for seconds in (15, 30, 45, 60):
        worker_turn(crowd_app, DEADLINE + timedelta(seconds=seconds))
    assert row(crowd_app, attempt_id).submitted_at == DEADLINE + GRACE
    sound(crowd_app)


def test_more_time_that_is_granted_while_the_worker_looks_is_not_lost(crowd_app):  # noqa: F811
    """AS16: extended in time, the attempt is closed at its new end and not at the old one."""
    attempt_id = begun(crowd_app)
    with prepared(crowd_app):
        learner = db.session.get(people.Person, db.session.get(Attempt, attempt_id).learner_id)
        services.accommodate(learner, services.Terms(extra_percent=100), actor_id=None, at=DEADLINE)
    worker_turn(crowd_app, DEADLINE + timedelta(minutes=1))
    assert row(crowd_app, attempt_id).state == "open"
    worker_turn(crowd_app, DEADLINE + timedelta(minutes=MINUTES + 1))
    assert row(crowd_app, attempt_id).submitted_at == DEADLINE + timedelta(minutes=MINUTES) + GRACE


# --- Everybody at once -----------------------------------------------------------------------------------


def test_twenty_starts_at_once_make_one_attempt_each(crowd_app):  # noqa: F811
    """R4, R10: twenty learners press the button twice at the same moment."""
    with prepared(crowd_app):
        version_id = quizzes.quiz(types=("short_text",) * 3, minutes=MINUTES).id
        learners = [people.person().id for _one in range(10)]
    outcomes = run_together(
        20,
        lambda n: services.start_attempt(version_id, learners[n % 10], at=STARTED, language="ar").id,
        app=crowd_app,
    )
    assert len(winners(outcomes)) == 20 and len(set(winners(outcomes))) == 10, outcomes
    sound(crowd_app)


def test_extra_time_granted_while_the_learner_starts_is_never_missed(crowd_app):  # noqa: F811
    """AS16: whichever comes first, the attempt has its extra time."""
    with prepared(crowd_app):
        version_id = quizzes.quiz(minutes=MINUTES).id
        learners = [people.person().id for _one in range(6)]

    def act(number):
        learner_id = learners[number // 2]
        if number % 2:
            return services.start_attempt(version_id, learner_id, at=STARTED).id
        learner = db.session.get(people.Person, learner_id)
        return services.accommodate(learner, services.Terms(extra_percent=100), actor_id=None, at=STARTED)

    outcomes = run_together(12, act, app=crowd_app)
    assert len(winners(outcomes)) == 12, outcomes
    with prepared(crowd_app):
        assert db.session.scalar(select(func.count(Accommodation.id))) == 6
        ends = set(db.session.scalars(select(Attempt.deadline)))
        assert ends == {STARTED + timedelta(minutes=2 * MINUTES)}


def test_saves_out_of_order_from_two_devices_and_sixteen_submits_lose_nothing(crowd_app):  # noqa: F811
    """P1, P2, R11, R26, I1, I5: every acknowledged answer is in the log, the log is the answers, there is one result."""
    attempt_id = begun(crowd_app, answers=0)
    texts = ("رحلة المستفيد", "شيء آخر", "كلمة 👩‍👧‍👦", "")

    def act(number):
        if number >= 24:
            return services.submit(attempt_id, at=STARTED).score
        held = services.hold_attempt(attempt_id)
        answer = services.Answer(number % 4 + 1, {"text": texts[number % 3]}, known=number)
        key = f"{'ab'[number % 2] * 12}-{number % 4:04}"
        receipt = services.save_answers(
            held, [answer], client_key=key, client_sequence=(number * 7) % 24 + 1, at=STARTED, spent={1: number}
        )
        return receipt.items[0]

    outcomes = run_together(40, act, app=crowd_app)
    errors = [each for each in outcomes if isinstance(each, Exception)]
    assert all(isinstance(each, services.AlreadySubmitted) for each in errors), errors
    saved = [each.sequence for each in outcomes[:24] if not isinstance(each, Exception) and each.verdict == "saved"]
    assert len(set(outcomes[24:])) == 1, "one final result"
    with prepared(crowd_app):
        logged = db.session.scalars(select(SaveReceipt.sequence).order_by(SaveReceipt.sequence)).all()
        assert sorted(saved) == logged == list(range(1, len(logged) + 1))
        assert db.session.scalar(select(func.count(Attempt.id))) == 1
    sound(crowd_app)


@pytest.mark.parametrize(("types", "waits"), [(("single",), False), (("single", "essay"), True)])
def test_whoever_did_not_come_back_is_told_that_time_ran_out(app, visit, types, waits):
    """R8: an attempt that the clock closes is told of like one that its learner submits."""
    learner, at = people.person(), clock.now()
    attempt = quizzes.attempt(quizzes.quiz(types=types, minutes=5), learner, at=at - timedelta(hours=1))
    quizzes.answer(attempt)
    jobs.close(attempt.id)
    jobs.close(attempt.id)
    words = visit(learner).get("/notices").words
    assert words.count("انتهى وقت محاولتك") == 1
    assert ("سيصحّح أحد المصححين" in words) is waits
