"""CE8: certificates for many who completed a course before it gave any: a dry run of fates, then each once."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.catalogue.services import publish
from academy.credentials import services, services_of_issuing
from academy.credentials.models import Certificate
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both
from tests.factories.credentials import DONE_AT


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def agency(app):
    return people.organisation()


@pytest.fixture
def course(agency):
    """A course that people completed while it gave no certificate, and that gives one for 12 months now."""
    row = catalogue.course(agency, key="late", title=both("متأخر", "Late"), gives_certificate=False, hours=3)
    for name, at in (("a", DONE_AT), ("b", DONE_AT), ("ended", DONE_AT - timedelta(days=400))):
        credentials.completed(people.person(of=agency, email=f"{name}@a.test"), row, at=at)
    suspended = people.person(of=agency, email="suspended@a.test", state="suspended")
    credentials.completed(suspended, row)
    exempted = credentials.completed(people.person(of=agency, email="exempted@a.test"), row)
    exempted.exempted = True
    begun = credentials.completed(people.person(of=agency, email="begun@a.test"), row)
    begun.state, begun.completed_at = "active", None
    credentials.completed(people.person(email="elsewhere@b.test"), row)
    db.session.flush()
    draft = catalogue.draft(row)
    draft.gives_certificate, draft.validity_months = True, 12
    publish(row, actor_id=None, at=NOW)
    return row


@pytest.fixture
def admin(visit, agency, course):
    return visit(people.administrator(of=agency, everywhere=False, language="en"))


def fates(page):
    rows = page.select("table tbody tr")
    return {
        row.select_one("bdi[dir=ltr]").get_text(): row.select("td, th")[3].get_text(" ", strip=True) for row in rows
    }


def send(visitor, page, **what):
    digest = page.select_one("main form [name=digest]")["value"]
    page = visitor.post("/teach/late/issue-certificates", {"digest": digest, **what})
    jobs.run_all_due()
    return page


def issued() -> list[Certificate]:
    return list(db.session.scalars(select(Certificate).order_by(Certificate.holder_id)))


def test_the_dry_run_shows_fates_and_issuing_does_exactly_that_once(admin, course):
    page = admin.get("/teach/late/issue-certificates")
    assert fates(page) == {
        "a@a.test": "Would get one", "b@a.test": "Would get one", "ended@a.test": "Would have ended already",
        "suspended@a.test": "Suspended for now", "exempted@a.test": "Exempted", "begun@a.test": "Not completed",
    }  # fmt: skip
    assert not issued(), "the dry run has issued something"
    first = page.select_one("input[name=enrolment]")["value"]
    assert "at least one" in send(admin, page, whom="chosen", enrolment="999999").words
    assert "1 certificate is being issued" in send(admin, page, whom="chosen", enrolment=first).words
    (row,) = issued()
    assert (row.issued_on, row.expires_on, row.cycle) == (date(2026, 11, 23), date(2027, 11, 3), 1)
    assert row.facts["hours"] is not None and row.imported_on is None
    assert "Something has changed" in send(admin, page, whom="all").words, "an old page has issued something"
    page = admin.get("/teach/late/issue-certificates")
    assert fates(page)["a@a.test"] == "Has one already"
    send(admin, page, whom="all")
    assert len(issued()) == 2
    services.issue_for_completion(issued()[1].enrolment_id, at=clock.now(), later=True)
    assert len(issued()) == 2, "one was issued twice"
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "credentials:certificate:issue")).all()
    assert [(each.after["people"], each.actor_id) for each in entries] == [(1, admin.person.id)] * 2
    page = admin.get("/teach/late/issue-certificates", query_string={"fate": "gets"})
    assert not fates(page) and not page.select("main form button[value=all]")


def test_the_job_issues_nothing_that_is_not_due(course):
    for enrolment_id in db.session.scalars(select(services.Enrolment.id).order_by(services.Enrolment.id)).all():
        place = db.session.get_one(services.Enrolment, enrolment_id)
        if place.state != "completed" or place.exempted:
            with pytest.raises(services.NotYetEarned):
                services.issue_for_completion(enrolment_id, at=clock.now(), later=True)
        else:
            assert services.issue_for_completion(enrolment_id, at=clock.now()) is None
            services.issue_for_completion(enrolment_id, at=clock.now(), later=True)
    assert db.session.scalar(select(func.count()).where(Certificate.issued_on < date(2026, 11, 23))) == 0
    assert all(each.expires_on > date(2026, 11, 23) for each in issued())


def test_only_administrators_of_the_giver_issue(visit, agency, course):
    """CE8: tried as the wrong person."""
    nothing = catalogue.course(agency, key="nothing", gives_certificate=False)
    page = visit(people.administrator(of=agency, everywhere=False, language="en")).get(
        f"/teach/{nothing.key}/issue-certificates"
    )
    assert "gives no certificate" in page.words
    for make in (
        lambda: people.trainer(of=agency),
        lambda: people.administrator(of=people.organisation(), everywhere=False),
        lambda: people.person(of=agency),
    ):
        for method in ("get", "post"):
            assert getattr(visit(make()).client, method)("/teach/late/issue-certificates").status_code in (
                400,
                403,
                404,
            )
    assert not issued()


def test_a_thousand_at_once_are_issued_in_parts_and_the_page_says_how_far_it_is(admin, course, monkeypatch):
    """CE8: nobody is left out in silence, and whoever waits is neither counted as open nor issued to twice."""
    monkeypatch.setattr(services_of_issuing, "PART", 1)
    page = admin.get("/teach/late/issue-certificates")
    digest = page.select_one("main form [name=digest]")["value"]
    page = admin.post("/teach/late/issue-certificates", {"digest": digest, "whom": "all"})
    assert {fates(page)[who] for who in ("a@a.test", "b@a.test")} == {"Is being issued"}
    assert "2 certificates are still being issued" in page.words and not page.find("button", attrs={"value": "all"})
    queued = db.session.scalars(select(jobs.Job).where(jobs.Job.name == "credentials.issue_many")).all()
    assert [len(each.arguments["enrolment_ids"]) for each in queued] == [1, 1]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "credentials:certificate:issue")).all()
    assert [(each.after["people"], each.after["of"]) for each in entries] == [(1, 2), (1, 2)]
    queued[0].state = "failed"
    db.session.flush()
    page = admin.get("/teach/late/issue-certificates")
    assert "Could not be issued" in fates(page).values() and "Some could not be issued" in page.words
    queued[0].state = "queued"
    jobs.run_all_due()
    page = admin.get("/teach/late/issue-certificates")
    assert {fates(page)[who] for who in ("a@a.test", "b@a.test")} == {"Has one already"} and len(issued()) == 2
