"""An organisation's administrator finds no trace of another organisation, anywhere in the administration."""

import io

import pytest

from academy.accounts import services
from academy.accounts.models import ImportPlan, OrgUnit, Person, RoleGrant
from academy.base import audit, jobs
from academy.base.db import db
from tests.conftest import NOW
from tests.factories import accounts as make

CANARY = "كناري-ب"
TRACES = (CANARY, "canary-b", "Canary B")


def _canary(what):
    return make.both(f"{CANARY} {what}", f"Canary B {what}")


@pytest.fixture
def there(app):
    """Organisation B: its people, units, roles, trail and a kept file."""
    organisation = make.organisation("partner", name=_canary("org"), key="canary-b")
    unit = make.org_unit(of=organisation, name=_canary("unit"))
    boss = make.administrator(of=organisation, everywhere=False, name=_canary("boss"), email="boss@canary-b.test")
    details = services.PersonDetails(
        email="p@canary-b.test", name=_canary("person"), org_unit_id=unit.id, manager_id=boss.id
    )
    person = services.create_person(details, organisation_id=organisation.id, at=NOW, actor_id=boss.id)
    grant = (
        make.grant(person, "manager", unit=unit) and db.session.query(RoleGrant).filter_by(person_id=person.id).one()
    )
    document = services.read_people(b"email,name\r\nx@canary-b.test,Canary B", "canary-b.csv")
    plan = services.keep_plan(
        document, organisation_id=organisation.id, file_name="canary-b.csv", owner_id=boss.id, at=NOW
    )
    return {"organisation": organisation, "unit": unit, "boss": boss, "person": person, "grant": grant, "plan": plan}


@pytest.fixture
def here(app):
    return make.organisation(name=make.both("كناري-أ", "Canary A"))


@pytest.fixture
def mine(here):
    return make.person(of=here, name=make.both("كناري-أ موظف", "Canary A employee"))


@pytest.fixture
def local(visit, here, there):
    return visit(make.administrator(of=here, everywhere=False))


def _act_of_a_stranger(there, mine):
    """The academy's administrator sits in B and has changed somebody of A."""
    root = make.administrator(of=there["organisation"], name=_canary("root"))
    before = audit.address_of_request.set("198.51.100.7")
    services.suspend(mine, reason="x", actor_id=root.id, at=NOW)
    services.revive(mine, actor_id=root.id, at=NOW)
    audit.address_of_request.reset(before)


def test_no_page_shows_a_trace_of_the_other_organisation(local, here, there, mine):
    _act_of_a_stranger(there, mine)
    unit = make.org_unit(of=here)
    addresses = (
        "people", "people?q=" + CANARY, "people?q=canary", "people?q=p@canary", f"people?organisation={there['organisation'].id}",
        f"people?unit={there['unit'].id}", "people?role=manager", "people/new", "people/import", f"people/{mine.id}",
        f"people/{mine.id}/edit", f"people/{mine.id}/roles", "organisations", f"organisations/{here.id}", f"units/{unit.id}",
        f"organisations/{here.id}/units/new", "audit", "audit?q=canary", "audit?q=" + CANARY, "audit.csv", "audit.csv?q=canary",
    )  # fmt: skip
    for address in addresses:
        local.get(f"/admin/{address}")
        body = local.response.get_data(as_text=True)
        typed = address.rpartition("q=")[2] if "q=" in address else ""
        found = [
            trace
            for trace in (*TRACES, "198.51.100.7")
            if trace.lower() in body.lower().replace(typed.lower() or "\0", "")
        ]
        assert not found, f"{address} shows {found}"
    for address in ("people?q=" + CANARY, "people?q=canary b"):
        assert not local.get(f"/admin/{address}").select("table a"), address


def test_ids_of_the_other_organisation_answer_404_to_get_and_post(local, there, here, mine):
    person, unit, organisation = there["person"].id, there["unit"].id, there["organisation"].id
    get = (
        f"people/{person}", f"people/{person}/edit", f"people/{person}/suspend", f"people/{person}/roles", f"units/{unit}",
        f"organisations/{organisation}", f"organisations/{organisation}/edit", f"organisations/{organisation}/units/new",
        f"people/new?organisation={organisation}", f"people/import/{there['plan'].id}",
    )  # fmt: skip
    post = (
        *get, f"people/{person}/revive", f"people/{person}/invite", f"people/{person}/end-sessions", f"units/{unit}/deactivate",
        f"units/{unit}/reactivate", f"organisations/{organisation}/deactivate", f"organisations/{organisation}/reactivate",
        f"roles/{there['grant'].id}/revoke", f"people/import/{there['plan'].id}/apply",
    )  # fmt: skip
    read_only = (f"people/{person}", f"organisations/{organisation}", f"people/import/{there['plan'].id}")
    for address in get:
        local.get(f"/admin/{address}", status=404)
    for address in post:
        if address not in read_only:
            local.post(f"/admin/{address}", {"name-ar": "x", "reason": "x", "email": "x@x.test"}, status=404)
    assert there["person"].state == "invited" and there["unit"].active and there["organisation"].active


def test_a_missing_thing_and_anothers_thing_look_alike(local, there):
    absent = local.get("/admin/people/99999999", status=404).words
    assert absent == local.get(f"/admin/people/{there['person'].id}", status=404).words


def test_nothing_of_the_other_organisation_can_be_chosen(local, there, here, mine):
    fields = {"name-ar": "س", "name-en": "", "email": "s@a.test", "org_unit_id": "", "manager": ""}
    local.post("/admin/people/new", {**fields, "org_unit_id": there["unit"].id}, status=422)
    page = local.post("/admin/people/new", {**fields, "manager": "boss@canary-b.test"}, status=422)
    unknown = local.post("/admin/people/new", {**fields, "manager": "nobody@nowhere.test"}, status=422)
    assert page.select_one("#manager-error").get_text() == unknown.select_one("#manager-error").get_text()
    for scope in ("academy", f"organisation:{there['organisation'].id}", f"unit:{there['unit'].id}"):
        local.post(f"/admin/people/{mine.id}/roles", {"role": "manager", "scope": scope}, status=422)
    unit = make.org_unit(of=here)
    local.post(f"/admin/units/{unit.id}", {"name-ar": "س", "parent_id": there["unit"].id}, status=422)
    data = {"organisation_id": there["organisation"].id, "file": (io.BytesIO(b"email,name\r\nq@a.test,Q"), "a.csv")}
    local.post("/admin/people/import", data, status=422, content_type="multipart/form-data")
    assert db.session.query(Person).filter_by(email="s@a.test").count() == 0
    assert db.session.query(RoleGrant).filter_by(person_id=mine.id).count() == 0
    assert db.session.query(ImportPlan).count() == 1
    assert db.session.query(OrgUnit).filter_by(parent_id=there["unit"].id).count() == 0


def test_a_local_administrator_cannot_touch_holders_of_academy_wide_roles(local, here):
    root = make.administrator(of=here, email="root@a.test")
    page = local.get(f"/admin/people/{root.id}")
    person = f"/admin/people/{root.id}/"
    assert not page.select(f"a[href*='{person}'], form[action*='people/{root.id}/'], form[action*='revoke']")
    local.get(f"/admin/people/{root.id}/edit", status=404)
    for act in ("edit", "suspend", "revive", "invite", "end-sessions", "roles"):
        data = {
            "name-ar": "x",
            "email": "mine@a.test",
            "reason": "x",
            "role": "manager",
            "scope": f"organisation:{here.id}",
        }
        local.post(f"/admin/people/{root.id}/{act}", data, status=404)
    grant = db.session.query(RoleGrant).filter_by(person_id=root.id).one()
    local.post(f"/admin/roles/{grant.id}/revoke", status=404)
    assert (root.email, root.state) == ("root@a.test", "active")


@pytest.mark.parametrize("who", ["person", "trainer", "manager"])
def test_others_find_the_administration_closed(visit, here, mine, who):
    visitor = visit(mine if who == "person" else make.grant(mine, who, here))
    for address in (
        "",
        "people",
        "people/new",
        "people/import",
        "organisations",
        "audit",
        "audit.csv",
        "jobs",
        "settings",
        "people/import/template.csv",
    ):
        visitor.get(f"/admin/{address}", status=403)
    visitor.get(f"/admin/people/{mine.id}", status=404)
    visitor.get(f"/admin/organisations/{here.id}", status=404)
    visitor.post("/admin/people/new", {"name-ar": "x", "email": "x@x.test"}, status=403)
    assert not visitor.get("/account").select("a[href^='/admin']")


def test_jobs_and_settings_are_for_academy_administrators(local):
    job = jobs.enqueue("x.y")
    for address in ("jobs", "settings", "organisations/new"):
        local.get(f"/admin/{address}", status=403)
    local.post("/admin/settings", {"name-ar": "x"}, status=403)
    local.post(f"/admin/jobs/{job.id}/retry", status=404)


def test_strangers_are_sent_to_sign_in(browser, here):
    for address in ("people", "audit", f"organisations/{here.id}", "settings"):
        assert browser.client.get(f"/admin/{address}").status_code == 302
