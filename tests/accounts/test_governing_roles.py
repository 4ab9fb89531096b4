"""ID8, PR3: auditors read and hold no other role; every role is given on the page, with its scope, and stands in the trail."""

import pytest
from sqlalchemy import select

from academy.accounts import services
from academy.accounts.models import RoleGrant
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid
from tests.conftest import NOW
from tests.factories import accounts as people


@pytest.mark.parametrize("role", ["auditor", "officer", "reviewer"])
@pytest.mark.parametrize("everywhere", [True, False])
def test_an_administrator_gives_the_role_with_its_scope(visit, role, everywhere):
    of = people.organisation()
    who = people.person(of=of)
    page = visit(people.administrator())
    page.post(
        f"/admin/people/{who.id}/roles", {"role": role, "scope": "academy" if everywhere else f"organisation:{of.id}"}
    )
    granted = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == who.id)).one()
    assert (granted.role, granted.organisation_id) == (role, None if everywhere else of.id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "accounts:role:grant")).one()
    assert entry.after["role"] == role and entry.subject_id == who.id


def test_an_auditor_holds_no_other_role_whichever_came_first(app):
    of = people.organisation()
    for first, second in (("auditor", "officer"), ("administrator", "auditor"), ("auditor", "administrator")):
        who = people.person(of=of)
        services.grant_role(who, first, organisation_id=of.id, at=NOW)
        with pytest.raises(Invalid):
            services.grant_role(who, second, organisation_id=of.id, at=NOW)
    unit = people.org_unit(of)
    with pytest.raises(Invalid):
        services.grant_role(people.person(of=of), "auditor", org_unit_id=unit.id, at=NOW)


def test_the_auditor_reads_the_settings_shut_and_cannot_send_them(visit):
    page = visit(people.grant(people.person(), "auditor"))
    shown = page.get("/admin/settings")
    assert shown.select_one("main fieldset[disabled] input[name=name-ar]") and not shown.select(
        "main form[method=post]"
    )
    page.post("/admin/settings", {"name-ar": "دخيل"}, 403)
    menu = {a["href"] for a in shown.select("aside a")}
    assert {"/admin/people", "/admin/audit", "/admin/jobs", "/admin/certificates", "/admin/partners"} <= menu
    assert "/admin/announcements" not in menu and "/admin/working-days" not in menu


def test_the_auditor_of_one_organisation_reads_that_alone(visit):
    of, other = people.organisation(), people.person(people.organisation())
    page = visit(people.grant(people.person(), "auditor", of=of))
    page.get(f"/admin/people/{people.person(of).id}")
    page.get(f"/admin/people/{other.id}", 404)
    page.get("/admin/settings", 403)
    page.get("/admin/jobs", 403)


def test_nobody_else_reads_with_the_auditors_eyes(visit):
    for role in ("trainer", "manager", "reviewer"):
        of = people.organisation()
        page = visit(people.grant(people.person(of), role, of=of))
        page.get("/admin/audit", 403)
        page.get("/admin/people", 403)
