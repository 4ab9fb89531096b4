"""What trainers see of the statistics: intervals, choices, groups, the calibration of the job, and nothing too early."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from math import exp
from random import Random

import pytest
from sqlalchemy import insert, select, update

from academy.assessment.jobs import calibrate, calibrate_due, reckon
from academy.assessment.models import Attempt, AttemptItem, Calibration, QuizItem
from academy.assessment.queries_of_calibration import due, right_answers, scale
from academy.assessment.queries_of_reckoning import months
from academy.assessment.queries_of_results import quiz_figures
from academy.assessment.rules import calibrate as estimate
from academy.base.db import db
from academy.base.jobs import Job
from academy.base.spreadsheets import read_table
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO

TYPES = ("single", "true_false", "single", "numeric", "short_text", "single")


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def course(trainer):
    return catalogue.course(trainer=trainer)


@pytest.fixture
def quiz(course):
    return assessment.quiz(course, types=TYPES)


def many(quiz, count, *, of=None, rng=None, number=1, at=LONG_AGO, language=None, harder=()):
    """Graded attempts of `count` people, written straight into the tables and reckoned: 1/2 logits between the questions.

    The questions at the places in `harder` are 2 logits harder.
    """
    rng = rng or Random(count)
    items = db.session.scalars(
        select(QuizItem).where(QuizItem.quiz_version_id == quiz.id).order_by(QuizItem.position)
    ).all()
    for place in range(count):
        learner, able = people.person(of=of), rng.gauss(0, 1)
        rights = [
            int(rng.random() < 1 / (1 + exp((n - 2.5) / 2 + 2 * (n in harder) - able))) for n in range(len(items))
        ]
        values = {
            "quiz_id": quiz.quiz_id, "quiz_version_id": quiz.id, "learner_id": learner.id, "cycle": 1, "number": number,
            "language": language, "seed": 1, "state": "graded", "sequence": 0, "started_at": at, "submitted_at": at + timedelta(minutes=place),
            "graded_at": at + timedelta(minutes=place), "score": Decimal(sum(rights)), "max_score": Decimal(len(items)), "passed": sum(rights) >= 4,
        }  # fmt: skip
        attempt_id = db.session.execute(insert(Attempt).values(**values).returning(Attempt.id)).scalar_one()
        db.session.execute(
            insert(AttemptItem),
            [{"attempt_id": attempt_id, "question_version_id": item.question_version_id, "position": item.position,
              "points": 1, "paper": {}, "flagged": False, "saved_sequence": 0, "client_sequence": 0,
              "response": (assessment.RIGHT if right else assessment.WRONG)[type], "share": Decimal(right)}
             for item, right, type in zip(items, rights, TYPES, strict=True)],
        )  # fmt: skip
    reckon(quiz.id)


def test_the_page_tells_what_the_quiz_is_worth_from_thirty_attempts(visit, trainer, course, quiz):
    """AS19."""
    trainer.language = "en"
    many(quiz, 29)
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    assert not page.get(address).select(".measures")
    many(quiz, 1)
    shown = page.get(address)
    words = shown.select_one(".measures").get_text(" ")
    for name in ("Cronbach's alpha", "Standard error of measurement", "Decision consistency", "Passed at the first"):
        assert name in words
    assert "Share of points earned" in shown.words and " to " in shown.select_one(".figures").get_text(" ")


def test_a_choice_few_took_tells_nothing_of_those_who_took_it(visit, trainer, course, quiz):
    trainer.language = "en"
    many(quiz, 40)
    shown = visit(trainer).get(f"/teach/{course.key}/questions")
    counts = [int(cell.get_text().split()[0]) for cell in shown.select(".choice-counts td.num:not(.rest)")]
    told = [cell.get_text(" ", strip=True) for cell in shown.select(".choice-counts td.rest")]
    assert [said == "too few" for said in told] == [count < 10 for count in counts]
    assert any("%" in said for said in told)


def test_the_time_on_a_question_is_told_from_ten_people(visit, trainer, course, quiz):
    """AS19. Half of those measured took longer; a question nobody's page reported on is no quick one."""
    trainer.language = "en"
    many(quiz, 12)
    first = select(QuizItem.question_version_id).where(QuizItem.quiz_version_id == quiz.id, QuizItem.position == 1)
    rows = db.session.scalars(
        select(AttemptItem).where(AttemptItem.question_version_id == first.scalar_subquery())
    ).all()
    for place, row in enumerate(rows[:9]):
        row.seconds = 20 + place
    reckon(quiz.id)
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    assert "Time on it" not in page.get(address).words
    rows[9].seconds = 3_000
    reckon(quiz.id)
    words = page.get(address).words
    assert words.count("Time on it") == 1 and "measured for 10 people" in words
    figures = assessment.reckoned(quiz).questions[0]
    assert (figures.seconds, figures.timed) == (24.5, 10)


def test_a_wrong_key_is_noticed(visit, trainer, course, quiz):
    """AS19. The strong take "a", which is marked wrong."""
    many(quiz, 60)
    first = db.session.scalars(select(QuizItem).where(QuizItem.quiz_version_id == quiz.id)).first()
    strong = select(Attempt.id).where(Attempt.score >= 4)
    of_first = AttemptItem.question_version_id == first.question_version_id
    db.session.execute(update(AttemptItem).where(of_first).values(response={"choice": "b"}, share=1))
    db.session.execute(
        update(AttemptItem)
        .where(of_first, AttemptItem.attempt_id.in_(strong))
        .values(response={"choice": "a"}, share=0)
    )
    figures = assessment.reckoned(quiz).questions[0]
    assert "lures" in figures.flags and "weak_discrimination" in figures.flags
    shown = visit(trainer).get(f"/teach/{course.key}/questions")
    assert any("مفتاح الإجابة" in flag.get_text() for flag in shown.select(".result-list > li:first-child .item-flag"))


def test_partners_are_compared_with_the_agency_from_thirty_each(visit, trainer, course, quiz):
    """AS19."""
    trainer.language = "en"
    partner = people.organisation(kind="partner")
    many(quiz, 40)
    many(quiz, 29, of=partner)
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    few = page.get(address).words
    assert "Partners against the agency" not in few and "compared once each has 30" in few
    many(quiz, 1, of=partner)
    figures = assessment.reckoned(quiz)
    assert figures.groups == (40, 30) and figures.compared
    assert all(each.difference.size in "ABC" for each in figures.questions if each.difference)
    assert "Partners against the agency" in page.get(address).words


def test_the_faces_of_a_question_are_compared_from_thirty_in_each_language(visit, trainer, course, quiz):
    """AS19. The third question is far harder in English for equally able people; the page says so and what to do."""
    trainer.language = "en"
    many(quiz, 100, language="ar")
    many(quiz, 29, language="en", harder=(2,))
    many(quiz, 5)
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    few = page.get(address).words
    assert "English against Arabic" not in few and "Arabic has 100, English 29" in few
    many(quiz, 71, language="en", harder=(2,), rng=Random(5))
    figures = assessment.reckoned(quiz)
    assert figures.languages == (100, 100) and figures.faces_compared
    assert ["harder_in_english" in each.flags for each in figures.questions] == [n == 2 for n in range(6)]
    shown = page.get(address)
    assert "English against Arabic" in shown.words
    assert "The English face is harder" in shown.select_one("#question-3").get_text(" ")


def test_later_attempts_change_no_figure(quiz):
    many(quiz, 35)
    before = assessment.reckoned(quiz)
    many(quiz, 20, number=2)
    assert replace(assessment.reckoned(quiz), months=before.months) == before


def test_attempts_are_counted_by_month_and_small_months_keep_their_share(quiz):
    many(quiz, 12, at=NOW - timedelta(days=100))
    many(quiz, 9, at=NOW - timedelta(days=5))
    many(quiz, 3, number=2, at=NOW - timedelta(days=5))
    earlier, *between, later = months(quiz.id, NOW - timedelta(days=366))
    assert between and {month.attempts for month in between} == {0}, "a month without any is shown as such"
    assert (earlier.attempts, earlier.first, later.attempts, later.first) == (12, 12, 12, 9)
    assert earlier.pass_rate is not None and later.pass_rate is None
    assert months(quiz.id, NOW) == []


def test_the_job_calibrates_versions_with_a_hundred_first_attempts(visit, trainer, course, quiz):
    """AS19."""
    trainer.language = "en"
    many(quiz, 99)
    many(quiz, 10, number=2)
    assert due() == []
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    assert "Computed once there are 100 first attempts; there are 99" in page.get(address).words
    many(quiz, 1)
    assert "within the hour" in page.get(address).words
    calibrate_due()
    calibrate_due()
    queued = db.session.scalars(select(Job).where(Job.name == "assessment.calibrate")).all()
    assert [job.arguments for job in queued] == [{"quiz_version_id": quiz.id}]
    calibrate(**queued[0].arguments)
    shown = page.get(address)
    assert "As of" in shown.words and len(shown.select("svg circle.chart-bar")) == len(TYPES)
    assert due() == []


def test_what_is_kept_is_what_the_rules_estimate(quiz):
    many(quiz, 150)
    calibrate(quiz.id)
    answers = right_answers(quiz.id)
    expected = estimate(answers.rows)
    kept = scale(db.session.scalar(select(Calibration)))
    assert (kept.attempts, kept.abilities) == (150, expected.abilities)
    assert kept.items == dict(zip(answers.question_version_ids, expected.items, strict=True))


def test_a_second_calibration_takes_the_place_of_the_first(quiz):
    many(quiz, 100)
    calibrate(quiz.id)
    many(quiz, 4)
    assert due() == []
    many(quiz, 1)
    assert [each.attempts for each in due()] == [105]
    calibrate(quiz.id)
    assert [kept.attempts for kept in db.session.scalars(select(Calibration))] == [105]


def test_answers_that_allow_no_estimate_are_said_to(visit, trainer, course, quiz):
    trainer.language = "en"
    many(quiz, 100)
    db.session.execute(update(AttemptItem).values(share=1))
    calibrate(quiz.id)
    assert quiz_figures(course.id)[0].scale.abilities == () and due() == []
    assert "allow no estimate" in visit(trainer).get(f"/teach/{course.key}/questions").words


def test_the_page_with_everything_on_it_takes_eight_statements(visit, trainer, course, quiz, statements):
    many(quiz, 70)
    many(quiz, 40, of=people.organisation(kind="partner"))
    calibrate(quiz.id)
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    with statements() as seen:
        shown = page.get(address)
    assert len(seen) <= 8
    assert len(shown.select("svg.score-chart")) == 3
    assert len(shown.select("details table.sheet")) == 4


def test_the_export_holds_intervals_and_the_calibration(visit, trainer, course, quiz):
    many(quiz, 120)
    calibrate(quiz.id)
    table = read_table(visit(trainer).client.get(f"/teach/{course.key}/questions.csv").get_data(), "x.csv")
    first = table.rows[0]
    share, low, high = map(float, first[8:11])
    assert low < share < high
    fit = quiz_figures(course.id)[0].scale
    kept = next(iter(fit.items.values()))
    assert [float(value.lstrip("'")) for value in first[13:17]] == pytest.approx(
        [kept.difficulty, kept.error, kept.infit, kept.outfit], abs=1e-4
    )
