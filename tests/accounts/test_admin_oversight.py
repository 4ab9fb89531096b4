"""The audit trail, background jobs and the academy's settings."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from academy.accounts import services
from academy.accounts.models import Academy, RoleGrant
from academy.accounts.services.people import suspend
from academy.base import audit, clock, jobs
from academy.base.db import db
from academy.base.errors import Conflict
from academy.base.spreadsheets import read_table
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as make


@pytest.fixture
def admin(visit):
    return visit(make.administrator(language="en", name=make.both("مديرة", "Root Admin")))


def settings(**given):
    texts = {
        f"{name}-{half}": f"{name} {half}"
        for name in ("name", "short_name", "customer_word", "introduction")
        for half in ("ar", "en")
    }
    return {**texts, "colour": "", "contact_email": "", **given}


# --- The trail ----------------------------------------------------------------


def test_the_trail_is_filtered_by_act_person_and_day(admin):
    person = make.person(name=make.both("هند", "Hind Alharbi"), search_text=" hind alharbi ")
    suspend(person, reason="r", actor_id=admin.person.id, at=NOW)
    audit.record("x:y:z", at=NOW.replace(month=10), actor_id=None, subject=("thing", 1, "«شيء» <b>"))
    rows = lambda query: len(admin.get(f"/admin/audit?{query}").select("table tbody tr"))  # noqa: E731
    assert rows("") == 2
    assert rows("act=accounts:person:suspend") == 1
    assert rows("act=no:such:act") == 0
    assert rows("q=Hind") == 1
    assert rows("q=Root") == 0, "the factory gives no search text"
    assert rows("day=2026-11-23") == 1
    assert rows("day=1448/5/1") == 0
    page = admin.get("/admin/audit?day=tomorrow")
    assert page.select_one("#day-error") and page.select_one("#day")["value"] == "tomorrow"


def test_the_trail_says_whom_in_the_readers_language_while_they_bear_that_name(admin):
    person = make.person(name=make.both("هند", "Hind"))
    suspend(person, reason="r", actor_id=admin.person.id, at=NOW)
    said = lambda: admin.get("/admin/audit").select_one("td[data-label=Whom]").text  # noqa: E731
    assert said() == "Hind"
    person.name = make.both("هند الحربي", "Hind Alharbi")
    assert said() == "هند", "what was recorded stays as it was recorded"


def test_an_administrator_of_one_organisation_reads_no_other_name_of_whom_an_act_concerned(visit):
    own, other = make.organisation(), make.organisation()
    about = make.person(of=other, name=make.both("هند", "Hind"))
    audit.record("x:y:z", at=NOW, actor_id=None, organisation_id=own.id, subject=("person", about.id, "هند"))
    reader = visit(make.administrator(of=own, everywhere=False, language="en"))
    assert reader.get("/admin/audit").select_one("td[data-label=Whom]").text == "هند"


def test_a_day_of_the_trail_is_a_day_in_riyadh(admin):
    late = NOW.replace(hour=21, minute=30)
    audit.record("x:y:z", at=late, actor_id=None, subject=("thing", 1, "x"))
    assert len(admin.get("/admin/audit?day=2026-11-24").select("table tbody tr")) == 1
    assert not admin.get("/admin/audit?day=2026-11-23").select("table tbody tr")


def test_a_voice_tells_one_change_of_the_trail_from_another(admin):
    for hour in (8, 9):
        audit.record("x:y:z", at=NOW.replace(hour=hour), actor_id=None, subject=("thing", 1, "x"), after={"a": "b"})
    said = [each.get_text(" ", strip=True) for each in admin.get("/admin/audit").select(".audit-values summary")]
    assert len(said) == len(set(said)) == 2 and all("x:y:z" in each for each in said)


@pytest.mark.parametrize("count", [1, 50])
def test_the_trail_costs_the_same_statements_however_long(admin, statements, count):
    for number in range(count):
        audit.record("x:y:z", at=NOW, actor_id=admin.person.id, subject=("thing", number, "x"))
    db.session.flush()
    with statements() as seen:
        admin.get("/admin/audit")
    assert len(seen) <= 8, "\n".join(seen)


def test_the_trail_is_exported_with_arabic_intact_and_formulas_harmless(admin):
    audit.record("x:y:z", at=NOW, actor_id=admin.person.id, subject=("thing", 1, "=1+1"), after={"اسم": "قيمة"})
    admin.get("/admin/audit.csv")
    raw = admin.response.data
    assert raw.startswith(b"\xef\xbb\xbf") and b"'=1+1" in raw
    row = read_table(raw, "audit.csv").rows[0]
    assert row[2] == "Root Admin" and "قيمة" in row[6]


# --- Jobs ----------------------------------------------------------------


def test_failures_are_shown_folded_and_tried_again(admin):
    job = jobs.enqueue("tests.break")
    job.state, job.tries, job.last_error, job.finished_at = "failed", 5, "Traceback <b>boom</b>", NOW
    done = jobs.enqueue("tests.fine")
    done.state = "done"
    page = admin.get("/admin/jobs")
    assert "Traceback <b>boom</b>" in page.select_one("details pre").get_text()
    assert len(admin.get("/admin/jobs?state=failed").select("table tbody tr")) == 1
    admin.post(f"/admin/jobs/{job.id}/retry")
    assert (job.state, job.tries) == ("queued", 0)
    admin.post(f"/admin/jobs/{done.id}/retry")
    assert done.state == "done"
    admin.get("/admin/jobs?state=nonsense&page=7")


def test_a_job_that_waits_for_its_time_says_for_which(admin):
    now = jobs.enqueue("tests.fine")
    later = jobs.enqueue("tests.fine")
    later.run_after = now.created_at + timedelta(hours=6)
    rows = admin.get("/admin/jobs?state=queued").select("table tbody tr")
    assert sorted("Not before" in row.get_text() for row in rows) == [False, True]


@pytest.mark.parametrize("page", ["people", "audit"])
def test_a_list_that_nothing_narrows_has_nothing_to_clear(admin, page):
    assert "Clear" not in admin.get(f"/admin/{page}?q=").select_one(".filter-bar").get_text()
    assert "Clear" in admin.get(f"/admin/{page}?q=nobody").select_one(".filter-bar").get_text()


def test_jobs_say_in_words_what_they_do(admin):
    jobs.enqueue("credentials.issue", enrolment_id=1)
    words = admin.get("/admin/jobs").words
    assert "Issue a certificate" in words and "credentials.issue" not in words


# --- Settings ----------------------------------------------------------------


def test_settings_change_and_the_trail_keeps_before_and_after(admin):
    admin.post(
        "/admin/settings",
        settings(**{"colour": "#0B5FA5", "contact_email": "Help@Academy.Test", "name-ar": "أكاديمية <b>"}),
    )
    row = db.session.get(Academy, 1)
    assert (row.colour, row.contact_email, row.name.ar) == ("#0b5fa5", "help@academy.test", "أكاديمية <b>")
    entry = db.session.query(audit.AuditEntry).filter_by(act="accounts:academy:edit").one()
    assert entry.before["colour"] is None and entry.after["colour"] == "#0b5fa5"
    assert "أكاديمية <b>" in admin.get("/admin/settings").select_one("#name-ar")["value"]


@pytest.mark.parametrize("colour", ["#ffff00", "#7fbf9f", "red", "#12345", "#0b5fa5;}body{display:none"])
def test_a_colour_that_cannot_carry_white_text_is_refused_and_kept(admin, colour):
    page = admin.post("/admin/settings", settings(colour=colour), status=422)
    assert page.select_one("#colour-error") and page.select_one("#colour")["value"] == colour
    assert db.session.get(Academy, 1).colour is None


def test_the_colour_reaches_pages_as_a_stylesheet(admin, browser):
    assert browser.client.get("/theme.css").data == b""
    admin.post("/admin/settings", settings(colour="#0b5fa5"))
    answer = browser.client.get("/theme.css")
    assert answer.mimetype == "text/css" and b"--brand: #0b5fa5" in answer.data
    assert "public" in answer.headers["Cache-Control"]
    again = browser.client.get("/theme.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def _picture(kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "green").save(out, kind)
    return out.getvalue()


def _send(admin, data, name, status=200):
    return admin.post(
        "/admin/settings",
        {**settings(), "logo": (io.BytesIO(data), name)},
        status=status,
        content_type="multipart/form-data",
    )


def test_a_logo_is_kept_served_to_everybody_and_taken_away(admin, browser):
    _send(admin, _picture(), "شعار.png")
    key = db.session.get(Academy, 1).logo_key
    assert browser.client.get(f"/files/{key}").mimetype == "image/png"
    assert admin.get("/admin/settings").select_one(f"img.logo-preview[src='/files/{key}']")
    admin.post("/admin/settings", settings(without_logo="y"))
    assert db.session.get(Academy, 1).logo_key is None


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<svg onload='alert(1)'/>", "a.svg"),
        (b"<svg/>", "a.png"),
        (b"%PDF-1.7", "a.pdf"),
        (b"x" * 2_100_000, "a.png"),
        (b"\x89PNG", "a.png"),
    ],
)
def test_a_logo_that_is_no_sound_picture_is_refused_at_its_field(admin, data, name):
    page = _send(admin, data, name, status=422)
    assert len(data) > 2_000_000 or "PNG" in page.select_one("#logo-error").get_text()
    assert db.session.get(Academy, 1).logo_key is None


def test_settings_need_a_name(admin):
    page = admin.post("/admin/settings", settings(**{"name-ar": "", "name-en": " "}), status=422)
    assert page.select_one("#name-ar-error")


def test_the_first_settings_are_written_once(app):
    details = services.AcademyDetails(
        name=make.both("س", "X"), short_name=make.both("س", "X"), customer_word=make.both("س", "x")
    )
    assert services.create_academy(details, at=NOW).name.en == "CX Academy", "settings that are there stay"


@pytest.mark.concurrency
def test_two_administrators_who_remove_each_other_at_once_leave_one(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        agency = make.organisation()
        ids = [make.administrator(of=agency).id for _number in range(2)]

    def remove(number):
        other = db.session.query(RoleGrant).filter_by(person_id=ids[1 - number]).one()
        services.revoke_role(other, at=NOW)
        return True

    outcomes = run_together(2, remove, app=crowd_app)
    assert winners(outcomes) == [True]
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1, outcomes
    with prepared(crowd_app):
        assert db.session.query(RoleGrant).filter_by(role="administrator").count() == 1


@pytest.mark.concurrency
def test_of_many_who_add_one_address_at_once_one_succeeds(crowd_app):  # noqa: F811
    """R36."""
    with prepared(crowd_app):
        organisation_id = make.organisation().id

    def add(number):
        email = "one@a.test" if number % 2 else "ONE@A.test"
        details = services.PersonDetails(email=email, name=make.both("س", ""))
        return services.create_person(details, organisation_id=organisation_id, at=NOW).id

    outcomes = run_together(8, add, app=crowd_app)
    assert len(winners(outcomes)) == 1
    assert all(isinstance(outcome, Conflict) for outcome in outcomes if isinstance(outcome, Exception)), outcomes


@pytest.mark.concurrency
def test_a_long_trail_is_exported_whole_outside_a_tests_transaction(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        admin = make.administrator()
        for number in range(1200):
            audit.record("x:y:z", at=NOW, actor_id=admin.id, subject=("thing", number, "x"))
        token = services.start_session(admin.id, at=clock.now(), address=None, browser="")
    client = crowd_app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True})
    table = read_table(client.get("/admin/audit.csv").data, "audit.csv")
    assert len(table.rows) == 1200
