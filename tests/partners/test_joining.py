"""ID1, ID12: a stranger asks to join a partner, confirms the address, and comes in once its administrator approves, within the seats."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from academy.accounts import services as accounts
from academy.accounts.models import Person
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.notices.models import Letter, Notice
from academy.partners import services
from academy.partners.jobs import sweep_requests
from academy.partners.models import JoinRequest
from academy.partners.rules_of_joining import is_allowed, read_domains
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import partners
from tests.factories.accounts import both

GOOD = "نهر هادئ يعبر المدينة القديمة"
STRANGER = {
    "name-ar": "هند القحطاني",
    "name-en": "Hind Alqahtani",
    "email": "Hind@Jusoor.test",
    "statement": "أعمل في الفرع",
}


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


def opened(of, domains="", ends_on=None, open_=True):
    services.change_registration(of, opened=open_, domains=domains, ends_on=ends_on, actor_id=None, at=clock.now())
    partners.flush()
    return of


@pytest.fixture
def of(app):
    """A partner with three seats, of which its administrator takes one, that strangers may ask to join."""
    return opened(partners.partner(name=both("جسور", "Jusoor"), seats=3))


def letters(kind=None):
    query = select(Letter).order_by(Letter.id)
    return list(db.session.scalars(query.where(Letter.kind == kind) if kind else query))


def link_of(letter) -> str:
    return letter.address.partition("://")[2].partition("/")[2]


def waiting(of, number=1, **more) -> JoinRequest:
    """A request whose address is confirmed."""
    row = JoinRequest(
        organisation_id=of.id, email=f"stranger{number}@jusoor.test", name=both("غريب", "Stranger"), statement="x",
        language="ar", state="waiting", asked_at=clock.now(), confirmed_at=clock.now(), **more,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def test_from_the_sign_in_page_to_the_first_entry(browser, visit, of):
    """ID1: the whole way, in Arabic: asked, confirmed, told, approved, invited, inside."""
    admin, unit = people.administrator(of, everywhere=False), people.org_unit(of=of)
    here = f"/sign-in/{of.key}"
    assert browser.get(here).find("a", href=f"{here}/join")
    browser.get(f"{here}/join")
    page = browser.post(f"{here}/join", {**STRANGER, "org_unit_id": str(unit.id)})
    assert "هند" not in page.words and db.session.scalar(select(func.count()).select_from(Person)) == 1
    letter = letters("confirm_joining")[0]
    assert letter.to_address == "hind@jusoor.test" and "هند" not in letter.text
    link = "/" + link_of(letter)
    browser.get(link)
    assert db.session.scalars(select(JoinRequest)).one().state == "unconfirmed"  # a look confirms nothing
    assert "جسور" in browser.post(link, {}).words
    browser.get(link, status=410)
    row = db.session.scalars(select(JoinRequest)).one()
    assert (row.state, row.org_unit_id) == ("waiting", unit.id)
    notice = db.session.scalars(select(Notice).where(Notice.person_id == admin.id)).one()
    desk = visit(admin)
    page = desk.get(notice.address)
    assert "أعمل في الفرع" in page.words and "hind@jusoor.test" in page.words
    desk.get(f"/admin/partners/{of.id}/joining")
    desk.post(f"/admin/partners/joining/{row.id}/approve")
    person = db.session.scalars(select(Person).where(Person.email == "hind@jusoor.test")).one()
    assert (person.state, person.org_unit_id, person.organisation_id) == ("invited", unit.id, of.id)
    invitation = letters("invitation")[0]
    browser.post("/" + link_of(invitation), {"password": GOOD})
    assert db.session.get(Person, person.id).state == "active"
    acts = set(db.session.scalars(select(AuditEntry.act).where(AuditEntry.organisation_id == of.id)))
    assert {"partners:registration:open", "partners:join_request:confirm", "partners:join_request:decide"} <= acts


@pytest.mark.parametrize("way", ["never", "closed", "ended", "closed partner", "agency"])
def test_where_it_is_not_open_there_is_nothing(browser, app, way):
    of = (
        partners.partner(key="shut", active=way != "closed partner")
        if way != "agency"
        else people.organisation(key="shut")
    )
    if way not in ("never", "agency"):
        yesterday = clock.today() - timedelta(days=1)
        opened(of, ends_on=yesterday if way == "ended" else None, open_=way != "closed")
    browser.get("/sign-in/shut/join", status=404)
    browser.get("/sign-in/shut/join/sent", status=404)
    assert not browser.get("/sign-in/shut").find("a", href="/sign-in/shut/join")


def test_nobody_learns_who_is_known(browser, of):
    """P3: strangers, people of the partner, the suspended, people elsewhere and programs get one answer; letters differ."""
    insider = partners.member(of, email="in@jusoor.test")
    gone = partners.member(of, email="gone@jusoor.test")
    accounts.suspend(gone, reason="x", actor_id=None, at=clock.now())
    elsewhere = people.person(of=people.organisation(), email="both@jusoor.test")
    accounts.set_password(elsewhere, GOOD)
    partners.flush()
    answers = set()
    for email in ("new@jusoor.test", insider.email, gone.email, elsewhere.email):
        browser.get(f"/sign-in/{of.key}/join")
        response = browser.client.post(
            f"/sign-in/{of.key}/join", data={**STRANGER, "email": email, "csrf_token": browser.csrf_token()}
        )
        answers.add((response.status_code, response.headers["Location"], response.get_data()))
    trap = {
        **STRANGER,
        "email": "bot@jusoor.test",
        "website": "https://spam.example",
        "csrf_token": browser.csrf_token(),
    }
    response = browser.client.post(f"/sign-in/{of.key}/join", data=trap)
    answers.add((response.status_code, response.headers["Location"], response.get_data()))
    assert len(answers) == 1
    told = {each.to_address: each for each in letters() if each.kind != "invitation"}
    assert {address: each.kind for address, each in told.items()} == {
        "new@jusoor.test": "confirm_joining", "both@jusoor.test": "confirm_joining",
        "in@jusoor.test": "joining_known", "gone@jusoor.test": "joining_known",
    }  # fmt: skip
    known = "كلمة المرور التي لديك"
    assert known in told["both@jusoor.test"].text and known not in told["new@jusoor.test"].text


def test_one_human_being_joins_with_the_password_they_have(browser, visit, of):
    """ID12, decision 39: who approves sees no difference; the invitation asks for the present password."""
    elsewhere = people.person(of=people.organisation(), email="both@jusoor.test")
    accounts.set_password(elsewhere, GOOD)
    row = waiting(of)
    row.email = "both@jusoor.test"
    visit(people.administrator(of, everywhere=False)).post(f"/admin/partners/joining/{row.id}/approve")
    assert [each.kind for each in letters() if each.to_address == "both@jusoor.test"] == ["join"]


def test_a_refusal_says_why_and_a_decision_is_made_once(visit, of):
    admin = people.administrator(of, everywhere=False)
    row, desk = waiting(of), visit(admin)
    desk.post(f"/admin/partners/joining/{row.id}/refuse", {"reason": " "}, status=422)
    desk.post(f"/admin/partners/joining/{row.id}/refuse", {"reason": "لا نعرفك <b>"})
    letter = letters("joining_refused")[0]
    assert "لا نعرفك <b>" in letter.text and "&lt;b&gt;" in letter.html
    for again in (lambda: services.approve_request(row, actor_id=admin.id, at=clock.now()),
                  lambda: services.refuse_request(row, "x", actor_id=admin.id, at=clock.now())):  # fmt: skip
        with pytest.raises(Conflict):
            again()
    assert accounts.seats_taken(of.id) == 1


def test_only_allowed_domains_and_sound_words(browser, of):
    opened(of, domains="@jusoor.test، Other.Example")
    page = browser.get(f"/sign-in/{of.key}/join")
    assert "jusoor.test, other.example" in page.words
    for odd in ("hind@evil.test", "hind@sub.jusoor.test", "not an address", "x@jusoor.test.evil"):
        page = browser.post(f"/sign-in/{of.key}/join", {**STRANGER, "email": odd}, status=422)
        assert page.select_one("[name=email]")["aria-invalid"] == "true"
    browser.post(f"/sign-in/{of.key}/join", {**STRANGER, "name-ar": "", "name-en": ""}, status=422)
    assert letters() == []
    browser.post(f"/sign-in/{of.key}/join", STRANGER)
    assert len(letters()) == 1


def test_domains_are_read_or_refused():
    assert read_domains(" @A.test, b.co.uk\nA.test ") == ["a.test", "b.co.uk"] and read_domains("") == []
    assert all(read_domains(odd) is None for odd in ("a", "a..b", "http://a.test", "-a.test", "a@b.test"))
    assert (
        is_allowed("x@any.test", [])
        and is_allowed("x@A.test", ["a.test"])
        and not is_allowed("a.test@b.test", ["a.test"])
    )


def test_an_address_and_a_network_are_not_written_to_without_end(browser, of):
    """R25: three letters an hour to one address, known or not; the fourth waits."""
    for _each in range(3):
        browser.get(f"/sign-in/{of.key}/join")
        browser.post(f"/sign-in/{of.key}/join", STRANGER)
    browser.post(f"/sign-in/{of.key}/join", STRANGER, status=429)
    assert len(letters()) == 3
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        browser.post(f"/sign-in/{of.key}/join", STRANGER)


def test_the_first_confirmed_of_an_address_waits_and_the_others_are_forgotten(browser, of):
    for _each in range(2):
        browser.get(f"/sign-in/{of.key}/join")
        browser.post(f"/sign-in/{of.key}/join", STRANGER)
    first, second = ("/" + link_of(each) for each in letters("confirm_joining"))
    browser.get(second)
    browser.post(second, {})
    browser.get(first, status=410)
    assert db.session.scalars(select(JoinRequest)).one().state == "waiting" and len(letters("confirm_joining")) == 1
    browser.get(f"/sign-in/{of.key}/join")
    browser.post(f"/sign-in/{of.key}/join", STRANGER)
    third = "/" + link_of(letters("confirm_joining")[-1])
    browser.get(third)
    browser.post(third, {})
    assert db.session.scalars(select(JoinRequest.state)).all() == ["waiting"]


def test_what_is_not_confirmed_vanishes(browser, of):
    """PR2: with its letter; a refusal is forgotten later, a decision that made a person stays with them."""
    browser.get(f"/sign-in/{of.key}/join")
    browser.post(f"/sign-in/{of.key}/join", STRANGER)
    link, row = "/" + link_of(letters()[0]), waiting(of)
    services.refuse_request(waiting(of, 2), "x", actor_id=1, at=clock.now())
    with time_machine.travel(NOW + timedelta(days=2, minutes=1), tick=False):
        browser.get(link, status=410)
        sweep_requests()
        assert set(db.session.scalars(select(JoinRequest.state))) == {"waiting", "refused"}
        assert [each.kind for each in letters()] == ["joining_refused"]
    with time_machine.travel(NOW + timedelta(days=181), tick=False):
        sweep_requests()
    assert list(db.session.scalars(select(JoinRequest.id))) == [row.id] and letters() == []


def test_others_see_and_decide_nothing(visit, of):
    """P3, ID12: another partner's administrator, a member, and the unconfirmed for everybody."""
    row, hidden = waiting(of), JoinRequest(
        organisation_id=of.id, email="h@jusoor.test", name=both("خفي", "Hidden"), statement="x", language="ar",
        state="unconfirmed", token_digest="x" * 64, asked_at=clock.now(),
    )  # fmt: skip
    db.session.add(hidden)
    partners.flush()
    other = visit(people.administrator(partners.partner(), everywhere=False))
    for who, status in ((other, 404), (visit(partners.member(of)), 404)):
        who.get(f"/admin/partners/{of.id}/joining", status=status)
        who.get(f"/admin/partners/{of.id}/joining/edit", status=status)
        who.get(f"/admin/partners/joining/{row.id}", status=status)
        who.client.get("/account")
        who.post(f"/admin/partners/joining/{row.id}/approve", status=status)
        who.post(f"/admin/partners/joining/{row.id}/refuse", {"reason": "x"}, status=status)
    root = visit(people.administrator())
    root.get(f"/admin/partners/joining/{hidden.id}", status=404)
    assert "خفي" not in root.get(f"/admin/partners/{of.id}/joining").words
    assert db.session.get(JoinRequest, row.id).state == "waiting"


def test_a_full_partner_says_so_and_the_request_waits(visit, of):
    """ID12"""
    admin = people.administrator(of, everywhere=False)
    partners.member(of), partners.member(of)
    row, desk = waiting(of), visit(admin)
    assert "جميع مقاعد هذه الجهة مشغولة: 3 من 3" in desk.get(f"/admin/partners/joining/{row.id}").words
    assert "جميع مقاعد" in desk.post(f"/admin/partners/joining/{row.id}/approve").words
    assert db.session.get(JoinRequest, row.id).state == "waiting"


def test_a_partner_without_an_administrator_asks_the_academys(browser, of):
    root = people.administrator()
    browser.get(f"/sign-in/{of.key}/join")
    browser.post(f"/sign-in/{of.key}/join", STRANGER)
    link = "/" + link_of(letters()[0])
    browser.get(link)
    browser.post(link, {})
    assert db.session.scalars(select(Notice.person_id)).all() == [root.id]


@pytest.mark.concurrency
def test_twenty_approvals_at_once_fill_three_seats(crowd_app):  # noqa: F811
    """ID12: with three seats left, three of twenty come in; the others still wait."""
    with prepared(crowd_app):
        of = partners.partner(seats=4)
        admin_id, of_id = people.administrator(of, everywhere=False).id, of.id
        ids = [waiting(of, number).id for number in range(20)]

    def approve(number):
        row = db.session.get_one(JoinRequest, ids[number])
        services.approve_request(row, actor_id=admin_id, at=clock.now())

    outcomes = run_together(20, approve, app=crowd_app)
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert len(winners(outcomes)) == 3 and all(isinstance(each, accounts.NoSeatLeft) for each in refused), outcomes
    with crowd_app.app_context():
        seats = db.session.scalar(select(func.count()).where(Person.organisation_id == of_id))
        states = db.session.scalars(select(JoinRequest.state)).all()
        assert (seats, sorted(states)) == (4, ["approved"] * 3 + ["waiting"] * 17)
