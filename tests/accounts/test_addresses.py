"""ID11: changing the address that one signs in with, so that nobody takes an account over and nobody learns of another."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts import jobs, services
from academy.accounts.models import Account, PersonSession
from academy.accounts.models_of_addresses import AddressChange
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.notices.models import Letter
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import Browser
from tests.factories import accounts as people

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD, OTHER = "نهر هادئ يعبر المدينة القديمة", "قهوتي الصباحية بلا سكر"
OLD, NEW = "mona@agency.test", "mona.new@home.test"


@pytest.fixture(autouse=True)
def today():
    """The moment of the tests."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mona(app):
    """Somebody with an account and a password."""
    return someone(OLD)


@pytest.fixture
def stranger(app):
    """A browser in which nobody is signed in."""
    return Browser(app)


def someone(email, **given):
    who = people.person(email=email, **given)
    services.set_password(who, GOOD)
    db.session.flush()
    return who


def enter(browser, email=OLD, password=GOOD, status=200):
    return browser.post("/sign-in", {"email": email, "password": password, "next": "/account"}, status=status)


def ask(browser, email=NEW, password=GOOD, status=200):
    return browser.post("/account/address", {"email": email, "current": password}, status=status)


def letters(kind):
    return db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)).all()


def link(kind):
    return re.search(r"https?://[^/]+(/address/\S+)", letters(kind)[-1].text).group(1)


def test_nothing_changes_until_the_new_mailbox_confirms(visit, browser, mona):
    """ID11: asked with the password, confirmed by a link that works once; the organisation's address stays its own."""
    here, elsewhere = browser, visit(mona)
    enter(here)
    elsewhere.get("/account")
    page = ask(here)
    assert NEW in page.words and mona.account.email == OLD
    confirm, warning = letters("confirm_address")[0], letters("address_asked")[0]
    assert (confirm.to_address, warning.to_address) == (NEW, OLD) and confirm.person_id is None
    assert link("confirm_address") not in warning.text and link("address_asked") not in confirm.text
    page = here.get(link("confirm_address"))
    assert NEW in page.words and mona.account.email == OLD, "a mail server that opens links changes nothing"
    page = here.post(link("confirm_address"))
    assert mona.account.email == NEW and mona.email == OLD and NEW in page.words and OLD in page.words
    live = select(func.count()).where(PersonSession.person_id == mona.id, PersonSession.ended_at.is_(None))
    assert db.session.scalar(live) == 1, "only this device stays signed in"
    assert letters("address_changed")[0].to_address == OLD
    here.post(link("confirm_address"), status=410)
    here.get("/account")
    here.post("/sign-out")
    enter(here, status=422)
    enter(here, NEW)
    entries = {row.act: row for row in db.session.scalars(select(AuditEntry))}
    assert entries["accounts:address:change"].after == {"email": NEW} and "accounts:address:ask" in entries
    assert entries["accounts:address:change"].organisation_id == mona.organisation_id


def test_confirmed_elsewhere_every_device_is_signed_out(browser, stranger, mona):
    enter(browser)
    ask(browser)
    stranger.post(link("confirm_address"))
    assert browser.client.get("/account").status_code == 302 and mona.account.email == NEW


def test_a_wrong_password_asks_for_nothing_and_counts(browser, mona):
    enter(browser)
    page = ask(browser, password=OTHER, status=422)
    assert page.select("#current[aria-invalid=true]") and page.select_one("#email")["value"] == NEW
    assert not letters("confirm_address") and not letters("address_asked")
    for _ in range(9):
        ask(browser, password=OTHER, status=422)
    ask(browser, status=429)


def test_what_is_no_address_or_the_present_one_stands_beside_the_field(browser, mona):
    enter(browser)
    for typed in ("", "mona", OLD.upper()):
        assert ask(browser, typed, status=422).select("#email[aria-invalid=true]")


def test_a_taken_address_is_answered_like_a_free_one(browser, mona):
    """ID11: only the owner of the mailbox learns that it signs in already."""
    someone("taken@home.test")
    enter(browser)
    said = [ask(browser, typed).select_one("main").get_text().replace(typed, "X") for typed in (NEW, "taken@home.test")]
    assert said[0] == said[1]
    assert (
        letters("address_known")[0].to_address == "taken@home.test"
        and "/address/" not in letters("address_known")[0].text
    )
    assert len(letters("address_asked")) == 2 and len(letters("confirm_address")) == 1


def test_an_address_that_was_taken_meanwhile_is_not_given(browser, mona):
    enter(browser)
    ask(browser)
    someone(NEW)
    browser.post(link("confirm_address"), status=410)
    assert mona.account.email == OLD and not letters("address_changed")
    with pytest.raises(IntegrityError), db.session.begin_nested():
        mona.account.email = NEW
        db.session.flush()
    db.session.refresh(mona.account)


def test_asking_is_limited_and_the_last_request_counts(browser, mona):
    enter(browser)
    ask(browser)
    first = link("confirm_address")
    ask(browser, "third@home.test")
    browser.get(first, 410)
    ask(browser)
    ask(browser, status=429)
    waiting = select(func.count()).where(AddressChange.outcome.is_(None))
    assert db.session.scalar(waiting) == 1


def test_whoever_asked_can_withdraw_it_and_ask_again(browser, stranger, mona):
    """ID11: neither link works afterwards, the trail says so, and a second press finds nothing."""
    enter(browser)
    assert not browser.get("/account/address").select("form[action$='/withdraw']")
    ask(browser)
    confirm, stop = link("confirm_address"), link("address_asked")
    assert browser.get("/account/address").select_one("form[action='/account/address/withdraw']")
    page = browser.post("/account/address/withdraw")
    assert OLD in page.words and NEW not in page.words
    stranger.get(confirm, 410)
    stranger.get(stop, 410)
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("accounts:address"))).all()
    assert acts[-1] == "accounts:address:withdraw"
    browser.post("/account/address/withdraw")
    assert len(acts) == len(db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("accounts:address"))).all())  # fmt: skip
    ask(browser)
    assert link("confirm_address") != confirm and mona.account.email == OLD


def test_the_page_that_stops_a_change_accuses_nobody(browser, stranger, mona):
    enter(browser)
    ask(browser)
    assert "إن لم يكن الطلب منك فثمة من يعرف كلمة مرورك" in stranger.get(link("address_asked")).words


def test_the_link_is_not_for_long(browser, mona, today):
    enter(browser)
    ask(browser)
    today.shift(timedelta(days=1, minutes=1))
    browser.post(link("confirm_address"), status=410)
    assert mona.account.email == OLD


def test_the_former_mailbox_stops_it_before(browser, stranger, mona):
    enter(browser)
    ask(browser)
    stop = link("address_asked")
    assert OLD in stranger.get(stop).words
    page = stranger.post(stop)
    assert page.select_one("a[href='/password/forgot']")
    stranger.post(link("confirm_address"), status=410)
    assert mona.account.email == OLD and browser.client.get("/account").status_code == 302
    enter(browser)
    ask(browser)
    assert len(letters("confirm_address")) == 1, "nobody asks again for some days"
    stranger.get(stop, 410)


def test_the_former_mailbox_puts_it_back_afterwards_whatever_came_later(browser, stranger, mona, today):
    """ID11: whoever took the account with its password can neither keep it nor undo the stop."""
    enter(browser)
    ask(browser)
    browser.post(link("confirm_address"))
    first = link("address_asked")
    ask(browser, "third@home.test")
    browser.post(link("confirm_address"))
    theirs = link("address_asked")
    assert mona.account.email == "third@home.test"
    today.shift(timedelta(days=6))
    stranger.post(first)
    assert mona.account.email == OLD
    stranger.post(theirs, status=410)
    assert "accounts:address:stop" in set(db.session.scalars(select(AuditEntry.act)))


def test_the_stop_ends_after_a_week(browser, stranger, mona, today):
    enter(browser)
    ask(browser)
    browser.post(link("confirm_address"))
    today.shift(timedelta(days=7, minutes=1))
    stranger.post(link("address_asked"), status=410)
    assert mona.account.email == NEW
    today.shift(timedelta(days=4))
    jobs.sweep()
    assert not db.session.scalar(select(func.count()).select_from(AddressChange))


def test_a_new_password_voids_what_waits(browser, mona):
    """ID11: whoever knew the former one cannot confirm any more."""
    enter(browser)
    ask(browser)
    services.change_password(mona, OTHER, at=clock.now(), keep_session=None)
    browser.get(link("confirm_address"), 410)


def test_confirming_voids_links_to_a_new_password(browser, mona):
    enter(browser)
    services.ask_reset(OLD, address=None, at=clock.now())
    reset = re.search(r"https?://[^/]+(/password/\S+)", letters("password_reset")[-1].text).group(1)
    ask(browser)
    browser.post(link("confirm_address"))
    browser.get(reset, 410)


def test_an_administrator_still_decides_where_the_organisation_writes_to(browser, stranger, mona):
    """0039: and so with what somebody of one organisation signs in; links from before work no longer."""
    chief = people.administrator(mona.organisation)
    enter(browser)
    ask(browser)
    browser.post(link("confirm_address"))
    details = services.PersonDetails(email="third@agency.test", name=mona.name)
    services.change_person(mona, details, actor_id=chief.id, at=clock.now())
    assert mona.account.email == "third@agency.test"
    stranger.get(link("address_asked"), 410)


def test_one_human_being_in_two_organisations_changes_one_sign_in(browser, visit):
    """ID11, 0039: both memberships are entered with it, neither organisation's record or trail tells of it."""
    one, two = (people.person(of=people.organisation(), email=OLD) for _ in range(2))
    people.account(one, two, password_hash=services.hash_password(GOOD))
    db.session.flush()
    enter(browser)
    page = ask(browser)
    assert one.organisation.name.ar in page.words and two.organisation.name.ar in page.words
    browser.post(link("confirm_address"))
    assert (one.account.email, two.account.email, one.email, two.email) == (NEW, NEW, OLD, OLD)
    changed = select(AuditEntry).where(AuditEntry.act == "accounts:address:change")
    assert db.session.scalars(changed).one().organisation_id is None
    assert (
        NEW not in visit(people.administrator(one.organisation, everywhere=False)).get(f"/admin/people/{one.id}").words
    )


def test_the_list_of_devices_names_the_organisation_of_each(browser, visit, mona):
    """0039: to whoever belongs to several; others need no column."""
    assert "الجهة" not in [cell.get_text() for cell in visit(mona).get("/account/sessions").select("th")]
    one, two = (people.person(of=people.organisation(), email="both@home.test") for _ in range(2))
    people.account(one, two, password_hash=services.hash_password(GOOD))
    db.session.flush()
    visit(one).get("/account")
    page = visit(two).get("/account/sessions")
    assert "الجهة" in [cell.get_text() for cell in page.select("th")]
    for who in (one, two):
        assert who.organisation.name.ar in page.select_one("table").get_text()


@pytest.mark.concurrency
def test_of_eight_who_confirm_at_once_one_does_and_of_two_for_one_address_one(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        made = []
        for number in range(2):
            who = someone(f"n{number}@agency.test")
            services.ask_address_change(who, NEW, at=clock.now())
            made.append(link("confirm_address").rsplit("/", 1)[-1])

    def act(number):
        return services.confirm_address(made[number % 2], at=clock.now()).id

    outcomes = run_together(8, act, app=crowd_app)
    assert len(winners(outcomes)) == 1, outcomes
    with crowd_app.app_context():
        assert db.session.scalar(select(func.count()).where(Account.email == NEW)) == 1


def test_who_asks_for_nothing_sensible_is_refused(mona):
    with pytest.raises(Invalid):
        services.ask_address_change(mona, OLD, at=clock.now())
    row = services.ask_address_change(mona, NEW, at=clock.now())
    row.outcome, row.decided_at = "stopped", clock.now()
    db.session.flush()
    with pytest.raises(Conflict):
        services.ask_address_change(mona, NEW, at=clock.now())
