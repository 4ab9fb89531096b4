"""Marking by people: who marks what, what several marks make of an answer, and when an attempt is graded by it."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import true

from academy import facts
from academy.accounts.models import Person
from academy.assessment import jobs as assessment_jobs  # noqa: F401
from academy.assessment import queries, queries_of_marking, services
from academy.assessment.models import AnswerMark, Attempt, MarkRelease
from academy.assessment.queries_of_standing import quiz_state
from academy.assessment.refusals_of_marking import BeingMarked, MarkChanged, NothingToMark, ReleaseChanged
from academy.assessment.rules import MarkingRules, final_share, marked_twice, waits_for
from academy.base import bus, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.learning import quizzes
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import assessment as factories
from tests.factories.accounts import LONG_AGO

LATER = LONG_AGO + timedelta(minutes=5)
shares = st.fractions(0, 1, max_denominator=400)


@pytest.fixture
def told(monkeypatch):
    """Collect which attempts are told as graded."""
    heard = []
    listeners = bus._listeners[facts.AttemptGraded]
    monkeypatch.setitem(bus._listeners, facts.AttemptGraded, [*listeners, lambda fact: heard.append(fact.attempt_id)])
    return heard


def marked_quiz(types=("single", "essay"), marking=None, **given):
    version = factories.draft_quiz(shuffle=False, **given)
    version.marking = {"second": 0, **(marking or {})}
    for type in types:
        factories.question(version, type, points=10)
    services.freeze(version.id, LONG_AGO)
    return version


def setting(types=("single", "essay"), marking=None, **given):
    """A quiz, one handed-in attempt at it, and three markers."""
    version = marked_quiz(types, marking, **given)
    return version, factories.handed_in(version, people.person()), [people.person() for _ in range(3)]


@pytest.mark.parametrize("by", ["learner", "clock"])
def test_an_attempt_with_essays_waits_whoever_closes_it_and_is_told_once_released(app, told, by):
    """R7, R8: the last saved text is what is marked; a server-closed attempt has the same events as a manual one."""
    version, learner, marker = marked_quiz(minutes=10), people.person(), people.person()
    attempt = factories.attempt(version, learner)
    services.save_response(attempt.id, 1, factories.RIGHT["single"], at=LONG_AGO)
    services.save_response(attempt.id, 2, {"text": "النص قبل الأخير"}, at=LONG_AGO)
    services.save_response(attempt.id, 2, {"text": "النص الأخير المحفوظ"}, at=LATER)
    if by == "clock":
        services.close_overdue(LONG_AGO + timedelta(minutes=11))
    else:
        services.submit(attempt.id, at=LATER)
    db.session.refresh(attempt)
    assert (attempt.state, attempt.closed_by, attempt.score, attempt.passed) == ("submitted", by, None, None)
    single, essay = factories.items(attempt)
    assert single.share == 1 and essay.share is None and essay.marking == "first"
    assert told == []
    factories.mark(essay, marker)
    assert essay.response == {"text": "النص الأخير المحفوظ"}
    services.release(version.quiz_id, by_id=marker.id, at=LATER)
    jobs.run_all_due()
    db.session.refresh(attempt)
    assert (attempt.state, attempt.score, attempt.passed, attempt.graded_at) == ("graded", 20, True, LATER)
    assert told == [attempt.id]
    assert db.session.query(Notice).filter_by(person_id=learner.id, kind="attempt_marked").count() == 1


def test_an_unanswered_essay_needs_no_marker(app, told):
    version = marked_quiz()
    attempt = factories.attempt(version, people.person())
    services.save_response(attempt.id, 1, factories.RIGHT["single"], at=LONG_AGO)
    services.submit(attempt.id, at=LONG_AGO)
    assert (attempt.state, attempt.score, attempt.max_score) == ("graded", 10, 20) and told == [attempt.id]


def test_a_waiting_attempt_is_nowhere_taken_for_a_graded_one(app):
    version, attempt, _markers = setting()
    learner_id = attempt.learner_id
    assert quizzes.graded_attempt(attempt.id) is None
    assert queries.attempt_evidence(attempt.id) is None
    state = quiz_state(version.id, learner_id, now=LATER)
    assert state.marked_by_hand  # so the page before starting promises no result right after submitting
    assert state.lines[0].waiting and not state.lines[0].open and state.counted is None and not state.passed
    line = quizzes.panel({"quiz_version_id": version.id}, learner_id, 1, now=LATER).lines[0]
    assert line.waiting and not line.open and line.percent is None


def test_nobody_marks_an_own_attempt_or_the_same_answer_twice(app):
    """AS22."""
    _version, attempt, (first, *_rest) = setting(marking={"second": 100})
    essay = factories.essays(attempt)[0]
    with pytest.raises(NothingToMark):
        services.claim(essay.id, marker_id=attempt.learner_id, at=LONG_AGO)
    factories.mark(essay, first)
    again = services.claim(essay.id, marker_id=first.id, at=LATER)
    assert (again.turn, again.state) == (1, "final")
    assert db.session.query(AnswerMark).count() == 1
    with pytest.raises(MarkChanged):
        services.save_mark(essay.id, marker_id=first.id, version=again.version, given={}, at=LATER)


def test_nobody_marks_what_they_answered_as_a_member_of_another_organisation(app):
    """AS22: one account, two people; the answer waits for somebody else."""
    version, attempt, (marker, *_rest) = setting()
    people.account(marker, db.session.get(Person, attempt.learner_id))
    essay = factories.essays(attempt)[0]
    with pytest.raises(NothingToMark):
        services.claim(essay.id, marker_id=marker.id, at=LATER)
    asked = essay.question_version_id
    assert services.claim_next(version.quiz_id, asked, marker_id=marker.id, at=LATER) is None
    (line,) = queries_of_marking.questions(true(), marker.id, LATER)
    assert (line.first, line.free) == (1, 0)


@pytest.mark.parametrize(
    ("second", "third", "expected"),
    [
        ({"clear": "high", "voice": "4"}, None, Fraction(9, 10)),
        ({"clear": "mid", "voice": "6"}, None, Fraction(9, 10)),
        ({"clear": "low", "voice": "2"}, {"clear": "mid", "voice": "5"}, Fraction(7, 10)),
    ],
)
def test_two_marks_are_averaged_and_a_third_decides_beyond_the_margin(app, second, third, expected):
    """AS22: the first mark is 10 of 10; the margin 20 percent of the points."""
    version, attempt, markers = setting(("essay",), {"second": 100, "margin": 20})
    essay = factories.essays(attempt)[0]
    factories.mark(essay, markers[0])
    assert factories.essays(attempt)[0].marking == "second"
    factories.mark(essay, markers[1], second)
    essay = factories.essays(attempt)[0]
    if third is None:
        assert essay.marking == "marked"
    else:
        assert essay.marking == "third" and essay.share is None
        factories.mark(essay, markers[2], third)
    services.release(version.quiz_id, by_id=markers[0].id, at=LATER)
    db.session.refresh(attempt)
    assert Fraction(attempt.score) == expected * 10


@given(shares, shares, shares, st.integers(1, 100))
def test_marks_decide_as_documented(one, two, three, margin):
    assert waits_for([], twice=True, margin=margin) == "first"
    assert waits_for([one], twice=False, margin=margin) == "marked" and final_share([one]) == one
    assert waits_for([one], twice=True, margin=margin) == "second"
    differ = abs(one - two) * 100 > margin
    assert waits_for([one, two], twice=True, margin=margin) == ("third" if differ else "marked")
    assert min(one, two) <= final_share([one, two]) <= max(one, two)
    assert waits_for([one, two, three], twice=True, margin=margin) == "marked"
    assert final_share([one, two, three]) == three


def test_the_second_marker_is_drawn_for_about_the_share_that_was_set():
    drawn = sum(marked_twice(seed, 7, 30) for seed in range(4000))
    assert 1050 < drawn < 1350
    assert all(marked_twice(seed, 7, 100) for seed in range(50)) and not any(marked_twice(s, 7, 0) for s in range(50))


@pytest.mark.parametrize("stored", [None, [], {"second": "all"}, {"second": 101, "margin": 0}, {"margin": True}])
def test_odd_rules_are_read_as_the_usual_ones(stored):
    assert MarkingRules.of(stored) == MarkingRules()


def test_a_claim_keeps_others_out_until_it_runs_out_and_nothing_is_overwritten_unseen(app):
    """AS22: the first marker, back from a long break, is told and loses nothing that was typed on the page."""
    _version, attempt, (first, second, _third) = setting()
    essay = factories.essays(attempt)[0]
    claimed = services.claim(essay.id, marker_id=first.id, at=LONG_AGO)
    version = claimed.version
    with pytest.raises(BeingMarked):
        services.claim(essay.id, marker_id=second.id, at=LONG_AGO + timedelta(minutes=29))
    services.claim(essay.id, marker_id=second.id, at=LONG_AGO + timedelta(minutes=31))
    with pytest.raises(MarkChanged):
        services.save_mark(essay.id, marker_id=first.id, version=version, given=factories.BEST, final=True, at=LATER)
    assert db.session.query(AnswerMark).one().marker_id == second.id


def test_two_tabs_of_one_marker_do_not_overwrite_each_other(app):
    _version, attempt, (marker, *_rest) = setting()
    essay = factories.essays(attempt)[0]
    opened = services.claim(essay.id, marker_id=marker.id, at=LONG_AGO).version
    services.save_mark(essay.id, marker_id=marker.id, version=opened, given={"clear": "mid"}, comment="أول", at=LATER)
    with pytest.raises(MarkChanged):
        services.save_mark(
            essay.id, marker_id=marker.id, version=opened, given={"clear": "low"}, comment="ثان", at=LATER
        )
    kept = db.session.query(AnswerMark).one()
    assert (kept.picks, kept.comment, kept.state, kept.share) == ({"clear": "mid"}, "أول", "draft", None)


def test_a_final_mark_needs_every_criterion_and_can_be_changed_until_release(app):
    version, attempt, (marker, *_rest) = setting()
    essay = factories.essays(attempt)[0]
    with pytest.raises(Invalid):
        factories.mark(essay, marker, {"clear": "mid"})
    factories.mark(essay, marker, {"clear": "mid", "voice": "3"})
    assert factories.essays(attempt)[0].share == Decimal("0.5")
    kept = db.session.query(AnswerMark).one()
    services.reopen_mark(essay.id, marker_id=marker.id, version=kept.version, at=LATER)
    assert factories.essays(attempt)[0].marking == "first" and factories.essays(attempt)[0].share is None
    factories.mark(essay, marker, at=LATER)
    services.release(version.quiz_id, by_id=marker.id, at=LATER)
    with pytest.raises(MarkChanged):
        services.reopen_mark(essay.id, marker_id=marker.id, version=kept.version, at=LATER)
    acts = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert [act for act in acts if act.startswith("assessment:")] == ["assessment:answer:mark"] * 3 + [
        "assessment:marks:release"
    ]


def test_a_mark_that_others_went_on_from_stays(app):
    _version, attempt, (first, second, _third) = setting(marking={"second": 100})
    essay = factories.essays(attempt)[0]
    factories.mark(essay, first)
    services.claim(essay.id, marker_id=second.id, at=LATER)
    with pytest.raises(Conflict):
        services.reopen_mark(essay.id, marker_id=first.id, version=1, at=LATER)


def test_release_takes_all_that_is_marked_and_nothing_else(app, told):
    version = marked_quiz()
    markers = [people.person() for _ in range(2)]
    done, failing, open_one = (factories.handed_in(version, people.person()) for _ in range(3))
    factories.mark(factories.essays(done)[0], markers[0])
    factories.mark(factories.essays(failing)[0], markers[1], {"clear": "low", "voice": "0"})
    preview = services.preview_release(version.quiz_id)
    assert (preview.ready, preview.passing, preview.waiting) == (2, 1, 1)
    factories.mark(factories.essays(open_one)[0], markers[0])
    with pytest.raises(ReleaseChanged):
        services.release(version.quiz_id, by_id=markers[0].id, seen=preview.mark, at=LATER)
    services.reopen_mark(factories.essays(open_one)[0].id, marker_id=markers[0].id, version=1, at=LATER)
    services.release(version.quiz_id, by_id=markers[0].id, seen=preview.mark, at=LATER)
    jobs.run_all_due()
    states = {row.id: (row.state, row.passed) for row in db.session.query(Attempt).populate_existing()}
    assert states == {done.id: ("graded", True), failing.id: ("graded", False), open_one.id: ("submitted", None)}
    assert sorted(told) == sorted([done.id, failing.id])
    with pytest.raises(Conflict):
        services.release(version.quiz_id, by_id=markers[0].id, at=LATER)
    assert db.session.query(MarkRelease).count() == 1


def test_the_next_answer_is_ones_own_unfinished_one_then_the_oldest_free_one(app):
    version = marked_quiz()
    marker, other = people.person(), people.person()
    attempts = [factories.handed_in(version, people.person(), at=LONG_AGO + timedelta(hours=n)) for n in range(3)]
    ids = [factories.essays(each)[0].id for each in attempts]
    asked = (version.quiz_id, factories.essays(attempts[0])[0].question_version_id)
    now = LONG_AGO + timedelta(hours=5)
    assert services.claim_next(*asked, marker_id=other.id, at=now) == ids[0]
    assert services.claim_next(*asked, marker_id=marker.id, at=now) == ids[1]
    assert services.claim_next(*asked, marker_id=marker.id, at=now) == ids[1]
    services.put_back(ids[1], marker_id=marker.id)
    factories.mark(factories.essays(attempts[1])[0], marker, at=now)
    assert services.claim_next(*asked, marker_id=marker.id, at=now) == ids[2]
    assert services.claim_next(*asked, marker_id=attempts[2].learner_id, at=now) is None
