"""Many markers at once, on a real database: no mark is lost, none is overwritten, the total is the sum."""

from datetime import timedelta
from fractions import Fraction

import pytest

from academy.assessment import services
from academy.assessment.models import AnswerMark, Attempt
from academy.assessment.refusals_of_marking import BeingMarked
from academy.base.db import db
from tests import invariants
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories.accounts import LONG_AGO

LATER = LONG_AGO + timedelta(minutes=5)
ESSAYS = 8


@pytest.mark.concurrency
def test_eight_markers_on_eight_essays_of_one_attempt_make_the_sum(crowd_app):  # noqa: F811
    """R12."""
    with prepared(crowd_app):
        version = factories.quiz(types=("essay",) * ESSAYS, points=10)
        attempt = factories.handed_in(version, people.person())
        attempt_id, quiz_id = attempt.id, version.quiz_id
        ids = [item.id for item in factories.essays(attempt)]
        markers = [people.person().id for _ in range(ESSAYS)]

    def mark(number: int) -> None:
        claimed = services.claim(ids[number], marker_id=markers[number], at=LONG_AGO)
        given = {"clear": "low", "voice": str(Fraction(number, 2).__float__())}
        services.save_mark(
            ids[number], marker_id=markers[number], version=claimed.version, given=given, final=True, at=LONG_AGO
        )

    outcomes = run_together(ESSAYS, mark, app=crowd_app)
    assert len(winners(outcomes)) == ESSAYS, outcomes
    with prepared(crowd_app):
        services.release(quiz_id, by_id=markers[0], at=LATER)
    with prepared(crowd_app):
        found = db.session.get_one(Attempt, attempt_id)
        assert Fraction(found.score) == sum(Fraction(number, 2) for number in range(ESSAYS))
        assert invariants.broken() == {}


@pytest.mark.concurrency
def test_of_eight_markers_who_want_one_answer_one_gets_it(crowd_app):  # noqa: F811
    """AS22."""
    with prepared(crowd_app):
        version = factories.quiz(types=("essay",), points=10)
        item_id = factories.essays(factories.handed_in(version, people.person()))[0].id
        markers = [people.person().id for _ in range(8)]
    outcomes = run_together(
        8, lambda number: services.claim(item_id, marker_id=markers[number], at=LONG_AGO).id, app=crowd_app
    )
    assert len(winners(outcomes)) == 1
    assert all(isinstance(outcome, BeingMarked | int) for outcome in outcomes), outcomes
    with prepared(crowd_app):
        assert db.session.query(AnswerMark).count() == 1


@pytest.mark.concurrency
def test_eight_markers_who_press_next_get_eight_answers(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        version = factories.quiz(types=("essay",), points=10)
        attempts = [factories.handed_in(version, people.person()) for _ in range(8)]
        asked = version.quiz_id, factories.essays(attempts[0])[0].question_version_id
        markers = [people.person().id for _ in range(8)]
    outcomes = run_together(
        8, lambda number: services.claim_next(*asked, marker_id=markers[number], at=LONG_AGO), app=crowd_app
    )
    assert len(set(outcomes)) == 8 and None not in outcomes, outcomes


@pytest.mark.concurrency
def test_a_release_pressed_eight_times_is_one(crowd_app):  # noqa: F811
    """P2."""
    with prepared(crowd_app):
        version = factories.quiz(types=("essay",), points=10)
        attempt = factories.handed_in(version, people.person())
        marker = people.person()
        factories.mark(factories.essays(attempt)[0], marker)
        quiz_id, by_id = version.quiz_id, marker.id
    outcomes = run_together(8, lambda _n: services.release(quiz_id, by_id=by_id, at=LATER).id, app=crowd_app)
    assert len(winners(outcomes)) == 1
