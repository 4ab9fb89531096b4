"""ID8, PR3: auditors read and hold no other role; every role is given on the page, with its scope, and stands in the trail."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.accounts import services
from academy.accounts.models import Person, RoleGrant
from academy.accounts.services import roles
from academy.base.audit import AuditEntry
from academy.base.db import about_to_write, db
from academy.base.errors import Invalid
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
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


@pytest.mark.parametrize(("first", "second"), [("auditor", "manager"), ("manager", "auditor")])
def test_the_database_keeps_auditors_apart_too(app, first, second):
    """ID8: whoever wrote past the services would be refused: a grant stands on the side of its person."""
    who = people.grant(people.person(), first)
    for audits in (second == "auditor", first == "auditor"):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.add(RoleGrant(person_id=who.id, role=second, audits=audits, granted_at=NOW))
            db.session.flush()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        who.audits = second == "auditor"
        db.session.flush()


@pytest.mark.concurrency
@pytest.mark.parametrize("checked", [True, False], ids=["by the service", "by the database alone"])
def test_auditor_and_manager_given_at_once_leave_one(crowd_app, monkeypatch, checked):  # noqa: F811
    with prepared(crowd_app):
        ids = [people.person().id for _ in range(4)]
    if not checked:
        monkeypatch.setattr(roles, "_keep_auditors_apart", _choose_side)

    def give(number: int) -> str:
        about_to_write()
        who, role = ids[number // 2], ("auditor", "manager")[number % 2]
        services.grant_role(db.session.get_one(Person, who), role, at=NOW)
        db.session.commit()
        return role

    outcomes = run_together(8, give, app=crowd_app)
    given = winners(outcomes)
    assert len(given) == 4, outcomes
    assert all(isinstance(each, str | Invalid | IntegrityError) for each in outcomes), outcomes
    with prepared(crowd_app):
        held = db.session.execute(select(RoleGrant.person_id, RoleGrant.role)).all()
        assert sorted(row.person_id for row in held) == ids
        assert sorted(row.role for row in held) == sorted(given)


def _choose_side(person: Person, role: str) -> None:
    """What the service does when it looks at no other grant."""
    person.audits = role == "auditor"
    db.session.flush()


def test_an_auditors_side_is_left_with_the_role(app):
    """ID8: whoever audited and does no more can be given another role, and the way back."""
    who = people.person()
    for role in ("auditor", "manager", "auditor"):
        services.revoke_role(services.grant_role(who, role, at=NOW), at=NOW)
        db.session.commit()


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
