"""When a due day is over: at midnight in Riyadh, on every page; and what working hours, as those of Ramadan, decide."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.dates import RIYADH, riyadh_day
from academy.base.db import db
from academy.insights.reports import reach
from academy.insights.reports import services as reports
from academy.learning import rules as courses_rules
from academy.learning.rules.due_days import over_at
from academy.learning.rules.working_days import WorkCalendar, WorkHours
from academy.learning.services import working_days as services
from academy.notices import kinds, rules
from academy.notices import services as notices
from academy.notices.models import Letter
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.factories import learning as courses
from tests.factories.accounts import both

DUE = date(2027, 2, 25)  # a Thursday in Ramadan
RAMADAN = date(2027, 2, 8), date(2027, 3, 8)
EID = date(2027, 3, 9), date(2027, 3, 14)
LADDER = {"remind_before": "14, 7, 1", "manager_after": "3", "administrator_after": "10"}
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
times = st.times(timezones=st.none())


def shortened(agency) -> None:
    """Give an organisation a Ramadan of 10:00 to 15:00 and a holiday after it."""
    short = services.EntryDetails("short_hours", *RAMADAN, both("رمضان", "Ramadan"), time(10), time(15))
    services.add_entry(agency.id, short, actor_id=None, at=NOW)
    services.add_entry(
        agency.id, services.EntryDetails("holiday", *EID, both("عيد الفطر", "Eid al-Fitr")), actor_id=None, at=NOW
    )


@given(days, moments)
def test_the_day_and_the_moment_say_the_same(due_on, at):
    """CA10: what compares days (queries, the rungs of reminders, compliance) agrees with the moment a day is over."""
    late = courses_rules.standing("active", due_on, True, riyadh_day(at)) == "overdue"
    assert late is (at >= over_at(due_on))


def test_end_of_thursday_is_an_hour_of_riyadh():
    """CA10"""
    assert over_at(DUE) == datetime(2027, 2, 25, 21, 0, tzinfo=UTC)


def test_every_page_turns_at_the_same_midnight(app, visit):
    """CA10, NO9: with another closing hour of that day nothing turns earlier."""
    agency = people.organisation()
    shortened(agency)
    manager = people.manager(people.org_unit(agency))
    who = people.person(unit=manager.org_unit, manager=manager)
    course = catalogue.course()
    with time_machine.travel(datetime(2027, 2, 1, 9, 0, tzinfo=UTC), tick=False):
        row = courses.assigned(course, who, DUE)
        reader = reach.actor_of(manager.id)
        report = reports.create(reader, "late", "enrolments", at=clock.now())
        late = {"joined": "all", "parts": [{"column": "overdue", "operator": "yes", "values": []}]}
        reports.keep(report, at=clock.now(), columns=["person", "due_on"], where=late)
    db.session.commit()
    for moment, is_late in ((over_at(DUE) - timedelta(seconds=1), False), (over_at(DUE), True)):
        with time_machine.travel(moment, tick=False):
            learner, lead = visit(who), visit(manager)
            said = [
                "متأخر" in learner.get("/").select_one("main").get_text(),
                "متأخر منذ" in learner.get(f"/courses/{course.key}").words,
                "متأخر منذ" in learner.get("/my-courses").words,
                bool(lead.get("/team?state=overdue").select(f"a[href*='people/{who.id}']")),
                bool(lead.get("/team/compliance/duties?status=overdue").select("tbody tr")),
                who.name.ar in lead.get(f"/reports/{report.id}").words,
            ]
            assert said == [is_late] * 6, (moment, said)
    assert row.due_on == DUE


spans = st.tuples(days, st.integers(0, 40), times, times).filter(lambda span: span[2] < span[3])
hours_of_work = st.builds(
    WorkHours,
    st.builds(WorkCalendar, st.frozensets(st.integers(0, 6), max_size=6)),
    st.just((time(7, 30), time(14, 30))),
    st.lists(spans.map(lambda span: (span[0], span[0] + timedelta(days=span[1]), *span[2:])), max_size=4).map(tuple),
)


@given(hours_of_work, moments)
def test_letters_go_out_while_the_organisation_works_and_never_earlier_than_they_were_written(hours, at):
    """NO5"""
    opens = rules.opening(at, rules.NEVER_QUIET, hours).astimezone(RIYADH)
    first, last = hours.on(opens.date())
    assert at <= opens and first <= opens.time() < last
    assert rules.opening(opens, rules.NEVER_QUIET, hours) == opens


def test_rules_that_leave_no_moment_hold_a_letter_back_but_not_for_ever():
    hours = WorkHours(usual=(time(10), time(11)))
    opens = rules.opening(NOW, rules.Quiet(time(9), time(12), weekend=True), hours)
    assert timedelta(0) < opens - NOW < timedelta(days=400)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2027-02-01 07:10", "2027-02-01 07:30"),  # an ordinary Monday
        ("2027-02-10 07:30", "2027-02-10 10:00"),  # a Wednesday in Ramadan
        ("2027-02-10 15:00", "2027-02-11 10:00"),
        ("2027-02-11 16:00", "2027-02-14 10:00"),  # Thursday after work, until Sunday
        ("2027-03-08 15:30", "2027-03-15 07:30"),  # the last day of Ramadan, until the holiday is over
    ],
)
def test_letters_keep_to_ramadan_hours_and_holidays_where_the_academy_wants_it(app, written, sent):
    """NO5, CA10"""
    agency = people.organisation()
    shortened(agency)
    notices.set_rules(rules.Quiet(), rules.Ladder(), working_hours=True, actor_id=None, at=NOW)
    at, expected = (datetime.fromisoformat(each).replace(tzinfo=RIYADH) for each in (written, sent))
    who = people.person(of=agency)
    with time_machine.travel(at, tick=False):
        notices.tell(who.id, kinds.REMINDER, "r:1", at=at, course="x")
    for moment, state in ((expected - timedelta(minutes=1), "queued"), (expected, "kept")):
        with time_machine.travel(moment, tick=False):
            jobs.run_all_due()
        assert db.session.scalar(select(Letter.state).where(Letter.person_id == who.id)) == state


def test_administrators_choose_working_hours_and_the_trail_says_so(visit):
    """NO5"""
    browser = visit(people.administrator())
    asked = {"quiet_from": "20:00", "quiet_until": "7:00", **LADDER}
    browser.post("/admin/letters/rules", {**asked, "working_hours": "y"})
    assert browser.get("/admin/letters/rules").select_one("[name=working_hours][checked]")
    browser.post("/admin/letters/rules", asked)
    changes = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "notices:rules:change")).all()
    assert [entry.after["working_hours"] for entry in changes] == [True, False]


@pytest.mark.parametrize(
    ("due", "said"),
    [(DUE, "10:00–15:00"), (date(2027, 3, 10), "8 March 2027"), (date(2027, 1, 21), "07:30–14:30")],
)
def test_the_reminder_before_a_due_day_says_the_hour_and_when_one_works_on_it(app, due, said):
    """NO7, CA10"""
    agency = people.organisation()
    shortened(agency)
    who = people.person(of=agency, language="en", calendar="gregorian")
    with time_machine.travel(datetime(2026, 12, 1, 9, 0, tzinfo=UTC), tick=False):
        courses.assigned(catalogue.course(), who, due)
    with time_machine.travel(datetime.combine(due - timedelta(days=1), time(9), UTC), tick=False):
        jobs.KINDS["learning.remind_due"].run()
        jobs.run_all_due()
    letter = db.session.scalar(select(Letter.text).where(Letter.person_id == who.id, Letter.kind == kinds.DUE_SOON))
    assert "until midnight, by Riyadh's clock" in letter and said in letter


def test_people_see_when_their_organisation_works(app, visit, statements):
    """CA10"""
    agency = people.organisation()
    shortened(agency)
    with time_machine.travel(datetime(2027, 2, 10, 9, 0, tzinfo=UTC), tick=False):
        browser = visit(people.person(of=agency, language="en"))
        browser.get("/account/calendar")
        with statements() as seen:
            page = browser.get("/account/calendar")
    assert len(seen) <= 8
    assert "10:00–15:00" in page.words and "Eid al-Fitr" in page.words and "Sunday, Monday" in page.words
