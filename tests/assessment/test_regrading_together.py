"""A regrade amid live submits and marks: nobody waits in a circle, and no attempt is left as it was."""

from datetime import timedelta

import pytest

from academy.assessment import services
from academy.assessment.models import AnswerMark, Attempt, RegradeEffect
from academy.base.db import db
from tests import invariants
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories.accounts import LONG_AGO

NOW = LONG_AGO + timedelta(minutes=30)
LEARNERS = 8


def cast(app, types=("single", "essay")):
    """A quiz; attempts graded, open and overdue, some with essays to mark; a decision that is proposed."""
    with prepared(app):
        version = factories.quiz(types=types, shuffle=False, minutes=60, points=4)
        done = [factories.handed_in(version, people.person()) for _ in range(LEARNERS)]
        marker, going_on = people.person(), []
        for _ in range(LEARNERS):
            attempt = factories.attempt(version, people.person())
            factories.answer(attempt)
            going_on.append(attempt.id)
        single = factories.items(done[0])[0].question_version_id
        made = services.propose_regrade(version.quiz_id, single, "void", reason="غامض", by_id=marker.id, at=NOW)
        essays = [item.id for attempt in done for item in factories.essays(attempt)]
        return version.id, version.quiz_id, going_on, essays, marker.id, made.id, [each.id for each in done]


@pytest.mark.concurrency
def test_a_regrade_during_live_submits_starts_and_marks_fails_nobody(crowd_app):  # noqa: F811
    """R13, P2."""
    version_id, quiz_id, going_on, essays, marker_id, regrade_id, _done = cast(crowd_app)
    with prepared(crowd_app):
        newcomers = [people.person().id for _ in range(4)]

    def act(number: int) -> object:
        if number == 0:
            return services.apply_regrade(regrade_id, by_id=marker_id, at=NOW).id
        if number <= LEARNERS:
            return services.submit(going_on[number - 1], at=NOW).id
        if number <= 2 * LEARNERS:
            item_id = essays[number - LEARNERS - 1]
            claimed = services.claim(item_id, marker_id=marker_id, at=NOW)
            services.save_mark(
                item_id, marker_id=marker_id, version=claimed.version, given=factories.BEST, final=True, at=NOW
            )
            return item_id
        return services.start_attempt(version_id, newcomers[number - 2 * LEARNERS - 1], at=NOW).id

    outcomes = run_together(2 * LEARNERS + 5, act, app=crowd_app)
    assert len(winners(outcomes)) == len(outcomes), [each for each in outcomes if isinstance(each, Exception)]
    with prepared(crowd_app):
        for attempt_id in going_on:
            for item in factories.items(db.session.get_one(Attempt, attempt_id)):
                if item.marking is not None:
                    factories.mark(item, db.session.get_one(people.Person, marker_id), at=NOW)
    with prepared(crowd_app):
        services.release(quiz_id, by_id=marker_id, at=NOW)
    with prepared(crowd_app):
        closed = db.session.query(Attempt).filter(Attempt.state != "open").all()
        assert {(row.state, int(row.max_score)) for row in closed} == {("graded", 4)}
        assert db.session.query(AnswerMark).filter_by(state="final").count() == 2 * LEARNERS
        assert invariants.broken() == {}


@pytest.mark.concurrency
def test_a_decision_applied_eight_times_at_once_is_applied_once(crowd_app):  # noqa: F811
    """P2, R11."""
    *_rest, marker_id, regrade_id, _done = cast(crowd_app, types=("single", "single"))
    outcomes = run_together(8, lambda _n: services.apply_regrade(regrade_id, by_id=marker_id, at=NOW).id, app=crowd_app)
    assert outcomes == [regrade_id] * 8
    with prepared(crowd_app):
        assert db.session.query(RegradeEffect).count() == LEARNERS
        assert invariants.broken() == {}


@pytest.mark.concurrency
def test_an_overdue_attempt_closed_by_a_new_start_and_a_regrade_do_not_block_each_other(crowd_app):  # noqa: F811
    """R13: starting first closes the overdue attempt, then adds a row that refers to the quiz."""
    version_id, _quiz_id, going_on, _essays, marker_id, regrade_id, _done = cast(crowd_app)
    late = NOW + timedelta(hours=2)
    with prepared(crowd_app):
        learners = [db.session.get_one(Attempt, attempt_id).learner_id for attempt_id in going_on]

    def act(number: int) -> int:
        if number == 0:
            return services.apply_regrade(regrade_id, by_id=marker_id, at=late).id
        return services.start_attempt(version_id, learners[number - 1], at=late).id

    outcomes = run_together(LEARNERS + 1, act, app=crowd_app)
    assert len(winners(outcomes)) == LEARNERS + 1, outcomes
    with prepared(crowd_app):
        closed = db.session.query(Attempt).filter(Attempt.id.in_(going_on))
        assert {int(row.max_score) for row in closed} == {4}
