"""Many at once, on the database under test: start, save, submit, and the clock against the learner."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from academy import facts
from academy.assessment import services
from academy.assessment.models import Attempt, AttemptItem, SaveReceipt
from academy.base import bus
from academy.base.db import db
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories.accounts import LONG_AGO

pytestmark = pytest.mark.concurrency
MANY = 16


@pytest.fixture
def graded_facts():
    """The attempts told as graded, once each time it is told."""
    heard = []

    def listen(fact):
        heard.append(fact.attempt_id)

    bus.on(facts.AttemptGraded)(listen)
    yield heard
    bus._listeners[facts.AttemptGraded].remove(listen)


def ready(app, **given) -> tuple[int, int]:
    """A quiz version and a learner, by id."""
    with prepared(app):
        version = quizzes.quiz(**{"types": ("short_text",) * 4, "minutes": 30, **given})
        return version.id, people.person().id


def begun(app, **given) -> int:
    version_id, learner_id = ready(app, **given)
    with prepared(app):
        return services.start_attempt(version_id, learner_id, at=LONG_AGO).id


def test_sixteen_starts_at_once_make_one_attempt(crowd_app):  # noqa: F811
    """R4, R10."""
    version_id, learner_id = ready(crowd_app)
    outcomes = run_together(
        MANY, lambda n: services.start_attempt(version_id, learner_id, at=LONG_AGO).id, app=crowd_app
    )
    assert len(set(winners(outcomes))) == 1 and len(winners(outcomes)) == MANY, outcomes
    with prepared(crowd_app):
        assert db.session.scalar(select(func.count(Attempt.id))) == 1
        assert db.session.scalar(select(func.count(AttemptItem.id))) == 4


def test_starting_and_submitting_at_once_never_passes_the_limit(crowd_app):  # noqa: F811
    """I2."""
    version_id, learner_id = ready(crowd_app, attempts_allowed=3)

    def try_it(_number):
        attempt = services.start_attempt(version_id, learner_id, at=LONG_AGO)
        return services.submit(attempt.id, at=LONG_AGO).number

    outcomes = run_together(MANY, try_it, app=crowd_app)
    with prepared(crowd_app):
        numbers = sorted(db.session.scalars(select(Attempt.number)))
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= 3, outcomes


def test_sixteen_submits_at_once_grade_once(crowd_app, graded_facts):  # noqa: F811
    """R11."""
    attempt_id = begun(crowd_app)
    outcomes = run_together(MANY, lambda n: services.submit(attempt_id, at=LONG_AGO).state, app=crowd_app)
    assert outcomes == ["graded"] * MANY and graded_facts == [attempt_id]


def test_the_learner_and_the_clock_together_grade_once(crowd_app, graded_facts):  # noqa: F811
    """R6 to R9."""
    attempt_id = begun(crowd_app)
    late = LONG_AGO + timedelta(minutes=31)
    outcomes = run_together(
        MANY,
        lambda n: services.submit(attempt_id, at=late, by="clock" if n % 2 else "learner").closed_by,
        app=crowd_app,
    )
    assert outcomes == ["clock"] * MANY and graded_facts == [attempt_id]


def test_saves_at_once_have_receipts_of_their_own_and_the_newest_wins(crowd_app):  # noqa: F811
    """P1, R26, I5."""
    attempt_id = begun(crowd_app)

    def save(number):
        held = services.hold_attempt(attempt_id)
        answer = services.Answer(1, {"text": f"جواب {number}"})
        receipt = services.save_answers(held, [answer], client_key="one-page", client_sequence=number + 1, at=LONG_AGO)
        return receipt.items[0].verdict, receipt.sequence

    outcomes = run_together(MANY, save, app=crowd_app)
    assert len(winners(outcomes)) == MANY, outcomes
    with prepared(crowd_app):
        saved = [sequence for verdict, sequence in outcomes if verdict == "saved"]
        receipts = db.session.scalars(select(SaveReceipt.sequence).order_by(SaveReceipt.sequence)).all()
        assert sorted(saved) == receipts == list(range(1, len(saved) + 1))
        item = db.session.scalars(select(AttemptItem).where(AttemptItem.position == 1)).one()
        assert item.response == {"text": "جواب 15"} and item.client_sequence == MANY


def test_every_save_acknowledged_before_a_submit_is_graded(crowd_app):  # noqa: F811
    """P1, P2: saves race with the submit; what was acknowledged counts, what came later is refused."""
    attempt_id = begun(crowd_app)

    def act(number):
        if number == MANY - 1:
            return services.submit(attempt_id, at=LONG_AGO).score
        held = services.hold_attempt(attempt_id)
        answer = services.Answer(number % 4 + 1, {"text": "رحلة المستفيد"})
        services.save_answers(held, [answer], client_key=f"page-{number:04}", client_sequence=1, at=LONG_AGO)
        return number % 4 + 1

    outcomes = run_together(MANY, act, app=crowd_app)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(outcome, services.AlreadySubmitted) for outcome in refused), refused
    with prepared(crowd_app):
        attempt = db.session.get(Attempt, attempt_id)
        answered = set(db.session.scalars(select(AttemptItem.position).where(AttemptItem.saved_sequence > 0)))
        assert attempt.score == len(answered) == db.session.scalar(select(func.sum(AttemptItem.share)))


def test_the_clock_closes_everyone_while_learners_submit(crowd_app, graded_facts):  # noqa: F811
    version_id, _learner = ready(crowd_app)
    with prepared(crowd_app):
        ids = [services.start_attempt(version_id, people.person().id, at=LONG_AGO).id for _one in range(8)]
    late = LONG_AGO + timedelta(hours=1)

    def act(number):
        if number < 8:
            return services.submit(ids[number], at=late).state
        return services.submit(ids[number - 8], at=late, by="clock").state

    assert run_together(MANY, act, app=crowd_app) == ["graded"] * MANY
    assert sorted(graded_facts) == sorted(ids)


def test_passwords_sent_in_one_burst_are_counted_one_by_one(crowd_app):  # noqa: F811
    """AS14, P5: of sixteen guesses at the same moment five are judged, the others are told to wait."""
    version_id, learner_id = ready(crowd_app, password="abc")

    def guess(number):
        try:
            services.start_attempt(version_id, learner_id, at=LONG_AGO, password=f"guess {number}")
        except (services.WrongPassword, services.TooManyPasswords) as refused:
            return type(refused).__name__  # whoever answers the refusal keeps the count

    outcomes = run_together(MANY, guess, app=crowd_app)
    assert outcomes.count("WrongPassword") == 5 and outcomes.count("TooManyPasswords") == MANY - 5, outcomes
    with prepared(crowd_app):
        with pytest.raises(services.TooManyPasswords):
            services.start_attempt(version_id, learner_id, at=LONG_AGO, password="abc")
        assert db.session.scalar(select(func.count(Attempt.id))) == 0
