"""Administrators look after people: the list, records, invitations, suspension, roles."""

import pytest
from sqlalchemy.exc import IntegrityError

from academy.accounts import services
from academy.accounts.models import OneTimeLink, Person, PersonSession, RoleGrant
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from tests.conftest import NOW
from tests.factories import accounts as make

ZOO = [
    "مُحَمَّـــدٌ لاأ", "٣٥۴", "\u200d👨‍👩‍👧‍👦", "ن", "O'Brien", "<b>", "{{7*7}}", "=1+1", "null", "None", "-0", "1e308", "NaN", "ع" * 255,
]  # fmt: skip


@pytest.fixture
def agency(app):
    return make.organisation()


@pytest.fixture
def admin(visit, agency):
    return visit(make.administrator(of=agency, language="en", name=make.both("مديرة النظام", "Head Administrator")))


def record(**given):
    fields = {
        "name-ar": "نورة العتيبي",
        "name-en": "Noura Alotaibi",
        "email": "noura@agency.test",
        "org_unit_id": "",
        "manager": "",
    }
    return {**fields, **given}


def by_email(email):
    return db.session.query(Person).filter_by(email=email).one_or_none()


def test_a_person_is_added_and_invited_at_once(admin, agency):
    boss, unit = make.person(of=agency), make.org_unit(of=agency)
    data = record(
        email="Noura@Agency.TEST",
        mobile="٠٥١٢٣٤٥٦٧٨",
        org_unit_id=unit.id,
        manager=boss.email.upper(),
        joined_on="12/9/1448",
        invite="y",
    )
    page = admin.post("/admin/people/new", data)
    person = by_email("noura@agency.test")
    assert (person.mobile, person.org_unit_id, person.manager_id, person.state) == (
        "+966512345678",
        unit.id,
        boss.id,
        "invited",
    )
    assert str(person.joined_on) == "2027-02-19"
    assert db.session.query(OneTimeLink).filter_by(person_id=person.id, purpose="invitation").count() == 1
    assert "Noura Alotaibi" in page.words


@pytest.mark.parametrize(
    "typed", ["0512345678", "512345678", "966512345678", "00966512345678", "+966 51 234 5678", "٠٥١٢٣٤٥٦٧٨"]
)
def test_every_usual_way_to_write_a_saudi_mobile_is_understood(admin, typed):
    admin.post("/admin/people/new", record(mobile=typed))
    assert by_email("noura@agency.test").mobile == "+966512345678"


@pytest.mark.parametrize("typed", ["0412345678", "05123456", "abc"])
def test_other_numbers_are_refused_and_kept_in_the_field(admin, typed):
    page = admin.post("/admin/people/new", record(mobile=typed), status=422)
    assert page.select_one("#mobile")["value"] == typed
    assert page.select_one("#mobile-error")
    assert by_email("noura@agency.test") is None


def test_an_address_in_other_case_is_the_same_account(admin):
    """R36."""
    admin.post("/admin/people/new", record())
    page = admin.post("/admin/people/new", record(email="NOURA@agency.test"), status=422)
    assert "already has an account" in page.select_one("#email-error").get_text()
    assert db.session.query(Person).filter(Person.email == "noura@agency.test").count() == 1


def test_an_employee_number_names_one_person_of_the_organisation(admin, agency):
    """What identifies somebody in lists and to a partner's machines."""
    make.person(of=agency, employee_number="E-7", state="suspended")
    make.person(employee_number="E-8")
    page = admin.post("/admin/people/new", record(employee_number="e-7"), status=422)
    assert page.select_one("#employee_number-error") and page.select_one("#employee_number")["value"] == "e-7"
    admin.post("/admin/people/new", record(employee_number="E-8"))
    old = make.person(of=agency, employee_number="E-6")
    admin.post(f"/admin/people/{old.id}/edit", record(email=old.email, employee_number="e-6"))
    assert old.name.en == "Noura Alotaibi" and old.employee_number == "e-6"
    admin.post(f"/admin/people/{old.id}/edit", record(email=old.email, employee_number="E-8"), status=422)
    with pytest.raises(IntegrityError):
        make.person(of=agency, employee_number="E-8")


@pytest.mark.parametrize("text", ZOO)
def test_odd_texts_are_stored_exactly_and_shown_escaped(admin, text):
    admin.post(
        "/admin/people/new", record(**{"name-ar": text, "name-en": "", "job_title-ar": text, "employee_number": "7"})
    )
    person = by_email("noura@agency.test")
    assert person.name.ar == person.job_title.ar == text.strip()
    page = admin.get(f"/admin/people/{person.id}")
    assert text in page.select_one("h1").get_text()
    admin.get("/admin/people")


@pytest.mark.parametrize("text", ["", "   ", "\u202e", "\x00"])
def test_a_name_of_nothing_visible_is_refused(admin, text):
    admin.post("/admin/people/new", record(**{"name-ar": text, "name-en": ""}), status=422)


def test_a_name_of_256_letters_is_refused_next_to_its_field(admin):
    page = admin.post("/admin/people/new", record(**{"name-ar": "ع" * 256}), status=422)
    assert page.select_one("#name-ar-error")


def test_the_list_finds_people_in_both_scripts_and_by_part_of_the_address(admin, agency):
    details = services.PersonDetails(
        email="a.ahmad@agency.test", name=make.both("أحمد الغامدي", "Ahmad Alghamdi"), employee_number="E-77"
    )
    services.create_person(details, organisation_id=agency.id, at=NOW)
    for query in ("احمد", "الغامدي", "ahmad", "AHMAD alghamdi", "a.ahm", "E-77"):
        assert "Ahmad Alghamdi" in admin.get(f"/admin/people?q={query}").words, query
    assert "Nobody found" in admin.get("/admin/people?q=سالم").words
    assert "Nobody found" in admin.get("/admin/people?q=%25").words


def test_the_list_is_filtered_by_organisation_unit_state_and_role(admin, agency):
    top = make.org_unit(of=agency)
    below = make.org_unit(parent=top)
    inside = make.person(unit=below, name=make.both("داخل", "Inside"))
    make.person(of=agency, name=make.both("خارج", "Outside"), state="suspended")
    make.grant(inside, "trainer", agency)
    make.organisation()
    listed = lambda query: [a.get_text() for a in admin.get(f"/admin/people?{query}").select("table a")]  # noqa: E731
    assert listed(f"organisation={agency.id}&unit={top.id}") == ["Inside"]
    assert listed("state=suspended") == ["Outside"]
    assert listed("role=trainer") == ["Inside"]
    assert listed("page=999&state=suspended") == ["Outside"]


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_costs_the_same_statements_however_many_people(admin, agency, statements, count):
    for _number in range(count):
        make.grant(make.person(of=agency), "trainer", agency)
    make.organisation()
    with statements() as seen:
        admin.get(f"/admin/people?organisation={agency.id}")
    assert len(seen) <= 8, "\n".join(seen)


def test_a_persons_page_costs_few_statements(admin, agency, statements):
    person = make.grant(make.person(of=agency), "trainer", agency)
    with statements() as seen:
        admin.get(f"/admin/people/{person.id}")
    assert len(seen) <= 8, "\n".join(seen)


def test_a_record_is_changed_and_the_trail_says_what(admin, agency):
    person = make.person(of=agency, email="old@agency.test")
    account_id = make.account(person).id
    link = OneTimeLink(
        purpose="password_reset", account_id=account_id, token_digest="x", created_at=NOW, expires_at=NOW
    )
    db.session.add(link)
    page = admin.get(f"/admin/people/{person.id}/edit")
    assert page.select_one("#email")["value"] == "old@agency.test"
    admin.post(f"/admin/people/{person.id}/edit", record(email="new@agency.test"))
    entry = db.session.query(AuditEntry).filter_by(act="accounts:person:change").one()
    assert (entry.before["email"], entry.after["email"]) == ("old@agency.test", "new@agency.test")
    assert link.used_at, "a link that was sent to the old address still works"
    assert person.account.email == "new@agency.test", (
        "whoever belongs to one organisation signs in with the new address"
    )


def test_a_reporting_line_never_becomes_a_circle(agency):
    first = make.person(of=agency)
    second = make.person(of=agency, manager=first)
    third = make.person(of=agency, manager=second)
    with pytest.raises(Invalid):
        services.change_person(
            first,
            services.PersonDetails(email=first.email, name=first.name, manager_id=third.id),
            actor_id=None,
            at=NOW,
        )
    with pytest.raises(Invalid):
        services.change_person(
            first,
            services.PersonDetails(email=first.email, name=first.name, manager_id=first.id),
            actor_id=None,
            at=NOW,
        )


def test_suspension_needs_a_reason_and_ends_sessions_at_once(admin, visit, agency):
    person = make.person(of=agency)
    theirs = visit(person)
    assert theirs.client.get("/account").status_code == 200
    admin.post(f"/admin/people/{person.id}/suspend", {"reason": " "}, status=422)
    admin.post(f"/admin/people/{person.id}/suspend", {"reason": "ترك العمل"})
    assert person.state == "suspended"
    assert theirs.client.get("/account").status_code == 302
    assert db.session.query(PersonSession).filter_by(person_id=person.id, ended_at=None).count() == 0
    assert db.session.query(AuditEntry).filter_by(act="accounts:person:suspend").one().after["reason"] == "ترك العمل"
    admin.post(f"/admin/people/{person.id}/revive")
    assert person.state == "invited", "somebody without a password cannot be active"


def test_nobody_suspends_themself(admin):
    admin.post(f"/admin/people/{admin.person.id}/suspend", {"reason": "x"}, status=422)
    assert admin.person.state == "active"


def test_an_administrator_signs_a_person_out_everywhere(admin, visit, agency):
    person = make.person(of=agency)
    theirs = visit(person)
    admin.post(f"/admin/people/{person.id}/end-sessions")
    assert theirs.client.get("/account").status_code == 302


def test_an_invitation_is_sent_again_and_the_older_link_is_void(admin, agency):
    person = make.person(of=agency, state="invited")
    for _time in range(2):
        admin.post(f"/admin/people/{person.id}/invite")
    links = db.session.query(OneTimeLink).filter_by(person_id=person.id).order_by(OneTimeLink.id).all()
    assert [bool(link.used_at) for link in links] == [True, False]


def test_who_was_never_invited_is_told_from_who_has_not_answered(admin, agency):
    person = make.person(of=agency, state="invited", name=make.both("هند", "Hind"))
    other = make.person(of=agency, state="invited", name=make.both("سعد", "Saad"))
    listed = lambda state: [a.get_text() for a in admin.get(f"/admin/people?state={state}").select("table a")]  # noqa: E731
    assert listed("uninvited") == ["Hind", "Saad"] and listed("invited") == []
    assert "Not invited yet" in admin.get(f"/admin/people/{person.id}").select_one("dl.summary").get_text()
    said = admin.post(f"/admin/people/{person.id}/invite").select_one(".flash, .alert, [role=status]").get_text()
    assert "on its way" in said and "Earlier links" not in said
    assert (listed("uninvited"), listed("invited")) == (["Saad"], ["Hind"])
    assert "Invited" in admin.get(f"/admin/people/{person.id}").select_one("dl.summary").get_text()
    assert "Earlier links no longer work" in admin.post(f"/admin/people/{person.id}/invite").words
    admin.post(f"/admin/people/{other.id}/suspend", {"reason": "x"})
    assert listed("uninvited") == []


def test_a_role_is_given_once_and_withdrawn(admin, agency):
    unit = make.org_unit(of=agency)
    person = make.person(of=agency)
    for _time in range(2):
        admin.post(f"/admin/people/{person.id}/roles", {"role": "manager", "scope": f"unit:{unit.id}"})
    grant = db.session.query(RoleGrant).filter_by(person_id=person.id).one()
    assert (grant.role, grant.organisation_id, grant.org_unit_id) == ("manager", agency.id, unit.id)
    admin.post(f"/admin/roles/{grant.id}/revoke")
    assert db.session.query(RoleGrant).filter_by(person_id=person.id).count() == 0


def test_roles_hold_in_the_persons_own_organisation_only(agency):
    person, foreign = make.person(of=agency), make.org_unit()
    for scope in ({"organisation_id": foreign.organisation_id}, {"org_unit_id": foreign.id}, {"org_unit_id": 10**6}):
        with pytest.raises(Invalid):
            services.grant_role(person, "manager", at=NOW, **scope)
    with pytest.raises(Invalid):
        services.grant_role(person, "trainer", at=NOW, org_unit_id=make.org_unit(of=agency).id)


def test_the_last_academy_administrator_stays(admin, visit, agency):
    grant = db.session.query(RoleGrant).filter_by(person_id=admin.person.id).one()
    page = admin.post(f"/admin/roles/{grant.id}/revoke")
    assert "needs an administrator" in page.words
    assert db.session.query(RoleGrant).filter_by(id=grant.id).one_or_none()
    second = make.administrator(of=agency)
    with pytest.raises(Conflict):
        services.deactivate_organisation(agency, at=NOW, actor_id=None)
    services.suspend(second, reason="x", actor_id=None, at=NOW)
    with pytest.raises(Conflict):
        services.suspend(admin.person, reason="x", actor_id=None, at=NOW)


def test_a_command_makes_the_first_administrator(app):
    person = services.create_administrator(email="Root@Example.test", name=make.both("المدير", "Root"), at=NOW)
    assert person.email == "root@example.test"
    assert db.session.query(RoleGrant).filter_by(person_id=person.id, role="administrator", organisation_id=None).one()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_the_administration_opens_in_both_languages(visit, agency, language):
    admin = visit(make.administrator(of=agency, language=language))
    unit = make.org_unit(of=agency)
    other = make.person(unit=unit, name=make.both("", "Latin only"))
    for address in ("people", "people/new", "people/import", f"people/{other.id}", f"people/{other.id}/edit",
                    f"people/{other.id}/suspend", f"people/{other.id}/roles", "organisations", "organisations/new",
                    f"organisations/{agency.id}", f"organisations/{agency.id}/edit", f"organisations/{agency.id}/units/new",
                    f"units/{unit.id}", "audit", "jobs", "settings"):  # fmt: skip
        page = admin.get(f"/admin/{address}")
        assert page.html["lang"] == language
        assert page.select(".sidenav a")
