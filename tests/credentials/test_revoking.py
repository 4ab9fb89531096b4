"""Revoking takes two people where the academy asks for it; a suspension by hand stops a certificate until it is ended."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Academy
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.credentials import services, services_of_holds, services_of_revoking
from academy.credentials.models import Certificate, CertificateHold, RevocationProposal
from academy.credentials.queries_of_badges import not_counting
from academy.notices.models import Notice
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both

WHY = {"reason_class": "integrity", "reason": "ثبت الانتحال CANARY"}
HOLD = {"hold_class": "inquiry", "hold_reason": "شكوى رقم 12 CANARY"}


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def house(app):
    """An agency that issued a certificate to one of its people, in an academy that asks for two."""
    db.session.get(Academy, 1).two_person_revocation = True
    return people.organisation(name=both("الجهة الأولى", "First"))


@pytest.fixture
def certificate(house) -> Certificate:
    """The certificate."""
    return credentials.certificate(people.person(of=house), catalogue.course(house, validity_months=24))


def of(house, **given):
    return people.administrator(house, everywhere=False, **given)


def told(person_id, kind):
    return db.session.scalar(select(func.count()).where(Notice.person_id == person_id, Notice.kind == kind))


def proposed(certificate, by, **given):
    return services_of_revoking.propose(certificate.id, **{**WHY, **given}, actor_id=by.id, at=clock.now())


def acts():
    return db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()


def test_one_proposes_and_another_confirms(visit, house, certificate):
    one, two = of(house), of(house, name=both("ثانٍ", "Second"))
    page = visit(one).get(f"/admin/certificates/{certificate.number}")
    assert not page.select("form[action$='/revoke']") and "ثانٍ" in page.words
    page = visit(one).post(f"/admin/certificates/{certificate.number}/propose", WHY)
    assert WHY["reason"] in page.words and not page.select("form[action$='/confirm']")
    assert (
        certificate.revoked_at is None
        and told(two.id, "revocation_waits") == 1
        and not told(one.id, "revocation_waits")
    )
    row = db.session.scalars(select(RevocationProposal)).one()
    visit(one).post(f"/admin/certificates/revocations/{row.id}/confirm", {"meant": "y"}, 404)
    page = visit(two).get("/admin/certificates/revocations")
    assert certificate.number in page.words and WHY["reason"] in page.words
    waiting = visit(two).get(f"/admin/certificates/{certificate.number}").select_one("section:has(#confirm-form)")
    assert one.name.ar in waiting.get_text() and waiting.select_one("a[href='/admin/certificates/revocations']")
    visit(two).post(f"/admin/certificates/revocations/{row.id}/confirm", {}, 422)
    page = visit(two).post(f"/admin/certificates/revocations/{row.id}/confirm", {"meant": "y"})
    assert "سُحبت الشهادة" in page.words and certificate.revoked_by_id == two.id
    assert told(certificate.holder_id, "certificate_revoked") == 1
    assert certificate.number not in visit(two).get("/admin/certificates/revocations").words
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "credentials:certificate:revoke"))
    assert (entry.actor_id, entry.after["by"]) == (two.id, one.id)
    assert {"credentials:revocation:propose", "credentials:revocation:confirm"} <= set(acts())


def test_the_proposer_never_confirms_not_even_past_the_pages(house, certificate):
    row = proposed(certificate, one := of(house))
    with pytest.raises(Conflict):
        services_of_revoking.confirm(row.id, actor_id=one.id, at=NOW)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        row.outcome, row.decided_at, row.decided_by_id = "confirmed", NOW, one.id
        db.session.flush()


def test_the_proposer_does_not_confirm_as_a_member_of_another_organisation(house, certificate):
    """SE: two memberships of one human being are not two people."""
    one, same = of(house), people.administrator(people.organisation(), name=both("نفسه", "The same"))
    people.account(one, same)
    row = proposed(certificate, one)
    with pytest.raises(Conflict):
        services_of_revoking.confirm(row.id, actor_id=same.id, at=NOW)
    assert certificate.revoked_at is None


def test_nobody_revokes_alone_where_two_are_asked_for(visit, house, certificate):
    with pytest.raises(Conflict):
        services.revoke(certificate.id, **WHY, actor_id=1, at=NOW)
    visit(people.administrator()).post(f"/admin/certificates/{certificate.number}/revoke", {**WHY, "meant": "y"}, 409)
    db.session.get(Academy, 1).two_person_revocation = False
    row = proposed(certificate, of(house))
    services.revoke(certificate.id, **WHY, actor_id=row.proposed_by_id, at=NOW)
    db.session.refresh(row)
    assert row.outcome == "overtaken"


def test_declining_has_a_reason_and_is_told(visit, house, certificate):
    one, two = of(house), of(house)
    row = proposed(certificate, one)
    visit(two).post(f"/admin/certificates/revocations/{row.id}/decline", {"answer": " "}, 422)
    page = visit(two).post(f"/admin/certificates/revocations/{row.id}/decline", {"answer": "الدليل لا يكفي"})
    assert "الدليل لا يكفي" in page.words and row.outcome == "declined" and certificate.revoked_at is None
    assert told(one.id, "revocation_declined") == 1 and not told(certificate.holder_id, "certificate_revoked")
    again = proposed(certificate, two)
    visit(two).post(f"/admin/certificates/revocations/{again.id}/decline", {"answer": "أخطأت"})
    assert again.outcome == "withdrawn" and not told(two.id, "revocation_declined")
    visit(one).post(f"/admin/certificates/revocations/{again.id}/confirm", {"meant": "y"})
    assert certificate.revoked_at is None, "what was decided was confirmed"


def test_one_proposal_waits_at_a_time(house, certificate):
    proposed(certificate, of(house))
    with pytest.raises(Conflict):
        proposed(certificate, of(house))


def test_a_single_administrator_reads_who_else_can(visit, house, certificate):
    alone = of(house)
    page = visit(alone).get(f"/admin/certificates/{certificate.number}")
    assert "لا أحد غيرك يستطيع تأكيده" in page.words
    chief = people.administrator(name=both("مدير الأكاديمية CANARY", "Chief"))
    page = visit(alone).get(f"/admin/certificates/{certificate.number}")
    assert "مديرو نظام الأكاديمية" in page.words and "CANARY" not in page.words
    row = proposed(certificate, alone)
    assert told(chief.id, "revocation_waits") == 1
    visit(chief).post(f"/admin/certificates/revocations/{row.id}/confirm", {"meant": "y"})
    assert certificate.revoked_at is not None


def test_others_neither_see_nor_decide(visit, house, certificate):
    row = proposed(certificate, of(house))
    for who in (of(people.organisation()), people.manager(), db.session.get(people.Person, certificate.holder_id)):
        visitor = visit(who)
        visitor.post(f"/admin/certificates/revocations/{row.id}/confirm", {"meant": "y"}, 404)
        visitor.post(f"/admin/certificates/revocations/{row.id}/decline", {"answer": "x"}, 404)
        for act, data in (("propose", WHY), ("hold", HOLD), ("release", {"release_reason": "x"})):
            visitor.post(f"/admin/certificates/{certificate.number}/{act}", data, 404)
    assert "CANARY" not in visit(of(people.organisation())).get("/admin/certificates/revocations").words
    visit(people.manager()).get("/admin/certificates/revocations", 403)


def test_the_list_takes_few_statements(visit, house, statements):
    chief, counts = people.administrator(), []
    for _ in range(2):
        for _ in range(4):
            proposed(credentials.certificate(people.person(of=house), catalogue.course(house)), of(house))
        visitor = visit(chief)
        with statements() as seen:
            visitor.get("/admin/certificates/revocations")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_the_setting_is_on_the_page_and_in_the_trail(visit, app):
    chief = visit(people.administrator())
    names = {f"{name}-ar": "اسم" for name in ("name", "short_name", "customer_word")}
    chief.post("/admin/settings", {**names, "two_person_revocation": "y"})
    assert db.session.get(Academy, 1).two_person_revocation
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "accounts:academy:edit"))
    assert entry.after["two_person_revocation"] is True


# --- Suspending by hand --------------------------------------------------------------------------------


def test_a_suspended_certificate_counts_nowhere_and_counts_again(visit, browser, house, certificate):
    visitor, holder = visit(of(house)), certificate.holder_id
    for lacking in HOLD:
        visitor.post(
            f"/admin/certificates/{certificate.number}/hold", {k: v for k, v in HOLD.items() if k != lacking}, 422
        )
    page = visitor.post(f"/admin/certificates/{certificate.number}/hold", HOLD)
    assert HOLD["hold_reason"] in page.words and told(holder, "certificate_held") == 1
    public = browser.get(f"/verify/{certificate.number}")
    assert "هذه الشهادة معلّقة" in public.words and "CANARY" not in public.words
    assert not_counting(0) is None or certificate.id in not_counting(0)
    visitor.post(f"/admin/certificates/{certificate.number}/release", {"release_reason": ""}, 422)
    page = visitor.post(f"/admin/certificates/{certificate.number}/release", {"release_reason": "لم يثبت شيء"})
    assert "لم يثبت شيء" in page.words and told(holder, "certificate_released") == 1
    assert "هذه الشهادة سارية" in browser.get(f"/verify/{certificate.number}").words
    assert {"credentials:certificate:hold", "credentials:certificate:release"} <= set(acts())


def test_neither_suspension_ends_the_other(house, certificate):
    by = of(house).id
    services_of_holds.hold(certificate.id, reason_class="inquiry", reason="x", actor_id=by, at=NOW)
    held = dict(reason_class="membership", actor_id=None, at=NOW)
    assert services.hold_certificates(certificate.holder_id, [certificate.course_id], **held) == 1
    services_of_holds.release(certificate.id, reason="y", actor_id=by, at=NOW + timedelta(hours=1))
    assert certificate.held_class == "membership" and not told(certificate.holder_id, "certificate_released")
    services.release_certificates(certificate.holder_id, **held | {"at": NOW + timedelta(hours=2)})
    assert certificate.held_class is None and told(certificate.holder_id, "certificate_released") == 1
    with pytest.raises(Conflict):
        services_of_holds.release(certificate.id, reason="y", actor_id=by, at=NOW)


def test_what_was_revoked_is_not_suspended(house, certificate):
    db.session.get(Academy, 1).two_person_revocation = False
    credentials.revoked(certificate)
    with pytest.raises(Conflict):
        services_of_holds.hold(certificate.id, reason_class="inquiry", reason="x", actor_id=1, at=NOW)


# --- At once -------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(crowd_app) -> tuple[int, int, list[int]]:  # noqa: F811
    """A proposal that is really committed, its certificate, and eight who may confirm."""
    with prepared(crowd_app):
        row = credentials.certificate()
        return proposed(row, people.administrator()).id, row.id, [people.administrator().id for _ in range(8)]


@pytest.mark.concurrency
def test_of_eight_who_confirm_at_once_one_revokes(crowd_app, waiting):  # noqa: F811
    proposal_id, certificate_id, ids = waiting

    def confirm(number):
        return services_of_revoking.confirm(proposal_id, actor_id=ids[number], at=clock.now()).revoked_by_id

    outcomes = run_together(8, confirm, app=crowd_app)
    assert len(winners(outcomes)) == 1 and sum(isinstance(each, Conflict) for each in outcomes) == 7, outcomes
    with crowd_app.app_context():
        row = db.session.get(Certificate, certificate_id)
        assert row.revoked_by_id == winners(outcomes)[0]
        assert told(row.holder_id, "certificate_revoked") == 1
        assert acts().count("credentials:certificate:revoke") == 1


@pytest.mark.concurrency
def test_confirming_and_declining_at_once_end_in_one_answer(crowd_app, waiting):  # noqa: F811
    proposal_id, certificate_id, ids = waiting

    def decide(number):
        if number % 2:
            return services_of_revoking.confirm(proposal_id, actor_id=ids[number], at=clock.now()).id
        return services_of_revoking.decline(proposal_id, reason="x", actor_id=ids[number], at=clock.now()).id

    assert len(winners(run_together(8, decide, app=crowd_app))) == 1
    with crowd_app.app_context():
        revoked = db.session.get(Certificate, certificate_id).revoked_at is not None
        assert revoked == (db.session.get(RevocationProposal, proposal_id).outcome == "confirmed")


@pytest.mark.concurrency
def test_proposed_and_suspended_by_eight_at_once_it_is_so_once(crowd_app, waiting):  # noqa: F811
    with prepared(crowd_app):
        other = credentials.certificate().id

    def both_acts(number):
        if number % 2:
            return services_of_holds.hold(other, reason_class="inquiry", reason="x", actor_id=1, at=clock.now()).id
        return services_of_revoking.propose(other, **WHY, actor_id=waiting[2][number], at=clock.now()).id

    outcomes = run_together(8, both_acts, app=crowd_app)
    assert len(winners(outcomes)) == 2, outcomes
    with crowd_app.app_context():
        for kind in (CertificateHold, RevocationProposal):
            assert db.session.scalar(select(func.count()).where(kind.certificate_id == other)) == 1
