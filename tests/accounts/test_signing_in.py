"""Entering and leaving: what is answered, what is counted, where one goes on."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from academy.accounts import services
from academy.accounts.models import Person, PersonSession
from academy.accounts.services import passwords, throttling
from academy.base import jobs, throttle
from academy.base.db import db
from academy.web.identity import LANGUAGE_COOKIE
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.factories import accounts as people

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD = "نهر هادئ يعبر المدينة القديمة"
ZOO = [
    "كِتَابٌ‍ـــ لا إله", "٠١٢٣٤٥ ۰۱۲۳", "\u202eabc", "👨‍👩‍👧‍👦", "ا" * 255, "O'Brien", "<b>bold</b>", "{{7*7}}", "=1+1", "\x00nul",
    "null", "None", "-0", "1e308", "NaN", "   ", "a@b\r\nBcc: x@y.z", "x" * 100_000,
]  # fmt: skip


def someone(**given):
    who = people.person(**given)
    services.set_password(who, GOOD)
    db.session.flush()
    return who


def enter(browser, email, password=GOOD, status=200, **more):
    return browser.post("/sign-in", {"email": email, "password": password, **more}, status=status)


def inside(browser) -> bool:
    return browser.client.get("/account").status_code == 200


def test_the_page_speaks_both_languages(app, browser):
    assert browser.get("/sign-in").html["dir"] == "rtl"
    browser.client.set_cookie(LANGUAGE_COOKIE, "en", domain="localhost")
    page = browser.get("/sign-in")
    assert page.html["lang"] == "en" and "I forgot my password" in page.words
    assert page.select_one("input[name=email]")["autocomplete"] == "username"
    assert page.select_one("input[name=password]")["autocomplete"] == "current-password"


def test_a_person_signs_in_with_any_case_of_their_address(app, browser):
    """R36"""
    who = someone(email="sara@agency.test")
    enter(browser, "  SARA@Agency.Test ", next="/account")
    assert browser.response.request.path == "/account" and who.name.ar in browser._answer(browser.response, 200).words


def test_every_sign_in_is_a_new_session_and_the_old_one_of_the_browser_ends(app, browser):
    who = someone()
    enter(browser, who.email, next="/account")
    with browser.client.session_transaction() as cookie:
        first = cookie["_user_id"]
        cookie["planted"] = "by somebody else"
    enter(browser, who.email, next="/account")
    with browser.client.session_transaction() as cookie:
        assert cookie["_user_id"] != first and "planted" not in cookie
    live = select(func.count()).select_from(PersonSession).where(PersonSession.ended_at.is_(None))
    assert db.session.scalar(live) == 1


def test_the_refusal_is_the_same_for_wrong_unknown_invited_suspended_and_closed(app, browser, monkeypatch):
    compared = []
    real = passwords.matches
    monkeypatch.setattr(services, "matches", lambda *given: compared.append(given) or real(*given))
    closed = someone(of=people.organisation(active=False))
    invited, suspended = someone(state="invited"), someone(state="suspended")
    known = someone()
    tries = (
        [(known.email, "wrong password")]
        + [(who.email, GOOD) for who in (invited, suspended, closed)]
        + [("no@example.test", GOOD)]
    )
    said = []
    for email, password in tries:
        page = enter(browser, email, password, status=422)
        said.append(page.select_one("p.error").get_text(" ", strip=True))
        assert not inside(browser)
    assert len(set(said)) == 1 and len(compared) == len(tries)


def test_what_was_typed_stays_except_the_password(app, browser):
    page = enter(browser, "nobody@example.test", "wrong", status=422)
    assert page.select_one("input[name=email]")["value"] == "nobody@example.test"
    assert not page.select_one("input[name=password]").get("value")


def test_ten_wrong_tries_close_an_account_for_a_while_even_for_the_right_password(app, browser):
    """The counts survive the refusals."""
    with time_machine.travel(NOW, tick=False) as clock:
        who = someone()
        for _time in range(10):
            enter(browser, who.email, "wrong", status=422)
        page = enter(browser, who.email.upper(), GOOD, status=429)
        assert page.select_one("main a[href='/password/forgot']"), "a new password can be chosen at once"
        assert page.select_one("main").get_text().count("كثرت المحاولات") == 1
        assert "15" in page.words and browser.response.headers["Retry-After"] == "900"
        clock.shift(timedelta(minutes=16))
        enter(browser, who.email, next="/account")
        assert inside(browser)


def test_a_success_starts_the_account_anew_and_an_office_behind_one_address_is_not_locked_out(app, browser):
    who = someone()
    for _round in range(8):
        for _time in range(6):
            enter(browser, who.email, "wrong", status=422)
        enter(browser, who.email, next="/account")
    key = throttling.address_key("127.0.0.1")
    assert db.session.scalar(select(func.count()).select_from(throttle.Try).where(throttle.Try.key == key)) == 48
    enter(browser, who.email, next="/account")


def test_fifty_failures_from_one_address_close_it_whatever_the_account(app, browser):
    for n in range(50):
        enter(browser, f"nobody{n}@example.test", status=422)
    enter(browser, "another@example.test", status=429)
    browser.post("/password/forgot", {"email": "another@example.test"}, status=429)


def test_old_tries_are_forgotten(app):
    throttle.note(db.session(), "old", at=datetime.now(UTC) - timedelta(days=8))
    throttle.note(db.session(), "new", at=datetime.now(UTC))
    db.session.flush()
    jobs.KINDS["accounts.sweep"].run()
    assert db.session.scalars(select(throttle.Try.key)).all() == ["new"]


def test_neighbours_of_one_network_count_together():
    one, other = throttling.address_key("2001:db8::1"), throttling.address_key("2001:db8:0:0:ffff::9")
    assert one == other != throttling.address_key("2001:db8:0:1::1")
    assert throttling.address_key("10.0.0.1") != throttling.address_key("10.0.0.2")
    assert throttling.address_key(None) == throttling.address_key("rubbish")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/\t/evil.test"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(app, browser, elsewhere):
    who = someone()
    browser.post("/sign-in", {"email": who.email, "password": GOOD, "next": elsewhere}, status=302, follow=False)
    assert browser.response.headers["Location"] == "/"
    browser.post("/language", {"language": "en", "next": elsewhere}, status=302, follow=False)
    assert browser.response.headers["Location"] == "/"


def test_who_comes_from_a_closed_page_goes_on_to_it(app, browser):
    who = someone()
    browser.get("/account/sessions?x=1", status=302)
    page = browser.get(browser.response.headers["Location"])
    target = page.select_one("input[name=next]")["value"]
    enter(browser, who.email, next=target)
    assert browser.response.request.full_path == "/account/sessions?x=1"
    browser.get("/sign-in?next=/account", status=302)


def test_a_password_kept_with_older_costs_is_kept_anew(app, browser):
    who = someone()
    before = who.account.password_hash
    passwords.configure(time=2, memory_kib=128)
    try:
        enter(browser, who.email, next="/account")
        after = db.session.get(Person, who.id).account.password_hash
        assert after != before and "m=128,t=2" in after and services.matches(after, GOOD)
    finally:
        passwords.configure(time=1, memory_kib=64)


def test_signing_out_ends_the_session_on_the_server(app, browser):
    who = someone()
    enter(browser, who.email, next="/account")
    with browser.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    browser.post("/sign-out", status=302, follow=False)
    assert browser.response.headers["Clear-Site-Data"] == '"storage"'
    assert not inside(browser)
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert not inside(browser)
    browser.client.get("/sign-out")
    assert browser.client.get("/sign-out").status_code == 405


def test_suspension_and_closing_an_organisation_end_sessions_at_once(app, visit):
    one, other = someone(), someone()
    first, second = visit(one), visit(other)
    assert inside(first) and inside(second)
    one.state = "suspended"
    db.session.get(type(other.organisation), other.organisation_id).active = False
    db.session.flush()
    assert not inside(first) and not inside(second)


def test_a_refused_form_offers_the_language_where_the_form_was(app, browser):
    """The answer to a form is no page of its own: to switch the language must not lead home, nor to another host."""
    for referrer, wanted in (
        ("http://localhost/sign-in?next=/account", "/sign-in?next=/account"),
        ("http://evil.test/x", "/"),
    ):
        page = browser.post("/sign-in", {"email": "", "password": ""}, status=422, headers={"Referer": referrer})
        assert page.select_one("form.language [name=next]")["value"] == wanted


def test_the_language_is_kept_for_the_browser_and_for_the_person(app, browser, visit):
    page = browser.post("/language", {"language": "en", "next": "/sign-in"})
    assert page.html["lang"] == "en" and browser.response.request.path == "/sign-in"
    browser.post("/language", {"language": "klingon", "next": "/sign-in"})
    assert browser.get("/sign-in").html["lang"] == "en"
    who = someone()
    visit(who).post("/language", {"language": "en", "next": "/account"})
    assert db.session.get(Person, who.id).language == "en"


@pytest.mark.parametrize("odd", ZOO)
def test_odd_texts_are_refused_politely(app, browser, odd):
    """trust.md, text zoo"""
    page = enter(browser, odd, odd, status=422)
    assert "{{" not in page.words or odd in page.words
    assert page.select_one(".wrong")
    assert browser.client.post(
        "/password/forgot", data={"email": odd, "csrf_token": browser.csrf_token()}
    ).status_code in (302, 422)


def test_the_page_costs_few_statements(app, browser, statements):
    with statements() as seen:
        browser.get("/sign-in")
    assert len(seen) <= 2, seen


@pytest.mark.concurrency
def test_many_guesses_at_once_are_all_counted(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        email = someone().email

    def guess(_number: int) -> str:
        services.count_try(email, address="10.0.0.1", at=NOW)
        return "tried"

    outcomes = run_together(16, guess, app=crowd_app)
    assert outcomes.count("tried") == 10
    assert sum(isinstance(outcome, services.Throttled) for outcome in outcomes) == 6, outcomes


@pytest.mark.concurrency
def test_a_form_sent_after_a_pause_notes_the_session_without_waiting_for_itself(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        who = someone()
        token = services.start_session(who.id, at=datetime.now(UTC) - timedelta(minutes=20), address=None, browser="")
    crowd_app.config["WTF_CSRF_ENABLED"] = False
    client = crowd_app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    assert client.post("/language", data={"language": "en"}).status_code == 302
    with crowd_app.app_context():
        seen = db.session.scalar(select(PersonSession.last_seen_at))
        assert datetime.now(UTC) - seen < timedelta(minutes=1)
