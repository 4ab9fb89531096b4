"""P12: every sensitive act leaves exactly one trace of who, when, from where, before and after, which nobody can edit."""

import io
import re
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from academy.accounts.models import Deputyship, RoleGrant
from academy.base import clock
from academy.base.audit import AuditEntry, TrailIsFrozen
from academy.base.db import db
from academy.catalogue.models import CourseVersion
from academy.learning.queries.programmes import digest_of
from tests.security.addresses import addresses
from tests.security.conftest import undone, without_frame
from tests.security.scene import said
from tests.security.test_foreign_acts import everything_kept, fields

ACADEMY = Path(__file__).parents[2] / "academy"


def trail() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def grant_of(person) -> RoleGrant:
    return db.session.scalar(select(RoleGrant).where(RoleGrant.person_id == person.id))


def deputyship_of(person) -> Deputyship:
    return db.session.scalar(select(Deputyship).where(Deputyship.manager_id == person.id))


def course_form(house) -> dict:
    course = house.course
    return {"key": course.key, "code": "NEW-1", "audience": "organisation", "revision": str(course.revision)}


def settings_form() -> dict:
    named = ("name", "short_name", "customer_word")
    return {name: value for each in named for name, value in fields(each, "جديد").items()}


# What is done: (the act's name, who does it, where, what is sent, what the trace must say of before and after)
ACTS = {
    "a role is given": (
        "accounts:role:grant", "administrator", lambda h: f"/admin/people/{h.colleague.id}/roles",
        lambda h: {"role": "trainer", "scope": f"organisation:{h.organisation.id}"}, "", "trainer",
    ),
    "a role is withdrawn": (
        "accounts:role:revoke", "administrator", lambda h: f"/admin/roles/{grant_of(h.trainer).id}/revoke", lambda h: {}, "trainer", "",
    ),
    "a person is suspended": (
        "accounts:person:suspend", "administrator", lambda h: f"/admin/people/{h.colleague.id}/suspend",
        lambda h: {"reason": "سبب مكتوب"}, "active", "سبب مكتوب",
    ),
    "a person's record is changed": (
        "accounts:person:change", "administrator", lambda h: f"/admin/people/{h.colleague.id}/edit",
        lambda h: {**fields("name", "اسم جديد"), "email": h.colleague.email, "org_unit_id": str(h.unit.id), "manager": h.manager.email},
        "colleague", "اسم جديد",
    ),
    "a deputy is named": (
        "accounts:deputy:name", "manager", lambda h: "/account/deputy",
        lambda h: {"deputy": h.colleague.email, "starts_on": "2031-01-01", "ends_on": "2031-01-05"}, None, "2031-01-05",
    ),
    "a deputy is named by the administrator": (
        "accounts:deputy:name", "administrator", lambda h: f"/admin/people/{h.manager.id}/deputy",
        lambda h: {"deputy": h.colleague.email, "starts_on": "2031-01-01", "ends_on": "2031-01-05"}, None, "2031-01-05",
    ),
    "a deputy's time is ended": (
        "accounts:deputy:end", "manager", lambda h: f"/account/deputy/{deputyship_of(h.manager).id}/end", lambda h: {}, "deputy_id", "ended_on",
    ),
    "a matrix manager is added": (
        "accounts:matrix:add", "administrator", lambda h: f"/admin/people/{h.colleague.id}/matrix",
        lambda h: {"manager": h.learner.email, **fields("label", "مشروع")}, None, "مشروع",
    ),
    "a person is added": (
        "accounts:person:create", "administrator", lambda h: f"/admin/people/new?organisation={h.organisation.id}",
        lambda h: {**fields("name", "اسم جديد"), "email": "fresh@example.test", "org_unit_id": ""}, None, "fresh@example.test",
    ),
    "a person's sessions are ended": (
        "accounts:person:end_sessions", "administrator", lambda h: f"/admin/people/{h.colleague.id}/end-sessions", lambda h: {}, None, None,
    ),
    "a unit is renamed": (
        "accounts:org_unit:rename", "administrator", lambda h: f"/admin/units/{h.unit.id}",
        lambda h: {**fields("name", "إدارة جديدة"), "parent_id": ""}, "إدارة", "إدارة جديدة",
    ),
    "an organisation is closed": (
        "accounts:organisation:deactivate", "root", lambda h: f"/admin/organisations/{h.organisation.id}/deactivate", lambda h: {}, None, None,
    ),
    "what the academy keeps for itself is changed": (
        "accounts:setting:lock", "root", lambda h: f"/admin/organisations/{h.organisation.id}/locks",
        lambda h: {"settings": ["prayers", "working_days"]}, "[]", "working_days",
    ),
    "an organisation is added": (
        "accounts:organisation:create", "root", lambda h: "/admin/organisations/new",
        lambda h: {**fields("name", "جهة جديدة"), "kind": "partner"}, None, "جهة جديدة",
    ),
    "the academy is changed": ("accounts:academy:edit", "root", lambda h: "/admin/settings", lambda h: settings_form(), "CX Academy", "جديد"),
    "a certificate is revoked": (
        "credentials:certificate:revoke", "root", lambda h: f"/admin/certificates/{h.certificate.number}/revoke",
        lambda h: {"reason_class": "error", "reason": "خطأ في الاسم", "meant": "y"}, "issued", "خطأ في الاسم",
    ),
    "a certificate is suspended": (
        "credentials:certificate:hold", "root", lambda h: f"/admin/certificates/{h.certificate.number}/hold",
        lambda h: {"hold_class": "inquiry", "hold_reason": "شكوى قيد النظر"}, "issued", "شكوى قيد النظر",
    ),
    "accommodations are granted": (
        "assessment:accommodation:grant", "administrator", lambda h: f"/admin/people/{h.colleague.id}/accommodations",
        lambda h: {"extra_percent": "50", "note": "سر"}, None, "50",
    ),
    "accommodations are withdrawn": (
        "assessment:accommodation:withdraw", "administrator",
        lambda h: f"/admin/people/{h.learner.id}/accommodations/withdraw", lambda h: {}, "25", None,
    ),
    "other dates are granted": (
        "assessment:accommodation:dates", "trainer", lambda h: f"/teach/{h.course.key}/dates",
        lambda h: {"email": h.learner.email, "quiz": str(h.quiz.quiz_id), "ends_at": "2031-01-01 10:00"}, None, "2031-01-01",
    ),
    "hints are reviewed": (
        "assessment:hints:review", "trainer", lambda h: f"/attempts/{h.graded.id}/hints",
        lambda h: {"outcome": "dismissed", "note": "سر"}, None, "dismissed",
    ),
    "a course is published": (
        "catalogue:course:publish", "trainer", lambda h: f"/teach/{h.course.key}/publish", lambda h: {}, "", "2",
    ),
    "a course's access is changed": (
        "catalogue:course:edit", "trainer", lambda h: f"/teach/{h.course.key}/access", course_form, None, "NEW-1",
    ),
    "a course is retired": ("catalogue:course:retire", "trainer", lambda h: f"/teach/{h.course.key}/retire", lambda h: {}, "", ""),
    "a programme is created": (
        "learning:programme:create", "trainer", lambda h: "/manage/programmes/new",
        lambda h: {**fields("title", "برنامج جديد"), "key": "fresh", "organisation": str(h.organisation.id), "audience": "employee"},
        None, "برنامج جديد",
    ),
    "a programme is published": (
        "learning:programme:publish", "administrator", lambda h: f"/manage/programmes/programme-of-{h.letter}/publish", lambda h: {}, "1", "2",
    ),
    "whom a programme is for is changed": (
        "learning:programme:edit", "trainer", lambda h: f"/manage/programmes/programme-of-{h.letter}/access",
        lambda h: {"audience": "employee", "code": "P-9", "target_role": "", "revision": "1"}, None, "P-9",
    ),
    "a programme is retired": (
        "learning:programme:retire", "trainer", lambda h: f"/manage/programmes/programme-of-{h.letter}/retire", lambda h: {}, "", "",
    ),
    "an identity is confirmed": (
        "learning:identity:confirm", "administrator",
        lambda h: f"/manage/programmes/programme-of-{h.letter}/participants/{h.colleague.id}/identity",
        lambda h: {"method": "بطاقة الهوية"}, None, "بطاقة الهوية",
    ),
    "an undertaking is signed": (
        "learning:undertaking:sign", "learner", lambda h: f"/programmes/programme-of-{h.letter}/undertakings/p1",
        lambda h: {"agreed": "y", "digest": digest_for(h.letter)}, None, "p1",
    ),
    "a term is added to the glossary": (
        "catalogue:term:add", "root", lambda h: "/glossary/new", lambda h: fields("term", "صبر"), None, "صبر",
    ),
    "a term is changed": (
        "catalogue:term:edit", "root", lambda h: "/glossary/target", lambda h: {**fields("term", "صبر"), "revision": "1"}, "target", "صبر",
    ),
    "a term is removed": ("catalogue:term:remove", "root", lambda h: "/glossary/target/remove", lambda h: {}, "target", None),
    "a course is assigned": (
        "insights:team:assign", "manager", lambda h: "/team/assign",
        lambda h: {
            "step": "confirm", "course": str(h.course.id), "whom": "chosen", "people": str(h.colleague.id), "due_on": "2031-01-01",
            "scope": "all", "note": "",
        }, None, "2031-01-01",
    ),
    "a learner is reminded": (
        "insights:team:remind", "manager", lambda h: "/team/remind", lambda h: {"enrolment": str(h.enrolment_of_colleague)}, None, "1",
    ),
    "a letter is sent again": (
        "notices:letter:send", "root", lambda h: f"/admin/letters/{h.failed_letter}/send", lambda h: {}, None, None,
    ),
}  # fmt: skip


def digest_for(letter: str) -> str:
    """The digest of the words that a house's undertaking shows."""
    return digest_of(said(letter, "تعهد"), said(letter, "نص التعهد"))


def prepare(house) -> None:
    """What some of the acts need: an enrolment of the colleague, a letter that failed."""
    from academy.learning.models import Enrolment
    from academy.notices.models import Letter

    mine = select(Enrolment.id).where(
        Enrolment.learner_id == house.colleague.id, Enrolment.course_id == house.course.id
    )
    house.enrolment_of_colleague = db.session.scalar(mine)
    letter = db.session.scalar(select(Letter).where(Letter.person_id == house.learner.id).limit(1))
    letter.state, letter.error = "failed", "x"
    house.failed_letter = letter.id
    db.session.commit()


@pytest.mark.parametrize("name", ACTS)
def test_a_sensitive_act_leaves_one_trace(name, scene, stage, entered):
    act, role, path_of, data_of, before, after = ACTS[name]
    house = scene["a"]
    with undone(stage):
        prepare(house)
        who = scene.root if role == "root" else getattr(house, role)
        browser, known, path, data = entered(who), {entry.id for entry in trail()}, path_of(house), data_of(house)
        answer = browser.client.post(path, data=data | {"csrf_token": browser.csrf_token()})
        assert answer.status_code == 302, answer.get_data(as_text=True)[:800]
        new = [entry for entry in trail() if entry.id not in known]
        assert [entry.act for entry in new] == [act]
        entry = new[0]
        assert entry.actor_id == who.id and entry.address == "127.0.0.1"
        assert abs(entry.at - clock.now()) < timedelta(minutes=2)
        assert entry.subject_type and (entry.subject_id or entry.subject_type in ("academy", "enrolment"))
        assert before is None or before in str(entry.before)
        assert after is None or after in str(entry.after)
        assert "password" not in f"{entry.before}{entry.after}".lower()
        # The administrators of its house read it, those of others do not.
        seen = entered(scene.root).client.get("/admin/audit.csv").get_data(as_text=True)
        assert f",{act}," in seen
        foreign = entered(scene["b"].administrator).client.get("/admin/audit.csv").get_data(as_text=True)
        assert house.canary not in foreign


def test_an_import_leaves_a_trace_of_itself_and_one_for_each_person(scene, stage, entered):
    house, rows = scene["a"], "email,name_ar\none@example.test,أول\ntwo@example.test,ثان\n"
    with undone(stage):
        browser = entered(house.administrator)
        form = {
            "organisation_id": str(house.organisation.id),
            "file": (io.BytesIO(rows.encode()), "people.csv"),
            "csrf_token": browser.csrf_token(),
        }
        page = browser.get(browser.client.post("/admin/people/import", data=form).headers["Location"])
        known = {entry.id for entry in trail()}
        path = page.select_one("form[action$=apply]")["action"]
        digest = page.select_one("[name=digest]")["value"]
        for _twice in range(2):
            browser.client.post(path, data={"digest": digest, "csrf_token": browser.csrf_token()})
        new = sorted(entry.act for entry in trail() if entry.id not in known)
        assert new == ["accounts:person:create", "accounts:person:create", "accounts:person:import"]


def test_doing_it_twice_leaves_one_trace_and_being_refused_none(scene, stage, entered):
    house = scene["a"]
    with undone(stage):
        browser = entered(house.administrator)
        known = {entry.id for entry in trail()}
        for _twice in range(2):
            role = {
                "role": "trainer",
                "scope": f"organisation:{house.organisation.id}",
                "csrf_token": browser.csrf_token(),
            }
            browser.client.post(f"/admin/people/{house.colleague.id}/roles", data=role)
        for data in ({"reason": ""}, {"reason": "x" * 5000}):
            token = {"csrf_token": browser.csrf_token()}
            assert (
                browser.client.post(f"/admin/people/{house.learner.id}/suspend", data=data | token).status_code == 422
            )
        browser.client.post(
            f"/admin/people/{scene['b'].learner.id}/suspend", data={"reason": "x", "csrf_token": browser.csrf_token()}
        )
        assert [entry.act for entry in trail() if entry.id not in known] == ["accounts:role:grant"]


@pytest.mark.doors
def test_reading_changes_nothing(scene, stage, entered):
    """ASVS 3.5.1: no page, file or search changes a row; the one about whom something sensitive is read stays in the trail."""
    with undone(stage):
        browser = entered(scene.root)
        learner = entered(scene["a"].learner)
        before = everything_kept()
        for address in addresses(stage, scene, "GET", most=1):
            with without_frame(stage) if address.rule.arguments else nullcontext():  # it is read often enough
                for visitor in (browser, learner):
                    visitor.client.get(address.path)
            if "/verify" in address.path or "/log" in address.path:
                before = everything_kept()  # a miss in the public register is counted; reading a log leaves its trace
        assert everything_kept() == before


def test_the_program_cannot_change_or_delete_an_entry(scene, stage):
    with undone(stage):
        entry = trail()[0]
        entry.act = "forged"
        with pytest.raises(TrailIsFrozen):
            db.session.flush()
        db.session.rollback()
        db.session.delete(trail()[0])
        with pytest.raises(TrailIsFrozen):
            db.session.flush()
        db.session.rollback()
        for statement in (update(AuditEntry).values(act="forged"), delete(AuditEntry)):
            with pytest.raises(TrailIsFrozen):
                db.session.execute(statement)


def test_no_line_of_the_program_writes_to_the_trail_but_to_add():
    """Nothing beside these guards goes round them: no raw SQL, no table statement."""
    found = []
    for path in ACADEMY.rglob("*.py"):
        text = path.read_text("utf-8")
        if re.search(
            r"(update|delete)\(\s*(audit\.)?AuditEntry|AuditEntry\.__table__|(UPDATE|DELETE FROM)\s+\"?audit_entry",
            text,
        ):
            found.append(str(path.relative_to(ACADEMY)))
    assert found == []


def test_a_draft_that_is_published_names_its_version(scene, stage, entered):
    house = scene["a"]
    with undone(stage):
        browser = entered(house.trainer)
        browser.client.post(f"/teach/{house.course.key}/publish", data={"csrf_token": browser.csrf_token()})
        entry = trail()[-1]
        number = db.session.scalar(
            select(CourseVersion.number).where(
                CourseVersion.course_id == house.course.id, CourseVersion.state == "published"
            )
        )
        assert entry.act == "catalogue:course:publish" and str(number) in str(entry.after)
