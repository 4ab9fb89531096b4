"""Importing people: what the preview shows is what happens."""

import io
import json
from datetime import timedelta

import pytest

from academy.accounts import services
from academy.accounts.models import ImportPlan, OneTimeLink, Person
from academy.accounts.rules_of_import import TEMPLATE
from academy.accounts.services.importing import preview
from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.spreadsheets import read_table, write_xlsx
from tests.conftest import NOW
from tests.factories import accounts as make

HEADER = "البريد الإلكتروني,الاسم بالعربية,Name in English,الجوال,الوحدة,بريد المدير,تاريخ الالتحاق"


@pytest.fixture
def agency(app):
    return make.organisation()


@pytest.fixture
def admin(visit, agency):
    return visit(make.administrator(of=agency, everywhere=False, language="en"))


def csv(*rows, header=HEADER):
    return "\r\n".join([header, *rows]).encode("utf-8-sig")


def upload(admin, agency, data, name="people.csv", status=200):
    return admin.post(
        "/admin/people/import",
        {"organisation_id": agency.id, "file": (io.BytesIO(data), name)},
        status=status,
        content_type="multipart/form-data",
    )


def the_plan():
    return db.session.query(ImportPlan).order_by(ImportPlan.id.desc()).first()


def confirm(admin, page, **more):
    form = page.select_one("form[action*='/apply']")
    return admin.post(form["action"], {"digest": form.select_one("[name=digest]")["value"], **more})


def fates(page):
    return [row.select("td, th")[2].get_text(strip=True) for row in page.select("table tbody tr")]


def people():
    return {person.email: person for person in db.session.query(Person)}


def test_the_preview_shows_each_rows_fate_and_confirming_does_exactly_that(admin, agency):
    """R35."""
    unit = make.org_unit(of=agency, name=make.both("إدارة التجربة", "Experience"))
    old = make.person(of=agency, email="old@a.test", name=make.both("قديم", "Old"), mobile="+966500000001", unit=unit)
    make.person(of=agency, email="same@a.test", name=make.both("ثابت", "Same"))
    page = upload(admin, agency, csv(
        "new@a.test,جديد,New,٠٥١٢٣٤٥٦٧٨,إداره التجربه,boss@a.test,2027-03-01",
        "boss@a.test,مديرة,Boss,,,,",
        "OLD@a.test,,Older,,,new@a.test,",
        "same@a.test,ثابت,,,,,",
        "NEW@A.test,مكرر,Again,,,,",
        ",بلا بريد,,,,,",
        "bad@a.test,س,,0412345678,لا توجد,nobody@a.test,31/31/2027",
    ))  # fmt: skip
    assert fates(page) == [
        "Will be added",
        "Will be added",
        "Will be changed",
        "Unchanged",
        "Refused",
        "Refused",
        "Refused",
    ]
    assert set(people()) == {"old@a.test", "same@a.test", admin.person.email}, "the preview has written something"
    last = page.select("table tbody tr")[6].get_text(" ", strip=True)
    assert all(column in last for column in ("Mobile", "Organisational unit", "Joined on")), last
    assert "in a row above" in page.select("table tbody tr")[4].get_text()
    confirm(admin, page)
    now = people()
    assert set(now) == {"old@a.test", "same@a.test", admin.person.email, "new@a.test", "boss@a.test"}
    new = now["new@a.test"]
    assert (new.name.ar, new.name.en, new.mobile, new.org_unit_id) == ("جديد", "New", "+966512345678", unit.id)
    assert (new.manager_id, str(new.joined_on), new.state) == (now["boss@a.test"].id, "2027-03-01", "invited")
    changed = now["old@a.test"]
    assert changed.id == old.id and changed.name == make.both("قديم", "Older")
    assert (changed.mobile, changed.org_unit_id) == ("+966500000001", unit.id), "a blank cell has changed something"
    assert changed.manager_id == new.id
    assert " older " in changed.search_text or " old " in changed.search_text


def test_a_file_is_imported_once_however_often_the_button_is_pressed(admin, agency):
    page = upload(admin, agency, csv("one@a.test,واحد,,,,,"))
    confirm(admin, page)
    assert "already" in confirm(admin, page).words
    assert db.session.query(AuditEntry).filter_by(act="accounts:person:import").count() == 1
    entry = db.session.query(AuditEntry).filter_by(act="accounts:person:create").one()
    assert (entry.subject_id, entry.organisation_id) == (people()["one@a.test"].id, agency.id)


def test_nothing_is_written_when_people_changed_since_the_preview(admin, agency):
    """R35."""
    person = make.person(of=agency, email="one@a.test", name=make.both("أ", "A"))
    page = upload(admin, agency, csv("one@a.test,,B,,,,", "two@a.test,ب,,,,,"))
    details = services.PersonDetails(email=person.email, name=make.both("أ", "C"))
    services.change_person(person, details, actor_id=None, at=NOW)
    answer = confirm(admin, page)
    assert "have changed since the preview" in answer.words
    assert person.name.en == "C" and "two@a.test" not in people()
    confirm(admin, answer)
    assert person.name.en == "B" and "two@a.test" in people()


def test_a_forged_digest_or_an_old_plan_changes_nothing(admin, agency):
    page = upload(admin, agency, csv("one@a.test,واحد,,,,,"))
    admin.post(page.select_one("form[action*='/apply']")["action"], {"digest": "x"})
    the_plan().expires_at = NOW - timedelta(days=9)
    assert "expired" in confirm(admin, page).words
    assert "one@a.test" not in people()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_arabic_is_read_in_every_encoding_spreadsheets_write(admin, agency, encoding):
    text = "البريد;الاسم الكامل\r\nsara@a.test;سارة القحطاني\r\n"
    confirm(admin, upload(admin, agency, text.encode(encoding)))
    assert people()["sara@a.test"].name.ar == "سارة القحطاني"


def test_an_xlsx_file_is_read_too(admin, agency):
    data = write_xlsx(["E-mail", "Name"], [["omar@a.test", "Omar"]], sheet="x", right_to_left=True)
    confirm(admin, upload(admin, agency, data, "people.xlsx"))
    assert people()["omar@a.test"].name.en == "Omar"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"), (b"%PDF-1.7 x", "a.csv"), (b"\x89PNG\r\n", "a.xlsx"), (b"PK\x03\x04broken", "a.xlsx"),
        (b"name\r\nno address column", "a.csv"), (b"email,mail\r\na@a.test,b@a.test", "a.csv"), (b"email\r\n", "a.csv"),
        (b"email\r\n" + b"\r\n".join(b"p%d@a.test" % n for n in range(5001)), "a.csv"), (b"\xd0\xcf\x11\xe0", "a.xls"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_at_its_field_with_the_reason(admin, agency, data, name):
    page = upload(admin, agency, data, name, status=422)
    assert page.select_one("#file-error").get_text(strip=True)
    assert the_plan() is None


def test_no_file_at_all_is_explained(admin, agency):
    page = admin.post("/admin/people/import", {"organisation_id": agency.id}, status=422)
    assert "Choose a file" in page.words


@pytest.mark.parametrize("text", ["=1+1", "<b>x</b>", "{{7*7}}", "مُحَمَّـــد", "👨‍👩‍👧", "O'Brien", "null", "NaN"])
def test_odd_names_come_through_exactly(admin, agency, text):
    page = upload(admin, agency, csv(f'zoo@a.test,"{text}",,,,,'))
    assert text in page.get_text()
    confirm(admin, page)
    assert people()["zoo@a.test"].name.ar == text


def test_reporting_lines_in_a_file_never_go_in_a_circle(admin, agency):
    first = make.person(of=agency, email="first@a.test")
    make.person(of=agency, email="second@a.test", manager=first)
    page = upload(
        admin,
        agency,
        csv(
            "first@a.test,,,,,second@a.test,",
            "x@a.test,س,,,,y@a.test,",
            "y@a.test,ص,,,,x@a.test,",
            "z@a.test,ع,,,,z@a.test,",
        ),
    )
    assert fates(page) == ["Refused", "Refused", "Refused", "Refused"]


def test_a_manager_from_a_refused_row_refuses_those_below(admin, agency):
    page = upload(admin, agency, csv("a@a.test,أ,,,,b@a.test,", "b@a.test,ب,,,,c@a.test,", "c@a.test,ج,,123,,,"))
    assert fates(page) == ["Refused", "Refused", "Refused"]


def test_an_employee_number_names_one_person_of_the_organisation(admin, agency):
    """As in the form; other organisations do not count."""
    make.person(of=agency, email="has@a.test", employee_number="E-1")
    make.person(email="theirs@b.test", employee_number="E-9")
    make.person(of=agency, email="old@a.test", name=make.both("قديم", ""), employee_number="E-5")
    page = upload(admin, agency, csv(
        "a@a.test,أ,e-1", "b@a.test,ب,E-2", "c@a.test,ج,e-2", "d@a.test,د,E-9", "old@a.test,قديمة,E-5",
        "has@a.test,,E-3", header="email,name_ar,employee number",
    ))  # fmt: skip
    assert fates(page) == [
        "Refused", "Will be added", "Refused", "Will be added", "Will be changed", "Will be changed",
    ]  # fmt: skip
    rows = [row.get_text(" ", strip=True) for row in page.select("table tbody tr")]
    assert "Employee number" in rows[0] and "Somebody else" in rows[0] and "in a row above" in rows[2]
    confirm(admin, page)
    assert people()["b@a.test"].employee_number == "E-2" and "c@a.test" not in people()


def test_two_units_of_one_name_need_the_key(admin, agency):
    make.org_unit(of=agency, name=make.both("خدمة", "Service"))
    wanted = make.org_unit(of=agency, name=make.both("خدمة", "Service"), key="service-2")
    page = upload(admin, agency, csv("a@a.test,أ,,,خدمة,,", "b@a.test,ب,,,service-2,,"))
    assert fates(page) == ["Refused", "Will be added"]
    confirm(admin, page)
    assert people()["b@a.test"].org_unit_id == wanted.id


def test_people_of_other_organisations_and_holders_of_academy_roles_are_not_touched(admin, agency):
    make.person(email="theirs@b.test", name=make.both("كناري-ب", "Canary B"))
    make.administrator(of=agency, email="root@a.test")
    page = upload(admin, agency, csv("root@a.test,مسروق,,,,,", "n@a.test,ن,,,,theirs@b.test,", "new@b.test,ج,,,,,"))
    assert fates(page) == ["Refused", "Refused", "Will be added"]
    assert "كناري-ب" not in page.get_text() and "Canary" not in page.get_text()


def test_an_address_known_in_another_organisation_is_imported_as_any_other(admin, agency):
    """ID11: the file's owner learns nothing of the other organisation, and changes nothing there."""
    theirs = make.person(email="theirs@b.test", name=make.both("كناري-ب", "Canary B"))
    make.account(theirs)
    page = upload(admin, agency, csv("theirs@b.test,خالد,,,,,", "new@b.test,سعد,,,,theirs@b.test,"))
    assert fates(page) == ["Will be added", "Will be added"] and "Canary" not in page.get_text()
    confirm(admin, page)
    mine = db.session.query(Person).filter_by(email="theirs@b.test", organisation_id=agency.id).one()
    led = db.session.query(Person).filter_by(email="new@b.test").one()
    assert (mine.name.ar, mine.state, mine.account_id, led.manager_id) == ("خالد", "invited", None, mine.id)
    assert db.session.get(Person, theirs.id).name.ar == "كناري-ب"


def test_new_people_are_invited_by_a_job_if_asked(admin, agency):
    confirm(admin, upload(admin, agency, csv("a@a.test,أ,,,,,", "b@a.test,ب,,,,,")), invite="1")
    job = db.session.query(jobs.Job).filter_by(name="accounts.invite_people").one()
    jobs.KINDS[job.name].run(**job.arguments)
    assert db.session.query(OneTimeLink).filter_by(purpose="invitation").count() == 2


@pytest.mark.parametrize("count", [2, 400])
def test_planning_and_applying_cost_the_same_statements_however_many_rows(admin, agency, statements, count):
    unit = make.org_unit(of=agency, name=make.both("و", "U"))
    rows = [f"p{n}@a.test,اسم {n},,,U,{'p0@a.test' if n else ''}," for n in range(count)]
    document = services.read_people(csv(*rows), "x.csv")
    plan = services.keep_plan(document, organisation_id=agency.id, file_name="x", owner_id=admin.person.id, at=NOW)
    from academy.base.access import Actor, Grant

    person = admin.person
    actor = Actor(
        person.id,
        person.name,
        person.email,
        agency.id,
        None,
        "en",
        "latn",
        "both",
        (Grant("administrator", agency.id),),
    )
    with statements() as seen:
        digest = preview(plan, actor).digest
        services.apply_plan(plan, digest, actor=actor, at=NOW)
    assert len(seen) <= 22, "\n".join(line[:120] for line in seen)
    assert db.session.query(Person).filter_by(org_unit_id=unit.id).count() == count


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_has_headings_in_the_readers_language_that_are_recognised(visit, agency, language, kind):
    admin = visit(make.administrator(of=agency, language=language))
    admin.get(f"/admin/people/import/template.{kind}")
    table = read_table(admin.response.data, f"people.{kind}")
    assert table.header == [column.ar if language == "ar" else column.en for column in TEMPLATE]
    document = services.read_people(
        admin.response.data + b"a@a.test\r\n" if kind == "csv" else _with_row(table), f"people.{kind}"
    )
    assert not document["ignored"]


def _with_row(table):
    return write_xlsx(table.header, [["a@a.test", *["" for _name in table.header[1:]]]], sheet="x", right_to_left=False)


def test_another_kind_of_template_does_not_exist(admin):
    admin.get("/admin/people/import/template.exe", status=404)


def test_only_who_uploaded_a_file_sees_its_preview(admin, visit, agency):
    upload(admin, agency, csv("secret@a.test,سر,,,,,"))
    address = f"/admin/people/import/{the_plan().id}"
    for other in (
        make.administrator(of=agency),
        make.administrator(of=agency, everywhere=False),
        make.administrator(of=make.organisation(), everywhere=False),
    ):
        visit(other).get(address, status=404)
        visit(other).post(f"{address}/apply", {"digest": "x"}, status=404)
    visit(make.person(of=agency)).get(address, status=404)
    visit(make.person(of=agency)).get("/admin/people/import", status=403)
    assert json.dumps(the_plan().document)
