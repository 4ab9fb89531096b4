"""An invitation: the letter, the page, the choice of a password, and being inside."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from academy.accounts import services
from academy.accounts.models import Person
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.notices.models import Letter, Notice
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD = "نهر هادئ يعبر المدينة القديمة"


def invited(**given):
    return people.person(state="invited", **given)


def test_the_invited_person_reads_their_name_chooses_a_password_and_is_inside(app, browser):
    who = invited(name=people.both("سارة الغامدي", "Sara Alghamdi"))
    link = f"/invitation/{services.invite(who, at=datetime.now(UTC))}"
    page = browser.get(link)
    assert "سارة الغامدي" in page.words and who.email in page.words
    browser.post(link, {"password": GOOD}, status=302, follow=False)
    assert "سارة الغامدي" in browser.get("/account").words
    kept = db.session.get(Person, who.id)
    assert kept.state == "active" and services.matches(kept.account.password_hash, GOOD)
    assert (
        db.session.scalar(select(AuditEntry.actor_id).where(AuditEntry.act == "accounts:invitation:accept")) == who.id
    )


def test_the_letter_carries_the_link_and_no_notice_does(app):
    who = invited()
    token = services.invite(who, at=datetime.now(UTC))
    letter = db.session.scalar(select(Letter).where(Letter.person_id == who.id))
    assert re.findall(r"http://localhost/invitation/(\S+)", letter.text) == [token]
    assert letter.to_address == who.email and letter.language == "ar" and token in letter.html
    assert db.session.scalar(select(Notice)) is None and token not in letter.cause


def test_an_english_reader_is_welcomed_in_english(app, browser):
    who = invited(language="en")
    token = services.invite(who, at=datetime.now(UTC))
    assert "Your invitation" in db.session.scalar(select(Letter.subject))
    browser.client.set_cookie("language", "en", domain="localhost")
    assert "Accept the invitation" in browser.get(f"/invitation/{token}").words


def test_whoever_is_inside_and_follows_the_letter_again_is_led_home(app, browser):
    link = f"/invitation/{services.invite(invited(), at=datetime.now(UTC))}"
    browser.post(link, {"password": GOOD}, status=302, follow=False)
    page = browser.get(link, status=410)
    assert "دخولك مسجَّل" in page.words and page.select_one("main a.btn-primary")["href"] == "/"


def test_an_invitation_works_once(app, browser):
    link = f"/invitation/{services.invite(invited(), at=datetime.now(UTC))}"
    browser.post(link, {"password": GOOD}, status=302, follow=False)
    browser.get(link, status=410)
    browser.post(link, {"password": GOOD}, status=410)


def test_a_weak_choice_is_explained_and_the_invitation_is_still_good(app, browser):
    who = invited(name=people.both("عبدالمحسن القرني", "Abdulmohsen Alqarni"))
    link = f"/invitation/{services.invite(who, at=datetime.now(UTC))}"
    for weak in ("short", "عبدالمحسن القرني 2026", "passwordpassword", ""):
        page = browser.post(link, {"password": weak}, status=422)
        assert page.select_one("input[name=password]")["aria-invalid"] == "true"
        assert db.session.get(Person, who.id).state == "invited"
    browser.post(link, {"password": GOOD}, status=302, follow=False)


def test_an_invitation_lives_two_weeks_and_a_newer_one_replaces_it(app, browser):
    with time_machine.travel(NOW, tick=False) as clock:
        who = invited()
        first = services.invite(who, at=NOW)
        second = services.invite(who, at=NOW)
        browser.get(f"/invitation/{first}", status=410)
        clock.shift(timedelta(days=13, hours=23))
        browser.get(f"/invitation/{second}")
        clock.shift(timedelta(hours=2))
        browser.get(f"/invitation/{second}", status=410)


def test_only_those_without_an_account_are_invited(app):
    for state in ("active", "suspended"):
        with pytest.raises(Conflict):
            services.invite(people.person(state=state), at=NOW)


@pytest.mark.parametrize("spoil", ["suspend", "close"])
def test_an_invitation_dies_with_suspension_and_with_its_organisation(app, browser, spoil):
    who = invited()
    token = services.invite(who, at=datetime.now(UTC))
    if spoil == "suspend":
        who.state = "suspended"
    else:
        who.organisation.active = False
    db.session.flush()
    browser.get(f"/invitation/{token}", status=410)
    with pytest.raises(services.LinkDead):
        services.accept_invitation(token, GOOD, at=datetime.now(UTC))


@pytest.mark.parametrize("token", ["x", "../../etc", "%00", "ا" * 300, "O3sXsdezQYehEOm_VN-gE-9g9QSQisbx"])
def test_a_made_up_link_says_that_it_does_not_work(app, browser, token):
    answer = browser.client.get(f"/invitation/{token}")
    assert answer.status_code in (404, 410)


@pytest.mark.concurrency
def test_of_many_who_accept_one_invitation_at_once_exactly_one_wins(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        who = invited()
        who_id, token = who.id, services.invite(who, at=NOW)
    outcomes = run_together(
        8, lambda n: services.accept_invitation(token, f"{GOOD} {n * 7919}", at=NOW).id, app=crowd_app
    )
    assert winners(outcomes) == [who_id]
    assert all(isinstance(lost, services.LinkDead) for lost in outcomes if lost != who_id), outcomes
    with crowd_app.app_context():
        fits = [
            services.matches(db.session.get(Person, who_id).account.password_hash, f"{GOOD} {n * 7919}")
            for n in range(8)
        ]
        assert fits == [outcome == who_id for outcome in outcomes]
        assert (
            len(
                db.session.scalars(
                    select(AuditEntry).where(AuditEntry.act == "accounts:invitation:accept").order_by(AuditEntry.id)
                ).all()
            )
            == 1
        )


@pytest.mark.concurrency
def test_inviting_again_while_it_is_accepted_never_locks_up(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        who = invited()
        who_id, token = who.id, services.invite(who, at=NOW)

    def act(n: int) -> str:
        if n % 2:
            services.invite(db.session.get(Person, who_id), at=NOW)
            return "invited"
        services.accept_invitation(token, GOOD, at=NOW)
        return "accepted"

    outcomes = run_together(6, act, app=crowd_app)
    assert all(outcome in ("invited", "accepted") or isinstance(outcome, Conflict) for outcome in outcomes), outcomes
    assert outcomes.count("accepted") <= 1
