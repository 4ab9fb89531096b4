"""A partner's administrator looks after the partner, in Arabic; what is the academy's stays the academy's (ID12, MT1, MT5)."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.accounts.models import Organisation, Person
from academy.base import clock, jobs, throttle
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.storage import StoredFile
from academy.notices.models import Notice
from academy.partners import queries, services
from academy.partners.models import Agreement, RosterIsFrozen, ServingRoster
from academy.partners.queries_of_serving import roster_on
from academy.partners.services.rosters import is_whole
from tests.factories import accounts as people
from tests.factories import credentials, partners
from tests.factories.accounts import both

PDF = b"%PDF-1.4 signed"


@pytest.fixture
def scene(app):
    course = partners.required_course(title=both("مقرر الشركاء", "Partners"))
    of, other = partners.partner(seats=5, name=both("جسور", "Jusoor")), partners.partner(name=both("مسارات", "Masarat"))
    unit = people.org_unit(of, name=both("الصالة", "Hall"))
    admin, rival = people.administrator(of, everywhere=False), people.administrator(other, everywhere=False)
    good = partners.member(of, unit=unit, name=both("سلمى", "Salma"), employee_number="=9")
    new = partners.member(of, days=3, unit=unit, name=both("ناصر", "Nasser"))
    none = partners.member(of, days=60, name=both("عادل", "Adel"))
    partners.agreement(of, course, reference="CX-1")
    paper = partners.certified(good, course)
    return {"of": of, "other": other, "unit": unit, "admin": admin, "rival": rival, "good": good, "new": new, "none": none,
            "course": course, "paper": paper}  # fmt: skip


def test_the_partners_administrator_sees_who_may_serve_and_why(scene, visit):
    """ID12: one journey in Arabic: the page, the roster, an invitation to the last seat, then the refusal."""
    mine, here = visit(scene["admin"]), f"/admin/partners/{scene['of'].id}"
    assert mine.get("/admin/partners", status=302) is not None and mine.response.location.endswith(here)
    page = mine.get(here)
    assert "المقاعد المشغولة: 4 من 5" in page.words and "CX-1" in page.words and "توشك على النفاد" in page.words
    rows = {
        row.select_one("th").get_text(" ", strip=True): row.get_text(" ", strip=True)
        for row in mine.get(f"{here}/roster").select("table.sheet tbody tr")
    }
    assert "يباشر الخدمة" in rows["سلمى =9"] and "يحمل جميع الشهادات المشترطة" in rows["سلمى =9"]
    assert "يباشر بمرافقة حتى" in rows["ناصر"] and "إتمام «مقرر الشركاء» قبل انتهاء المهلة" in rows["ناصر"]
    assert "لا يباشر الخدمة" in rows["عادل"] and "لا يحمل شهادة «مقرر الشركاء»" in rows["عادل"]
    only = mine.get(f"{here}/roster?state=accompanied&unit={scene['unit'].id}").words
    assert "ناصر" in only and "عادل" not in only
    mine.post("/admin/people/new", {"name-ar": "هدى", "email": "huda@example.test", "invite": "y"})
    assert "لم يقبل الدعوة بعد" in mine.get(f"{here}/roster").words
    full = mine.post("/admin/people/new", {"name-ar": "سعاد", "email": "suad@example.test"}, status=422)
    assert "جميع مقاعد هذه الجهة مشغولة: 5 من 5" in full.words
    assert (
        "لا مقعد شاغرًا" in mine.get(here).words
        and "لا شاغر" in visit(people.administrator()).get("/admin/partners").words
    )


def test_a_unit_in_which_nobody_is_yet_stands_among_the_service_units(scene, visit):
    people.org_unit(scene["of"], name=both("مركز المدينة", "Madinah"))
    mine = visit(scene["admin"])
    sheet = mine.get(f"/admin/partners/{scene['of'].id}").select("table.sheet")[0]
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td, th")] for row in sheet.select("tbody tr")]
    unit = mine.get(f"/admin/units/{scene['unit'].id}")
    assert unit.select_one('a[href="/admin/organisations"][aria-current=page]'), "no menu leads to a unit"
    assert rows[-1] == ["مركز المدينة", "0", "0", "0"] and [row[0] for row in rows].count("الصالة") == 1


def test_a_partner_never_sees_anothers_people_agreements_or_documents(scene, visit):
    """MT1: the page, the roster, the file, the paper, the document of another partner do not exist."""
    agreement = db.session.scalar(select(Agreement).where(Agreement.reference == "CX-1"))
    document = services.add_document(agreement, PDF, "عقد.pdf", actor_id=None, at=clock.now())
    signed = services.sign_roster(scene["of"], clock.today(), today=clock.today(), actor_id=None, at=clock.now())
    here = f"/admin/partners/{scene['of'].id}"
    papers = [f"/admin/partners/documents/{document.id}", f"/admin/partners/rosters/{signed.number}.pdf"]
    pages = [
        here,
        f"{here}/edit",
        f"{here}/roster",
        f"{here}/roster.csv",
        f"/admin/partners/agreements/{agreement.id}",
        *papers,
    ]
    for who in (scene["rival"], scene["good"], people.manager(scene["unit"])):
        browser = visit(who)
        for page in pages:
            browser.get(page, status=404)
    assert "سلمى" not in visit(scene["rival"]).get("/admin/partners", status=302).words
    for who in (scene["admin"], people.administrator()):
        for page in pages:
            visit(who).get(page)
    key = db.session.scalar(select(StoredFile.key).where(StoredFile.id == document.file_id))
    visit(scene["admin"]).get(f"/files/{key}", status=404)


def test_only_the_academy_makes_and_ends_agreements(scene, visit):
    """ID12: what decides who may serve is not for the partner to write."""
    here, agreement = f"/admin/partners/{scene['other'].id}", db.session.scalar(select(Agreement))
    typed = {
        "reference": "CX-2",
        "starts_on": "2026-01-01",
        "ends_on": "١/١/٢٠٣٠",
        "grace_days": "7",
        "required": [f"course-{scene['course'].id}"],
    }
    visit(scene["rival"]).post(f"{here}/agreements/new", typed, status=404)
    visit(scene["admin"]).post(
        f"/admin/partners/agreements/{agreement.id}/close", {"last_day": "2027-01-01", "reason": "x"}, status=404
    )
    root = visit(people.administrator())
    page = root.post(f"{here}/agreements/new", {**typed, "required": []}, status=422)
    assert (
        "يُرجى اختيار شهادة واحدة مشترطة على الأقل" in page.words
        and page.select_one("[name=reference]")["value"] == "CX-2"
    )
    root.post(f"{here}/agreements/new", {**typed, "ends_on": "2025-01-01"}, status=422)
    bad = {**typed, "file": (io.BytesIO(b"<script>"), "a.html")}
    page = root.post(f"{here}/agreements/new", bad, status=422, content_type="multipart/form-data")
    assert "يُرجى اختيار ملف PDF" in page.words and "MP3" not in page.words
    assert db.session.scalar(select(Agreement).where(Agreement.reference == "CX-2")) is None
    good = {**typed, "file": (io.BytesIO(PDF), "عقد.pdf")}
    assert "عقد.pdf" in root.post(f"{here}/agreements/new", good, content_type="multipart/form-data").words
    assert (
        "تسري في بعض هذه الأيام اتفاقية أخرى"
        in root.post(f"{here}/agreements/new", {**typed, "reference": "CX-3"}, status=422).words
    )
    assert {"partners:agreement:make", "partners:document:add"} <= set(db.session.scalars(select(AuditEntry.act)))


def test_an_agreement_that_ends_soon_tells_what_to_do_and_its_early_end_is_asked_for_first(scene, visit):
    """ID12: whoever may not serve any more for want of an agreement is told whom to ask."""
    partners.agreement(scene["other"], scene["course"], reference="CX-9", ends_on=clock.today() + timedelta(days=20))
    partners.certified(partners.member(scene["other"]), scene["course"])
    assert "الاتفاقية التالية" in visit(scene["rival"]).get(f"/admin/partners/{scene['other'].id}/roster").words
    agreement = db.session.scalar(select(Agreement).where(Agreement.reference == "CX-1"))
    page = visit(people.administrator()).get(f"/admin/partners/agreements/{agreement.id}")
    assert "لا يمكن التراجع" in page.select_one("#closing-form")["data-confirm"]


def test_ending_an_agreement_bars_everybody_from_the_next_day_and_leaves_the_past(scene, visit):
    agreement, today = db.session.scalar(select(Agreement)), clock.today()
    root, where = visit(people.administrator()), f"/admin/partners/agreements/{agreement.id}/close"
    root.post(where, {"last_day": (today - timedelta(days=3)).isoformat(), "reason": "x"}, status=422)
    root.post(where, {"last_day": (today - timedelta(days=1)).isoformat(), "reason": "إخلال بالشروط"})
    counts = [roster_on(scene["of"].id, day, today=today).count("serve") for day in (today - timedelta(days=1), today)]
    assert counts == [1, 0]
    assert "لا اتفاقية سارية اليوم" in root.get(f"/admin/partners/{scene['of'].id}").words


def test_a_partner_changes_its_look_and_contacts_but_not_its_name(scene, visit):
    """MT1: a colour on which white text cannot be read is refused; nothing typed is lost."""
    mine, here = visit(scene["admin"]), f"/admin/partners/{scene['of'].id}/edit"
    typed = {"colour": "#ffee00", "service_name": "نورة", "service_mobile": "0512345678", "name-ar": "وزارة"}
    page = mine.post(here, typed, status=422)
    assert (
        page.select_one("[name=service_name]")["value"] == "نورة"
        and page.select_one("[name=colour]")["value"] == "#ffee00"
    )
    dark = {**typed, "colour": "#1d4f7c"}
    page = mine.post(here, {**dark, "incidents_email": "a@b.sa"}, status=422)
    assert "يُرجى إدخال اسم جهة الاتصال للحوادث" in page.select_one("#incidents_name-error").get_text()
    page = mine.post(here, {**dark, "incidents_email": "x", "service_mobile": "1"}, status=422)
    assert "للحوادث" in page.select_one("#incidents_email-error").get_text()
    assert "لشؤون الخدمة" in page.select_one("#service_mobile-error").get_text()
    mine.post(here, {**typed, "colour": "#1d4f7c"})
    assert db.session.get(Organisation, scene["of"].id).name.ar == "جسور"
    assert queries.contacts(scene["of"].id)["service"].mobile == "+966512345678"
    visit(people.administrator()).post(here, {**typed, "colour": "", "name-ar": "جسور الخدمة"})
    assert db.session.get(Organisation, scene["of"].id).name.ar == "جسور الخدمة"


def test_the_roster_of_a_past_day_is_what_was_so_then(scene):
    """History: before the course, revoked later, moved later: computed from records, not from today."""
    today = clock.today()
    credentials.revoked(scene["paper"], at=partners.moment(10))

    def line(days: int) -> str:
        day = today - timedelta(days=days)
        return roster_on(scene["of"].id, day, today=today, person_id=scene["good"].id).lines[0].verdict.why.value

    assert [line(days) for days in (150, 50, 11, 10, 0)] == ["missing", "certified", "certified", "revoked", "revoked"]
    assert roster_on(scene["of"].id, today - timedelta(days=500), today=today).lines == ()


def test_a_signed_roster_is_kept_as_it_was_and_checked_by_anybody_without_names(scene, visit, browser):
    mine, here = visit(scene["admin"]), f"/admin/partners/{scene['of'].id}/roster"
    assert "وُقّع الكشف" in mine.post(f"{here}/sign", {"on": clock.today().isoformat()}).words
    mine.post(f"{here}/sign", {"on": (clock.today() + timedelta(days=2)).isoformat()})
    row = db.session.scalars(select(ServingRoster)).one()
    credentials.revoked(scene["paper"], at=clock.now())
    assert is_whole(row) and [line["may"] for line in row.facts["lines"]].count("serve") == 1
    mine.get(f"/admin/partners/rosters/{row.number}.pdf")
    assert mine.response.data.startswith(b"%PDF")
    answer = browser.get(f"/verify/roster/{row.number.lower()}").words
    assert "هذا الكشف صحيح" in answer and "جسور" in answer and "سلمى" not in answer
    assert "التحقق من ورقة أخرى" in answer
    browser.get("/verify/roster/nothing", status=404)
    row.facts = {**row.facts, "lines": []}
    with pytest.raises(RosterIsFrozen):
        db.session.flush()
    db.session.rollback()


def test_the_file_for_spreadsheets_says_the_same_and_runs_nothing(scene, visit):
    mine = visit(scene["admin"])
    mine.get(f"/admin/partners/{scene['of'].id}/roster.csv")
    rows = list(csv.reader(io.StringIO(mine.response.data.decode("utf-8-sig"))))
    good = next(row for row in rows if row[0] == "سلمى")
    assert good[1] != "=9" and good[1].endswith("=9") and good[2] == "الصالة" and good[4] == "يباشر الخدمة"
    assert len(rows) == 5


def test_a_machine_at_the_door_learns_whether_and_until_when_and_nothing_else(scene, browser):
    browser.get(f"/verify/{scene['paper'].number}/serving")
    said = browser.response.get_json()
    assert set(said) == {"number", "may_serve", "until", "as_of"} and said["may_serve"] == "serve" and said["until"]
    credentials.revoked(scene["paper"], at=clock.now())
    browser.get(f"/verify/{scene['paper'].number}/serving")
    assert browser.response.get_json()["may_serve"] == "not"
    stranger = credentials.certificate()
    browser.get(f"/verify/{stranger.number}/serving", status=404)
    for _each in range(30):
        throttle.note(db.session, "verify:127.0.0.1", at=clock.now())
    browser.get(f"/verify/{scene['paper'].number}/serving", status=429)


def test_warnings_go_out_once_to_the_person_and_the_administrators(scene):
    """60, 30 and 7 days before the end, however often the job runs."""
    ending = partners.member(scene["other"], name=both("ريم", "Reem"))
    partners.agreement(scene["other"], scene["course"], ends_on=clock.today() + timedelta(days=30))
    partners.certified(ending, scene["course"])
    for _again in range(2):
        jobs.KINDS["partners.look_at_serving"].run()
        jobs.KINDS["partners.warn"].run(organisation_id=scene["other"].id, day=clock.today().isoformat())
    mine = Notice.person_id.in_([ending.id, scene["rival"].id]), Notice.kind.like("%serving%")
    told = select(Notice.kind).where(*mine)
    assert sorted(db.session.scalars(told)) == ["people_stop_serving", "serving_ends"]


def test_the_roster_costs_the_same_for_many_people(scene, visit, statements):
    """No statement more for each person."""
    mine, here = visit(scene["admin"]), f"/admin/partners/{scene['of'].id}"

    def cost(path: str) -> int:
        with statements() as seen:
            mine.get(path)
        return len(seen)

    before = [cost(path) for path in (here, f"{here}/roster")]
    for _each in range(8):
        partners.certified(partners.member(scene["of"], unit=scene["unit"]), scene["course"])
    assert [cost(path) for path in (here, f"{here}/roster")] == before
    assert max(before) <= 8, before


def test_everyone_reads_their_own_status_on_their_account(scene, visit):
    assert "يباشر بمرافقة حتى" in visit(scene["new"]).get("/account").words
    assert "مباشرة الخدمة" not in visit(people.person()).get("/account").words
    assert db.session.get(Person, scene["new"].id) is not None
