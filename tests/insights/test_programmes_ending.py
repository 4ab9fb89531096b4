"""Certificates of programmes that end soon, for the manager: counted, listed, led into their renewal."""

from datetime import date, timedelta

import pytest
import time_machine

from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.learning.models import ProgrammeRenewal
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning
from tests.factories import programmes as make

END = date(2026, 12, 18)


@pytest.fixture
def team(app):
    """A manager with somebody whose certificate of a programme ends in less than a month; the programme."""
    manager = people.manager(language="en")
    of = manager.organisation
    who = people.person(of=of, manager=manager, name=people.both("سالم", "Salem"))
    course = catalogue.course(of=of, gives_certificate=False)
    programme = make.programme(of, groups=[(None, [make.for_course(course)])], validity_months=12)
    with time_machine.travel(NOW, tick=False):
        at = NOW - timedelta(days=340)
        make.place(programme, who, at=at)
        learning.completed(learning.enrolment(who, course, at=at), at=at)
        jobs.run_all_due()
        yield manager, who, programme


def test_the_list_of_what_ends_leads_to_the_renewal_of_programmes(team, visit, statements):
    """RE2, CA9"""
    manager, who, programme = team
    browser = visit(manager)
    assert browser.get("/team").find("a", href="/team?state=expiring#follow-up")
    with statements() as seen:
        page = browser.get("/team?state=expiring")
    assert len(seen) <= 8
    address = f"/team/people/{who.id}/programmes/{programme.key}/renew"
    assert page.select_one(f"form[action='{address}']") and "Salem" in page.words
    for _time in range(2):
        browser.post(address)
    renewal = db.session.query(ProgrammeRenewal).one()
    assert (renewal.learner_id, renewal.begun_by_id) == (who.id, manager.id)
    page = browser.get("/team?state=expiring")
    assert not page.select_one(f"form[action='{address}']") and "being renewed" in page.words
    jobs.run_all_due()
    assert db.session.query(Notice).filter_by(person_id=who.id, kind="renewal_began").count() == 1
    acts = db.session.query(AuditEntry).filter_by(act="credentials:certificate:renew-for").all()
    assert {entry.actor_id for entry in acts} == {manager.id}


def test_nobody_renews_for_people_of_others(team, visit):
    """RE2, P3"""
    manager, who, programme = team
    address = f"/team/people/{who.id}/programmes/{programme.key}/renew"
    for stranger in (people.manager(), people.person(of=manager.organisation), who):
        visit(stranger).post(address, status=404)
    visit(manager).post(f"/team/people/{manager.id}/programmes/{programme.key}/renew", status=404)
    assert db.session.query(ProgrammeRenewal).count() == 0
