"""CE1, CE8, ID8: a credential officer keeps certificates, templates and keys, and governs neither people nor settings."""

import pytest
import time_machine
from sqlalchemy import func, select

from academy.accounts.models import Academy
from academy.base.db import db
from academy.catalogue.models import Course
from academy.credentials import services_of_revoking
from academy.credentials.models import CertificateImport
from academy.credentials.models_of_templates import CertificateTemplate
from academy.notices.models import Notice
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both
from tests.security.test_foreign_acts import a_file


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def agency(app):
    return people.organisation(name=both("الوكالة", "The agency"))


@pytest.fixture
def certificate(agency):
    course = catalogue.course(agency, key="cx", title=both("أساسيات", "Foundations"))
    return credentials.certificate(people.person(of=agency, email="holder@a.test"), course, at=NOW)


@pytest.fixture
def officer(agency):
    return people.grant(people.person(of=agency, email="officer@a.test"), "officer")


def test_the_officer_finds_the_way_and_governs_nobody(visit, officer, certificate):
    page = visit(officer)
    page.get("/admin/", 302)
    home = page.get(page.response.headers["Location"])
    assert home.select_one("h1").get_text(strip=True) == "الشهادات"
    assert {a["href"] for a in home.select("aside a")} == {"/admin/certificates"}
    page.get(f"/admin/certificates/{certificate.number}")
    page.get(f"/certificates/{certificate.number}.pdf")
    for shut in (
        "/admin/people",
        "/admin/settings",
        "/admin/audit",
        "/admin/jobs",
        "/admin/letters",
        "/teach",
        "/admin/partners",
    ):
        page.get(shut, 403)
    page.get(f"/admin/people/{certificate.holder_id}", 404)
    page.post(f"/admin/people/{certificate.holder_id}/suspend", {"reason": "x"}, 404)
    page.post("/admin/settings", {"name-ar": "x"}, 403)


def test_two_officers_revoke_one_proposes_another_confirms(visit, agency, officer, certificate):
    db.session.get_one(Academy, 1).two_person_revocation = True
    second = people.grant(people.person(of=agency), "officer", of=agency)
    here = f"/admin/certificates/{certificate.number}"
    visit(officer).post(f"{here}/propose", {"reason_class": "error", "reason": "خطأ"})
    told = select(func.count()).where(Notice.person_id == second.id, Notice.kind == "revocation_waits")
    assert certificate.revoked_at is None and db.session.scalar(told) == 1
    proposal = services_of_revoking.open_proposal(certificate.id)
    visit(officer).post(f"/admin/certificates/revocations/{proposal.id}/confirm", {"meant": "y"}, 404)
    visit(second).post(f"/admin/certificates/revocations/{proposal.id}/confirm", {"meant": "y"})
    assert certificate.revoked_by_id == second.id


def test_the_officer_suspends_issues_imports_and_designs(visit, agency, officer, certificate):
    page = visit(officer)
    page.post(f"/admin/certificates/{certificate.number}/hold", {"hold_class": "inquiry", "hold_reason": "شكوى"})
    assert certificate.held_class == "inquiry"
    courses = page.get("/admin/certificates/courses")
    row = courses.select_one("tbody tr")
    assert "أساسيات" in row.get_text() and row.select_one("a[href='/teach/cx/issue-certificates']")
    for door in ("issue-certificates", "certificate-template", "recertification"):
        assert page.get(f"/teach/cx/{door}").select_one("aside a[href='/admin/certificates']")
    rows = b"email,key,issued on,former number\nholder@a.test,cx,2020-01-01,1\n"
    page.post("/admin/certificates/import", {"organisation_id": str(agency.id), "file": a_file(data=rows)})
    assert db.session.scalar(select(CertificateImport.owner_id)) == officer.id
    page.post("/admin/certificates/templates/new", {"name-ar": "شكل", "name-en": "Look", "organisation": ""})
    assert (
        db.session.scalar(select(CertificateTemplate.organisation_id).order_by(CertificateTemplate.id.desc())) is None
    )


def test_an_organisations_officer_keeps_what_it_gave_to_its_own_people_alone(visit, agency, certificate):
    partner = people.organisation("partner")
    page = visit(people.grant(people.person(of=partner), "officer", of=partner))
    page.get(f"/admin/certificates/{certificate.number}", 404)
    mine = credentials.certificate(people.person(of=partner), catalogue.course(agency), at=NOW)
    page.get(f"/admin/certificates/{mine.number}")
    page.post(f"/admin/certificates/{mine.number}/hold", {"hold_class": "inquiry", "hold_reason": "x"}, 404)
    assert page.get("/admin/certificates/courses").select("tbody tr") == []
    page.get("/teach/cx/issue-certificates", 404)


def test_the_officer_sees_no_tabs_of_a_course_that_others_edit(visit, officer, certificate):
    course = db.session.get(Course, certificate.course_id)
    assert not visit(officer).get(f"/teach/{course.key}/recertification").select(".tabs")
