"""CE8: certificates from before the academy come in from a file, with a dry run, each once, and say what they are."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Person
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.credentials import attesting, services_of_imports
from academy.credentials import queries_of_imports as queries
from academy.credentials.models import Certificate, CertificateImport, CertificateImportRow
from academy.credentials.queries_of_renewal import current_certificate
from academy.credentials.rules_of_imports import comparable, cycles_of, is_identity_number, read_row
from academy.credentials.services_of_renewal import renew
from academy.learning.models import Enrolment
from academy.notices.models import Notice
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.credentials.test_drawing import text_of
from tests.factories import accounts as people
from tests.factories import catalogue, credentials, programmes
from tests.factories.accounts import both

HEADER = "البريد الإلكتروني,رمز المقرر أو البرنامج,Issued on,سارية حتى,الرقم السابق,Former issuer"


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def agency(app):
    return people.organisation(name=both("وكالة الخدمات", "Services Agency"))


@pytest.fixture
def course(agency):
    return catalogue.course(
        agency, key="measuring", code="CX101", title=both("قياس التجربة", "Measuring"), validity_months=24
    )


@pytest.fixture
def noura(agency):
    return people.person(of=agency, email="noura@a.test", name=both("نورة القحطاني", "Noura"))


@pytest.fixture
def admin(visit, agency, course):
    return visit(people.administrator(of=agency, everywhere=False, language="en"))


def csv(*rows, header=HEADER):
    return "\r\n".join([header, *rows]).encode("utf-8-sig")


def upload(visitor, agency, *rows, data=None, name="old.csv", status=200):
    sent = {"organisation_id": agency.id, "file": (io.BytesIO(data or csv(*rows)), name)}
    return visitor.post("/admin/certificates/import", sent, status=status, content_type="multipart/form-data")


def confirm(visitor, page):
    form = page.select_one("form[action*='/apply']")
    page = visitor.post(form["action"], {"digest": form.select_one("[name=digest]")["value"]})
    jobs.run_all_due()
    return page


def imported(visitor, agency, *rows):
    confirm(visitor, upload(visitor, agency, *rows))
    return list(
        db.session.scalars(select(Certificate).where(Certificate.imported_on.is_not(None)).order_by(Certificate.id))
    )


def fates(page, column=5):
    return [
        row.select("td, th")[column].select_one(".chip").get_text(strip=True) for row in page.select("table tbody tr")
    ]


def test_the_dry_run_shows_each_rows_fate_and_applying_does_exactly_that(admin, agency, course, noura, visit):
    foreign = catalogue.course(people.organisation(), key="foreign")
    catalogue.course(agency, key="unborn", published=False)
    path = programmes.programme(agency, key="journey", title=both("مسار", "Journey"))
    stranger = people.person(email="stranger@b.test")
    page = upload(admin, agency, *(
        "NOURA@a.test,cx101,1443/07/28,2027-03-01,CXA-٢٠٢٢/417,معهد الإدارة",
        f"noura@a.test,{path.key},2021-05-01,,P-1,",
        "noura@a.test,measuring,2022-03-01,2027-03-01,cxa 2022 417,",
        f"{stranger.email},measuring,2022-03-01,,X-1,",
        f"{admin.person.email},measuring,2022-03-01,,X-2,",
        f"noura@a.test,{foreign.key},2022-03-01,,X-3,",
        "noura@a.test,unborn,2022-03-01,,X-4,",
        "noura@a.test,nothing,2030-03-01,2029-01-01,---,",
        ",,31/31/2022,,,",
    ))  # fmt: skip
    assert fates(page) == ["Will be imported", "Will be imported", *["Refused"] * 7]
    told = [row.get_text(" ", strip=True) for row in page.select("table tbody tr")]
    reasons = ["row above", "Nobody in this", "of their own", "Only administrators", "never published", "No course"]
    for line, reason in zip(told[2:], reasons, strict=False):
        assert reason in line
    assert "in the future" in told[7] and "must come after" in told[7] and "needs letters or digits" in told[7]
    assert all(said in told[8] for said in ("is missing", "not a day"))
    assert not db.session.scalar(select(func.count()).select_from(Certificate)), "the dry run has written something"
    page = confirm(admin, page)
    first, second = db.session.scalars(select(Certificate).order_by(Certificate.id))
    assert (first.holder_id, first.course_id, first.credential) == (noura.id, course.id, "course:measuring")
    assert (first.issued_on, first.expires_on, first.imported_on) == (date(2022, 3, 1), date(2027, 3, 1), clock.today())
    assert (first.former_number, first.imported_by_id) == ("CXA-٢٠٢٢/417", admin.person.id)
    assert (second.credential, second.course_id, second.expires_on) == ("programme:journey", None, None)
    acts = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "credentials:certificate:import")).all()
    assert [each.subject_type for each in acts] == ["organisation", "certificate", "certificate"]
    assert acts[1].after["former_number"] == "CXA-٢٠٢٢/417" and acts[0].after["refused"] == 7
    assert (
        admin.get("/admin/audit?act=credentials:certificate:import").words.count("Earlier certificates imported") >= 3
    )
    assert len(db.session.scalars(select(Notice).where(Notice.person_id == noura.id)).all()) == 2
    page = admin.get(f"/admin/certificates/import/{the_import().id}")
    assert "The import is finished" in page.words and fates(page, 2) == ["Imported", "Imported", *["Refused"] * 7]
    page = upload(admin, agency, "noura@a.test,measuring,2022-03-01,2027-03-01,cxa-2022-417,")
    assert fates(page) == ["There already"] and not page.select("form[action*='/apply']")


def the_import():
    return db.session.scalars(select(CertificateImport).order_by(CertificateImport.id.desc())).first()


def test_page_register_and_paper_say_that_it_is_an_earlier_one(admin, agency, noura, visit, browser):
    (row,) = imported(admin, agency, "noura@a.test,measuring,2022-03-01,2027-03-01,CXA-417,معهد الإدارة العامة")
    assert row.facts["signer_name_ar"] == row.facts["signer_name_en"] == ""
    said = ("شهادة سابقة تُثبتها الأكاديمية", "CXA-417", "معهد الإدارة العامة")
    holder = visit(noura)
    for page in (holder.get("/certificates"), browser.get(f"/verify/{row.number}")):
        assert all(each in page.words for each in said), page.words
    record = admin.get(f"/admin/certificates/{row.number}").words
    assert "Imported by" in record and admin.person.name.show("en") in record
    assert "Imported" in admin.get("/admin/certificates", query_string={"q": "CXA-417"}).words
    answer = browser.client.get(f"/verify/{row.number}", headers={"Accept": "application/json"}).get_json()
    assert answer["earlier"]["number"] == "CXA-417" and answer["earlier"]["entered_on"] == "2026-11-23"
    assert (answer["state"], answer["issued_on"]) == ("valid", "2022-03-01")
    holder.get(f"/certificates/{row.number}.pdf")
    words = text_of(holder.response.get_data())
    assert "Attestation of an Earlier Certificate" in words and "CXA-417" in words and "awarded to" not in words


def test_it_counts_is_renewed_and_gives_way_to_the_academys_own(admin, agency, course, noura):
    imported(
        admin,
        agency,
        "noura@a.test,measuring,2024-12-01,2026-12-01,B,",
        "noura@a.test,measuring,2020-01-01,2021-01-01,A,",
    )
    held = current_certificate(noura.id, course.id)
    assert held.former_number == "B", "the older one stands for the person"
    renewal = renew(held.id, by_id=noura.id, at=clock.now())
    assert (renewal.cycle, renewal.continues_from) == (2, date(2026, 12, 1))
    place = db.session.get_one(Enrolment, renewal.enrolment_id)
    place.state, place.completed_at = "completed", clock.now()
    renewal.state, renewal.ended_at = "completed", clock.now()
    db.session.flush()
    new = credentials.services.issue_for_completion(place.id, at=clock.now())
    assert (new.cycle, new.expires_on) == (2, date(2028, 12, 1)), "who was early has lost days"
    assert current_certificate(noura.id, course.id).id == new.id
    page = upload(admin, agency, "noura@a.test,measuring,2026-11-23,,C,", "noura@a.test,measuring,2026-11-22,,D,")
    assert fates(page) == ["Refused", "Will be imported"], "one from after the academy's own was taken"


def test_a_wrong_one_is_revoked_and_imported_again(admin, agency, noura):
    (wrong,) = imported(admin, agency, "noura@a.test,measuring,2022-03-01,2023-03-01,A-1,")
    assert not db.session.scalars(select(Notice).where(Notice.kind == "certificate_imported")).all(), (
        "told of an ended one"
    )
    right = "noura@a.test,measuring,2022-03-01,2028-03-01,A-1,"
    page = upload(admin, agency, right)
    assert fates(page) == ["Refused"] and "Revoke it first" in page.words
    credentials.revoked(wrong)
    _wrong, row = imported(admin, agency, right)
    assert row.expires_on == date(2028, 3, 1) and row.cycle == wrong.cycle + 1


def test_a_bad_row_stops_no_other_and_leaves_nothing_behind(admin, agency, course, monkeypatch):
    who = [people.person(of=agency, email=f"p{n}@a.test") for n in range(60)]
    make = attesting._facts

    def breaking(earlier, holder, at):
        assert holder.id != who[7].id, "a fault in the program"
        return make(earlier, holder, at)

    monkeypatch.setattr(attesting, "_facts", breaking)
    page = upload(admin, agency, *(f"p{n}@a.test,measuring,2022-03-01,,N-{n}," for n in range(60)))
    form = page.select_one("form[action*='/apply']")
    page = admin.post(form["action"], {"digest": form.select_one("[name=digest]")["value"]})
    assert "0 of 60 rows" in page.words and "being imported" in page.words
    who[9].organisation_id = people.organisation().id
    jobs.run(jobs.claim(clock.now()))
    db.session.flush()
    found = the_import()
    assert queries.progress(found).outcomes == {"imported": 48, "failed": 1, "refused": 1}
    told = admin.get(f"/admin/certificates/import/{found.id}/progress")
    assert "50 of 60 rows" in told.words and "48" in told.select_one("#outcomes[hx-swap-oob]").get_text()
    jobs.run_all_due()
    assert queries.progress(found).outcomes == {"imported": 58, "failed": 1, "refused": 1}
    page = admin.get(f"/admin/certificates/import/{found.id}?fate=failed")
    assert "p7@a.test" in page.words and "could not be written" in page.words
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 58
    admin.post(form["action"], {"digest": "x"})
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 58, "it was applied twice"


def test_what_changed_since_the_dry_run_is_shown_again(admin, agency, noura):
    page = upload(admin, agency, "noura@a.test,measuring,2022-03-01,,A,")
    noura.name = both("اسم آخر", "Another")
    db.session.flush()
    assert "Something has changed" in confirm(admin, page).words
    assert not db.session.scalar(select(func.count()).select_from(Certificate))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "empty"),
        (b"%PDF-1.7", "a.csv", "not a table"),
        (csv("x", header="E-mail"), "a.csv", "needs columns"),
        (csv("a,b,c,d,e,f", header="E-mail,البريد,credential,issued on,former number,x"), "a.csv", "same meaning"),
    ],
)
def test_what_is_no_such_file_is_refused_at_its_field(admin, agency, data, name, said):
    page = upload(admin, agency, data=data or b" ", name=name, status=422)
    assert said in page.select_one("main form").get_text(" ")


def test_only_administrators_upload_and_only_for_their_own_people(visit, admin, agency, noura, course):
    """CE8: tried as the wrong person."""
    found = the_import_of(admin, agency)
    for wrong in (visit(noura), visit(people.person(of=agency, manager=noura))):
        wrong.get("/admin/certificates/import", 403)
    other = visit(people.administrator(of=people.organisation(), everywhere=False))
    upload(other, agency, "noura@a.test,measuring,2022-03-01,,A,", status=422)
    for path in (f"/admin/certificates/import/{found.id}", f"/admin/certificates/import/{found.id}/progress"):
        other.get(path, 404)
    other.post(f"/admin/certificates/import/{found.id}/apply", {"digest": "x"}, status=404)
    academy = visit(people.administrator(language="en"))
    academy.get(f"/admin/certificates/import/{found.id}", 404)
    home = db.session.get_one(Person, noura.id)
    own = catalogue.course(people.organisation(), key="elsewhere")
    page = upload(academy, agency, f"{home.email},{own.key},2022-03-01,,Z,")
    assert fates(page) == ["Will be imported"]


def the_import_of(visitor, agency):
    upload(visitor, agency, "noura@a.test,measuring,2022-03-01,,A,")
    return the_import()


def test_old_files_are_forgotten_and_templates_are_given(admin, agency):
    found = the_import_of(admin, agency)
    services_of_imports.sweep(clock.now() + timedelta(hours=25))
    assert db.session.scalar(select(func.count()).select_from(CertificateImportRow)) == 0
    admin.get(f"/admin/certificates/import/{found.id}", 404)
    for kind in ("csv", "xlsx"):
        admin.client.get(f"/admin/certificates/import/template.{kind}").close()
    assert admin.client.get("/admin/certificates/import/template.exe").status_code == 404


def test_the_database_holds_each_once(agency, course, noura):
    own = credentials.certificate(noura, course)
    values = {column.name: getattr(own, column.name) for column in Certificate.__table__.columns if column.name != "id"}
    kept = {"imported_on": date(2026, 11, 23), "imported_by_id": 1, "former_number": "A", "former_key": "a"}

    def add(**given):
        with db.session.begin_nested():
            db.session.add(Certificate(**{**values, "number": str(given)[:40], **kept, **given}))
            db.session.flush()

    add(cycle=-5)
    for broken in (
        {"cycle": -6},
        {"cycle": 7, "former_key": "b"},
        {"cycle": -7, "former_key": "b", "imported_by_id": None},
    ):
        with pytest.raises(IntegrityError):
            add(**broken)


def test_numbers_compare_by_letters_and_digits_and_cycles_follow_days():
    assert comparable("CXA-٢٠٢٢/٤١٧") == comparable("cxa 2022 417") and not comparable("-/–")
    assert cycles_of(date(2020, 1, 1))[-1] < cycles_of(date(2020, 1, 2))[0] < cycles_of(date.max)[-1] < 1
    assert [is_identity_number(each) for each in ("1000000008", "1000000009", "3000000002", "A000000008")] == [
        True, False, False, False,
    ]  # fmt: skip
    _values, problems = read_row({"former_number": "١٠٠٠٠٠٠٠٠٨"}, today=date(2026, 1, 1))
    assert ("former_number", "identity_number") in [(each.field, each.code) for each in problems]
    values, problems = read_row({"former_issuer": "معهد", "email": "\u202ea"}, today=date(2026, 1, 1))
    assert values["former_issuer_ar"] == "معهد" and len(problems) == 3
