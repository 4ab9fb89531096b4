"""Certificates of programmes that end soon, for the manager: counted, listed, led into their renewal."""

from datetime import date, timedelta

import pytest
import time_machine

from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.credentials.queries_of_programmes import newest_programme_version
from academy.learning.models import ProgrammeRenewal, Renewal
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials, learning
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
    assert page.select_one("#follow-up small[role=status]").get_text() == "1 certificate"  # as the figure above said
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


def test_a_course_whose_certificate_ends_offers_its_renewal_to_the_manager(app, visit):
    """RE3, CE5: in the list of what ends; begun once, the list offers a reminder; early and foreign ones are refused."""
    boss = people.manager(language="en")
    who = people.person(of=boss.organisation, manager=boss, name=people.both("سالم", "Salem"))
    course = catalogue.course(of=boss.organisation, audience="organisation", validity_months=12)
    with time_machine.travel(NOW, tick=False):
        row = credentials.certificate(who, course, at=NOW - timedelta(days=340))
        address = f"/team/people/{who.id}/courses/{course.key}/renew"
        browser = visit(boss)
        act = browser.get("/team?state=expiring").select_one(f"button[formaction='{address}']")
        assert "Begin the renewal" in act.get_text()
        assert "The renewal has begun" in browser.post(address).words
        assert db.session.query(Renewal).one().learner_id == who.id
        page = browser.get("/team?state=expiring")
        assert not page.select(f"button[formaction='{address}']") and page.select("button[name='enrolment']")
        entry = db.session.query(AuditEntry).filter_by(act="credentials:certificate:renew-for").one()
        assert (entry.actor_id, entry.subject_id) == (boss.id, row.id)
        for stranger in (people.manager(), people.person(of=boss.organisation), who):
            visit(stranger).post(address, status=404)


def test_what_cannot_be_renewed_yet_says_from_when(app, visit):
    """CE5"""
    boss = people.manager(language="en")
    who, course = (
        people.person(of=boss.organisation, manager=boss),
        catalogue.course(of=boss.organisation, validity_months=24),
    )
    with time_machine.travel(NOW, tick=False):
        credentials.certificate(who, course, at=NOW - timedelta(days=30))
        page = visit(boss).post(f"/team/people/{who.id}/courses/{course.key}/renew")
    assert "can be renewed from" in page.words and db.session.query(Renewal).count() == 0


def test_the_page_of_a_programme_leads_into_its_renewal(team, visit, statements):
    """CE5, CA6: whoever holds its certificate sees until when, and begins the renewal there; others see nothing of it."""
    manager, who, programme = team
    browser = visit(who)
    with statements() as seen:
        page = browser.get(f"/programmes/{programme.key}")
    assert len(seen) <= 14, len(seen)
    form = page.select_one("form[action$='/renew']")
    assert form and "تسري الشهادة حتى" in page.words
    page = browser.post(form["action"])
    assert page.select_one("h1").get_text() == programme_title(programme)
    page = browser.get(f"/programmes/{programme.key}")
    assert not page.select("form[action$='/renew']") and "بدأ" in page.words
    assert (
        not visit(people.person(of=manager.organisation))
        .get(f"/programmes/{programme.key}")
        .select("form[action$='/renew']")
    )


def programme_title(programme):
    return newest_programme_version(programme.id).title.ar
