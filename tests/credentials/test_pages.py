"""The holder's certificates, their paper, and the administrators' list: each for those whom they concern, and nobody else."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import select, update

from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.catalogue.models import Course
from academy.credentials import drawing
from academy.credentials.models import Certificate
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials, learning
from tests.factories.accounts import both

REVOKE = {"reason_class": "integrity", "reason": "ثبت الانتحال", "meant": "y"}


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def holder(app):
    """Somebody with a manager."""
    home = people.organisation(name=both("الجهة الأولى", "First"))
    chief = people.person(of=home, name=both("المدير", "Chief"))
    return people.person(of=home, manager=chief, name=both("نورة CANARY", "Noura CANARY"))


@pytest.fixture
def certificate(holder) -> Certificate:
    """The holder's certificate, issued by their own organisation."""
    owner = db.session.get(people.Organisation, holder.organisation_id)
    return credentials.certificate(
        holder, catalogue.course(owner, title=both("قياس التجربة", "Measuring"), validity_months=24)
    )


def administrator_of(organisation_id: int):
    return people.administrator(db.session.get(people.Organisation, organisation_id), everywhere=False)


# --- The holder --------------------------------------------------------------------------------------


def test_the_holder_finds_each_certificate_with_number_dates_and_state(visit, holder, certificate):
    credentials.certificate(holder, at=NOW - timedelta(days=60), validity_months=1)
    credentials.certificate(holder, at=NOW - timedelta(days=20), validity_months=1)
    credentials.revoked(credentials.certificate(holder))
    page = visit(holder).get("/certificates")
    assert "شهاداتي" in page.h1
    assert len(page.select("article.paper")) == 4
    for said in ("قياس التجربة", certificate.number, "سارية", "منتهية", "تنتهي قريبًا", "مسحوبة"):
        assert said in page.words
    links = [link["href"] for link in page.select("article a")]
    assert f"/certificates/{certificate.number}.pdf" in links and f"/verify/{certificate.number}" in links


def test_the_page_of_the_course_leads_to_its_certificate(visit, holder, certificate):
    course = db.session.get(Course, certificate.course_id)
    learning.enrolment(holder, course)
    address, lead = f"/courses/{course.key}", f"a[href='/certificates#c{certificate.number}']"
    assert "شهادتك" in visit(holder).get(address).select_one(lead).get_text()
    credentials.revoked(certificate)
    assert not visit(holder).get(address).select_one(lead)


def test_a_voice_tells_the_buttons_of_one_certificate_from_those_of_another(visit, holder, certificate):
    credentials.certificate(holder, catalogue.course(title=both("صوت المستفيد", "Voice")))
    said = [
        each.get_text(" ", strip=True) for each in visit(holder).get("/certificates").select("main .paper [data-copy]")
    ]
    assert len(said) == len(set(said)) == 2


def test_the_page_is_in_english_for_whoever_reads_english(visit, holder, certificate):
    holder.language = "en"
    page = visit(holder).get("/certificates")
    assert page.h1.get_text() == "My certificates" and "Measuring" in page.words


def test_a_newcomer_is_told_how_certificates_come(app, visit):
    page = visit(people.person()).get("/certificates")
    assert "لا شهادات بعد" in page.words and not page.select("article")


def test_the_list_takes_few_statements_however_long(visit, holder, statements):
    course_counts = []
    for _ in range(2):
        for _ in range(5):
            credentials.certificate(holder)
        visitor = visit(holder)
        with statements() as seen:
            visitor.get("/certificates")
        course_counts.append(len(seen))
    assert course_counts[0] == course_counts[1] <= 8


def test_the_paper_is_a_pdf_of_the_same_bytes_every_time(visit, holder, certificate):
    visitor, papers = visit(holder), []
    for _ in range(2):
        visitor.get(f"/certificates/{certificate.number}.pdf")
        papers.append(visitor.response.get_data())
    assert papers[0] == papers[1]
    assert certificate.number[:5] in PdfReader(BytesIO(papers[0])).pages[0].extract_text()
    headers = visitor.response.headers
    assert headers["Content-Type"] == "application/pdf" and headers["Cache-Control"] == "private, no-cache"
    kept = visitor.client.get(f"/certificates/{certificate.number}.pdf", headers={"If-None-Match": headers["ETag"]})
    assert kept.status_code == 304


def test_the_file_is_named_in_arabic(visit, holder, certificate):
    """RFC 5987; nothing of a title can break out of the header."""
    visitor = visit(holder)
    visitor.get(f"/certificates/{certificate.number}.pdf")
    said = visitor.response.headers["Content-Disposition"]
    assert said.isascii() and said.startswith("attachment; ")
    assert unquote(said.split("filename*=UTF-8''")[1]) == f"شهادة - قياس التجربة - {certificate.number[:5]}.pdf"


@pytest.mark.parametrize("title", ['a"; filename=evil.exe; x="', "a/b\\c:d*?<>|", "م" * 250, "…"])
def test_any_title_makes_a_safe_file_name(visit, holder, title):
    row = credentials.certificate(holder, title=both(title, ""))
    visitor = visit(holder)
    visitor.get(f"/certificates/{row.number}.pdf")
    named = unquote(visitor.response.headers["Content-Disposition"])
    assert not set("/\\:*?<>|") & set(named.partition("UTF-8''")[2]) and "evil.exe;" not in named


def test_there_is_a_picture_of_it(visit, holder, certificate):
    visitor = visit(holder)
    visitor.get(f"/certificates/{certificate.number}.png")
    assert visitor.response.get_data().startswith(b"\x89PNG")
    assert visitor.response.headers["Cache-Control"].startswith("private")


def test_a_revoked_paper_can_still_be_fetched(visit, holder, certificate):
    credentials.revoked(certificate)
    visit(holder).get(f"/certificates/{certificate.number}.pdf")


def test_a_paper_that_cannot_be_drawn_gives_a_sentence(visit, holder, certificate, monkeypatch):
    def broken(_facts):
        raise drawing.CannotDraw("no fonts")

    monkeypatch.setattr(drawing, "draw", broken)
    page = visit(holder).get(f"/certificates/{certificate.number}.pdf", 503)
    assert "يتعذّر إعداد ملف الشهادة" in page.words


def test_facts_that_cannot_be_read_give_a_sentence(visit, holder, certificate):
    db.session.execute(update(Certificate).values(facts={"number": ""}))
    db.session.expire_all()
    visit(holder).get(f"/certificates/{certificate.number}.pdf", 503)


# --- Who may fetch it --------------------------------------------------------------------------------


def test_manager_and_administrators_fetch_it_too(visit, holder, certificate):
    chief = db.session.get(people.Person, holder.manager_id)
    for who in (chief, administrator_of(holder.organisation_id), people.administrator()):
        visit(who).get(f"/certificates/{certificate.number}.pdf")


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_nobody_else_does(browser, visit, holder, certificate, kind):
    stranger_chief = people.manager()
    elsewhere = administrator_of(people.organisation().id)
    colleague = people.person(of=db.session.get(people.Organisation, holder.organisation_id))
    for who in (colleague, stranger_chief, elsewhere, people.trainer()):
        visit(who).get(f"/certificates/{certificate.number}.{kind}", 404)
    browser.get(f"/certificates/{certificate.number}.{kind}", 302)


def test_unknown_and_malformed_numbers_are_not_found(visit, holder):
    for number in ("0" * 27, "abc", "%00"):
        visit(holder).get(f"/certificates/{number}.pdf", 404)


def test_others_certificates_are_not_in_my_list(visit, certificate):
    page = visit(people.person()).get("/certificates")
    assert "CANARY" not in page.words and certificate.number not in page.words


def test_anonymous_visitors_are_asked_to_sign_in(browser, app):
    for address in ("/certificates", "/admin/certificates"):
        browser.get(address, 302)
        assert "/sign-in" in browser.response.location


# --- Administration ------------------------------------------------------------------------------------


def test_an_administrator_finds_certificates_by_holder_course_and_number(visit, certificate):
    other = credentials.certificate(
        people.person(name=both("خالد الشمري", "Khalid")), title=both("تصميم الخدمة", "Design")
    )
    visitor = visit(people.administrator())
    for typed in ("نوره", "noura", "القياس", certificate.number.lower().replace("-", " ")):
        page = visitor.get("/admin/certificates", query_string={"q": typed})
        assert certificate.number in page.words and other.number not in page.words, typed
    assert "لا نتائج مطابقة" in visitor.get("/admin/certificates", query_string={"q": "zzzz"}).words


def test_the_list_is_filtered_by_state_and_organisation(visit, holder, certificate):
    gone = credentials.certificate(at=NOW - timedelta(days=60), validity_months=1)
    back = credentials.revoked(credentials.certificate())
    visitor = visit(people.administrator())
    for state, row in (("valid", certificate), ("expired", gone), ("revoked", back)):
        page = visitor.get("/admin/certificates", query_string={"state": state})
        shown = {tag.get_text() for tag in page.select("tbody small.num")}
        assert shown == {row.number}
    page = visitor.get("/admin/certificates", query_string={"organisation": holder.organisation_id})
    assert certificate.number in page.words and gone.number not in page.words
    for odd in ({"state": "x"}, {"organisation": "' OR 1=1"}, {"organisation": "-1"}, {"page": "99999"}, {"q": "%_\\"}):
        visitor.get("/admin/certificates", query_string=odd)


def test_an_organisations_administrator_sees_its_people_only(visit, holder, certificate):
    foreign = credentials.certificate(people.person(name=both("غريب CANARY-FOREIGN", "")))
    page = visit(administrator_of(holder.organisation_id)).get("/admin/certificates")
    assert certificate.number in page.words and "CANARY-FOREIGN" not in page.words
    visitor = visit(administrator_of(holder.organisation_id))
    for asked in ({"q": "CANARY-FOREIGN"}, {"q": foreign.number}, {"organisation": foreign.organisation_id}):
        page = visitor.get("/admin/certificates", query_string=asked)
        assert foreign.number not in page.get_text(), asked
    visitor.get(f"/admin/certificates/{foreign.number}", 404)
    visitor.post(f"/admin/certificates/{foreign.number}/revoke", REVOKE, 404)


def test_certificates_follow_a_person_who_changes_organisations(visit, holder, certificate):
    new_home = people.organisation()
    old_home_id, holder.organisation_id, holder.manager_id = holder.organisation_id, new_home.id, None
    db.session.flush()
    assert certificate.number not in visit(administrator_of(old_home_id)).get("/admin/certificates").words
    assert certificate.number in visit(administrator_of(new_home.id)).get("/admin/certificates").words


def test_people_without_the_role_have_no_list(visit, holder, certificate):
    for who in (holder, people.manager(), people.trainer()):
        visit(who).get("/admin/certificates", 403)
        visit(who).get(f"/admin/certificates/{certificate.number}", 404)
        visit(who).post(f"/admin/certificates/{certificate.number}/revoke", REVOKE, 404)
    db.session.refresh(certificate)
    assert certificate.revoked_at is None


def test_the_administrators_list_takes_few_statements(visit, statements):
    chief, counts = people.administrator(), []
    for _ in range(2):
        for _ in range(4):
            credentials.certificate()
        visitor = visit(chief)
        with statements() as seen:
            visitor.get("/admin/certificates", query_string={"q": "متدرب", "state": "valid"})
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_revoking_takes_reason_and_confirmation_and_is_in_the_trail(visit, holder, certificate):
    admin = administrator_of(holder.organisation_id)
    visitor = visit(admin)
    number = certificate.number
    page = visitor.get(f"/admin/certificates/{number}")
    assert page.select_one(f"form[action='/admin/certificates/{number}/revoke']")
    for lacking in REVOKE:
        page = visitor.post(
            f"/admin/certificates/{number}/revoke", {k: v for k, v in REVOKE.items() if k != lacking}, 422
        )
        assert page.select(".field.wrong"), lacking
        assert lacking == "reason" or page.select_one("#reason")["value"] == "ثبت الانتحال"
    page = visitor.post(f"/admin/certificates/{number}/revoke", REVOKE)
    assert "سُحبت الشهادة" in page.words and "ثبت الانتحال" in page.words and "مسحوبة" in page.words
    assert not page.select_one(f"form[action='/admin/certificates/{number}/revoke']")
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "credentials:certificate:revoke"))
    assert entry.actor_id == admin.id and entry.after["reason"] == "ثبت الانتحال"
    page = visitor.post(f"/admin/certificates/{number}/revoke", REVOKE, 409)
    assert "سُحبت هذه الشهادة من قبل" in page.words


def test_what_the_agency_gave_a_partners_administrator_does_not_take_back(visit, holder):
    agency, partner = people.organisation(), db.session.get(people.Organisation, holder.organisation_id)
    row = credentials.certificate(holder, catalogue.course(agency))
    visitor = visit(administrator_of(partner.id))
    assert "revoke" not in str(visitor.get(f"/admin/certificates/{row.number}"))
    visitor.post(f"/admin/certificates/{row.number}/revoke", REVOKE, 404)
    visit(administrator_of(agency.id)).post(f"/admin/certificates/{row.number}/revoke", REVOKE, 404)
    visit(people.administrator()).post(f"/admin/certificates/{row.number}/revoke", REVOKE)


def test_revoking_is_no_get(visit, certificate):
    visit(people.administrator()).get(f"/admin/certificates/{certificate.number}/revoke", 405)


@pytest.mark.parametrize("reason", ["<b>bold</b>", "{{7*7}}", "=1+1", "O'Brien 👍🏽", "مُحَمَّد \u0663"])
def test_the_reason_is_kept_as_typed(visit, certificate, reason):
    visitor = visit(people.administrator())
    page = visitor.post(f"/admin/certificates/{certificate.number}/revoke", {**REVOKE, "reason": reason})
    assert reason in page.words
