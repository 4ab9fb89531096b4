"""AS19: statistics are reckoned in the background: once at a time, whole or not at all, and their age is told."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import func, select, update

from academy.assessment import services
from academy.assessment.jobs import reckon_due
from academy.assessment.models import Attempt, QuizReckoning
from academy.assessment.queries_of_statistics import job_key, stale, standing
from academy.base import clock, jobs
from academy.base.db import db, snapshot
from academy.base.jobs import DONE, FAILED, QUEUED, RUNNING, Job
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def course(trainer):
    trainer.language = "en"
    return catalogue.course(trainer=trainer)


@pytest.fixture
def quiz(course):
    return assessment.quiz(course, types=("single", "true_false"))


def take(quiz, count):
    for number in range(count):
        assessment.graded(quiz, people.person(), number % 3, at=LONG_AGO + timedelta(minutes=number))


def reckonings(state=None):
    chosen = select(Job).where(Job.name == "assessment.reckon")
    return db.session.scalars(chosen.where(Job.state == state) if state else chosen).all()


def press(page, course, quiz, status=None):
    return page.post(f"/teach/{course.key}/questions/{quiz.id}/reckon", status=status)


def test_figures_come_with_the_moment_they_are_of(visit, trainer, course, quiz):
    """AS19: never reckoned, waiting, there."""
    take(quiz, 2)
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    shown = page.get(address)
    assert "not computed yet" in shown.words and not shown.select(".result-list")
    press(page, course, quiz)
    press(page, course, quiz)
    assert len(reckonings()) == 1
    shown = page.get(address)
    assert "waiting for their turn" in shown.words and not shown.select("form[action$=reckon]")
    jobs.run_all_due()
    shown = page.get(address)
    assert "As of" in shown.words and "2 first attempts" in shown.words and len(shown.select(".result-list > li")) == 2
    assert "since" not in shown.words and len(shown.select("form[action$=reckon]")) == 1
    press(page, course, quiz)
    assert [job.state for job in reckonings()] == [DONE, QUEUED]


def test_attempts_since_are_told_and_counted_only_when_reckoned_again(visit, trainer, course, quiz):
    take(quiz, 2)
    assessment.reckoned(quiz)
    take(quiz, 3)
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    shown = page.get(address)
    assert "3 first attempts have been graded since" in shown.words and "of 2" in shown.select_one(".figures").text
    assessment.reckoned(quiz)
    shown = page.get(address)
    assert "graded since" not in shown.words and "of 5" in shown.select_one(".figures").text


def test_a_result_that_changed_is_told_too(visit, trainer, course, quiz):
    take(quiz, 2)
    assessment.reckoned(quiz)
    db.session.execute(update(Attempt).values(score=0))
    assert "Results have changed since" in visit(trainer).get(f"/teach/{course.key}/questions").words


def test_the_night_reckons_what_changed_and_nothing_else(course, quiz):
    other = assessment.quiz(course)
    assessment.quiz(course)
    take(quiz, 2)
    take(other, 1)
    assert stale() == [quiz.id, other.id]
    assessment.reckoned(other)
    reckon_due()
    assert [job.arguments for job in reckonings()] == [{"quiz_version_id": quiz.id}]
    jobs.run_all_due()
    assert stale() == []


def test_the_page_asks_how_far_it_is_and_hears_only_news(visit, trainer, course, quiz):
    take(quiz, 1)
    page, address = visit(trainer), f"/teach/{course.key}/questions/{quiz.id}/reckoning"
    press(page, course, quiz)
    asks = {"HX-Request": "true"}
    assert page.client.get(f"{address}?seen=waiting", headers=asks).status_code == 204
    db.session.execute(update(Job).where(Job.name == "assessment.reckon").values(state=RUNNING))
    news = page.client.get(f"{address}?seen=waiting", headers=asks)
    assert "being computed" in news.text and "seen=running" in news.text and "<html" not in news.text
    db.session.execute(update(Job).where(Job.name == "assessment.reckon").values(state=QUEUED))
    jobs.run_all_due()
    assert "The statistics are computed." in page.client.get(f"{address}?seen=running", headers=asks).text
    assert page.client.get(address).status_code == 302


def test_a_reckoning_that_went_wrong_is_told_and_can_be_asked_for_again(visit, trainer, course, quiz):
    take(quiz, 1)
    page, address = visit(trainer), f"/teach/{course.key}/questions"
    press(page, course, quiz)
    db.session.execute(update(Job).where(Job.name == "assessment.reckon").values(tries=1))
    assert "tried again by itself" in page.get(address).words
    db.session.execute(update(Job).where(Job.name == "assessment.reckon").values(state=FAILED))
    assert "could not be computed" in page.get(address).words
    press(page, course, quiz)
    assert sorted(job.state for job in reckonings()) == [FAILED, QUEUED]
    jobs.run_all_due()
    assert page.get(address).select(".result-list")


def test_nobody_else_has_it_reckoned(visit, trainer, course, quiz):
    """P3: the same rule as for reading it; and no version of another course."""
    take(quiz, 1)
    press(visit(people.trainer()), course, quiz, status=404)
    press(visit(people.person()), course, quiz, status=404)
    elsewhere = assessment.quiz(catalogue.course(trainer=people.trainer()))
    press(visit(trainer), course, elsewhere, status=404)
    press(visit(trainer), course, assessment.draft_quiz(course), status=404)
    assert reckonings() == []


def test_what_cannot_be_read_any_more_counts_as_never_reckoned(visit, trainer, course, quiz):
    take(quiz, 1)
    assessment.reckoned(quiz)
    db.session.execute(update(QuizReckoning).values(document={"attempts": "many"}))
    assert standing(quiz.id).reckoned is None
    page = visit(trainer)
    assert "not computed yet" in page.get(f"/teach/{course.key}/questions").words
    assert page.client.get(f"/teach/{course.key}/questions.csv").status_code == 302


def test_a_job_whose_worker_died_is_taken_up_again(quiz):
    take(quiz, 1)
    services.ask_to_reckon(quiz.id)
    assert jobs.claim(clock.now()) is not None
    services.ask_to_reckon(quiz.id)
    assert jobs.claim(clock.now()) is None and standing(quiz.id).progress == "running"
    again = jobs.claim(clock.now() + jobs.LEASE * 2)
    assert standing(quiz.id).reckoned is None
    assert jobs.run(again) and standing(quiz.id).reckoned.attempts == 1
    assert len(reckonings(DONE)) == len(reckonings()) == 1


@pytest.mark.concurrency
def test_many_presses_at_once_are_one_job(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        quiz_id = assessment.quiz().id
        db.session.add(
            Job(name="assessment.reckon", arguments={}, unique_key=job_key(quiz_id), state=FAILED,
                run_after=LONG_AGO, created_at=LONG_AGO)
        )  # fmt: skip
    outcomes = run_together(8, lambda _n: services.ask_to_reckon(quiz_id), app=crowd_app)
    assert len(winners(outcomes)) == 8
    with prepared(crowd_app):
        assert [job.state for job in reckonings(QUEUED)] == [QUEUED]


@pytest.mark.concurrency
def test_all_figures_are_read_from_one_moment(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        quiz = assessment.quiz()
        take(quiz, 1)
        quiz_id = quiz.id

    def another():
        with prepared(crowd_app):
            take(db.session.get_one(type(quiz), quiz_id), 1)

    count = select(func.count(Attempt.id))
    with prepared(crowd_app):
        with snapshot():
            before = db.session.scalar(count)
            thread = Thread(target=another)
            thread.start()
            thread.join(30)
            assert (before, db.session.scalar(count)) == (1, 1)
        assert db.session.scalar(count) == 2
