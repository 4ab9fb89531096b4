"""The calendar of an organisation: what its administrators enter, and due days that keep to it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.learning.models import CalendarEntry, WorkWeek
from academy.learning.queries.working_days import calendar_page, work_calendar
from academy.learning.rules.working_days import DueRule, WorkCalendar
from academy.learning.services import working_days as services
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories.accounts import both

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
spans = st.tuples(days, st.integers(0, 20)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
calendars = st.builds(
    WorkCalendar, st.frozensets(st.integers(0, 6), max_size=6), st.lists(spans, max_size=12).map(tuple)
)
EID = services.EntryDetails("holiday", date(2027, 3, 9), date(2027, 3, 14), both("عيد الفطر", "Eid al-Fitr"))


@given(calendars, days, st.integers(1, 60))
def test_working_days_end_on_a_day_that_is_worked(calendar, start, count):
    """CA10"""
    due = DueRule("working_days", count=count).due_on(start, calendar)
    assert calendar.works_on(due)
    worked = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(map(calendar.works_on, worked)) == count


@given(calendars, days, st.integers(1, 60))
def test_one_more_working_day_is_later_and_a_holiday_never_makes_a_due_day_earlier(calendar, start, count):
    """CA10"""
    due = calendar.after(start, count)
    assert calendar.after(start, count + 1) > due
    with_more = WorkCalendar(calendar.weekend, (*calendar.holidays, (start, start + timedelta(days=5))))
    assert with_more.after(start, count) >= due


@given(calendars, days)
def test_merged_holidays_are_the_days_that_were_entered(calendar, day):
    rests = day.weekday() in calendar.weekend or any(first <= day <= last for first, last in calendar.holidays)
    assert calendar.works_on(day) is not rests


def test_days_are_days_and_a_fixed_day_stays():
    """CA10"""
    eid = WorkCalendar(holidays=((date(2027, 3, 9), date(2027, 3, 14)),))
    assert DueRule("days", count=30).due_on(date(2026, 11, 23), eid) == date(2026, 12, 23)
    assert DueRule("fixed", day=date(2027, 3, 12)).due_on(date(2026, 11, 23), eid) == date(2027, 3, 12)
    assert DueRule().due_on(date(2026, 11, 23), eid) is None
    # Sunday 7 March: Monday 8 is the first day, then the holiday until Sunday 14.
    assert DueRule("working_days", count=2).due_on(date(2027, 3, 7), eid) == date(2027, 3, 15)


def test_a_rule_has_what_its_kind_asks_for():
    sound = [DueRule(), DueRule("fixed", date(2027, 1, 1)), DueRule("days", count=1), DueRule("working_days", count=9)]
    odd = [DueRule("fixed"), DueRule("days"), DueRule("days", count=0), DueRule("never", count=3), DueRule("soon")]
    assert all(rule.is_sound for rule in sound)
    assert not any(rule.is_sound for rule in odd)


def test_before_anything_is_entered_the_weekend_is_friday_and_saturday(app):
    agency = people.organisation()
    assert work_calendar(agency.id) == WorkCalendar()
    assert [work_calendar(agency.id).works_on(date(2026, 11, day)) for day in (26, 27, 28, 29)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_what_is_entered_counts_for_its_organisation_only(app):
    """CA10"""
    agency, other = people.organisation(), people.organisation()
    services.add_entry(agency.id, EID, actor_id=None, at=NOW)
    services.set_work_week(agency.id, weekend=[5], opens=time(8), closes=time(15), actor_id=None, at=NOW)
    assert work_calendar(agency.id) == WorkCalendar(frozenset({5}), ((EID.first_on, EID.last_on),))
    assert work_calendar(other.id) == WorkCalendar()
    acts = db.session.scalars(select(AuditEntry).where(AuditEntry.act == services.ACT).order_by(AuditEntry.id)).all()
    assert [entry.organisation_id for entry in acts] == [agency.id, agency.id]


def test_shorter_hours_are_kept_and_do_not_rest(app):
    agency = people.organisation()
    ramadan = services.EntryDetails(
        "short_hours", date(2027, 2, 8), date(2027, 3, 8), both("رمضان", "Ramadan"), time(10), time(15)
    )
    entry = services.add_entry(agency.id, ramadan, actor_id=None, at=NOW)
    assert work_calendar(agency.id).works_on(date(2027, 2, 9))
    services.remove_entry(entry, actor_id=None, at=NOW)
    assert calendar_page(agency.id).entries == ()


@pytest.mark.parametrize(
    "details",
    [
        services.EntryDetails("holiday", date(2027, 3, 9), date(2027, 3, 8), both("س", "X")),
        services.EntryDetails("holiday", date(2027, 3, 9), date(2027, 9, 8), both("س", "X")),
        services.EntryDetails("holiday", date(2027, 3, 9), date(2027, 3, 9), both("", "")),
        services.EntryDetails("short_hours", date(2027, 3, 9), date(2027, 3, 9), both("س", "X")),
        services.EntryDetails("short_hours", date(2027, 3, 9), date(2027, 3, 9), both("س", "X"), time(9), time(8)),
    ],
)
def test_odd_entries_are_refused(app, details):
    with pytest.raises(Invalid):
        services.add_entry(people.organisation().id, details, actor_id=None, at=NOW)


def test_two_holidays_do_not_begin_on_the_same_day(app):
    agency = people.organisation()
    services.add_entry(agency.id, EID, actor_id=None, at=NOW)
    with pytest.raises(Conflict):
        services.add_entry(agency.id, EID, actor_id=None, at=NOW)


def test_holidays_are_listed_as_they_come_and_those_that_are_over_below(app, monkeypatch):
    monkeypatch.setattr("academy.base.clock.now", lambda: datetime(2027, 3, 12, 9, 0, tzinfo=UTC))
    agency = people.organisation()
    for on, until in (("09-23", "09-23"), ("02-22", "02-22"), ("03-09", "03-14"), ("02-01", "02-02")):
        first, last = (date.fromisoformat(f"2027-{day}") for day in (on, until))
        details = services.EntryDetails("holiday", first, last, both(f"عطلة {on}", f"Holiday {on}"))
        services.add_entry(agency.id, details, actor_id=None, at=NOW)
    listed = [f"{entry.first_on:%m-%d}" for entry in calendar_page(agency.id).entries]
    assert listed == ["03-09", "09-23", "02-22", "02-01"]


def test_a_list_is_taken_in_whole_or_not_at_all(app):
    agency = people.organisation()
    listed = "2027-09-23, اليوم الوطني, National Day\n1448/10/1؛ 1448/10/4؛ عيد الفطر\n\n2027-02-22, يوم التأسيس"
    assert services.import_holidays(agency.id, listed, actor_id=None, at=NOW) == (3, 0)
    assert services.import_holidays(agency.id, listed, actor_id=None, at=NOW) == (0, 3)
    for wrong in ("", "not a day, name", "2027-09-24", "2027-09-24, 2027-09-01, name", "2028-01-01, a\nx, b"):
        with pytest.raises(Invalid):
            services.import_holidays(agency.id, wrong, actor_id=None, at=NOW)
    assert len(db.session.scalars(select(CalendarEntry)).all()) == 3


def test_every_line_that_is_wrong_is_told():
    with pytest.raises(services.WrongLines) as wrong:
        services.read_holidays("x, y\n2027-09-23, National Day\n\nno day\n2027-09-24, 2027-09-01, name")
    assert (wrong.value.unread, wrong.value.misfit, wrong.value.field) == ([1, 4], [5], "lines")


def test_an_administrator_keeps_the_calendar_on_its_pages(visit):
    """CA10"""
    agency = people.organisation()
    browser = visit(people.administrator(agency, everywhere=False))
    browser.get("/admin/working-days", 302)
    address = f"/admin/working-days/{agency.id}"
    browser.post(address, {"weekend": ["4", "5"], "opens": "8:00", "closes": "15:30"})
    assert db.session.get(WorkWeek, agency.id).closes == time(15, 30)
    browser.post(address, {"weekend": [str(n) for n in range(7)], "opens": "8:00", "closes": "15:00"}, 422)
    new = {"name-ar": "يوم التأسيس", "name-en": "Founding Day", "first_on": "2027-02-22", "last_on": ""}
    browser.get(f"{address}/holidays/new")
    browser.post(f"{address}/holidays/new", new)
    browser.post(f"{address}/holidays/new", new, 422)
    entry = db.session.scalar(select(CalendarEntry))
    assert "يوم التأسيس" in browser.get(address).words
    browser.get(f"/admin/working-days/entries/{entry.id}")
    browser.post(f"/admin/working-days/entries/{entry.id}", new | {"last_on": "2027-02-23"})
    assert entry.last_on == date(2027, 2, 23)
    short = {"name-ar": "رمضان", "first_on": "2027-02-08", "last_on": "2027-03-08", "opens": "10:00", "closes": "15:00"}
    browser.get(f"{address}/short-hours/new")
    browser.post(f"{address}/short-hours/new", short)
    assert not browser.get(f"{address}/import").select(".optional")
    browser.post(f"{address}/import", {"lines": "2027-09-23, اليوم الوطني, National Day"})
    page = browser.post(f"{address}/import", {"lines": "nonsense\nmore, of it\n2027-09-24, 2027-09-01, name"}, 422)
    assert "السطرين 1، 2" in page.words and "السطر 3:" in page.words
    browser.post(f"/admin/working-days/entries/{entry.id}/remove")
    assert len(calendar_page(agency.id).entries) == 2


def test_the_page_of_a_full_calendar_takes_few_statements(visit, statements):
    agency = people.organisation()
    browser = visit(people.administrator(agency, everywhere=False))
    browser.get(f"/admin/working-days/{agency.id}")
    lines = "\n".join(f"2027-{month}-{day}, عطلة" for month in (1, 2, 3) for day in range(1, 21))
    services.import_holidays(agency.id, lines, actor_id=None, at=NOW)
    with statements() as seen:
        browser.get(f"/admin/working-days/{agency.id}")
    assert len(seen) <= 8, seen


def test_nobody_else_opens_it(visit):
    agency, foreign = people.organisation(), people.organisation()
    entry = services.add_entry(agency.id, EID, actor_id=None, at=NOW)
    for who in (people.person(of=agency), people.trainer(agency), people.administrator(foreign, everywhere=False)):
        browser = visit(who)
        for path in (f"/admin/working-days/{agency.id}", f"/admin/working-days/entries/{entry.id}"):
            browser.get(path, 404)
        browser.post(f"/admin/working-days/entries/{entry.id}/remove", status=404)
    assert db.session.get(CalendarEntry, entry.id) is not None
