"""Letters of the day and of the week: grouped, never empty, once, and only with what still stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy.base import jobs
from academy.base.dates import RIYADH
from academy.base.db import db
from academy.base.jobs import Job
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.learning.models import Enrolment
from academy.notices import kinds, rules, services
from academy.notices.models import Letter, Notice
from tests.factories import accounts as people
from tests.factories import learning as courses
from tests.notices.sink import sink  # noqa: F401

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=RIYADH)
COURSE = LocalizedText("فهم المستفيد", "Understanding the customer")


def tell(person, cause, kind=kinds.COURSE_ASSIGNED, at=MONDAY, **more):
    return services.tell(person.id, kind, cause, at=at, address="/account", course=COURSE, **more)


def reader(rhythm="daily", **given):
    who = people.person(language="en", **given)
    services.choose(who.id, {kind.name: rhythm for kind in kinds.choosable()}, at=MONDAY)
    return who


def letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))


def let_pass(moment: datetime) -> None:
    """Let the worker do at a moment what it does by itself."""
    with time_machine.travel(moment, tick=False):
        jobs.queue_periodic(moment)
        jobs.run_all_due()


@pytest.mark.parametrize(
    ("moment", "daily", "weekly"),
    [
        (datetime(2026, 11, 23, 6, 59, tzinfo=RIYADH), None, None),
        (datetime(2026, 11, 23, 7, 0, tzinfo=RIYADH), date(2026, 11, 23), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 3, 59, tzinfo=UTC), None, None),
        (datetime(2026, 11, 22, 4, 0, tzinfo=UTC), date(2026, 11, 22), date(2026, 11, 22)),
        (datetime(2026, 11, 27, 12, 0, tzinfo=RIYADH), None, None),
        (datetime(2026, 11, 28, 12, 0, tzinfo=RIYADH), None, None),
        (datetime(2026, 11, 26, 19, 0, tzinfo=RIYADH), date(2026, 11, 26), date(2026, 11, 22)),
    ],
)
def test_digests_follow_the_clock_and_the_week_of_riyadh(moment, daily, weekly):
    """NO5"""
    assert [
        (found or [None])[0]
        for found in (rules.digest_period(each, moment, rules.Quiet()) for each in ("daily", "weekly"))
    ] == [
        daily,
        weekly,
    ]


def test_a_digest_gathers_the_day_by_kind(app, sink):  # noqa: F811
    """NO5"""
    who = reader()
    for n in range(3):
        tell(who, f"assigned:{n}")
    tell(who, "remind:1", kinds.REMINDER)
    assert not letters() and len(db.session.scalars(select(Notice.id)).all()) == 4
    let_pass(MONDAY + timedelta(hours=20))
    assert not letters()
    let_pass(MONDAY + timedelta(days=1))
    (arrived,) = sink.letters
    text = arrived.get_body(("plain",)).get_content()
    assert "Your notices of the day" in arrived["Subject"] and text.count("Courses assigned to me") == 1
    assert text.count("A course for you") == 3 and "Reminders from my manager" in text
    assert arrived["List-Unsubscribe"] and "<li>" in arrived.get_body(("html",)).get_content()


def test_a_digest_speaks_its_readers_language(app, sink):  # noqa: F811
    who = reader()
    who.language = "ar"
    tell(who, "assigned:1")
    let_pass(MONDAY + timedelta(days=1))
    text = sink.letters[0].get_body(("plain",)).get_content()
    assert COURSE.ar in text and "المقررات المسندة إليّ" in text and COURSE.en not in text


def test_a_weekly_digest_waits_for_sunday(app):
    who = reader("weekly")
    tell(who, "assigned:1")
    for day in range(1, 6):
        let_pass(MONDAY + timedelta(days=day))
    assert not letters()
    let_pass(MONDAY + timedelta(days=6))
    assert [each.kind for each in letters()] == ["digest_weekly"]


def test_no_digest_is_empty(app):
    who = reader()
    let_pass(MONDAY + timedelta(days=1))
    tell(who, "assigned:1")
    db.session.get(Notice, db.session.scalar(select(Notice.id))).about_id = 99999999
    let_pass(MONDAY + timedelta(days=2))
    assert not letters() and db.session.scalar(select(Notice.waits_for)) is None


def test_a_killed_worker_sends_no_digest_twice(app, sink):  # noqa: F811
    """R23, P9: killed before the commit nothing has happened; killed after it everything has."""
    who = reader()
    tell(who, "assigned:1")
    db.session.flush()
    given = {
        "person_id": who.id, "rhythm": "daily", "cause": "digest:daily:2026-11-24", "before": "2026-11-24T07:00:00+03:00",
    }  # fmt: skip
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        killed = db.session.begin_nested()
        jobs.KINDS["notices.digest"].run(**given)
        killed.rollback()
        assert not letters()
        for _time in range(3):
            jobs.KINDS["notices.digest"].run(**given)
        jobs.run_all_due()
    let_pass(MONDAY + timedelta(days=1))
    let_pass(MONDAY + timedelta(days=1, hours=2))
    assert len(sink.letters) == len(letters()) == 1


def test_what_comes_after_the_letter_of_the_day_waits_for_the_next(app):
    who = reader()
    tell(who, "assigned:1")
    let_pass(MONDAY + timedelta(days=1))
    tell(who, "assigned:2", at=MONDAY + timedelta(days=1, minutes=1))
    let_pass(MONDAY + timedelta(days=1, hours=1))
    assert len(letters()) == 1
    let_pass(MONDAY + timedelta(days=2))
    assert len(letters()) == 2 and not db.session.scalars(select(Notice.id).where(Notice.waits_for.is_not(None))).all()


def test_what_was_withdrawn_meanwhile_is_left_out(app):
    """NO4: rights are asked again when the letter is written."""
    who = reader()
    there, withdrawn, retired, foreign = (courses.enrolment(who) for _ in range(4))
    for n, row in enumerate((there, withdrawn, retired, foreign)):
        services.tell(
            who.id,
            kinds.COURSE_ASSIGNED,
            f"a:{n}",
            at=MONDAY,
            about_id=row.id,
            course=LocalizedText("", f"Course number {n}"),
        )
    db.session.get(Enrolment, withdrawn.id).state = "withdrawn"
    db.session.get(Course, retired.course_id).retired_at = MONDAY
    owned = db.session.get(Course, foreign.course_id)
    owned.audience, owned.organisation_id = "organisation", people.organisation().id
    let_pass(MONDAY + timedelta(days=1))
    (letter,) = letters()
    assert "number 0" in letter.text and not [n for n in (1, 2, 3) if f"number {n}" in letter.text]


def test_suspended_people_get_no_digest(app):
    who = reader()
    tell(who, "assigned:1")
    who.state = "suspended"
    let_pass(MONDAY + timedelta(days=1))
    assert not letters()


def test_stopping_a_digest_stops_what_comes_in_it(app):
    who = reader()
    services.choose(who.id, {"certificate_issued": "weekly"}, at=MONDAY)
    tell(who, "assigned:1")
    assert services.stop(who.id, "digest_daily", at=MONDAY)
    let_pass(MONDAY + timedelta(days=1))
    assert not letters()
    tell(who, "assigned:2")
    assert db.session.scalars(select(Notice.waits_for)).all() == [None, None]


def test_many_readers_are_served_in_batches(app, monkeypatch):
    monkeypatch.setattr("academy.notices.jobs.BATCH", 2)
    for n in range(5):
        tell(reader(), f"assigned:{n}")
    let_pass(MONDAY + timedelta(days=1))
    assert len(letters()) == 5
    assert not db.session.scalars(select(Job.last_error).where(Job.last_error.is_not(None))).all()
