"""Time spent and credited hours: counted once, never more than passes, and the same figure wherever it is shown."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from academy.base import clock
from academy.base.db import db
from academy.learning import services
from academy.learning.models import StudyClock, StudyTime
from academy.learning.queries.ledger import ledger
from academy.learning.queries.timing import place_of_attempt
from academy.learning.rules.ledger import EVERY_SECONDS, IDLE_SECONDS, reported_seconds, whole_minutes
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SCRIPT = Path(__file__).resolve().parents[2] / "academy/web/static/js/learning/time.js"


def spend(place, seconds, *, at=START, activity=0):
    """Spend time on an activity, as a page in use would say it: minute by minute."""
    activity_id = learning.outline(place.version_id).activities[activity].id
    for number in range(1, seconds // 60 + 1):
        services.count_time(place.learner_id, place.id, activity_id, 60, at=at + timedelta(seconds=60 * number))
    if rest := seconds % 60:
        services.count_time(place.learner_id, place.id, activity_id, rest, at=at + timedelta(seconds=seconds))
    db.session.expire_all()


def counted(*places):
    found = select(func.coalesce(func.sum(StudyTime.seconds), 0))
    return db.session.scalar(found.where(StudyTime.enrolment_id.in_([each.id for each in places])))


@pytest.fixture
def place(app):
    return learning.enrolment(course=catalogue.course(lessons=2, hours=Decimal("6")))


def test_a_page_in_use_is_counted_whole_in_one_row_a_day(place):
    spend(place, 600)
    spend(place, 245, at=START + timedelta(hours=2))
    assert counted(place) == 845
    assert db.session.scalar(select(func.count()).select_from(StudyTime)) == 1
    spend(place, 60, at=START + timedelta(days=1))
    assert [row.day for row in db.session.scalars(select(StudyTime).order_by(StudyTime.day))] == [
        date(2026, 11, 2), date(2026, 11, 3),
    ]  # fmt: skip


def test_two_windows_at_once_are_counted_once(place):
    first, second = (each.id for each in learning.outline(place.version_id).activities)
    for minute in range(1, 31):
        at = START + timedelta(minutes=minute)
        services.count_time(place.learner_id, place.id, first, 60, at=at)
        services.count_time(place.learner_id, place.id, second, 60, at=at + timedelta(seconds=1))
    assert 30 * 60 <= counted(place) <= 30 * 60 + 1


def test_who_goes_to_and_fro_between_two_windows_loses_nothing(place):
    first, second = (each.id for each in learning.outline(place.version_id).activities)
    for minute in range(1, 11):
        at = START + timedelta(minutes=minute)
        services.count_time(place.learner_id, place.id, first, 30, at=at)
        services.count_time(place.learner_id, place.id, second, 30, at=at)
    assert counted(place) == 600


def test_a_silence_is_not_counted_however_much_is_reported(place):
    spend(place, 60)
    activity = learning.outline(place.version_id).activities[0].id
    assert (
        services.count_time(place.learner_id, place.id, activity, 9_000, at=START + timedelta(hours=3)) == IDLE_SECONDS
    )
    assert services.count_time(place.learner_id, place.id, activity, 60, at=START + timedelta(hours=3)) == 0
    assert services.count_time(place.learner_id, place.id, activity, 60, at=START + timedelta(hours=2)) == 0


beats = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 400), st.integers(0, 1), st.booleans()), min_size=1, max_size=40
)


@given(beats)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_more_than_has_passed_nor_than_was_reported(place, said):
    """Any number of pages, on two courses, honest or not, in any order: no second is granted twice."""
    with db.session.begin_nested() as try_out:
        other = learning.enrolment(db.session.get(people.Person, place.learner_id))
        activities = {each: learning.outline(each.version_id).activities[0].id for each in (place, other)}
        at, grants, most = START, [], 0
        for wait, reported, which, back in said:
            at += timedelta(seconds=-wait if back else wait)
            where = (place, other)[which]
            granted = services.count_time(place.learner_id, where.id, activities[where], reported, at=at)
            assert 0 <= granted <= min(reported, IDLE_SECONDS)
            grants.append((at, granted, max(min(reported, IDLE_SECONDS), EVERY_SECONDS)))
        assert counted(place, other) == sum(granted for _, granted, _ in grants)
        for last in range(len(grants)):
            for first in range(last + 1):
                window = [each for each in grants[first : last + 1] if each[1]]
                if window:
                    begin = min(moment - timedelta(seconds=reach) for moment, _, reach in window)
                    most = max(moment for moment, _, _ in window) - begin
                    assert sum(granted for _, granted, _ in window) <= most.total_seconds()
        try_out.rollback()
    db.session.expire_all()


@given(st.lists(st.integers(1, EVERY_SECONDS), min_size=1, max_size=30))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_page_that_tells_the_truth_is_believed(place, seconds):
    with db.session.begin_nested() as try_out:
        activity = learning.outline(place.version_id).activities[0].id
        at = START
        for each in seconds:
            at += timedelta(seconds=each)
            assert services.count_time(place.learner_id, place.id, activity, each, at=at) == each
        try_out.rollback()
    db.session.expire_all()


def test_one_clock_a_person_and_two_statements_a_message(place, statements):
    activity = learning.outline(place.version_id).activities[0].id
    with statements() as seen:
        services.count_time(place.learner_id, place.id, activity, 60, at=START)
    assert len(seen) == 2
    assert db.session.scalar(select(func.count()).select_from(StudyClock)) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("61", 61), ("9999", IDLE_SECONDS), ("-1", 0), ("٦٠", 0), ("1e9", 0), ("", 0), (None, 0), ("9" * 5000, 0)],
)
def test_nonsense_counts_as_nothing(said, seconds):
    assert reported_seconds(said) == seconds


def test_the_script_keeps_the_numbers_of_the_rule():
    numbers = dict(re.findall(r"const (\w+_SECONDS) = (\d+);", SCRIPT.read_text()))
    assert numbers == {"EVERY_SECONDS": str(EVERY_SECONDS), "IDLE_SECONDS": str(IDLE_SECONDS)}


# --- The doors ------------------------------------------------------------------------------------------------


def test_the_page_of_a_lesson_counts_and_only_its_learner_may_say_so(place, visit):
    learner, key = (
        db.session.get(people.Person, place.learner_id),
        learning.activity_keys(db.session.get(catalogue.Course, place.course_id))[0],
    )
    visitor, address = visit(learner), f"/learn/{place.id}/{key}"
    page = visitor.get(address)
    assert page.select_one("[data-hours]")["data-hours"] == f"{address}/time"
    visitor.post(f"{address}/time", {"seconds": "42"}, status=204)
    assert counted(place) == 42
    visit(people.person()).post(f"{address}/time", {"seconds": "42"}, status=404)
    services.withdraw(place.id, at=clock.now())
    visitor.post(f"{address}/time", {"seconds": "10"}, status=204)
    assert counted(place) == 42


def test_the_time_of_an_attempt_counts_for_the_activity_of_its_quiz(app, visit):
    course, learner = catalogue.course(units=0, published=False), people.person()
    unit = catalogue.unit(catalogue.draft(course))
    version = assessment.quiz(course)
    quiz = catalogue.activity(unit, "quiz", content={"quiz_version_id": version.id})
    catalogue.services.publish(course, actor_id=None, at=learning.LONG_AGO)
    place = learning.enrolment(learner, course)
    attempt = assessment.attempt(version, learner)
    assert place_of_attempt(attempt.id).activity_id in learning.activity_ids(course)
    visitor = visit(learner)
    for address in (f"/attempts/{attempt.id}", f"/attempts/{attempt.id}/review"):
        assert visitor.get(address).select_one("[data-hours]")["data-hours"] == f"/learn/attempts/{attempt.id}/time"
    visitor.post(f"/learn/attempts/{attempt.id}/time", {"seconds": "30"}, status=204)
    assert counted(place) == 30 and quiz.kind == "quiz"
    visit(people.person()).post(f"/learn/attempts/{attempt.id}/time", {"seconds": "30"}, status=404)
    visitor.post("/learn/attempts/987654/time", {"seconds": "30"}, status=404)


# --- Credited hours -------------------------------------------------------------------------------------------


def test_hours_are_credited_when_completed_and_not_before(place):
    spend(place, 3_600)
    learning.completed(place, but=1)
    assert ledger(place.learner_id).whole.credited == 0
    learning.completed(place, at=datetime(2026, 10, 31, 22, 0, tzinfo=UTC))
    found = ledger(place.learner_id)
    assert found.whole.credited == 6 and found.whole.minutes == 60
    assert [(each.first, each.minutes, each.credited) for each in found.months] == [(date(2026, 11, 1), 60, 6)]


def test_an_exemption_credits_none(place):
    place.state, place.completed_at, place.exempted = "completed", START, True
    db.session.flush()
    found = ledger(place.learner_id)
    assert found.whole.credited == 0 and found.places[0].state == "exempted"


def test_a_place_that_was_left_keeps_its_time(place):
    spend(place, 120)
    services.withdraw(place.id, at=START)
    assert ledger(place.learner_id).whole.minutes == 2


# --- The same figure everywhere -------------------------------------------------------------------------------


@pytest.fixture
def shown(app):
    """A learner with a manager and a trainer, five hours on a course of six that is completed, and some on another one."""
    home = people.organisation()
    boss = people.person(of=home, language="en")
    learner = people.person(of=home, manager=boss, language="en")
    trainer = people.trainer(of=home, language="en")
    done = catalogue.course(trainer=trainer, lessons=2, hours=Decimal("6"))
    place = learning.enrolment(learner, done)
    spend(place, 5 * 3_600 + 7 * 60 + 59)
    learning.completed(place)
    other = learning.enrolment(learner, catalogue.course(hours=Decimal("2.5")))
    spend(other, 13 * 60 + 30, at=START + timedelta(days=40))
    return boss, learner, trainer, done, place


def rows_of(visitor, address):
    visitor.get(address)
    return list(csv.DictReader(io.StringIO(visitor.response.get_data().decode("utf-8-sig"))))


def test_every_screen_says_the_same(shown, visit):
    boss, learner, trainer, course, place = shown
    mine = visit(learner)
    for address in ("/my-hours", f"/courses/{course.key}"):
        assert "5 h 7 min" in mine.get(address).words, address
    for visitor, address in ((mine, "/my-hours"), (mine, "/"), (visit(boss), f"/team/people/{learner.id}")):
        words = visitor.get(address).words
        assert "5 h 21 min" in words and "6" in words, address
    assert "5 h 7 min" in visit(trainer).get(f"/teach/{course.key}/roster").words
    assert "5 h 7 min" in visit(boss).get(f"/team/people/{learner.id}").words
    for row in (
        rows_of(visit(trainer), f"/teach/{course.key}/roster.csv")[0],
        rows_of(visit(boss), "/team/export.csv")[-1],
    ):
        assert (row["Time spent, minutes"], Decimal(row["Credited hours"])) == ("307", 6)


def test_what_is_shown_are_whole_minutes():
    assert [whole_minutes(seconds) for seconds in (0, 59, 60, 119, 120)] == [0, 0, 1, 1, 2]


def test_my_hours_asks_as_often_for_many_courses_as_for_few(app, visit, statements):
    learner = people.person(language="en")
    visitor = visit(learner)

    def ask():
        visitor.get("/my-hours")
        with statements() as seen:
            page = visitor.get("/my-hours")
        return len(seen), page

    spend(learning.enrolment(learner), 60)
    few, page = ask()
    assert "3 minutes without a sign of you" in page.words and "As of" in page.words
    for number in range(12):
        spend(learning.enrolment(learner), 60, at=START - timedelta(days=31 * number + 1))
    many, page = ask()
    assert many == few <= 8
    assert len(page.select("table")[1].select("tbody tr")) == 13
