"""What somebody else does between the reading and the writing of an act: nothing is lost, nothing is undone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.accounts import rules, services
from academy.accounts.models import ImportPlan, OrgUnit, Person
from academy.accounts.services import importing, throttling
from academy.base import marks
from academy.base.access import ADMINISTRATOR, Actor, Grant
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Stale
from tests.concurrency import crowd_app, meanwhile, prepared  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as make

pytestmark = pytest.mark.concurrency


def test_a_unit_made_while_its_parent_moves_lies_below_it(crowd_app):  # noqa: F811
    """Else a manager of the new place above would not see its people, and one of the former place would."""
    with prepared(crowd_app):
        agency = make.organisation()
        parent, other = (make.org_unit(of=agency).id for _each in range(2))
        home = agency.id

    def move():
        services.move_org_unit(db.session.get(OrgUnit, parent), db.session.get(OrgUnit, other), at=NOW, actor_id=None)

    with prepared(crowd_app):
        read = db.session.get(OrgUnit, parent)
        came_of_it = meanwhile(crowd_app, move)
        made = services.create_org_unit(home, make.both("جديدة", "New"), at=NOW, parent=read).id
    assert came_of_it() is None
    with prepared(crowd_app):
        assert db.session.get(OrgUnit, made).path == f"/{other}/{parent}/{made}/"


def test_a_unit_closed_while_it_moves_is_closed(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        agency = make.organisation()
        unit, other = (make.org_unit(of=agency).id for _each in range(2))

    def move():
        services.move_org_unit(db.session.get(OrgUnit, unit), db.session.get(OrgUnit, other), at=NOW, actor_id=None)

    with prepared(crowd_app):
        read = db.session.get(OrgUnit, unit)
        came_of_it = meanwhile(crowd_app, move)
        services.deactivate_org_unit(read, at=NOW, actor_id=None)
    assert came_of_it() is None
    with prepared(crowd_app):
        assert not db.session.get(OrgUnit, unit).active and db.session.get(OrgUnit, other).active


def test_whoever_is_anonymised_meanwhile_is_not_brought_back(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        who = make.person(state="suspended")
        make.account(who)
        number, by = who.id, make.administrator(of=who.organisation, everywhere=False).id

    def anonymise():
        services.propose_anonymising(db.session.get(Person, number), "طلب صاحبه", actor_id=by, at=NOW)

    with prepared(crowd_app):
        read = db.session.get(Person, number)
        came_of_it = meanwhile(crowd_app, anonymise)
        refused = None
        try:
            services.revive(read, actor_id=by, at=NOW)
        except Conflict as conflict:
            refused = conflict
    came_of_it()
    with prepared(crowd_app):
        person = db.session.get(Person, number)
        assert refused or person.anonymised_at is None
        assert person.anonymised_at is None or person.state == "suspended"


def test_what_was_written_during_an_import_is_not_overwritten(crowd_app, monkeypatch):  # noqa: F811
    """R35"""
    with prepared(crowd_app):
        agency = make.organisation()
        who = make.person(of=agency, email="one@canary.test", mobile="+966500000001")
        by = make.administrator(of=agency, everywhere=False)
        number, home, admin = who.id, agency.id, by.id
        document = {"rows": [[2, {"email": "one@canary.test", "name_ar": "اسم جديد"}]], "ignored": []}
        plan = services.keep_plan(document, organisation_id=home, file_name="a.csv", owner_id=admin, at=NOW).id
    actor = Actor(
        admin, make.both("م", "A"), "a@b.test", home, None, "ar", "latn", "both", (Grant(ADMINISTRATOR, home),)
    )
    waiting = []

    def change():
        person = db.session.get(Person, number)
        before = services.details_of(person)
        seen = marks.mark(before.as_json())
        services.change_person(person, replace(before, mobile="+966500000002"), actor_id=admin, at=NOW, seen=seen)

    def between(organisation_id, count=1):
        waiting.append(meanwhile(crowd_app, change))

    with prepared(crowd_app):
        row = db.session.get(ImportPlan, plan)
        digest = services.preview(row, actor).digest
        monkeypatch.setattr(importing, "take_seats", between)
        services.apply_plan(row, digest, actor=actor, at=NOW)
    refused = isinstance(waiting[0](), Stale)
    with prepared(crowd_app):
        person = db.session.get(Person, number)
        mobile = "+966500000001" if refused else "+966500000002"
        assert (person.mobile, person.name.ar) == (mobile, "اسم جديد")


def test_two_who_suspend_somebody_at_once_tell_it_once(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        who = make.person()
        number, by = who.id, make.administrator(of=who.organisation).id

    def suspend():
        services.suspend(db.session.get(Person, number), reason="غادر", actor_id=by, at=NOW)

    with prepared(crowd_app):
        read = db.session.get(Person, number)
        came_of_it = meanwhile(crowd_app, suspend)
        services.suspend(read, reason="غادر", actor_id=by, at=NOW)
    came_of_it()
    with prepared(crowd_app):
        told = select(AuditEntry.id).where(AuditEntry.act == "accounts:person:suspend")
        assert len(db.session.scalars(told).all()) == 1


def test_a_limit_holds_for_tries_at_once(crowd_app):  # noqa: F811
    """ASVS 2.3.2, 2.4.1: also for an address that is nobody's account."""
    limited = (("join:canary", rules.Limit(3, timedelta(hours=1))), ("net:canary", rules.Limit(30, timedelta(hours=1))))

    def twice() -> None:
        for _try in range(2):
            throttling.count(limited, at=NOW)

    with prepared(crowd_app):
        twice()
        came_of_it = meanwhile(crowd_app, twice)
    assert isinstance(came_of_it(), throttling.Throttled)
