"""Letters handed to a real mail server: once, again after a refusal, intact, and with nothing slipped in."""

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.base import jobs, mail
from academy.base.db import db
from academy.base.jobs import Job
from academy.base.text import LocalizedText
from academy.notices import kinds, services
from academy.notices import kinds_of_access as access
from academy.notices.models import Letter
from tests.factories import accounts as people
from tests.notices.sink import sink  # noqa: F401

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COURSE = LocalizedText("أساسيات CX للموظفين", "CX basics for staff")


def tell(person, kind=kinds.COURSE_ASSIGNED, cause="assigned:1", **values):
    given = {"course": COURSE, "by": LocalizedText("منى العتيبي", "Mona"), "due": date(2026, 12, 20), **values}
    return services.tell(person.id, kind, cause, at=datetime.now(UTC), address="/courses/cx-basics", **given)


def the_letter() -> Letter:
    return db.session.scalar(select(Letter).order_by(Letter.id.desc()))


def test_a_letter_arrives_with_its_arabic_subject_intact(app, sink):  # noqa: F811
    who = people.person(name=people.both("سارة الغامدي", "Sara"), email="sara@agency.test")
    tell(who)
    jobs.run_all_due()
    (arrived,) = sink.letters
    assert COURSE.ar in arrived["Subject"]
    assert sink.recipients == [["sara@agency.test"]]
    assert arrived["To"].addresses[0].display_name == "سارة الغامدي"
    assert arrived["From"].addresses[0].addr_spec == "academy@agency.test"
    assert arrived["From"].addresses[0].display_name == "أكاديمية تجربة العميل"
    assert arrived["Auto-Submitted"] == "auto-generated"
    text = arrived.get_body(("plain",)).get_content()
    assert COURSE.ar in text and "http://localhost/courses/cx-basics" in text
    html = arrived.get_body(("html",)).get_content()
    assert 'dir="rtl"' in html and f"<bdi>{COURSE.ar}</bdi>" in html
    assert max(len(line) for line in sink.raw[0].split(b"\r\n")) <= 998
    assert the_letter().state == "sent" and the_letter().sent_at


def test_a_letter_speaks_its_readers_language_digits_and_calendar(app, sink):  # noqa: F811
    # Their digits are chosen for Arabic; English keeps its own.
    tell(people.person(language="en", digits="arab", calendar="gregorian"))
    tell(people.person(digits="arab", calendar="hijri"), cause="assigned:2")
    jobs.run_all_due()
    english, arabic = (letter.get_body(("plain",)).get_content() for letter in sink.letters)
    assert (
        "CX basics for staff" in english
        and "20 December 2026" in english
        and 'lang="en"' in sink.letters[0].get_body(("html",)).get_content()
    )
    assert re.search("[٠-٩]", arabic) and not re.search("20 |2026", arabic)


def test_names_in_subject_and_body_are_isolated(app):
    tell(people.person())
    assert f"\u2068{COURSE.ar}\u2069" in the_letter().subject
    assert f"\u2068{COURSE.ar}\u2069" in the_letter().text


def test_a_letter_is_sent_once_though_its_job_runs_twice(app, sink):  # noqa: F811
    """R23"""
    who = people.person()
    tell(who)
    jobs.run_all_due()
    job = db.session.scalar(select(Job))
    jobs.KINDS[job.name].run(**job.arguments)
    job.state, job.run_after = "queued", datetime.now(UTC)
    db.session.flush()
    jobs.run_all_due()
    assert len(sink.letters) == 1


def test_one_event_is_told_once_to_each_however_often_it_is_heard(app, sink):  # noqa: F811
    one, other = people.person(), people.person()
    for _time in range(3):
        tell(one)
        tell(other)
    jobs.run_all_due()
    assert len(sink.letters) == 2 and len({letter["Message-ID"] for letter in sink.letters}) == 2


def test_after_a_refusal_the_same_letter_is_tried_again(app, sink):  # noqa: F811
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        tell(people.person())
        sink.refusals = ["451 try later", "550 no such box"]
        jobs.run_all_due()
        letter = the_letter()
        first_id = letter.message_id
        assert letter.state == "queued" and letter.tries == 1 and "451" in letter.error and not sink.letters
        clock.shift(timedelta(minutes=1))
        jobs.run_all_due()
        assert the_letter().tries == 2 and not sink.letters
        clock.shift(timedelta(minutes=5))
        jobs.run_all_due()
    (arrived,) = sink.letters
    assert arrived["Message-ID"] == first_id
    assert (the_letter().state, the_letter().error) == ("sent", None)


def test_a_letter_nobody_takes_has_failed_and_can_be_sent_again(app, sink, visit):  # noqa: F811
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        administrator = people.administrator()
        tell(people.person())
        sink.refusals = ["451 not now"] * services.TRIES
        for _time in range(services.TRIES + 1):
            jobs.run_all_due()
            clock.shift(timedelta(minutes=80))
        assert the_letter().state == "failed" and not sink.refusals
        browser = visit(administrator)
        page = browser.get(f"/admin/letters/{the_letter().id}")
        assert "451 not now" in page.words
        browser.post(f"/admin/letters/{the_letter().id}/send")
        assert the_letter().state == "queued"
        jobs.run_all_due()
    assert the_letter().state == "sent" and len(sink.letters) == 1


def test_an_administrator_reads_what_was_said_of_an_unknown_address_and_when_it_is_tried_again(app, sink, visit):  # noqa: F811
    """NO3: in the mail server's words, also when somebody sends it again by hand."""
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        administrator = people.administrator(language="en")
        tell(people.person())
        sink.closed = "550 5.1.1 no such box"
        for _time in range(services.TRIES + 1):
            jobs.run_all_due()
            clock.shift(timedelta(minutes=80))
        address, browser = f"/admin/letters/{the_letter().id}", visit(administrator)
        assert (the_letter().state, the_letter().error) == ("failed", "550 5.1.1 no such box")
        browser.post(f"{address}/send")
        browser.post(f"{address}/send")
        jobs.run_all_due()
        page = browser.get(address).words
        assert the_letter().tries == 1 and "550 5.1.1 no such box" in page and "It is tried again" in page
        sink.closed = ""
        clock.shift(timedelta(minutes=80))
        jobs.run_all_due()
    assert the_letter().state == "sent" and len(sink.letters) == 1


def test_a_mail_server_that_is_down_is_no_accident(app, sink):  # noqa: F811
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"mail_port": 1})
    tell(people.person())
    jobs.run_all_due()
    assert the_letter().state == "queued" and "refused" in the_letter().error.lower()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x00", "\x0b"])
def test_nothing_slips_into_the_headers(app, sink, end):  # noqa: F811
    evil = f"Sara{end}Bcc: victim@evil.test{end}{end}body"
    stored = evil.replace("\x00", "")
    who = people.person(name=people.both(stored, stored))
    tell(who, course=LocalizedText(evil, evil), note=evil)
    jobs.run_all_due()
    (arrived,) = sink.letters
    assert arrived["Bcc"] is None and sink.recipients == [[who.email]]
    assert sorted(set(arrived.keys())) == [
        "Auto-Submitted", "Content-Type", "Date", "From", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Message-ID",
        "Subject", "To",
    ]  # fmt: skip
    built = mail.letter(
        to=who.email, name=evil, subject=evil, text="x", html=None, sender=(evil, "a@b.test"), message_id="<1@b.test>"
    )
    assert built["Bcc"] is None and "\n" not in built["Subject"]


@pytest.mark.parametrize("address", ["", "no address", "a@b\r\nBcc: c@d", "سارة@agency.test", "a@b, c@d", '"<'])
def test_an_address_that_is_none_fails_without_harm(app, sink, address):  # noqa: F811
    tell(people.person())
    the_letter().to_address = address
    db.session.flush()
    jobs.run_all_due()
    assert not sink.letters and "BadLetter" in the_letter().error


def test_markup_in_names_stays_text(app):
    tell(people.person(name=people.both("<script>alert(1)</script>", "x")), note="<img src=x onerror=alert(1)>")
    html = the_letter().html
    assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html


def test_sentences_whose_values_are_missing_are_left_out(app):
    tell(people.person(language="en"), due=None, by=None)
    assert "finish it by" not in the_letter().text and "Assigned by" not in the_letter().text


def test_shares_are_written_in_per_cent(app):
    tell(people.person(language="en"), kinds.REMINDER, "remind:1", done=Fraction(4, 9))
    assert "44%" in the_letter().text


def test_a_per_cent_sign_or_a_placeholder_in_a_title_is_only_text(app):
    tell(people.person(language="en"), course=LocalizedText("", "100% of %(by)s %s {by}"))
    assert "100% of %(by)s %s {by}" in the_letter().text


def test_suspended_people_get_no_letters(app):
    assert tell(people.person(state="suspended")) is None and the_letter() is None


def test_without_a_mail_server_letters_are_kept(app):
    tell(people.person())
    jobs.run_all_due()
    assert the_letter().state == "kept"


def test_a_letter_whose_link_opens_an_account_is_forgotten_once_it_is_sent(app, sink):  # noqa: F811
    who = people.person(state="invited")
    token = accounts.invite(who, at=datetime.now(UTC))
    jobs.run_all_due()
    assert token in sink.letters[0].get_body(("plain",)).get_content()
    letter = the_letter()
    assert token not in f"{letter.text}{letter.html}{letter.address}{letter.subject}{letter.message_id}"
    assert token not in str(db.session.execute(select(Job.arguments, Job.unique_key)).all())


def test_a_letter_is_as_wide_as_its_reader_s_screen_at_most(app):
    """NO1: no table of a fixed width, which a phone would have to be pushed sideways for; only its cell says what it prefers."""
    tell(people.person())
    html = the_letter().html
    assert not re.search(r"<table[^>]*\swidth=\"\d+\"", html) and '<td width="560">' in html


def test_a_letter_that_waited_does_not_reach_whoever_was_suspended_meanwhile(app, sink):  # noqa: F811
    """The suspended are told nothing; what they must learn goes out all the same."""
    who, by = people.person(), people.administrator()
    tell(who)
    tell(who, access.PASSWORD_CHANGED, "password", moment=NOW)
    accounts.suspend(who, reason="غادر", actor_id=by.id, at=NOW)
    jobs.run_all_due()
    states = {letter.kind: letter.state for letter in db.session.scalars(select(Letter))}
    assert states == {kinds.COURSE_ASSIGNED: "dropped", access.PASSWORD_CHANGED: "sent"}


def test_a_letter_that_waited_does_not_reach_an_organisation_that_was_closed_meanwhile(app, sink):  # noqa: F811
    people.administrator()
    who = people.person()
    tell(who)
    accounts.deactivate_organisation(who.organisation, at=NOW, actor_id=None)
    jobs.run_all_due()
    assert the_letter().state == "dropped" and not sink.letters


def test_a_letter_whose_worker_was_killed_once_has_failed_after_the_last_try(app, sink):  # noqa: F811
    """P9, I8: it does not stay queued for ever when nothing will try it again."""
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        tell(people.person())
        assert jobs.claim(datetime.now(UTC)) is not None
        sink.refusals = ["451 not now"] * services.TRIES
        for _time in range(services.TRIES + 1):
            clock.shift(timedelta(minutes=80))
            jobs.run_all_due()
        assert db.session.scalar(select(Job.state)) == "failed"
        assert the_letter().state == "failed"
