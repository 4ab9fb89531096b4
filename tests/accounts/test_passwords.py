"""Choosing a password, forgetting it, replacing it through a link."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy.accounts import services
from academy.accounts.models import OneTimeLink, Person
from academy.accounts.services import passwords
from academy.base import ids
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.notices.models import Letter, Notice
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD, OTHER = "نهر هادئ يعبر المدينة القديمة", "قهوتي الصباحية بلا سكر"


def someone(**given):
    who = people.person(**given)
    services.set_password(who, GOOD)
    db.session.flush()
    return who


def link_of(person) -> str:
    """The path in the newest letter to a person."""
    letter = db.session.scalar(select(Letter).where(Letter.person_id == person.id).order_by(Letter.id.desc()))
    return re.search(r"http://localhost(/\S+)", letter.text).group(1)


def ask(browser, email):
    return browser.post("/password/forgot", {"email": email})


def test_what_cannot_be_an_address_is_refused_and_any_other_gets_the_same_answer(app, browser):
    for odd in ("nosuch", "@", "nosuch@"):
        page = browser.post("/password/forgot", {"email": odd}, 422)
        assert "name@agency.gov.sa" in page.select_one(".error").get_text()
    assert ask(browser, "nobody@example.test").words == ask(browser, someone().email).words


def test_the_stored_password_is_argon2_and_never_the_password_itself(app):
    who = someone()
    assert who.account.password_hash.startswith("$argon2id$") and GOOD not in who.account.password_hash


def test_the_same_text_composed_by_another_keyboard_signs_in(app):
    who = someone()
    assert services.matches(who.account.password_hash, unicodedata.normalize("NFD", GOOD))
    assert not services.matches(who.account.password_hash, GOOD + " ")
    assert not services.matches(who.account.password_hash, GOOD[:-1])


def test_without_an_account_a_password_is_compared_all_the_same(app, monkeypatch):
    compared = []
    real = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", type("Counting", (), {
        "verify": lambda self, *given: compared.append(given) or real.verify(*given), "hash": lambda self, given: real.hash(given),
    })())  # fmt: skip
    assert not services.matches(None, GOOD)
    assert not services.matches(None, "nobody has this password")
    assert len(compared) == 2


def test_a_broken_stored_hash_lets_nobody_in(app):
    assert not services.matches("$argon2id$broken", GOOD)


@pytest.mark.parametrize(("password", "word"), [("short", "15"), ("passwordpassword", "كلمات"), ("x" * 300, "256")])
def test_a_refused_password_says_why_next_to_the_field_and_the_link_still_works(app, browser, password, word):
    who = someone()
    ask(browser, who.email)
    page = browser.post(link_of(who), {"password": password}, status=422)
    field = page.select_one("input[name=password]")
    assert field["aria-invalid"] == "true" and not field.get("value")
    assert page.select_one(f"#{field['aria-describedby'].split()[-1]}").get_text(strip=True)
    browser.post(link_of(who), {"password": OTHER})
    assert services.matches(db.session.get(Person, who.id).account.password_hash, OTHER)


def test_the_answer_is_the_same_for_known_unknown_invited_and_suspended_addresses(app, browser):
    known, invited, suspended = someone(), people.person(state="invited"), people.person(state="suspended")
    elsewhere = people.person(of=people.organisation(active=False))
    pages = [ask(browser, who.email).words for who in (known, invited, suspended, elsewhere)]
    pages.append(ask(browser, "nobody@example.test").words)
    assert len(set(pages)) == 1
    assert db.session.scalars(select(OneTimeLink.account_id)).all() == [known.account_id]


def test_a_reset_link_works_once_and_ends_all_sessions(app, browser, visit):
    who = someone()
    elsewhere = visit(who)
    elsewhere.get("/account")
    ask(browser, who.email.upper())
    link = link_of(who)
    page = browser.get(link)
    assert who.name.ar in page.words
    page = browser.post(link, {"password": OTHER})
    assert browser.response.request.path == "/sign-in"
    elsewhere.get("/account", status=302)
    assert services.matches(db.session.get(Person, who.id).account.password_hash, OTHER)
    assert "لم يعد" in browser.get(link, status=410).words or browser.response.status_code == 410
    browser.post(link, {"password": GOOD}, status=410)
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "accounts:password:reset"))
    assert entry.subject_id == who.id
    assert db.session.scalar(select(Notice.kind).where(Notice.person_id == who.id)) == "password_changed"


def test_asking_twice_makes_the_older_link_stop(app, browser):
    who = someone()
    ask(browser, who.email)
    first = link_of(who)
    ask(browser, who.email)
    second = link_of(who)
    assert first != second
    browser.get(first, status=410)
    browser.get(second)


def test_a_reset_link_lives_one_hour(app, browser):
    with time_machine.travel(NOW, tick=False) as clock:
        who = someone()
        ask(browser, who.email)
        link = link_of(who)
        clock.shift(timedelta(minutes=59))
        browser.get(link)
        clock.shift(timedelta(minutes=2))
        browser.get(link, status=410)
        browser.post(link, {"password": OTHER}, status=410)


def test_a_link_of_one_purpose_does_not_serve_another_and_dies_with_suspension(app, browser):
    who = someone()
    ask(browser, who.email)
    link = link_of(who)
    browser.get(link.replace("/password/reset/", "/invitation/"), status=410)
    who.state = "suspended"
    db.session.flush()
    browser.get(link, status=410)


def test_the_database_keeps_only_the_digest_of_a_link(app, browser):
    who = someone()
    ask(browser, who.email)
    token = link_of(who).rsplit("/", 1)[1]
    row = db.session.scalar(select(OneTimeLink).where(OneTimeLink.account_id == who.account_id))
    assert row.token_digest == ids.digest(token)
    assert token not in str(db.session.execute(select(Notice.cause, Notice.values)).all())


def test_asking_too_often_is_refused_alike_for_known_and_unknown_addresses(app, browser):
    who = someone()
    for email in (who.email, "nobody@example.test"):
        for _time in range(3):
            ask(browser, email)
        browser.post("/password/forgot", {"email": email}, status=429)


def test_changing_the_password_asks_for_the_present_one_and_signs_others_out(app, visit):
    who = someone()
    here, elsewhere = visit(who), visit(who)
    page = here.post("/account/password", {"current": "something else entirely", "password": OTHER}, status=422)
    assert page.select_one("input[name=current]")["aria-invalid"] == "true"
    elsewhere.get("/account")
    here.post("/account/password", {"current": GOOD, "password": GOOD}, status=422)
    here.post("/account/password", {"current": GOOD, "password": OTHER})
    assert here.response.request.path == "/account"
    elsewhere.get("/account", status=302)
    assert services.matches(db.session.get(Person, who.id).account.password_hash, OTHER)


def test_guessing_the_present_password_counts_as_signing_in(app, visit):
    """ASVS 6.3.1: one throttle over every way in."""
    who = someone()
    here = visit(who)
    for _time in range(10):
        here.post("/account/password", {"current": "wrong", "password": OTHER}, status=422)
    here.post("/account/password", {"current": GOOD, "password": OTHER}, status=429)
    here.post("/sign-in", {"email": who.email, "password": GOOD}, status=429)


def test_english_readers_find_every_password_page_in_english(app, visit, browser):
    who = someone(language="en")
    assert "At least 15 characters" in visit(who).get("/account/password").words
    browser.client.set_cookie("language", "en", domain="localhost")
    assert "Forgotten password" in browser.get("/password/forgot").words
    ask(browser, who.email)
    assert "Choose a new password" in browser.get(link_of(who)).words


@pytest.mark.concurrency
def test_of_many_who_use_one_reset_link_at_once_exactly_one_wins(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        who = someone()
        account_id = who.account_id
        services.ask_reset(who.email, address="127.0.0.1", at=NOW)
    with crowd_app.app_context():
        token = db.session.scalar(select(Letter.address)).rsplit("/", 1)[1]
    outcomes = run_together(
        8,
        lambda n: services.reset_password(token, f"{OTHER} {n * 7919}", at=NOW + timedelta(minutes=1)).id,
        app=crowd_app,
    )
    assert winners(outcomes) == [account_id]
    assert all(isinstance(lost, services.LinkDead) for lost in outcomes if lost != account_id), outcomes
    with crowd_app.app_context():
        assert db.session.scalar(select(OneTimeLink.used_at)) is not None
