"""Organisations and the tree of their units."""

import pytest

from academy.accounts import services
from academy.accounts.models import Organisation, OrgUnit
from academy.accounts.queries_of_administration import unit_tree
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as make


@pytest.fixture
def agency(app):
    return make.organisation()


@pytest.fixture
def admin(visit, agency):
    return visit(make.administrator(of=agency, language="en"))


def test_a_partner_is_added_renamed_closed_and_opened_again(admin, visit):
    admin.post("/admin/organisations/new", {"name-ar": "شريك", "name-en": "Bright Partner", "kind": "partner"})
    partner = db.session.query(Organisation).filter_by(kind="partner").one()
    assert partner.key == "bright-partner"
    admin.post(f"/admin/organisations/{partner.id}/edit", {"name-ar": "شريك آخر", "name-en": ""})
    assert partner.name == make.both("شريك آخر", "")
    theirs = visit(make.person(of=partner))
    assert theirs.client.get("/account").status_code == 200
    admin.post(f"/admin/organisations/{partner.id}/deactivate")
    assert theirs.client.get("/account").status_code == 302, "a session of a closed organisation still works"
    admin.post(f"/admin/organisations/{partner.id}/reactivate")
    assert theirs.client.get("/account").status_code == 200
    acts = [entry.act.rpartition(":")[2] for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts == ["create", "rename", "deactivate", "reactivate"]


def test_two_organisations_of_one_name_get_keys_of_their_own(app):
    keys = [services.create_organisation(make.both("", "Same"), at=NOW).key for _time in range(3)]
    assert keys == ["same", "same-2", "same-3"]
    assert services.create_organisation(make.both("جهة", ""), kind="partner", at=NOW).key == "partner"


def test_an_organisation_needs_a_name(admin):
    page = admin.post("/admin/organisations/new", {"name-ar": " ", "name-en": "", "kind": "agency"}, status=422)
    assert page.select_one("#name-ar-error")


def test_units_are_added_renamed_and_shown_as_a_tree_of_links(admin, agency):
    admin.post(f"/admin/organisations/{agency.id}/units/new", {"name-ar": "قمة", "name-en": "Top", "parent_id": ""})
    top = db.session.query(OrgUnit).filter_by(organisation_id=agency.id).one()
    admin.post(
        f"/admin/organisations/{agency.id}/units/new", {"name-ar": "فرع", "name-en": "Branch", "parent_id": top.id}
    )
    page = admin.get(f"/admin/organisations/{agency.id}")
    assert [a.get_text() for a in page.select(".unit-tree .unit-tree a")] == ["Branch"]
    branch = db.session.query(OrgUnit).filter_by(parent_id=top.id).one()
    assert branch.path == f"{top.path}{branch.id}/"
    admin.post(f"/admin/units/{branch.id}", {"name-ar": "غصن", "name-en": "Bough", "parent_id": top.id})
    assert branch.name.en == "Bough" and branch.parent_id == top.id


def test_moving_a_unit_takes_everything_below_it_along(admin, agency):
    a = make.org_unit(of=agency)
    b = make.org_unit(parent=a)
    c = make.org_unit(parent=b)
    d = make.org_unit(of=agency)
    bystander = make.org_unit(of=agency)
    admin.post(f"/admin/units/{a.id}", {"name-ar": "أ", "name-en": "A", "parent_id": d.id})
    paths = {unit.id: unit.path for unit in db.session.query(OrgUnit)}
    assert paths == {
        d.id: f"/{d.id}/", a.id: f"/{d.id}/{a.id}/", b.id: f"/{d.id}/{a.id}/{b.id}/", c.id: f"/{d.id}/{a.id}/{b.id}/{c.id}/",
        bystander.id: f"/{bystander.id}/",
    }  # fmt: skip
    admin.post(f"/admin/units/{b.id}", {"name-ar": "ب", "name-en": "B", "parent_id": ""})
    assert db.session.get(OrgUnit, c.id).path == f"/{b.id}/{c.id}/"


def test_a_unit_cannot_lie_below_itself_or_in_another_organisation(admin, agency):
    a = make.org_unit(of=agency)
    b = make.org_unit(parent=a)
    foreign = make.org_unit()
    for parent in (b, a, foreign):
        with pytest.raises(Invalid):
            services.move_org_unit(a, parent, at=NOW, actor_id=None)
        admin.post(f"/admin/units/{a.id}", {"name-ar": "أ", "name-en": "A", "parent_id": parent.id}, status=422)
    admin.post(
        f"/admin/organisations/{agency.id}/units/new",
        {"name-ar": "أ", "name-en": "", "parent_id": foreign.id},
        status=422,
    )


def test_a_tree_cannot_grow_deeper_than_it_can_be_read(agency):
    unit = None
    with pytest.raises(Invalid):
        for _level in range(40):
            unit = services.create_org_unit(agency.id, make.both("و", ""), parent=unit, at=NOW)


def test_closing_a_unit_closes_those_below_and_opening_one_opens_those_above(admin, agency):
    a = make.org_unit(of=agency)
    b = make.org_unit(parent=a)
    make.org_unit(of=agency)
    admin.post(f"/admin/units/{a.id}/deactivate")
    assert [unit.active for unit in (a, b)] == [False, False]
    assert str(b.id) not in [o["value"] for o in admin.get("/admin/people/new").select("#org_unit_id option")]
    admin.post(f"/admin/units/{b.id}/reactivate")
    assert [unit.active for unit in (a, b)] == [True, True]


@pytest.mark.parametrize("count", [1, 60])
def test_the_tree_costs_the_same_statements_however_many_units(admin, agency, statements, count):
    top = make.org_unit(of=agency)
    for _number in range(count):
        make.org_unit(parent=top)
    with statements() as seen:
        admin.get(f"/admin/organisations/{agency.id}")
        admin.get("/admin/organisations")
    assert len(seen) <= 10, "\n".join(seen)
    assert len(unit_tree(agency.id)) == count + 1


def test_only_academy_administrators_add_and_close_organisations(visit, agency):
    local = visit(make.administrator(of=agency, everywhere=False))
    local.get(f"/admin/organisations/{agency.id}")
    local.get("/admin/organisations/new", status=403)
    local.post("/admin/organisations/new", {"name-ar": "س", "kind": "agency"}, status=403)
    for act in ("edit", "deactivate", "reactivate"):
        local.post(f"/admin/organisations/{agency.id}/{act}", {"name-ar": "س"}, status=404)
    assert agency.active


@pytest.mark.concurrency
def test_two_moves_at_once_never_make_a_circle(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        agency = make.organisation()
        ids = [make.org_unit(of=agency).id for _number in range(2)]

    def move(number):
        mine, other = db.session.get(OrgUnit, ids[number]), db.session.get(OrgUnit, ids[1 - number])
        services.move_org_unit(mine, other, at=NOW, actor_id=None)

    outcomes = run_together(2, move, app=crowd_app)
    assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 1, outcomes
    with prepared(crowd_app):
        assert sorted(unit.path.count("/") for unit in db.session.query(OrgUnit)) == [2, 3]


@pytest.mark.concurrency
def test_organisations_added_at_once_under_one_name_have_keys_of_their_own(crowd_app):  # noqa: F811
    def add(number):
        return services.create_organisation(make.both("شريك", "Bright Partner"), kind="partner", at=NOW).key

    outcomes = run_together(3, add, app=crowd_app)
    assert sorted(outcomes) == ["bright-partner", "bright-partner-2", "bright-partner-3"], outcomes
