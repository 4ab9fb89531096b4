"""RE2: a trainer's courses at a glance: who is stuck where, the hardest questions, inactive learners, answers that wait."""

from datetime import timedelta

import pytest

from academy.accounts.models import Organisation
from academy.assessment import services as assessment_services
from academy.assessment.queries_of_trouble import trouble
from academy.base import clock
from academy.base.db import db
from academy.catalogue.models import Activity, Course
from academy.catalogue.policies import courses_edited
from academy.catalogue.queries import published_version
from academy.insights.reports.reach import actor_of
from tests.assessment.test_statistics_pages import TYPES, many
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning
from tests.factories.accounts import both

LONG_AGO = timedelta(days=20)


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def own(trainer):
    return db.session.get(Organisation, trainer.organisation_id)


@pytest.fixture
def course(trainer):
    return catalogue.course(trainer=trainer, lessons=2, title=both("مقرر المدرب", "The trainer's course"))


def stopped(course, own, days=20, *, at=None, name=None):
    """A learner of whom nothing was seen for some days."""
    who = people.person(own, name=both(name, name)) if name else people.person(own)
    place = learning.enrolment(who, course)
    place.enrolled_at = place.last_activity_at = clock.now() - timedelta(days=days)
    place.last_activity_id = at
    db.session.flush()
    return who


def first_activity(course):
    version = published_version(course.id)
    return db.session.query(Activity).filter_by(version_id=version.id).order_by(Activity.id).first()


def tiles(page):
    return [tile.select_one("b").get_text() for tile in page.select(".kpi")]


def rows(page, heading):
    section = page.select_one(f"section[aria-labelledby='{heading}']")
    return [[cell.get_text(" ", strip=True) for cell in row.select("td, th")] for row in section.select("tbody tr")]


def test_where_learners_stopped_opens_exactly_those(visit, trainer, own, course):
    """RE2: who is stuck where; the figure is the number of rows behind it."""
    activity = first_activity(course)
    here = [stopped(course, own, at=activity.id, name=f"متعثر {letter}") for letter in "أب"]
    stopped(course, own, name="قبل البداية")
    stopped(course, own, days=3, at=activity.id, name="نشيط")
    browser = visit(trainer)
    page = browser.get("/teaching")
    assert [(row[0], row[2].split()[0]) for row in rows(page, "stuck")] == [("مقرر المدرب", "2"), ("مقرر المدرب", "1")]
    links = [link["href"] for link in page.select("section[aria-labelledby='stuck'] tbody a")]
    opened = browser.get(links[0])
    assert (
        len(opened.select("tbody tr")) == len(here) and "متعثر أ" in opened.words and "قبل البداية" not in opened.words
    )
    assert len(browser.get(links[1]).select("tbody tr")) == 1
    assert tiles(page)[0] == "3" and len(browser.get("/teaching/learners").select("tbody tr")) == 3
    assert "نشيط" not in page.words


def test_the_hardest_questions_come_first_with_their_margin(visit, trainer, own, course):
    """RE2: hardest questions, each with its facility and interval, opening the question on its page of results."""
    quiz = assessment.quiz(course, types=TYPES)
    many(quiz, 60, of=own, harder=(1,))
    page = visit(trainer).get("/teaching")
    found = rows(page, "hardest")
    figures = assessment.reckoned(quiz).questions
    hardest = min(figures, key=lambda each: each.statistics.difficulty)
    assert found[0][1].startswith(f"{round(float(hardest.statistics.difficulty) * 100)}%")
    assert found[0][1].count("%") == 3 and found[0][2] == "60"
    link = page.select_one("section[aria-labelledby='hardest'] tbody a")["href"]
    assert link == f"/teach/{course.key}/questions?quiz={quiz.id}#question-{hardest.number}"


def test_what_is_in_doubt_is_what_the_page_of_results_remarks(trainer, own, course):
    """RE2: one truth about every question, here and on the page of its quiz; hard or easy alone is no doubt."""
    quiz = assessment.quiz(course, types=TYPES)
    many(quiz, 60, of=own, harder=(1,))
    found = trouble(courses_edited(actor_of(trainer.id)), most=50)
    told = {each.number: each.flags for each in assessment.reckoned(quiz).questions}
    assert {each.number: each.flags for each in found.hardest} == told
    doubted = {number for number, flags in told.items() if set(flags) - {"too_hard", "too_easy"}}
    assert {each.number for each in found.doubted} == doubted and found.in_doubt == len(doubted)


def test_nothing_is_said_of_a_question_that_few_have_answered(visit, trainer, own, course):
    many(assessment.quiz(course, types=TYPES), 3, of=own)
    page = visit(trainer).get("/teaching")
    assert not page.select("section[aria-labelledby='hardest'] tbody tr") and "0" in tiles(page)[2]


def test_answers_that_wait_for_marks_are_counted_and_opened(visit, trainer, own, course):
    """RE2"""
    version = assessment.quiz(course, types=("essay",), points=10)
    for _ in range(2):
        attempt = assessment.attempt(version, people.person(own))
        assessment_services.save_response(attempt.id, 1, assessment.RIGHT["essay"], at=attempt.started_at)
        assessment_services.submit(attempt.id, at=attempt.started_at)
    browser = visit(trainer)
    page = browser.get("/teaching")
    assert tiles(page)[1] == "2" and rows(page, "to-mark")[0][1] == "2"
    opened = browser.get(page.select_one("section[aria-labelledby='to-mark'] tbody a")["href"])
    assert len(opened.select("tbody tr")) == 2


def test_nothing_of_courses_of_others_or_of_people_one_does_not_see(visit, trainer, own, course):
    """RE2: neither the courses of another trainer nor the learners of another organisation."""
    theirs = catalogue.course(trainer=people.trainer(), title=both("CANARY مقرر", "CANARY"), lessons=1)
    stopped(theirs, own, name="CANARY متدرب")
    elsewhere = people.organisation()
    stopped(course, elsewhere, name="CANARY غريب")
    many(assessment.quiz(theirs, types=TYPES), 60, of=own)
    browser = visit(trainer)
    activity = first_activity(theirs)
    for address in (
        "/teaching", "/teaching/learners", f"/teaching/learners?activity={activity.id}",
        f"/teaching/learners?course={theirs.key}", "/teaching/learners?activity=0",
    ):  # fmt: skip
        page = browser.get(address)
        assert "CANARY" not in page.words and not page.select("tbody tr")


def test_a_learner_and_a_manager_do_not_open_it(visit):
    """RE2"""
    boss = people.manager(people.org_unit())
    for who in (people.person(), boss):
        for address in ("/teaching", "/teaching/learners"):
            visit(who).get(address, status=403)


@pytest.mark.parametrize(
    "odd", ["activity=x", "activity=-1", "activity=²", "activity=99999999999", "course=%00", "page=x"]
)
def test_odd_words_in_the_address_break_nothing(visit, trainer, odd):
    visit(trainer).get(f"/teaching/learners?{odd}")


def test_it_takes_eight_statements_however_much_there_is(visit, trainer, own, course, statements):
    """RE2"""
    counts = []
    for more in (1, 4):
        for _ in range(more):
            another = catalogue.course(of=own, trainer=trainer, lessons=2)
            stopped(another, own, at=first_activity(another).id)
            many(assessment.quiz(another, types=TYPES), 30, of=own)
            version = assessment.quiz(another, types=("essay",), points=10)
            attempt = assessment.attempt(version, people.person(own))
            assessment_services.save_response(attempt.id, 1, assessment.RIGHT["essay"], at=attempt.started_at)
            assessment_services.submit(attempt.id, at=attempt.started_at)
        browser = visit(trainer)
        with statements() as seen:
            browser.get("/teaching")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts
    assert db.session.query(Course).count() == 6
