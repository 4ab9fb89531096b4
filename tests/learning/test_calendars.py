"""The private calendar of due days: a link that opens nothing else, read without a cookie, rights asked at each reading."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.base import icalendar
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.icalendar import Event
from academy.catalogue.models import Course
from academy.learning.models import CalendarLink
from academy.learning.queries import calendars
from academy.learning.routes.calendars import MISSES, READINGS
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories import learning as courses

DUE = date(2026, 12, 20)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def link_of(visit, who) -> str:
    """Make a link as the page does and return its path."""
    page = visit(who).post("/account/calendar")
    return re.search(r"/calendar/[\w-]+\.ics", page.select_one(".copy-text").get_text())[0]


def read(app, path: str, status: int = 200) -> str:
    """Read a feed as a calendar program does."""
    db.session.commit()
    answer = app.test_client().get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def unfolded(feed: str) -> list[str]:
    return feed.replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_due_days_are_read_from_a_private_link(app, visit, language):
    """NO9"""
    who = people.person(language=language)
    row = courses.assigned(catalogue.course(title=people.both("فهم، المستفيد؛ جيدًا", "Know, the; customer")), who, DUE)
    path = link_of(visit, who)
    feed = read(app, path)
    lines = unfolded(feed)
    assert "DTSTART;VALUE=DATE:20261220" in lines and "DTEND;VALUE=DATE:20261221" in lines
    assert f"UID:due-{row.id}@localhost" in lines
    expected = {"ar": "فهم، المستفيد؛ جيدًا", "en": "Know\\, the\\; customer"}[language]
    assert [line for line in lines if line.startswith("SUMMARY:") and line.endswith(expected)]
    again = [line for line in unfolded(read(app, path)) if not line.startswith("DTSTAMP")]
    assert again == [line for line in lines if not line.startswith("DTSTAMP")]


def test_what_no_longer_stands_is_not_in_it(app, visit):
    who = people.person()
    rows = [courses.assigned(catalogue.course(), who, DUE) for _ in range(5)]
    path = link_of(visit, who)
    rows[1].state = "withdrawn"
    rows[2].state, rows[2].completed_at = "completed", AT
    db.session.get(Course, rows[3].course_id).retired_at = AT
    foreign = db.session.get(Course, rows[4].course_id)
    foreign.audience, foreign.organisation_id = "organisation", people.organisation().id
    assert re.findall(r"UID:due-(\d+)", read(app, path)) == [str(rows[0].id)]


def test_a_calendar_holds_nobody_elses_days(app, visit):
    """P3"""
    who, other = people.person(), people.person()
    courses.assigned(catalogue.course(), other, DUE)
    assert "BEGIN:VEVENT" not in read(app, link_of(visit, who))


def test_unknown_ended_and_suspended_links_answer_alike(app, visit):
    """NO9"""
    who = people.person()
    first = link_of(visit, who)
    second = link_of(visit, who)
    read(app, second)
    visit(who).post("/account/calendar/remove")
    suspended = people.person()
    third = link_of(visit, suspended)
    suspended.state = "suspended"
    answers = {
        re.sub(r'nonce="[^"]+"|content="[^"]{40,}"', "", read(app, path, 404)) for path in (first, second, third)
    }
    assert db.session.query(CalendarLink).filter_by(person_id=who.id).count() == 0
    assert all("BEGIN:VCALENDAR" not in answer for answer in answers)
    acts = [act for (act,) in db.session.query(AuditEntry.act).filter(AuditEntry.act.like("learning:calendar:%"))]
    assert sorted(acts) == ["learning:calendar:own"] * 3 + ["learning:calendar:remove"]


def test_the_link_is_shown_once_and_only_its_digest_is_kept(app, visit):
    who = people.person()
    token = link_of(visit, who).removeprefix("/calendar/").removesuffix(".ics")
    page = visit(who).get("/account/calendar")
    assert token not in str(page) and not page.select(".copy-text")
    assert len(token) >= 22 and token != db.session.query(CalendarLink.token_digest).scalar()


def test_guessing_is_slowed(app, visit, monkeypatch):
    counted = {}
    monkeypatch.setattr(
        "academy.base.throttle.note", lambda _s, key, at: counted.update({key: counted.get(key, 0) + 1})
    )
    monkeypatch.setattr("academy.base.throttle.count", lambda _s, key, within, at: counted.get(key, 0))
    path = link_of(visit, people.person())
    for _n in range(READINGS):
        read(app, path)
    read(app, path, 429)
    for _n in range(MISSES):
        read(app, "/calendar/guess.ics", 404) if counted.get("calendar:127.0.0.1", 0) < READINGS else None
    read(app, "/calendar/another.ics", 429)


def test_a_stranger_has_no_calendar_page(app, browser):
    browser.get("/account/calendar", status=302)


def test_many_courses_cost_no_more_statements(app, statements):
    who = people.person()
    for _n in range(12):
        courses.assigned(catalogue.course(), who, DUE)
    with statements() as seen:
        assert len(calendars.entries(who)) == 12
    assert len(seen) <= 3, seen


@given(
    st.text(max_size=300),
    st.one_of(st.dates(), st.datetimes(datetime(1980, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))),
)
def test_every_line_is_short_whole_and_nothing_slips_in(title, at):
    text = icalendar.calendar("x", [Event("1@x", title, at, "http://x/")], written_at=AT)
    for line in text.split("\r\n"):
        assert len(line.encode("utf-8")) <= 75 and "\n" not in line and "\r" not in line
    assert text.count("BEGIN:VEVENT") - title.count("BEGIN:VEVENT") == 1 and text.endswith("END:VCALENDAR\r\n")
    assert len([line for line in unfolded(text) if line.startswith("SUMMARY:")]) == 1


def test_moments_are_written_in_utc():
    riyadh = datetime.fromisoformat("2026-12-20T08:30:00+03:00")
    assert "DTSTART:20261220T053000Z" in icalendar.calendar(
        "x", [Event("1", "x", riyadh, "")], written_at=AT + timedelta(0)
    )
