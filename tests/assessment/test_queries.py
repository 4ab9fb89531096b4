"""What other slices learn about quizzes and attempts."""

from datetime import timedelta
from fractions import Fraction

import pytest

from academy.assessment import queries, services
from academy.assessment.queries_of_standing import counted_outcome, quiz_state
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories.accounts import LONG_AGO

LATER = LONG_AGO + timedelta(hours=1)


def standing(version, learner):
    return quiz_state(version.id, learner.id, now=LATER)


def test_a_quiz_nobody_tried_can_be_started(app):
    version = quizzes.quiz(types=("single",) * 4, points=2, attempts_allowed=3, pass_percent=75, minutes=20)
    state = standing(version, people.person())
    assert (state.questions, state.points, state.pass_percent, state.limits.minutes) == (4, 8, 75, 20)
    assert (state.attempts_used, state.attempts_left, state.counted, state.passed) == (0, 3, None, False)
    assert state.may_start is None and state.open_attempt is None and state.lines == ()


def test_the_state_follows_the_attempts(app):
    version, learner = quizzes.quiz(types=("single",) * 3, attempts_allowed=3), people.person()
    first = quizzes.graded(version, learner, right=2)
    going_on = quizzes.attempt(version, learner)
    state = standing(version, learner)
    assert (state.passed, state.attempts_used) == (False, 2) and round(state.counted, 3) == round(Fraction(200, 3), 3)
    assert state.open_attempt.id == going_on.id and state.may_start.code == "open_attempt"
    assert [(line.id, line.open) for line in state.lines] == [(going_on.id, True), (first.id, False)]
    services.submit(going_on.id, at=LATER)
    quizzes.graded(version, learner)
    state = standing(version, learner)
    assert (state.counted, state.passed, state.may_start.code) == (100, True, "no_attempts_left")


def test_attempts_of_another_person_cycle_or_quiz_do_not_count(app):
    version, other, learner = quizzes.quiz(), quizzes.quiz(), people.person()
    quizzes.graded(version, people.person())
    quizzes.graded(version, learner, cycle=2)
    quizzes.graded(other, learner)
    state = standing(version, learner)
    assert state.attempts_used == 0 and not state.passed
    assert counted_outcome(version.id, learner.id, 2).passed and not counted_outcome(version.id, learner.id, 1).passed


def test_attempts_count_through_all_versions_of_a_quiz(app):
    version, learner = quizzes.quiz(attempts_allowed=1), people.person()
    quizzes.graded(version, learner)
    copy = services.copy_version(version.id, LATER)
    services.freeze(copy.id, LATER)
    assert standing(copy, learner).may_start.code == "no_attempts_left"
    assert counted_outcome(copy.id, learner.id).passed


def test_a_quiz_that_publishes_nothing_keeps_its_scores_back(app):
    """P4: the state still says passed, for completion."""
    version, learner = quizzes.quiz(release="none"), people.person()
    quizzes.graded(version, learner)
    state = standing(version, learner)
    assert state.counted is None and state.passed
    assert [(line.percent, line.passed) for line in state.lines] == [(None, None)]


def test_evidence_gives_each_competency_its_share_exactly(app):
    version = quizzes.draft_quiz(shuffle=False)
    quizzes.question(version, "matching", competency_key="CX-01", points=1)
    quizzes.question(version, "single", competency_key="CX-01", points=2)
    quizzes.question(version, "single", competency_key="CX-02")
    quizzes.question(version, "single", competency_key=None)
    services.freeze(version.id, LONG_AGO)
    attempt = quizzes.attempt(version, people.person())
    assert queries.attempt_evidence(attempt.id) is None
    services.save_response(attempt.id, 1, {"pairs": {"l1": "r2"}}, at=LONG_AGO)
    services.save_response(attempt.id, 2, {"choice": "b"}, at=LONG_AGO)
    services.submit(attempt.id, at=LATER)
    evidence = queries.attempt_evidence(attempt.id)
    assert (evidence.course_id, evidence.submitted_at, evidence.title) == (version.quiz.course_id, LATER, version.title)
    assert [(part.competency_key, part.items, part.share) for part in evidence.per_competency] == [
        ("CX-01", 2, Fraction(7, 9)),
        ("CX-02", 1, Fraction(0)),
    ]


@pytest.mark.parametrize("count", [1, 12])
def test_the_state_of_a_quiz_is_three_statements_however_many_attempts(app, statements, count):
    version, learner = quizzes.quiz(), people.person()
    for _attempt in range(count):
        quizzes.graded(version, learner, right=False)
    key, learner_id = version.id, learner.id
    with statements() as seen:
        assert quiz_state(key, learner_id, now=LATER).attempts_used == count
    assert len(seen) == 3


def test_a_percentage_is_shown_rounded_down():
    """Nobody reads 70 who failed with 69.6."""
    assert [queries.whole_percent(value) for value in (None, Fraction(696, 10), Fraction(70))] == [None, 69, 70]
