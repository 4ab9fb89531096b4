"""Letters that can wait are held in quiet hours and at the weekend; those that are needed never are."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.dates import RIYADH
from academy.base.db import db
from academy.notices import kinds, queries, rules, services
from academy.notices.kinds_of_access import PASSWORD_CHANGED
from academy.notices.models import Letter
from tests.factories import accounts as people
from tests.factories import learning as courses
from tests.notices.sink import sink  # noqa: F401

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=RIYADH)
LADDER = {"remind_before": "14, 7, 1", "manager_after": "3", "administrator_after": "10"}
HOURS = st.one_of(st.none(), st.times(timezones=st.none()))


@pytest.fixture
def quiet(app):
    """The usual quiet hours."""
    services.set_rules(rules.Quiet(), rules.Ladder(), actor_id=None, at=TUESDAY)


def state() -> str:
    return db.session.scalar(select(Letter.state).order_by(Letter.id.desc()))


def let_pass(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        jobs.run_all_due()


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24 12:00", "2026-11-24 12:00"),
        ("2026-11-24 19:59", "2026-11-24 19:59"),
        ("2026-11-24 20:00", "2026-11-25 07:00"),
        ("2026-11-25 06:59", "2026-11-25 07:00"),
        ("2026-11-25 07:00", "2026-11-25 07:00"),
        ("2026-11-26 21:00", "2026-11-29 07:00"),
        ("2026-11-27 12:00", "2026-11-29 07:00"),
        ("2026-11-28 23:59", "2026-11-29 07:00"),
    ],
)
def test_the_window_opens_in_the_morning_of_a_working_day(at, opens):
    moment, expected = (datetime.fromisoformat(each).replace(tzinfo=RIYADH) for each in (at, opens))
    assert rules.opening(moment, rules.Quiet()) == expected


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), HOURS, HOURS, st.booleans())
def test_whatever_the_hours_the_window_opens_within_four_days_and_is_then_open(at, begins, ends, weekend):
    if begins == ends or begins is None or ends is None:
        begins = ends = None
    moment, hours = at.replace(tzinfo=RIYADH), rules.Quiet(begins, ends, weekend)
    opens = rules.opening(moment, hours)
    assert moment <= opens <= moment + timedelta(days=4) and rules.opening(opens, hours) == opens


def test_a_letter_that_can_wait_is_held_until_the_window_opens(quiet, sink):  # noqa: F811
    night = TUESDAY.replace(hour=22)
    with time_machine.travel(night, tick=False):
        services.tell(people.person().id, kinds.REMINDER, "r:1", at=night, course="x")
        jobs.run_all_due()
    assert state() == "queued"
    let_pass(night + timedelta(hours=8))
    assert not sink.letters
    let_pass(night + timedelta(hours=9))
    assert len(sink.letters) == 1 and state() == "sent"


def test_what_is_needed_is_sent_at_night(quiet, sink):  # noqa: F811
    night = TUESDAY.replace(hour=22)
    with time_machine.travel(night, tick=False):
        services.tell(people.person().id, PASSWORD_CHANGED, "p:1", at=night, moment=night)
        jobs.run_all_due()
    assert len(sink.letters) == 1


@pytest.mark.parametrize("what", ["withdrawn", "stopped"])
def test_a_held_letter_is_dropped_when_it_is_no_longer_right(quiet, sink, visit, what):  # noqa: F811
    """NO4: rights are asked again at sending."""
    night, who = TUESDAY.replace(hour=22), people.person()
    row = courses.enrolment(who)
    with time_machine.travel(night, tick=False):
        services.tell(who.id, kinds.REMINDER, "r:1", at=night, about_id=row.id, course="x")
    if what == "stopped":
        services.stop(who.id, kinds.REMINDER, at=night)
    else:
        row.state = "withdrawn"
    let_pass(night + timedelta(hours=10))
    assert not sink.letters and state() == "dropped"
    assert visit(people.administrator()).get("/admin/letters?state=dropped").select("tbody tr")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_administrators_set_the_quiet_hours(app, visit, language):
    browser = visit(people.administrator(language=language))
    browser.get("/admin/letters/rules")
    browser.post("/admin/letters/rules", {"quiet_from": "٢١:٣٠", "quiet_until": "6:00", "quiet_weekend": "y", **LADDER})
    assert queries.quiet() == rules.Quiet(time(21, 30), time(6, 0), True)
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "notices:rules:change"))
    assert (entry.before["hours"], entry.after["hours"]) == ("", "21:30-06:00")
    browser.post("/admin/letters/rules", {"quiet_from": "", "quiet_until": "", **LADDER})
    assert queries.quiet() == rules.Quiet(None, None, False)


@pytest.mark.parametrize(
    "sent", [("25:00", "7:00"), ("20:00", ""), ("", "7:00"), ("7:00", "7:00"), ("x", "y"), ("20:00", "٧" * 400)]
)
def test_hours_that_are_none_are_refused_and_kept_in_their_field(app, visit, sent):
    page = visit(people.administrator()).post(
        "/admin/letters/rules", {"quiet_from": sent[0], "quiet_until": sent[1]}, 422
    )
    assert page.select(".field.wrong") and page.select_one("[name=quiet_from]").get("value", "") == sent[0]
    assert queries.quiet() == rules.Quiet(None, None, False)


def test_only_administrators_of_the_whole_academy_set_them(app, visit, browser):
    agency = people.organisation()
    for intruder in (people.person(), people.manager(), people.administrator(agency, everywhere=False)):
        visit(intruder).get("/admin/letters/rules", status=403)
        visit(intruder).post("/admin/letters/rules", {"quiet_from": "1:00", "quiet_until": "2:00"}, status=403)
    assert queries.quiet() == rules.Quiet(None, None, False)


@pytest.mark.parametrize(
    ("hour", "refused", "said"),
    [(22, "", "in the quiet hours"), (22, "450 busy", "did not take it"), (12, "", "near a prayer or outside working hours")],
)  # fmt: skip
def test_a_letter_that_waits_says_why_and_until_when(quiet, visit, hour, refused, said):
    """NO3: on its page, as long as it waits."""
    at = TUESDAY.replace(hour=hour)
    letter = Letter(
        kind="overdue", cause="a", message_id="<a@b>", to_address="a@academy.test", to_name="A", language="en", subject="A letter",
        text="Words", address="", state="queued", tries=bool(refused), created_at=at, error=refused or None,
    )  # fmt: skip
    db.session.add(letter)
    db.session.flush()
    opens = at + timedelta(hours=1)
    jobs.enqueue("notices.send_letter", unique_key=f"letter:{letter.id}", run_after=opens, letter_id=letter.id)
    with time_machine.travel(at, tick=False):
        browser = visit(people.administrator(language="en"))
        page = browser.get(f"/admin/letters/{letter.id}").words
        assert "Why it waits" in page and said in page
        letter.state = "sent"
        db.session.flush()
        assert "Why it waits" not in browser.get(f"/admin/letters/{letter.id}").words
