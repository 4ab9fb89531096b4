"""Making quizzes, starting, saving, submitting and the clock, without any page."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from academy import facts
from academy.assessment import jobs as assessment_jobs
from academy.assessment import services
from academy.assessment.models import Attempt, AttemptItem, Question, QuizItem, SaveReceipt
from academy.assessment.rules import CannotStart
from academy.base import bus, clock, jobs
from academy.base.db import db
from academy.base.errors import Conflict, NotFound
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories.accounts import LONG_AGO, both

SOON = LONG_AGO + timedelta(minutes=5)
LATE = LONG_AGO + timedelta(minutes=31)


@pytest.fixture
def heard():
    """Attempts told as graded."""
    told = []

    def listen(fact):
        told.append(fact.attempt_id)

    bus.on(facts.AttemptGraded)(listen)
    yield told
    bus._listeners[facts.AttemptGraded].remove(listen)


def test_an_attempt_gets_its_number_its_deadline_and_its_papers_from_the_server(app):
    """P5."""
    version = quizzes.quiz(types=quizzes.COMMON_TYPES, minutes=30, points=2)
    attempt = quizzes.attempt(version, people.person())
    assert (attempt.number, attempt.state, attempt.max_score) == (1, "open", 14)
    assert attempt.deadline == LONG_AGO + timedelta(minutes=30)
    assert [item.position for item in quizzes.items(attempt)] == list(range(1, 8))
    assert {item.question_version.type for item in quizzes.items(attempt)} == set(quizzes.COMMON_TYPES)


def test_without_a_time_limit_there_is_no_deadline(app):
    assert quizzes.attempt(quizzes.quiz(), people.person()).deadline is None


def test_starting_again_returns_the_open_attempt(app):
    """R4, R10."""
    version, learner = quizzes.quiz(), people.person()
    first = quizzes.attempt(version, learner)
    assert quizzes.attempt(version, learner, at=SOON).id == first.id
    services.submit(first.id, at=SOON)
    assert quizzes.attempt(version, learner, at=SOON).number == 2


def test_questions_and_options_are_shuffled_for_each_attempt_only_when_the_quiz_says_so(app):
    plain = quizzes.quiz(types=("single",) * 8, shuffle=False)
    orders = set()
    for _learner in range(4):
        items = quizzes.items(quizzes.attempt(plain, people.person()))
        orders.add(tuple(item.question_version_id for item in items))
        assert all(item.paper["order"] == ["a", "b", "c"] for item in items)
    assert len(orders) == 1
    mixed = quizzes.quiz(types=("single",) * 8)
    shown = [quizzes.items(quizzes.attempt(mixed, people.person())) for _learner in range(4)]
    assert len({tuple(item.question_version_id for item in items) for items in shown}) > 1
    assert len({tuple(item.paper["order"]) for items in shown for item in items}) > 1


def test_no_attempt_begins_when_none_is_left(app):
    """I2."""
    version, learner = quizzes.quiz(attempts_allowed=2), people.person()
    for _attempt in range(2):
        quizzes.graded(version, learner, right=False)
    with pytest.raises(CannotStart) as refusal:
        quizzes.attempt(version, learner)
    assert refusal.value.code == "no_attempts_left"
    assert quizzes.attempt(version, learner, cycle=2).number == 1


def test_an_overdue_attempt_is_closed_before_the_next_begins(app, heard):
    version, learner = quizzes.quiz(minutes=30), people.person()
    first = quizzes.attempt(version, learner)
    second = quizzes.attempt(version, learner, at=LATE)
    assert second.number == 2 and first.closed_by == "clock" and heard == [first.id]


def test_a_draft_and_an_empty_quiz_cannot_be_taken(app):
    draft = quizzes.draft_quiz()
    quizzes.question(draft)
    empty = quizzes.quiz(types=())
    for version in (draft, empty):
        with pytest.raises(services.NothingToAnswer):
            quizzes.attempt(version, people.person())
    with pytest.raises(NotFound):
        services.start_attempt(10**6, people.person().id, at=LONG_AGO)


@pytest.mark.parametrize("type", quizzes.SCORED_TYPES)
@pytest.mark.parametrize("right", [True, False])
def test_each_type_earns_what_its_answer_earns(app, type, right):
    """P2."""
    attempt = quizzes.graded(quizzes.quiz(types=(type,), points=3), people.person(), right=right)
    (item,) = quizzes.items(attempt)
    assert (attempt.score, item.share, attempt.passed) == ((3, 1, True) if right else (0, 0, False))


def test_the_score_is_the_sum_of_its_parts(app):
    """I1: partly right answers keep their share."""
    version = quizzes.quiz(types=("matching", "ordering", "multiple"), points=2, shuffle=False)
    attempt = quizzes.attempt(version, people.person())
    answers = [{"pairs": {"l1": "r2"}}, {"places": {"i2": 1, "i3": 2}}, {"choices": ["a"]}]
    for position, response in enumerate(answers, start=1):
        services.save_response(attempt.id, position, response, at=SOON)
    attempt = services.submit(attempt.id, at=SOON)
    assert attempt.score == Decimal("3.000000")
    shares = [Fraction(item.share).limit_denominator(100) for item in quizzes.items(attempt)]
    assert shares == [Fraction(1, 3), Fraction(2, 3), Fraction(1, 2)]


def test_passing_is_decided_on_the_unrounded_score(app):
    """Two thirds are not 67 percent, and three thirds of one point are a whole one."""
    version = quizzes.quiz(types=("matching",), pass_percent=67, points=1)
    attempt = quizzes.attempt(version, people.person())
    services.save_response(attempt.id, 1, {"pairs": {"l1": "r2", "l2": "r3"}}, at=SOON)
    assert services.submit(attempt.id, at=SOON).passed is False
    version = quizzes.quiz(types=("matching",) * 3, pass_percent=100)
    assert quizzes.graded(version, people.person()).passed is True


def test_submitting_again_returns_the_same_result_and_tells_it_once(app, heard):
    """R11."""
    attempt = quizzes.graded(quizzes.quiz(), people.person())
    again = services.submit(attempt.id, at=SOON)
    assert again.submitted_at == LONG_AGO and heard == [attempt.id]


def test_the_clock_grades_the_saved_answers_with_the_same_facts(app, heard):
    """R6, R7, R8."""
    attempt = quizzes.attempt(quizzes.quiz(minutes=30), people.person())
    quizzes.answer(attempt, at=SOON)
    assert services.close_overdue(SOON) == 0 and attempt.state == "open"
    assert services.close_overdue(LATE) == 1 and services.close_overdue(LATE) == 0
    assert (attempt.score, attempt.passed, attempt.closed_by) == (2, True, "clock")
    assert attempt.submitted_at == attempt.deadline + timedelta(seconds=10) and heard == [attempt.id]


def test_the_clock_leaves_time_that_is_left(app):
    attempt = quizzes.attempt(quizzes.quiz(minutes=30), people.person())
    assert services.submit(attempt.id, at=SOON, by="clock").state == "open"


def test_a_late_submit_counts_as_closed_by_the_clock(app):
    attempt = quizzes.attempt(quizzes.quiz(minutes=30), people.person())
    assert services.submit(attempt.id, at=LATE).closed_by == "clock"


def test_the_worker_closes_each_overdue_attempt_in_a_job_of_its_own(app, monkeypatch, heard):
    """R9: nobody needs to look."""
    version = quizzes.quiz(minutes=30)
    ids = [quizzes.attempt(version, people.person()).id for _learner in range(3)]
    monkeypatch.setattr(clock, "now", lambda: LATE)
    for _round in range(2):
        assessment_jobs.close_overdue()
    assert db.session.query(jobs.Job).filter_by(name="assessment.close").count() == 3
    jobs.run_all_due()
    assert sorted(heard) == sorted(ids)
    assert {db.session.get(Attempt, key).closed_by for key in ids} == {"clock"}


def test_the_clock_is_queued_every_thirty_seconds():
    assert jobs.KINDS["assessment.close_overdue"].every == timedelta(seconds=30)


def test_every_kept_response_has_its_receipt(app):
    """I5."""
    attempt = quizzes.attempt(quizzes.quiz(types=quizzes.COMMON_TYPES), people.person())
    quizzes.answer(attempt)
    receipts = db.session.query(SaveReceipt).filter_by(attempt_id=attempt.id).order_by(SaveReceipt.sequence).all()
    assert [receipt.response for receipt in receipts] == [item.response for item in quizzes.items(attempt)]
    assert db.session.get(Attempt, attempt.id).sequence == 7


def test_a_closed_attempt_keeps_nothing_more(app):
    attempt = quizzes.graded(quizzes.quiz(), people.person())
    for act in (
        lambda: services.save_response(attempt.id, 1, {"choice": "b"}, at=SOON),
        lambda: services.set_flag(attempt, 1, True, at=SOON),
    ):
        with pytest.raises(services.AlreadySubmitted):
            act()
    assert not db.session.query(AttemptItem).filter_by(flagged=True).count()


def test_a_question_with_problems_is_refused_with_all_of_them(app):
    version = quizzes.draft_quiz()
    with pytest.raises(services.UnusableQuestion) as refusal:
        quizzes.question(version, "single", content={"stem": {"ar": "", "en": ""}, "options": []})
    assert {problem.path for problem in refusal.value.problems} >= {"stem", "options"}
    with pytest.raises(NotFound):
        quizzes.question(version, type="no-such-type", content={})


def test_a_frozen_quiz_takes_no_questions_and_its_copy_does(app):
    version = quizzes.quiz(types=("single", "numeric"), pass_percent=80, minutes=20)
    with pytest.raises(Conflict):
        quizzes.question(version)
    copy = services.copy_version(version.id, SOON)
    assert (copy.number, copy.frozen_at, copy.pass_percent, copy.minutes) == (2, None, 80, 20)
    quizzes.question(copy)
    counts = [db.session.query(QuizItem).filter_by(quiz_version_id=key).count() for key in (version.id, copy.id)]
    assert counts == [2, 3]
    services.freeze(copy.id, SOON)
    services.freeze(copy.id, LATE)
    assert copy.frozen_at == SOON


def test_the_same_key_gives_the_next_version_of_a_quiz_and_of_a_question(app):
    version = quizzes.draft_quiz(key="final")
    course_id = version.quiz.course_id
    item = quizzes.question(version, key="q-1")
    again = services.create_quiz(course_id, "final", title=both("ختامي", "Final"), at=SOON)
    other = quizzes.question(again, key="q-1")
    assert (again.quiz_id, again.number) == (version.quiz_id, 2)
    assert (item.question_version.number, other.question_version.number) == (1, 2)
    assert db.session.query(Question).filter_by(course_id=course_id).count() == 1
