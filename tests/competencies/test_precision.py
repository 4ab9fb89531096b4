"""How sure the academy is of what somebody can do: the margin of evidence, before and after a quiz is calibrated."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import exp, hypot, prod

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from academy.assessment import rules as rules_of_assessment
from academy.assessment.models import AttemptItem, QuizItem, QuizVersion
from academy.assessment.queries_of_calibration import RightAnswers
from academy.assessment.rules import RaschItem
from academy.assessment.services import freeze, keep_calibration
from academy.base.db import db
from academy.base.jobs import Job
from academy.competencies import jobs, rules
from academy.competencies.models import Evidence
from academy.competencies.services import note_regrade
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment
from tests.factories import competencies as make
from tests.factories.accounts import LONG_AGO

EASY = (-1.0, -0.5, 0.0, 0.5)


@pytest.fixture
def quiz(app):
    """Four questions on one competency."""
    make.framework()
    version = assessment.draft_quiz(shuffle=False)
    for _number in range(4):
        assessment.question(version, "single", competency_key="D1.1")
    freeze(version.id, LONG_AGO)
    return version


def calibrate(quiz, difficulties=EASY):
    """Keep a calibration the way its job does."""
    items = tuple(RaschItem(hard, 0.1, 1.0, 1.0) for hard in difficulties)
    ids = db.session.scalars(
        select(QuizItem.question_version_id).where(QuizItem.quiz_version_id == quiz.id).order_by(QuizItem.position)
    ).all()
    answers = RightAnswers(quiz.id, 100, tuple(ids), ())
    keep_calibration(answers, rules_of_assessment.Calibration(100, items, ()), at=NOW)


def evidence():
    db.session.expire_all()
    return db.session.scalars(select(Evidence).where(Evidence.kind == "attempt").order_by(Evidence.id)).all()


def queued(name="competencies.measure"):
    return [job.arguments for job in db.session.scalars(select(Job).where(Job.name == name).order_by(Job.id))]


def test_a_graded_attempt_keeps_how_far_its_share_can_be_trusted(quiz):
    """AS19. Without a calibration four questions are a sample of four: Beta(4.5, 0.5) from 5 % on."""
    assessment.graded(quiz, people.person())
    (piece,) = evidence()
    assert (piece.share, piece.high, piece.method) == (1, 1, "binomial")
    assert float(piece.low) == pytest.approx(0.6375, abs=1e-4)


def test_with_a_calibration_the_difficulty_of_the_questions_counts(quiz):
    """AS19. All right: the lower end is where half the chance of all right is 5 %."""
    calibrate(quiz)
    assessment.graded(quiz, people.person())
    (piece,) = evidence()
    able = root(lambda one: prod(1 / (1 + exp(hard - one)) for hard in EASY) / 2 - 0.05)
    assert piece.method == "rasch" and piece.high == 1
    assert float(piece.low) == pytest.approx(sum(1 / (1 + exp(hard - able)) for hard in EASY) / 4, abs=1e-6)


def root(function, low=-10.0, high=10.0):
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (low, middle) if function(middle) > 0 else (middle, high)
    return low


def test_a_calibration_measures_earlier_evidence_again_some_at_a_time(quiz, monkeypatch):
    learners = [people.person() for _number in range(5)]
    attempts = [assessment.graded(quiz, who, right=False) for who in learners]
    before = [(piece.share, piece.supports_level, piece.items) for piece in evidence()]
    calibrate(quiz)
    assert queued() == [{"quiz_version_id": quiz.id}]
    monkeypatch.setattr(jobs, "AT_ONCE", 3)
    jobs.measure(quiz.id)
    assert [piece.method for piece in evidence()] == ["rasch"] * 3 + ["binomial"] * 2
    assert queued()[1:] == [{"quiz_version_id": quiz.id, "after": attempts[2].id}]
    jobs.measure(**queued()[1])
    assert [piece.method for piece in evidence()] == ["rasch"] * 5 and len(queued()) == 2
    assert [(piece.share, piece.supports_level, piece.items) for piece in evidence()] == before


def test_evidence_from_before_is_measured_once(quiz):
    assessment.graded(quiz, people.person())
    db.session.execute(update(Evidence).values(low=None, high=None, method=None))
    jobs.measure_old()
    jobs.measure_old()
    assert queued() == [{"quiz_version_id": quiz.id}]
    jobs.measure(quiz.id)
    assert [piece.method for piece in evidence()] == ["binomial"]


def test_a_piece_that_a_regrade_replaced_keeps_the_margin_of_its_own_share(quiz):
    attempt = assessment.graded(quiz, people.person())
    last = AttemptItem.attempt_id == attempt.id, AttemptItem.position == 4
    db.session.execute(update(AttemptItem).where(*last).values(share=0))
    note_regrade(attempt.id, 1, at=NOW)
    calibrate(quiz)
    jobs.measure(quiz.id)
    db.session.expire_all()
    before, after = db.session.scalars(select(Evidence).order_by(Evidence.id)).all()
    assert (before.kind, before.method, before.high) == ("attempt", "binomial", 1)
    assert (after.kind, after.method, after.share) == ("regrade", "rasch", Decimal("0.75"))
    assert after.low < after.share < after.high < 1


@pytest.mark.parametrize("values", [{"low": 0.9, "high": 0.2}, {"low": None}, {"method": "guess"}, {"high": 2}])
def test_the_database_refuses_an_interval_that_is_none(quiz, values):
    assessment.graded(quiz, people.person())
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(Evidence).values(**values))


def piece(share, items, interval, months=0):
    at = NOW - timedelta(days=31 * months)
    return rules.Piece(f"quiz:{share}:{items}", Fraction(share), items, 2, at, interval)


def test_one_piece_keeps_its_own_margin():
    found = rules.likely(rules.judge([piece("3/4", 4, (Fraction(1, 3), Fraction(19, 20)))], NOW).terms)
    assert (found.share, found.low, found.high) == pytest.approx((0.75, 1 / 3, 0.95))
    assert found.proves is None


def test_several_pieces_narrow_the_margin_and_courses_have_no_part_in_it():
    margin = (Fraction(7, 10), Fraction(9, 10))
    course = rules.Piece("course:1", Fraction(1), 1, 1, NOW)
    several = [piece("4/5", 10, margin), piece("4/5", 11, margin), piece("4/5", 10, margin, months=40), course]
    found = rules.likely(rules.judge(several, NOW).terms)
    reach = 0.1 * hypot(10 / 21, 11 / 21)
    assert (found.share, found.low, found.high) == pytest.approx((0.8, 0.8 - reach, 0.8 + reach))
    assert found.proves is True
    assert rules.likely(rules.judge([course], NOW).terms) is None


def test_the_page_says_the_margin_in_words_and_when_it_is_too_wide(visit, quiz):
    """AS19."""
    who = people.person(language="en")
    assessment.graded(quiz, who)
    shown = visit(who).get("/competencies/D1.1")
    assert "100% right, between 64% and 100% (margin of 90%)" in shown.words
    assert "too wide to tell whether the 70%" in shown.words
    assert shown.select_one("svg.likely-bar") and "64% to 100%" in shown.select_one("td .interval").get_text()
    who.language = "ar"
    assert "مدى الثقة" in visit(who).get("/competencies/D1.1").words


@pytest.mark.parametrize(
    ("release", "review", "told"),
    [("score", {}, True), ("none", {}, False), ("score", {"after": [], "later": [], "closed": ["score"]}, False)],
)
def test_the_evidence_of_a_result_that_its_quiz_does_not_show_says_no_share(visit, quiz, release, review, told):
    """P4: what a quiz keeps back stands in no ledger either."""
    db.session.execute(update(QuizVersion).values(release=release, review=review))
    db.session.expire_all()
    who = people.person(language="en")
    assessment.graded(quiz, who, right=3)
    page = visit(who).get("/competencies/D1.1")
    assert ("75%" in page.words) is told
    assert bool(page.select_one(".big-score")) is told and bool(page.select_one("svg.likely-bar")) is told
    assert ("does not show its result now" in page.words) is not told


def test_a_manager_reads_the_margin_of_a_member_and_a_stranger_does_not(visit, quiz, statements):
    unit = people.org_unit()
    boss, member, stranger = people.manager(unit), people.person(unit=unit), people.person()
    assessment.graded(quiz, member, right=False)
    visitor, address = visit(boss), f"/people/{member.id}/competencies/D1.1"
    assert visitor.get(address).select_one("svg.likely-bar")
    with statements() as seen:
        visitor.get(address)
    assert len(seen) <= 8
    visit(stranger).get(address, status=404)
