"""Partners are accredited by criteria that are read from records, and by a committee; what was granted is watched (issue 5, ID12, MT1)."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.accounts import services as accounts
from academy.accounts.models import RoleGrant
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotAllowed
from academy.competencies.models import PersonProfile, RoleProfile
from academy.credentials import services as credentials
from academy.credentials import services_of_holds
from academy.credentials.queries import certificates_of
from academy.notices.models import Notice
from academy.partners.accreditation import jobs as accreditation_jobs
from academy.partners.accreditation import kinds, queries, services
from academy.partners.accreditation.models import Accreditation, Breach, SchemeIsFrozen, Suspension, Vote
from academy.partners.accreditation.rules import State, Status
from tests.factories import accounts as people
from tests.factories import accreditation as accrediting
from tests.factories import partners
from tests.factories.accounts import both

DAY = timedelta(days=1)


class Scene:
    """A partner that meets the first level, another one, a reviewer and a committee of three."""

    def __init__(self) -> None:
        self.scheme = accrediting.scheme()
        self.of, self.other = (
            partners.partner(name=both("جسور", "Jusoor")),
            partners.partner(name=both("مسارات", "Masarat")),
        )
        self.course, self.crew, self.boss = accrediting.ready(self.of)
        self.admin = people.grant(self.boss, "administrator", self.of)
        self.rival = people.administrator(self.other, everywhere=False)
        self.root = people.administrator()
        self.members = [accrediting.member(name=both(f"عضو {n}", f"Member {n}")) for n in range(3)]

    def granted(self) -> Accreditation:
        row = accrediting.before_committee(accrediting.application(self.of, self.admin), self.root)
        return accrediting.decided(row, self.members)

    def told(self, person) -> set[str]:
        return set(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id)))

    def status(self, row: Accreditation, day=None) -> Status:
        return row.status_on(day or clock.today(), suspended=queries.suspended(row.id) is not None)


@pytest.fixture
def scene(app):
    return Scene()


def test_from_the_application_to_the_certificate_in_arabic(scene, visit, browser):
    """A partner applies and hands in documents, one is returned, the committee votes, the paper and the register say so."""
    mine, here = visit(scene.admin), f"/admin/partners/{scene.of.id}/accreditation"
    page = mine.get(here)
    assert "غير معتمد" in page.words and "طلب الاعتماد" in page.words
    assert "يُرجى اختيار أحد المستويات" in mine.post(here, {"words": "نطلب"}, status=422).words
    page = mine.post(here, {"level": "1", "words": "نطلب الاعتماد"})
    row = queries.open_application(scene.of.id)
    at = f"/admin/accreditation/applications/{row.id}"
    assert "جميع من يباشرون الخدمة يحملون شهادة سارية" in page.words and "3 من 3" in page.words
    assert "سلّم الوثائق كلها أولًا" in mine.post(f"{at}/submit").words
    bad = {"ref": "promise", "file": (io.BytesIO(b"<script>"), "a.html")}
    mine.post(f"{at}/documents", bad, status=422, content_type="multipart/form-data")
    for ref in accrediting.REFS:
        typed = {"ref": ref, "file": (io.BytesIO(b"%PDF-1.4 " + ref.encode()), f"{ref}.pdf")}
        mine.post(f"{at}/documents", typed, content_type="multipart/form-data")
    assert "قيد المراجعة" in mine.post(f"{at}/submit").words
    root = visit(scene.root)
    assert "جسور" in root.get("/admin/accreditation").words and "accreditation_submitted" in scene.told(scene.root)
    refused = root.post(f"{at}/send", {"proposed": "0"}, status=422)
    assert "راجِع الوثائق كلها أولًا" in refused.words
    first, *rest = [each[0].row for each in queries.documents_of(row.id).values()]
    where = f"/admin/accreditation/documents/{first.id}/review"
    assert "يُرجى كتابة السبب" in root.post(where, {"outcome": "return"}, status=422).words
    root.post(where, {"outcome": "return", "reason": "بلا توقيع"})
    assert "بلا توقيع" in mine.get(at).words and "accreditation_returned" in scene.told(scene.admin)
    told = mine.get("/notices").words
    assert "الوثيقة: «" in told and str(kinds.DOCUMENTS[first.ref]) in told
    assert mine.get(at).select_one('a[href="/admin/partners"][aria-current=page]'), "no menu leads here"
    for each in rest:
        root.post(f"/admin/accreditation/documents/{each.id}/review", {"outcome": "accept"})
    root.post(f"{at}/send", {"proposed": "1"}, status=422)
    again = {"ref": first.ref, "file": (io.BytesIO(b"%PDF-1.4 signed"), "signed.pdf")}
    mine.post(f"{at}/documents", again, content_type="multipart/form-data")
    newest = queries.documents_of(row.id)[first.ref][0].row
    root.post(f"/admin/accreditation/documents/{newest.id}/review", {"outcome": "accept"})
    root.post(f"{at}/send", {"proposed": "1"})
    for number, member in enumerate(scene.members):
        voting = visit(member)
        page = voting.get(at)
        assert "سبب 0" not in page.words, "others' votes before one's own"
        page = voting.post(f"{at}/vote", {"in_favour": "yes", "reason": f"سبب {number}"})
        assert "سبب 0" in page.words
    page = voting.post(f"{at}/decide", {"decision_reason": "استوفت المعايير"})
    assert "مُنح الاعتماد" in page.words
    granted = queries.in_force(scene.of.id)
    page = mine.get(here)
    assert "سارٍ" in page.words and granted.number in page.words and "مؤهَّل" in page.words
    page = mine.get(at)
    assert "استوفت المعايير" in page.words and "سبب 1" not in page.words and "عضو" not in page.words
    jobs.KINDS["accreditation.draw"].run(accreditation_id=granted.id)
    paper = mine.client.get(f"/admin/accreditations/{granted.number}.pdf")
    assert paper.data.startswith(b"%PDF") and paper.data == visit(scene.root).client.get(paper.request.path).data
    stranger = browser
    page = stranger.get(f"/verify/accreditation/{granted.number.replace('-', '').lower()}")
    assert "هذا الشريك معتمد" in page.words and "جسور" in page.words
    told = stranger.client.get(f"/verify/accreditation/{granted.number}", headers={"Accept": "application/json"}).json
    assert (told["status"], told["level"]) == ("valid", 1) and set(told) == {
        "number", "status", "partner", "scheme", "level", "level_name", "granted_on", "valid_until",
    }  # fmt: skip
    stranger.get("/verify/accreditation/7KQ2M-9XD4T", status=404)
    edited = paper.data[:4000] + bytes([paper.data[4000] ^ 1]) + paper.data[4001:]
    for data, verdict in ((paper.data, "genuine"), (edited, "altered")):
        sent = {"data": {"file": (io.BytesIO(data), "x.pdf")}, "headers": {"Accept": "application/json"}}
        assert stranger.client.post("/verify/file", **sent).json == {**told, "file": verdict}
        page = stranger.post("/verify/file", {"file": (io.BytesIO(data), "x.pdf")})
        assert ("هذا الملف ليس كما صدر" in page.words) == (verdict == "altered") and "جسور" in page.words
    browser.get(f"/verify?number={granted.number.lower()}", status=302)
    assert browser.response.location.endswith(f"/verify/accreditation/{granted.number}")
    recorded = set(db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("partners:accreditation:%"))))
    assert {each.rsplit(":", 1)[1] for each in recorded} >= {
        "apply", "hand_in", "submit", "review_document", "send", "vote", "decide",
    }  # fmt: skip


def test_nobody_acts_out_of_their_part(scene, visit):
    """MT1: another partner sees nothing; reviewers do not apply or vote; members do not review; nobody of a partner votes."""
    row = accrediting.application(scene.of, scene.admin)
    at, here = f"/admin/accreditation/applications/{row.id}", f"/admin/partners/{scene.of.id}/accreditation"
    document = queries.documents_of(row.id)["promise"][0].row
    file = f"/admin/accreditation/documents/{document.id}"
    for who in (scene.rival, scene.crew[0], people.person(), scene.members[0]):
        for path in (here, at, file, f"{file}/review"):
            visit(who).get(path, status=404)
    visit(scene.root).post(here, {"level": "1"}, status=404)
    visit(scene.root).post(f"{at}/submit", status=404)
    for act, typed in (("measures", {}), ("send", {"proposed": "1"})):
        visit(scene.admin).post(f"{at}/{act}", typed, status=404)
        visit(scene.members[0]).post(f"{at}/{act}", typed, status=404)
    accrediting.before_committee(row, scene.root)
    ballot = {"in_favour": "yes", "reason": "لأن"}
    for who in (scene.root, scene.admin, scene.rival, people.person()):
        visit(who).post(f"{at}/vote", ballot, status=404)
    visit(scene.members[0]).get(at)
    visit(scene.members[0]).get(file)
    visit(scene.members[0]).get("/admin/accreditation")
    visit(scene.rival).get("/admin/accreditation", status=403)
    with pytest.raises(NotAllowed):
        services.vote(row, in_favour=True, reason="x", actor_id=scene.rival.id, at=clock.now())
    for given in (
        lambda: accounts.grant_role(scene.rival, "committee", at=clock.now()),
        lambda: accounts.grant_role(scene.members[0], "committee", organisation_id=scene.members[0].organisation_id, at=clock.now()),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            given()
    moved = scene.members[2]
    moved.organisation_id = scene.of.id
    visit(moved).post(f"{at}/vote", ballot, status=404)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(
            RoleGrant(person_id=moved.id, role="committee", organisation_id=scene.of.id, granted_at=clock.now())
        )
        db.session.flush()


def test_a_vote_is_given_once_and_closed_with_its_quorum_by_who_has_voted(scene, visit):
    """A member who entered the evidence cannot tip the scale; the database keeps one vote a member."""
    reviewer = scene.members[0]
    accounts.grant_role(reviewer, "administrator", at=clock.now())
    row = accrediting.before_committee(accrediting.application(scene.of, scene.admin), reviewer)
    first, second, third = scene.members

    def vote(who, in_favour):
        services.vote(row, in_favour=in_favour, reason="لأن", actor_id=who.id, at=clock.now())

    def close(who):
        services.close_vote(row, reason="قرار", actor_id=who.id, at=clock.now())

    vote(first, True)
    with pytest.raises(Conflict, match="سبق أن أدليت"):
        vote(first, False)
    vote(second, True)
    with pytest.raises(Conflict, match="عدد كافٍ"):
        close(first)
    with pytest.raises(Conflict, match="لا يغلق التصويت"):
        close(third)
    vote(third, False)
    with pytest.raises(Conflict, match="راجعوا الأدلة"):
        close(first)
    fourth = accrediting.member()
    vote(fourth, False)
    with pytest.raises(Conflict, match="تساوت"):
        close(first)
    vote(accrediting.member(), False)
    close(second)
    assert row.state == State.REFUSED and queries.in_force(scene.of.id) is None
    assert "accreditation_refused" in scene.told(scene.admin)
    page = visit(scene.admin).get(f"/admin/partners/{scene.of.id}/accreditation")
    assert f"والسبب: {row.decision_reason}" in page.words and "طلب الاعتماد" in page.words
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(Vote(application_id=row.id, voter_id=first.id, in_favour=True, reason="x", voted_at=clock.now()))
        db.session.flush()


def test_one_human_being_has_one_vote_in_however_many_organisations(scene):
    """ID12: a second membership votes no second time, and who reviewed as one supplied the evidence as the other."""
    first, second, third = scene.members
    people.account(first, second)
    people.account(scene.root, third)
    row = accrediting.before_committee(accrediting.application(scene.of, scene.admin), scene.root)
    assert queries.involved(row.id) == {scene.root.id, third.id}
    services.vote(row, in_favour=True, reason="لأن", actor_id=first.id, at=clock.now())
    with pytest.raises(Conflict, match="سبق أن أدليت"):
        services.vote(row, in_favour=True, reason="لأن", actor_id=second.id, at=clock.now())
    awaited = queries.count_awaited()
    assert db.session.scalar(select(awaited), {"visitor_id": second.id}) == 0


def test_what_is_not_met_cannot_be_granted(scene, visit):
    credentials.revoke(
        certificates_of(scene.crew[0].id)[0].id,
        reason_class="error",
        reason="خطأ",
        actor_id=scene.root.id,
        at=clock.now(),
    )
    row = accrediting.application(scene.of, scene.admin)
    with pytest.raises(Invalid, match="غير مستوفاة"):
        accrediting.before_committee(row, scene.root)
    services.send_to_committee(row, 0, actor_id=scene.root.id, at=clock.now())
    asked = visit(scene.members[0]).get(f"/admin/accreditation/applications/{row.id}").select_one("#vote-form")
    assert "فلا يمكن إلا رفض الطلب" in asked.get_text()
    with pytest.raises(Invalid, match="رفض الطلب"):
        services.vote(row, in_favour=True, reason="x", actor_id=scene.members[0].id, at=clock.now())
    assert accrediting.decided(row, scene.members, in_favour=False) is None


def test_measures_are_entered_against_the_agency_and_grow_old(scene, visit):
    """Level two: satisfaction against the agency's average less its margin, and the loop closed with four of five."""
    row = accrediting.application(scene.of, scene.admin, level=2)
    root, at = visit(scene.root), f"/admin/accreditation/applications/{row.id}"
    today = clock.today()
    typed = {
        "criterion": "c4",
        "value": "٧٨٫٥",
        "as_of": (today - 20 * DAY).isoformat(),
        "source": "تقرير الربع الثالث",
    }
    page = root.post(f"{at}/measures", typed, status=422)
    assert "يُرجى إدخال متوسط الجهة" in page.words and page.select_one("[name=value]")["value"] == "٧٨٫٥"
    root.post(f"{at}/measures", {**typed, "value": "178", "average": "80", "margin": "2"}, status=422)
    root.post(
        f"{at}/measures", {**typed, "as_of": (today + DAY).isoformat(), "average": "80", "margin": "2"}, status=422
    )
    root.post(f"{at}/measures", {**typed, "criterion": "c1", "average": "80", "margin": "2"}, status=422)

    def met(key):
        return queries.readings_in(queries.application(row.id).findings)[key].met

    root.post(f"{at}/measures", {**typed, "average": "80", "margin": "1"})
    assert not met("c4")
    root.post(f"{at}/measures", {**typed, "average": "80", "margin": "2"})
    assert met("c4")
    root.post(
        f"{at}/measures", {"criterion": "c5", "value": "80", "as_of": (today - 250 * DAY).isoformat(), "source": "سجل"}
    )
    assert not met("c5"), "older than its window"
    root.post(f"{at}/measures", {"criterion": "c5", "value": "80", "as_of": today.isoformat(), "source": "سجل"})
    assert met("c5")
    accrediting.before_committee(queries.application(row.id), scene.root, proposed=2)
    assert accrediting.decided(queries.application(row.id), scene.members).level == 2


def test_a_breach_is_borne_for_its_grace_then_suspends_and_heals_by_itself(scene, visit, browser):
    """The certified share falls: told at once, suspended after fourteen days, restored when all are certified again."""
    granted, today = scene.granted(), clock.today()
    careless = scene.crew[0]
    number = granted.number

    def check(days):
        for _again in range(2):
            services.check(granted.id, today + days * DAY, at=clock.now())

    def public():
        return browser.client.get(f"/verify/accreditation/{number}", headers={"Accept": "application/json"}).json[
            "status"
        ]

    check(0)
    assert queries.breaches([granted.id]) == {} and "accreditation_breached" not in scene.told(scene.admin)
    paper, by = certificates_of(careless.id)[0].id, {"actor_id": scene.root.id, "at": clock.now()}
    services_of_holds.hold(paper, reason_class="inquiry", reason="قيد النظر", **by)
    check(0)
    breach = db.session.scalar(select(Breach))
    assert (breach.criterion, breach.opened_on, breach.due_on) == ("c1", today, today + 14 * DAY)
    assert "accreditation_breached" in scene.told(scene.admin) and public() == "valid"
    assert "معيار غير مستوفى" in visit(scene.admin).get(f"/admin/partners/{scene.of.id}").words
    history = visit(scene.admin).get(f"/admin/partners/{scene.of.id}/accreditation").select("ul.plain-list li")
    assert any("لم يُستوفَ منذ" in line.get_text() and "يحملون شهادة سارية" in line.get_text() for line in history)
    assert "لم يعد أحد المعايير مستوفى" in visit(scene.admin).get(f"/admin/partners/{scene.of.id}/accreditation").words
    check(14)
    assert db.session.scalar(select(Suspension)) is None
    check(15)
    assert db.session.scalar(select(Suspension)).since == today + 15 * DAY and public() == "suspended"
    assert "accreditation_suspended" in scene.told(scene.admin)
    services_of_holds.release(paper, reason="لم يثبت شيء", **by)
    check(16)
    assert public() == "valid" and "accreditation_restored" in scene.told(scene.admin)
    assert (db.session.scalar(select(Breach)).healed_on, db.session.scalar(select(Suspension)).ended_on) == (
        today + 16 * DAY, today + 16 * DAY,
    )  # fmt: skip
    acts = list(db.session.scalars(select(AuditEntry.act).where(AuditEntry.subject_type == "accreditation")))
    assert [acts.count(f"partners:accreditation:{each}") for each in ("breach", "suspend", "heal", "restore")] == [
        1
    ] * 4
    assert "لم يُستوفَ منذ" in visit(scene.root).get(f"/admin/partners/{scene.of.id}/accreditation").words


def test_a_check_of_a_day_that_is_over_tried_again_lifts_no_suspension(scene):
    """R14, P9: a job that failed is put back by hand days later; what it finds is of today, not of its day."""
    granted, today = scene.granted(), clock.today()
    paper = certificates_of(scene.crew[0].id)[0].id
    held = clock.now() - 16 * DAY
    services_of_holds.hold(paper, reason_class="inquiry", reason="قيد النظر", actor_id=scene.root.id, at=held)
    for days in (16, 1):
        services.check(granted.id, today - days * DAY, at=clock.now())
    suspension = db.session.scalar(select(Suspension))
    assert suspension is not None and scene.status(granted) == Status.SUSPENDED
    accreditation_jobs.check(granted.id, (today - 20 * DAY).isoformat())
    assert suspension.ended_on is None and scene.status(granted) == Status.SUSPENDED
    assert db.session.scalar(select(Breach)).healed_on is None
    assert "accreditation_restored" not in scene.told(scene.admin)


def test_newcomers_who_serve_accompanied_do_not_suspend_and_office_people_do_not_count(scene):
    granted, today = scene.granted(), clock.today()
    office = partners.member(scene.of)
    supervisor = RoleProfile(key="supervisor", name=both("مشرف", "Supervisor"), targets={})
    db.session.add(supervisor)
    db.session.flush()
    db.session.add(PersonProfile(person_id=office.id, profile_id=supervisor.id, set_at=clock.now()))
    db.session.flush()
    services.check(granted.id, today, at=clock.now())
    assert queries.breaches([granted.id]) == {}
    newcomer = partners.member(scene.of, days=0)
    services.check(granted.id, today, at=clock.now())
    breach = db.session.scalar(select(Breach))
    assert queries.readings_in([breach.reading])["c1"].excused
    breach.opened_on, breach.due_on = today - 15 * DAY, today - DAY
    services.check(granted.id, today, at=clock.now())
    assert db.session.scalar(select(Suspension)) is None, newcomer.id
    services.check(granted.id, today + 15 * DAY, at=clock.now())
    assert db.session.scalar(select(Suspension)) is not None


def test_renewal_replaces_without_losing_a_day_and_the_register_says_so(scene, visit, browser):
    first, today = scene.granted(), clock.today()
    with pytest.raises(Conflict, match="ممنوح"):
        services.apply(scene.of, 1, actor_id=scene.admin.id, at=clock.now())
    until = today + 60 * DAY
    first.valid_until, first.facts = until, {**first.facts, "valid_until": until.isoformat()}
    services.remind(first.id, today, at=clock.now())
    assert "accreditation_ending" in scene.told(scene.admin)
    second = scene.granted()
    assert second.id != first.id and second.valid_until.year == until.year + 1
    assert (scene.status(first), scene.status(second)) == (Status.REPLACED, Status.VALID)
    page = browser.get(f"/verify/accreditation/{first.number}")
    assert "لا يمكن تأكيد هذا الاعتماد" in page.words and "جسور" not in page.words, (
        "its facts were changed by other hands"
    )


def test_the_committee_alone_withdraws(scene, visit, browser):
    granted = scene.granted()
    asked = f"/admin/accreditation/{granted.id}/withdrawal"
    visit(scene.admin).post(asked, {"reason": "نطلبه"}, status=404)
    page = visit(scene.root).post(asked, {"reason": "إخلال متكرر بقواعد البيانات"})
    assert "سحب اعتماد" in page.words and scene.status(granted) is Status.VALID
    row = queries.open_application(scene.of.id, "withdraw")
    page = visit(scene.root).get(f"/admin/partners/{scene.of.id}/accreditation")
    assert "الأمر معروض على اللجنة" in page.words and page.select_one("#withdrawal-form") is None
    page = visit(scene.root).post(asked, {"reason": "إخلال آخر"}, status=422)
    assert "سحبه معروض على اللجنة" in page.words and page.select_one("[name=reason]")["value"] == "إخلال آخر"
    accrediting.decided(row, scene.members)
    assert scene.status(granted) is Status.WITHDRAWN and "accreditation_withdrawn" in scene.told(scene.admin)
    assert "سُحب هذا الاعتماد" in browser.get(f"/verify/accreditation/{granted.number}").words
    assert "غير معتمد" in visit(scene.admin).get(f"/admin/partners/{scene.of.id}").words
    page = visit(scene.admin).get(f"/admin/partners/{scene.of.id}/accreditation")
    assert "غير معتمد" in page.words and f"والسبب: {row.decision_reason}" in page.words


def test_a_published_scheme_is_frozen_and_one_application_is_open(scene):
    accrediting.application(scene.of, scene.admin, submitted=False)
    with pytest.raises(Conflict, match="لم يُبتّ"):
        services.apply(scene.of, 1, actor_id=scene.admin.id, at=clock.now())
    assert accrediting.scheme().id == scene.scheme.id
    scene.scheme.version = "9"
    with pytest.raises(SchemeIsFrozen):
        db.session.flush()
    db.session.rollback()


def test_the_daily_job_checks_what_stands_and_pages_cost_the_same_however_much_there_is(scene, visit, statements):
    granted = scene.granted()
    jobs.KINDS["accreditation.look"].run()
    jobs.KINDS["accreditation.check"].run(accreditation_id=granted.id, day=clock.today().isoformat())
    paths = [f"/admin/partners/{scene.of.id}/accreditation", "/admin/accreditation", "/admin/partners"]
    paths.append(f"/admin/accreditation/applications/{queries.applications_of(scene.of.id)[0].id}")
    root = visit(scene.root)

    def cost(path):
        with statements() as seen:
            root.get(path)
        return len(seen)

    before = [[cost(path) for path in paths] for _again in range(2)][1]
    for _each in range(3):
        house = partners.partner()
        row = services.apply(house, 1, actor_id=scene.root.id, at=clock.now())
        services.hand_in(row, "promise", b"%PDF-1.4", "a.pdf", actor_id=scene.root.id, at=clock.now())
    db.session.flush()
    assert [cost(path) for path in paths] == before
    assert max(before) <= 8, before


def test_only_levels_that_can_be_applied_for_are_offered(scene, visit):
    """While the first level is in force and not about to end, the page offers the higher ones; before its end all again."""
    granted = scene.granted()
    mine, here = visit(scene.admin), f"/admin/partners/{scene.of.id}/accreditation"
    page = mine.get(here)
    assert [each["value"] for each in page.select("#apply-form [name=level]")] == ["2", "3"]
    assert "مؤهَّل" in page.select_one("table.sheet a[href*='/applications/']").find_parent("tr").get_text()
    granted.valid_until = clock.today() + timedelta(days=30)
    db.session.flush()
    assert len(mine.get(here).select("#apply-form [name=level]")) == 3
