"""CE7: all that somebody has learned on one signed paper, which a stranger checks by its number or by its file."""

import io
from datetime import timedelta

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import func, select, update

from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.credentials import services_of_holds, transcripts
from academy.credentials import services_of_transcripts as services
from academy.credentials.models import CertificateIsFrozen, IssuedPaper, Transcript
from academy.credentials.queries import certificates_of
from academy.credentials.queries_of_transcripts import facts_of
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.credentials.test_signed_papers import checked, key  # noqa: F401
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def holder(app):
    """Somebody with a manager, who completed two courses, was exempted from one and had a certificate revoked."""
    home = people.organisation(name=both("الجهة الأولى", "First Agency"))
    chief = people.person(of=home, name=both("المدير", "Chief"))
    who = people.person(of=home, manager=chief, name=both("نورة القحطاني", "Noura"), employee_number="EMP-CANARY")
    of = {"validity_months": 24}
    credentials.certificate(who, catalogue.course(home, title=both("قياس التجربة", "Measuring"), hours=3, **of))
    back = credentials.certificate(who, catalogue.course(home, title=both("التصميم", "Design"), hours=4, **of))
    credentials.revoked(back)
    place = credentials.completed(who, catalogue.course(home, title=both("المعفى منه", "Waived"), hours=9))
    place.exempted = True
    db.session.flush()
    return who


def issued(holder) -> Transcript:
    return services.issue(holder, actor_id=holder.id, at=clock.now())


def paper(visitor, row) -> bytes:
    visitor.get(f"/transcripts/{row.number}.pdf")
    return visitor.response.get_data()


def words_of(data: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_the_holder_issues_one_and_finds_it_with_what_counts(visit, holder):
    visitor = visit(holder)
    assert visitor.get("/certificates").select_one(f"a[href='/people/{holder.id}/transcript']")
    page = visitor.get(f"/people/{holder.id}/transcript")
    for said in ("قياس التجربة", "التصميم", "المعفى منه", "معفى", "مسحوبة", "سارية"):
        assert said in page.words, said
    page = visitor.post(f"/people/{holder.id}/transcript", {})
    row = db.session.scalars(select(Transcript)).one()
    assert row.number in page.words and page.select_one(f"a[href='/transcripts/{row.number}.pdf']")
    facts = facts_of(row)
    assert facts.hours == "7", "an exemption has credited hours"
    assert [each.exempted for each in facts.courses] == [False, False, True]
    assert sorted(each.state for each in facts.certificates) == ["revoked", "valid"]
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "credentials:transcript:issue"))
    assert (entry.actor_id, entry.after["person_id"]) == (holder.id, holder.id)


def test_asked_again_on_the_same_day_it_is_the_same_paper(holder):
    first = issued(holder)
    assert issued(holder).id == first.id
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert issued(holder).id != first.id
    credentials.completed(holder)
    assert issued(holder).id != first.id


def test_the_paper_states_all_of_it_for_everybody_and_for_archives(visit, holder):
    row, visitor = issued(holder), visit(holder)
    made = paper(visitor, row)
    assert made == paper(visitor, row) and made.startswith(transcripts.draw(facts_of(row)))
    reader, said = PdfReader(io.BytesIO(made)), words_of(made)
    told = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in told
    for english in (
        "Transcript",
        "Measuring",
        "Design",
        "Waived",
        "Exempted",
        "First Agency",
        "Revoked",
        "2026",
        "1448",
    ):
        assert english in said, english
    assert row.number[:5] in said and "EMP-CANARY" not in said and "EMP-CANARY" not in str(row.facts)


def test_the_same_facts_make_the_same_bytes_and_odd_ones_are_drawn_too(app):
    many = people.person(name=both("\u202eأ" * 60, "<b>#panic()</b> 👍"))
    course = catalogue.course(title=both("م" * 250, "$x^2$ #let"), hours=2)
    credentials.certificate(many, course)
    for _ in range(40):
        credentials.completed(many, hours=1)
    facts = facts_of(issued(many))
    drawn = transcripts.draw(facts)
    assert drawn == transcripts.draw(facts) and len(PdfReader(io.BytesIO(drawn)).pages) > 1


def test_no_page_holds_the_note_alone_however_many_rows_there_are(app):
    """CE7: what is said about the paper stands on its first page, and every later page has rows of learning."""
    who = people.person()
    for _ in range(12):
        credentials.completed(who, hours=1)
        pages = PdfReader(io.BytesIO(transcripts.draw(facts_of(issued(who))))).pages
        assert "Gathered from the academy" in pages[0].extract_text()
        assert all("Issued by" in page.extract_text() or "Nothing up to" in page.extract_text() for page in pages)


def test_a_suspended_certificate_is_called_so(holder):
    """The glossary's one word, on the paper as on the pages."""
    valid = next(row for row in certificates_of(holder.id) if row.revoked_at is None)
    services_of_holds.hold(valid.id, reason_class="inquiry", reason="CANARY", actor_id=1, at=clock.now())
    said = words_of(transcripts.draw(facts_of(issued(holder))))
    assert "Suspended" in said and "On hold" not in said


def test_somebody_without_learning_has_a_paper_that_says_so(visit, app):
    who = people.person()
    assert "Nothing up to the day of issue" in words_of(paper(visit(who), issued(who)))


def test_it_is_signed_like_a_certificate(visit, holder, key):  # noqa: F811
    made = paper(visit(holder), issued(holder))
    assert checked(made, key).bottom_line


def test_it_is_drawn_by_a_job_and_known_as_a_file(app, browser, holder):
    row = issued(holder)
    jobs.run_all_due()
    assert db.session.scalar(select(func.count()).where(IssuedPaper.transcript_id == row.id)) == 1


def test_a_stranger_checks_it_by_number_and_by_file(visit, browser, holder):
    row = issued(holder)
    made = paper(visit(holder), row)
    page = browser.get(f"/verify/transcript/{row.number.replace('-', '')}")
    for said in ("صدر سجل التعلّم هذا عن الأكاديمية", "نورة القحطاني", "قياس التجربة", "معفى", "مسحوبة"):
        assert said in page.words, said
    assert "EMP-CANARY" not in page.words and browser.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    browser.get("/verify", 302, query_string={"number": row.number.lower()})
    assert browser.response.location.endswith(f"/verify/transcript/{row.number}")
    sent = {"file": (io.BytesIO(made), "t.pdf")}
    page = browser.post("/verify/file", sent, content_type="multipart/form-data")
    assert "نورة القحطاني" in page.words and "الملف مطابق تمامًا" in page.words
    changed = {"file": (io.BytesIO(made + b"\n%x"), "t.pdf")}
    page = browser.post("/verify/file", changed, content_type="multipart/form-data")
    assert "هذا الملف ليس كما صدر" in page.h1.get_text() and "نورة القحطاني" in page.words


def test_a_machine_is_told_what_the_page_says_and_an_edited_file_is_exposed(visit, browser, holder):
    """CE2, CE7: number and file have one machine-readable answer; a file with another byte is not as it was issued."""
    row = issued(holder)
    made = paper(visit(holder), row)
    asks = {"headers": {"Accept": "application/json"}}
    said = browser.client.get(f"/verify/{row.number}", follow_redirects=True, **asks).json
    assert (
        said["number"] == row.number
        and said["holder"]["ar"] == "نورة القحطاني"
        and said["hours"]
        and "file" not in said
    )
    titles = {each["title"]["ar"] for each in said["courses"]}
    assert titles and {each["number"] for each in said["certificates"]} and "email" not in str(said)
    for data, verdict in ((made, "genuine"), (made[:-40] + bytes([made[-40] ^ 1]) + made[-39:], "altered")):
        sent = {"file": (io.BytesIO(data), "x.pdf")}
        assert browser.client.post("/verify/file", data=sent, **asks).json == {**said, "file": verdict}
        page = browser.post("/verify/file", {"file": (io.BytesIO(data), "x.pdf")})
        assert ("هذا الملف ليس كما صدر" in page.h1.get_text()) == (verdict == "altered")


def test_what_was_changed_in_the_database_is_not_confirmed(browser, holder):
    row = issued(holder)
    with pytest.raises(CertificateIsFrozen), db.session.begin_nested():
        row.facts = {**row.facts, "hours": "700"}
        db.session.flush()
    db.session.refresh(row)
    db.session.execute(update(Transcript).values(facts={**row.facts, "hours": "700"}))
    db.session.expire_all()
    page = browser.get(f"/verify/transcript/{row.number}")
    assert "لا يمكن تأكيد" in page.words and "700" not in page.words and "نورة" not in page.words


def test_unknown_numbers_are_one_answer_and_counted(crowd_app):  # noqa: F811
    client = crowd_app.test_client()
    for number in ("0" * 27, *["abc"] * 29):
        answer = client.get(f"/verify/transcript/{number}")
        assert answer.status_code == 404 and "لا يوجد سجل تعلّم بهذا الرقم" in answer.get_data(as_text=True)
    assert client.get("/verify/transcript/abc").status_code == 429


def test_managers_and_administrators_issue_it_and_nobody_else(visit, browser, holder):
    row = issued(holder)
    home = db.session.get(people.Organisation, holder.organisation_id)
    chief = db.session.get(people.Person, holder.manager_id)
    for who in (chief, people.administrator(home, everywhere=False), people.administrator()):
        assert "قياس التجربة" in visit(who).get(f"/people/{holder.id}/transcript").words
        paper(visit(who), row)
    assert (
        visit(people.administrator())
        .get(f"/admin/people/{holder.id}")
        .select_one(f"a[href='/people/{holder.id}/transcript']")
    )
    elsewhere = people.administrator(people.organisation(), everywhere=False)
    for who in (elsewhere, people.person(of=home), people.manager(), people.trainer()):
        visit(who).get(f"/people/{holder.id}/transcript", 404)
        visit(who).post(f"/people/{holder.id}/transcript", {}, 404)
        visit(who).get(f"/transcripts/{row.number}.pdf", 404)
    browser.get(f"/transcripts/{row.number}.pdf", 302)


def test_the_page_takes_few_statements_however_much_was_learned(visit, statements):
    who, counts = people.person(), []
    for _ in range(2):
        for _ in range(4):
            credentials.certificate(who)
        visitor = visit(who)
        with statements() as seen:
            visitor.get(f"/people/{who.id}/transcript")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10


@pytest.mark.concurrency
def test_asked_for_by_eight_at_once_there_is_one(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        number = credentials.certificate().holder_id

    def act(_number):
        return services.issue(db.session.get(people.Person, number), actor_id=number, at=NOW).number

    outcomes = run_together(8, act, app=crowd_app)
    assert len(winners(outcomes)) == 8 and len(set(outcomes)) == 1, outcomes
