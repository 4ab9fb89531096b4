"""RE1: certificates that end soon stand on the home page, with the way to renew each."""

from datetime import date, timedelta

import pytest
import time_machine

from academy.base.db import db
from academy.catalogue.models import Course
from academy.credentials import services_of_renewal as renewing
from academy.credentials.queries import certificates_of
from academy.credentials.queries_of_ending import ending_of
from academy.credentials.queries_of_programmes import programme_stages
from academy.credentials.queries_of_renewal import renewal_stages
from academy.credentials.services_of_holds import hold
from academy.credentials.services_of_programmes import renew_programme
from tests.conftest import NOW
from tests.credentials.test_programme_certificates import holding
from tests.factories import accounts as people
from tests.factories import credentials
from tests.factories import renewals as factory

TODAY, LAST = date(2026, 11, 23), date(2027, 1, 10)


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


def found(who, most=20):
    return ending_of(who.id, today=TODAY, most=most)


def listed(page):
    return page.select(".home-ending li")


def test_a_certificate_that_ends_soon_is_renewed_from_home(visit):
    """RE1: the act stands beside the certificate, and leads into the course."""
    who = people.person()
    paper = factory.ending(LAST, who)
    browser = visit(who)
    (row,) = listed(browser.get("/"))
    assert "سارية حتى" in row.get_text()
    action = row.find("form")["action"]
    assert action == f"/certificates/{paper.number}/renew"
    browser.post(action)
    (row,) = listed(browser.get("/"))
    course = db.session.get(Course, paper.course_id)
    assert not row.find("form") and row.find("a", href=f"/courses/{course.key}")


def test_before_the_window_the_day_is_said_and_there_is_no_act(visit):
    """RE1"""
    who = people.person()
    paper = factory.ending(LAST, who)
    factory.terms(paper.course_id, window_days=20)
    (row,) = listed(visit(who).get("/"))
    assert "يمكن تجديدها ابتداءً من" in row.get_text() and not row.find("form")


def test_what_does_not_end_soon_or_counts_no_longer_is_not_listed(app):
    """RE1: far ones, ones long ended, revoked, suspended, replaced, and those without a last day are left out."""
    who = people.person()
    factory.ending(TODAY + timedelta(days=300), who)
    factory.ending(TODAY - timedelta(days=40), who)
    credentials.revoked(factory.ending(LAST, who))
    hold(
        factory.ending(LAST, who).id,
        reason_class="inquiry",
        reason="مسألة قيد النظر",
        actor_id=people.administrator().id,
        at=NOW,
    )
    credentials.certificate(who, validity_months=None)
    assert found(who) == []
    just = factory.ending(TODAY - timedelta(days=9), who)
    assert [each.certificate.number for each in found(who)] == [just.number]


def test_it_says_what_the_page_of_certificates_says(app):
    """RE1: one truth about each renewal, of courses and of programmes, before the window, in it and begun."""
    who = people.person()
    early = factory.ending(LAST, who)
    factory.terms(early.course_id, window_days=10)
    factory.ending(LAST, who)
    begun = factory.ending(LAST, who)
    renewing.renew(begun.id, by_id=who.id, at=NOW)
    of_programme, later = holding(who), holding(who, renewal={"window_days_before": 5})
    renew_programme(of_programme.id, by_id=who.id, at=NOW)
    rows = certificates_of(who.id)
    told = renewal_stages(who, rows, today=TODAY) | programme_stages(who.id, who.organisation_id, rows, today=TODAY)
    mine = {each.certificate.id: each for each in found(who)}
    assert {begun.id, of_programme.id, later.id} < mine.keys() and len(mine) == 5
    for key, each in mine.items():
        same = told[key]
        assert (each.stage, each.opens_on) == (same.stage, same.opens_on)
        if each.stage.value == "begun":
            assert (each.course_key, each.programme_key) == (same.course_key, same.programme_key)


def test_nobody_finds_the_certificates_of_others(visit):
    """RE1"""
    factory.ending(LAST, people.person())
    assert not listed(visit(people.person()).get("/"))


@pytest.mark.parametrize("number", [1, 12])
def test_home_stays_within_eight_statements_however_many_end(visit, statements, number):
    """RE1"""
    who = people.person()
    for _ in range(number):
        factory.ending(LAST, who)
    browser = visit(who)
    with statements() as seen:
        browser.get("/")
    assert len(seen) <= 8, seen
