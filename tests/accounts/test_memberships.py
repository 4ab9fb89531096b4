"""One human being in several organisations: one sign-in, a membership in each, nothing of one in the other (ID11)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from academy.accounts import services
from academy.accounts.models import Account, Person, PersonSession
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.notices import services as notices
from academy.notices.models import Letter
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.factories import accounts as people

GOOD = "نهر هادئ يعبر المدينة القديمة"
OTHER = "سفينة بعيدة خلف الضباب الأزرق"
EMAIL = "both@example.test"


def now():
    return datetime.now(UTC)


@pytest.fixture
def houses(app):
    """Two organisations with an administrator each."""
    rows = [people.organisation(name=people.both(f"كناري {x}", f"Canary {x}")) for x in "AB"]
    return rows, [people.administrator(of, everywhere=False) for of in rows]


@pytest.fixture
def human(houses):
    """One human being who is in both houses, last in the first one."""
    first, second = (people.person(of=of, email=EMAIL, name=people.both("ليلى", f"Layla {of.id}")) for of in houses[0])
    people.account(first, second, password_hash=services.hash_password(GOOD))
    first.last_seen_at = now()
    db.session.flush()
    return first, second


def enter(browser, password=GOOD, status=200):
    return browser.post("/sign-in", {"email": EMAIL, "password": password, "next": "/account"}, status=status)


def switch(browser, to, status=200):
    return browser.post(f"/account/organisations/{to.id}/enter", status=status)


def line(page):
    found = page.select_one(".place-line")
    return found.get_text(" ", strip=True) if found else ""


def test_one_sign_in_leads_to_the_organisation_entered_last_and_a_switch_to_the_other(houses, human, browser):
    """ID11"""
    (house_a, house_b), _admins = houses
    first, second = human
    assert house_a.name.ar in line(enter(browser))
    page = browser.get("/account")
    assert f"الانتقال إلى {house_b.name.ar}" in page.select_one(".menu-places").get_text(" ", strip=True)
    with browser.client.session_transaction() as cookie:
        token, csrf = cookie["_user_id"], cookie["csrf_token"]
    assert house_b.name.ar in line(switch(browser, second))
    with browser.client.session_transaction() as cookie:
        assert cookie["_user_id"] != token and cookie.get("csrf_token") != csrf
    ended = db.session.scalars(select(PersonSession).order_by(PersonSession.id)).all()
    assert [(row.person_id, bool(row.ended_at)) for row in ended] == [(first.id, True), (second.id, False)]
    assert ended[0].created_at == ended[1].created_at, "going back and forth must not keep a session alive for ever"
    browser.post("/sign-out")
    assert house_b.name.ar in line(enter(browser))


def test_whoever_has_one_organisation_sees_no_switch_and_pays_no_statement(houses, human, visit, statements):
    """ID11"""
    alone = people.person(of=houses[0][0])
    people.account(alone)
    counts = []
    for who in (alone, human[0]):
        browser = visit(who)
        with statements() as seen:
            page = browser.get("/account")
        counts.append(len(seen))
        assert bool(page.select_one(".menu-places")) == bool(line(page)) == (who is not alone)
        assert houses[0][0].name.ar in page.select_one(".menu-title").get_text()
    assert counts[1] - counts[0] <= 1


def test_the_switch_is_noted_in_the_academys_trail_and_in_no_organisations(houses, human, visit):
    """ID11: neither organisation learns of the other."""
    (house_a, house_b), (admin_a, admin_b) = houses
    switch(visit(human[0]), human[1])
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "accounts:membership:switch"))
    assert (entry.before, entry.after) == ({"organisation_id": house_a.id}, {"organisation_id": house_b.id})
    for admin in (admin_a, admin_b):
        assert "الانتقال إلى جهة أخرى" not in visit(admin).get("/admin/audit").words
    assert "الانتقال إلى جهة أخرى" in visit(people.administrator()).get("/admin/audit").words


@pytest.mark.parametrize("who", ["stranger", "someone of the same house", "someone without account"])
def test_nobody_else_enters_through_the_switch(houses, human, browser, visit, who):
    """ID11"""
    other = people.person(of=houses[0][0])
    if who == "someone of the same house":
        people.account(other)
    visitor = browser if who == "stranger" else visit(other)
    visitor.post(f"/account/organisations/{human[1].id}/enter", status=302 if who == "stranger" else 404, follow=False)
    assert not db.session.scalars(select(PersonSession).where(PersonSession.person_id == human[1].id)).all()


def test_a_suspension_ends_one_membership_only_even_the_first(houses, human, browser, visit):
    """ID11: sessions there end, the other goes on, and signing in leads to it."""
    first, second = human
    here, there = visit(first), visit(second)
    services.suspend(first, reason="x", actor_id=None, at=now())
    db.session.flush()
    here.get("/account", status=302)
    assert not line(there.get("/account"))
    page = enter(browser)
    assert houses[0][1].name.ar in page.select_one(".menu-title").get_text()
    switch(browser, first)
    assert "لم يعد الدخول إلى هذه الجهة ممكنًا" in browser.get("/account").words or browser.get("/account")
    assert browser.get("/account").select_one(".menu-title").get_text().count(houses[0][1].name.ar)
    services.suspend(second, reason="x", actor_id=None, at=now())
    enter(browser, status=422)


def test_sessions_of_both_organisations_are_listed_and_ended_together(human, visit):
    """ID11"""
    here, there = visit(human[0]), visit(human[1])
    page = here.get("/account/sessions")
    assert len(page.select("form[action*='/account/sessions/']")) >= 1
    session_id = db.session.scalar(select(PersonSession.id).where(PersonSession.person_id == human[1].id))
    here.post(f"/account/sessions/{session_id}/end")
    there.get("/account", status=302)
    again = visit(human[1])
    here.post("/account/sessions/end-others")
    again.get("/account", status=302)
    here.get("/account")


def test_a_new_password_reaches_both(human, browser, visit):
    """ID11: changed in one, or through a link, it signs the other out, and is the one password."""
    here, there = visit(human[0]), visit(human[1])
    here.post("/account/password", {"current": GOOD, "password": OTHER})
    there.get("/account", status=302)
    browser.post("/password/forgot", {"email": EMAIL})
    letter = db.session.scalar(select(Letter).where(Letter.kind == "password_reset"))
    browser.post(letter.address.removeprefix("http://localhost"), {"password": GOOD})
    here.get("/account", status=302)
    enter(browser)
    notes = select(AuditEntry.organisation_id).where(AuditEntry.act == "accounts:password:change")
    assert db.session.scalars(notes).all() == [human[0].organisation_id]


def test_what_one_reads_by_is_chosen_once(human, visit):
    visit(human[0]).post("/language", {"language": "en"})
    db.session.expire_all()
    assert [each.language for each in human] == ["en", "en"]


# --- Joining ----------------------------------------------------------------


@pytest.fixture
def known(houses):
    """Somebody of the first house, and their account."""
    who = people.person(of=houses[0][0], email=EMAIL, name=people.both("ليلى كناري", "Layla Canary"))
    people.account(who, password_hash=services.hash_password(GOOD))
    return who


def invite(house, admin, visit, email=EMAIL):
    """Let an administrator add and invite somebody; return the page, the person and the path of the letter's link."""
    page = visit(admin).post("/admin/people/new", {"name-ar": "مدعوة", "email": email, "invite": "y"})
    who = db.session.scalar(select(Person).where(Person.email == email, Person.organisation_id == house.id))
    letter = db.session.scalar(select(Letter).where(Letter.person_id == who.id))
    return page, who, letter


def test_the_inviting_organisation_sees_no_difference(houses, known, visit):
    """ID11: the same answers for an address known elsewhere as for an unknown one."""
    house, admin = houses[0][1], houses[1][1]
    said = []
    for email in (EMAIL, "none@example.test"):
        page, who, letter = invite(house, admin, visit, email)
        words = visit(admin).get(f"/admin/people/{who.id}").words
        assert "كناري A" not in words and "Canary A" not in words
        said.append((page.words.replace(email, "…"), words.replace(email, "…")))
    assert said[0] == said[1]
    assert invite(house, admin, visit, "third@example.test")[2].kind == "invitation"


def test_a_known_address_joins_with_its_password_and_sets_none(houses, known, visit, browser):
    """ID11"""
    house, admin = houses[0][1], houses[1][1]
    _page, who, letter = invite(house, admin, visit)
    assert letter.kind == "join" and house.name.ar in letter.subject and "بكلمة مرورك الحالية" in letter.text
    link = letter.address.removeprefix("http://localhost")
    page = browser.get(link)
    assert page.select_one("input[name=password]")["autocomplete"] == "current-password"
    before = known.account.password_hash
    refused = browser.post(link, {"password": "wrong"}, status=422)
    assert refused.select_one("#password-error") and db.session.get(Person, who.id).state == "invited"
    page = browser.post(link, {"password": GOOD})
    assert house.name.ar in line(page)
    assert (who.state, who.account_id, known.account.password_hash) == ("active", known.account_id, before)
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1
    browser.get(link, status=410)


def test_whoever_joins_reads_there_as_they_read_elsewhere(houses, known, visit, browser):
    """ID11: language, digits and calendar are chosen once, also for an organisation that is joined later."""
    services.set_preferences(known, language="en", digits="arab", calendar="hijri")
    _page, who, letter = invite(houses[0][1], houses[1][1], visit)
    page = browser.post(letter.address.removeprefix("http://localhost"), {"password": GOOD})
    assert page.select_one("html")["lang"] == "en"
    db.session.refresh(who)
    assert (who.language, who.digits, who.calendar) == ("en", "arab", "hijri")


def test_wrong_tries_on_an_invitation_count_as_signing_in(houses, known, visit, browser):
    """ID11"""
    _page, _who, letter = invite(houses[0][1], houses[1][1], visit)
    link = letter.address.removeprefix("http://localhost")
    for _time in range(10):
        browser.post(link, {"password": "wrong"}, status=422)
    browser.post(link, {"password": GOOD}, status=429)
    enter(browser, status=429)


def test_whoever_is_signed_in_joins_in_one_press(houses, known, visit):
    """ID11"""
    _page, who, letter = invite(houses[0][1], houses[1][1], visit)
    mine, link = visit(known), letter.address.removeprefix("http://localhost")
    assert not mine.get(link).select("input[name=password]")
    assert houses[0][1].name.ar in line(mine.post(link))
    assert db.session.get(Person, who.id).account_id == known.account_id


def test_somebody_else_who_is_signed_in_cannot_join_in_their_place(houses, known, visit):
    """ID11"""
    _page, who, letter = invite(houses[0][1], houses[1][1], visit)
    other = people.person()
    people.account(other)
    visit(other).post(letter.address.removeprefix("http://localhost"), status=422)
    assert db.session.get(Person, who.id).account_id is None


@pytest.mark.parametrize("email", [EMAIL, "none@example.test"])
def test_an_invitation_is_declined_and_frees_the_seat(houses, known, visit, browser, email):
    """ID11"""
    house, admin = houses[0][1], houses[1][1]
    _page, who, letter = invite(house, admin, visit, email)
    link, taken = letter.address.removeprefix("http://localhost"), services.seats_taken(house.id)
    assert "رُفضت الدعوة" in browser.post(f"{link}/decline").words
    assert services.seats_taken(house.id) == taken - 1
    browser.get(link, status=410)
    browser.post(f"{link}/decline", status=410)
    assert "رفض دعوة" in visit(admin).get(f"/admin/people/{who.id}").words
    visit(admin).post(f"/admin/people/{who.id}/revive")
    assert db.session.get(Person, who.id).state == "invited"


def test_whoever_has_left_everywhere_can_still_join_and_ask_for_a_new_password(houses, known, visit, browser):
    """ID11: the first organisation's suspension must not keep somebody out of the next."""
    services.suspend(known, reason="x", actor_id=None, at=now())
    _page, who, letter = invite(houses[0][1], houses[1][1], visit)
    browser.post("/password/forgot", {"email": EMAIL})
    reset = db.session.scalar(select(Letter).where(Letter.kind == "password_reset"))
    assert reset.to_address == EMAIL
    browser.post(reset.address.removeprefix("http://localhost"), {"password": OTHER})
    assert "استبدال كلمة المرور" not in visit(houses[1][1]).get("/admin/audit").words
    browser.post(letter.address.removeprefix("http://localhost"), {"password": OTHER})
    assert db.session.get(Person, who.id).state == "active"
    enter(browser, OTHER)


def test_two_first_invitations_make_one_account(houses, visit, browser):
    """ID11: the second letter promised a choice of password; by then there is one."""
    links = [
        invite(of, admin, visit)[2].address.removeprefix("http://localhost") for of, admin in zip(*houses, strict=True)
    ]
    browser.post(links[0], {"password": GOOD})
    browser.post("/sign-out")
    assert browser.get(links[1]).select_one("input[name=password]")["autocomplete"] == "current-password"
    browser.post(links[1], {"password": GOOD})
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


# --- Who may take what over ----------------------------------------------------------------


def test_an_administrator_cannot_take_the_sign_in_over_by_a_new_address(houses, human, visit, browser):
    """ID11: the record changes as ever, and the link to a new password still goes to the owner."""
    first, second = human
    admin = visit(houses[1][1])
    typed = {"name-ar": "ليلى", "email": "evil@example.test"}
    admin.post(f"/admin/people/{second.id}/edit", typed)
    assert (second.email, second.account.email) == ("evil@example.test", EMAIL)
    for email in ("evil@example.test", EMAIL):
        browser.post("/password/forgot", {"email": email})
    letters = db.session.scalars(select(Letter).where(Letter.kind == "password_reset")).all()
    assert [each.to_address for each in letters] == [EMAIL]
    visit(houses[1][0]).post(f"/admin/people/{first.id}/edit", typed)
    assert first.account.email == "evil@example.test", "both organisations write there: so one signs in there too"


def test_an_address_that_somebody_signs_in_with_is_not_taken_from_them(houses, known, visit):
    """ID11: and nobody learns that it is known."""
    mine = people.person(of=houses[0][1], email="mine@example.test")
    people.account(mine)
    visit(houses[1][1]).post(f"/admin/people/{mine.id}/edit", {"name-ar": "س", "email": EMAIL})
    db.session.expire_all()
    assert (mine.email, mine.account.email, known.account.email) == (EMAIL, "mine@example.test", EMAIL)


def test_the_academys_administrator_sees_two_people_linked_and_each_organisation_its_own(
    houses, human, visit, statements
):
    """ID11"""
    first, second = human
    root = visit(people.administrator())
    with statements() as seen:
        page = root.get(f"/admin/people/{first.id}")
    assert page.select(f"a[href='/admin/people/{second.id}']") and len(seen) <= 8, "\n".join(seen)
    theirs = visit(houses[1][0])
    page = theirs.get(f"/admin/people/{first.id}")
    assert houses[0][1].name.ar not in page.words and not page.select(f"a[href='/admin/people/{second.id}']")
    theirs.get(f"/admin/people/{second.id}", status=404)


def test_nobody_is_moved_to_where_they_are_already(houses, human):
    with pytest.raises(Conflict):
        services.move_person(human[0], human[1].organisation_id, actor_id=None, at=now())


def test_letters_to_somebody_in_several_organisations_name_the_one_they_are_about(houses, human, visit):
    """ID11"""
    alone = people.person(of=houses[0][0])
    for who in (human[0], alone):
        notices.tell(who.id, "reminder", "x", at=now() + timedelta(days=1), address="/", course=people.both("م", "C"))
    texts = {row.person_id: row.text for row in db.session.scalars(select(Letter))}
    assert houses[0][0].name.ar in texts[human[0].id] and houses[0][0].name.ar not in texts[alone.id]


@pytest.mark.concurrency
def test_two_invitations_of_one_address_into_one_organisation_give_one_person(crowd_app):  # noqa: F811
    """ID11: and as many organisations as like have one each."""
    with prepared(crowd_app):
        ids = [people.organisation().id for _n in range(2)]
    details = services.PersonDetails(email=EMAIL, name=people.both("ليلى", "Layla"))
    outcomes = run_together(
        8, lambda n: services.create_person(details, organisation_id=ids[n % 2], at=now()).id, app=crowd_app
    )
    assert len(winners(outcomes)) == 2 and all(isinstance(x, Conflict) for x in outcomes if isinstance(x, Exception))
    with crowd_app.app_context():
        assert sorted(db.session.scalars(select(Person.organisation_id).where(Person.email == EMAIL))) == ids


@pytest.mark.concurrency
def test_two_invitations_of_one_human_accepted_at_once_give_one_account(crowd_app):  # noqa: F811
    """ID11: one chooses the password, the other is asked for it."""
    with prepared(crowd_app):
        tokens = [services.invite(people.person(email=EMAIL, state="invited"), at=now()) for _n in range(2)]
    outcomes = run_together(2, lambda n: services.accept_invitation(tokens[n], GOOD, at=now()).id, app=crowd_app)
    assert len(winners(outcomes)) == 1, outcomes
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [services.HasAccount]
