"""CE5, P6: a wrong name on a certificate is corrected by issuing it anew; the former number leads to the new one (R17, R18)."""

import io
from datetime import timedelta

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Academy
from academy.base import clock, jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.credentials import (
    queries,
    services,
    services_of_badges,
    services_of_correcting,
    services_of_holds,
    services_of_imports,
    services_of_retention,
    services_of_revoking,
)
from academy.credentials.badges import baking
from academy.credentials.models import (
    Certificate,
    CertificateIsFrozen,
    CorrectionProposal,
    SealedBadge,
)
from academy.credentials.papers import paper
from academy.credentials.queries_of_badges import not_counting
from academy.credentials.queries_of_correcting import standing_for
from academy.credentials.rules import CertificateFacts
from academy.notices.models import Notice
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.credentials.test_programme_certificates import holding
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both

WRONG, RIGHT = both("نوره العتيبى", "Nora Alotebi"), both("نورة العتيبي", "Noura Alotaibi")
TYPED = {"name-ar": RIGHT.ar, "name-en": RIGHT.en, "reason": "خطأ في الكتابة CANARY"}


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def house(app):
    """An agency in an academy where one person may take back and correct."""
    db.session.get(Academy, 1).two_person_revocation = False
    return people.organisation(name=both("الجهة", "Agency"))


@pytest.fixture
def certificate(house) -> Certificate:
    """A certificate with a wrong name; its holder's record has the right one by now."""
    holder = people.person(of=house, name=WRONG)
    row = credentials.certificate(holder, catalogue.course(house, validity_months=24))
    holder.name = RIGHT
    return row


def of(house, **given):
    return people.administrator(house, everywhere=False, **given)


def told(person_id, kind):
    return db.session.scalar(select(func.count()).where(Notice.person_id == person_id, Notice.kind == kind))


def correct(row, name=RIGHT, **given):
    return services_of_correcting.correct(
        row.id, name=name, reason="خطأ CANARY", actor_id=9000, at=clock.now(), **given
    )


def propose(row, by, name=RIGHT):
    return services_of_correcting.propose(row.id, name=name, reason="خطأ CANARY", actor_id=by.id, at=clock.now())


def acts():
    return db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()


def test_a_corrected_certificate_takes_the_place_of_the_former(visit, house, certificate):
    """CE5, P6: a new number, the right name, and everything else as it was; the former never changes."""
    before, visitor = dict(certificate.facts), visit(of(house))
    here = f"/admin/certificates/{certificate.number}/correct"
    page = visitor.get(here)
    assert [page.select_one(f"[name=name-{half}]")["value"] for half in ("ar", "en")] == [RIGHT.ar, RIGHT.en]
    assert WRONG.ar in page.words
    page = visitor.post(here, TYPED)
    new = db.session.scalars(select(Certificate).where(Certificate.replaces_id == certificate.id)).one()
    assert RIGHT.ar in page.h1.get_text() and new.number in page.words and certificate.number in page.words
    assert certificate.facts == before and new.number != certificate.number
    changed = {name for name in new.facts if new.facts[name] != before.get(name)}
    assert changed == {"number", "verify_url", "holder_name_ar", "holder_name_en", "replaced_number"}
    same = ("holder_id", "credential", "cycle", "issued_at", "issued_on", "expires_on", "enrolment_id", "course_id",
            "organisation_id", "issuer_id", "template_version_id")  # fmt: skip
    assert all(getattr(new, name) == getattr(certificate, name) for name in same)
    assert certificate.replaced and certificate.revoked_class == "replaced" and certificate.revoked_at == NOW
    assert told(new.holder_id, "certificate_corrected") == 1
    assert not told(new.holder_id, "certificate_revoked") and told(new.holder_id, "certificate_issued") == 1
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "credentials:certificate:correct")).one()
    assert entry.before["name"] == WRONG.as_dict() and entry.after["new_number"] == new.number
    queued = set(db.session.scalars(select(jobs.Job.unique_key)))
    assert {f"credentials.draw:{new.id}", f"credentials.seal:{new.id}"} <= queued
    page = visitor.get(f"/admin/certificates/{certificate.number}")
    assert page.select_one(f"a[href='/admin/certificates/{new.number}']") and not page.select("form[action$='/revoke']")
    found = visitor.get("/admin/certificates?q=العتيبي").words
    assert new.number in found


def test_the_former_number_leads_to_the_new_one_and_tells_no_former_name(visit, browser, house, certificate):
    """CE5, R18: whoever has the new paper does not learn from it how its holder was called before."""
    new = correct(certificate)
    page = browser.get(f"/verify/{certificate.number}")
    assert "حلّت محلها شهادة مصحَّحة" in page.h1.get_text() and page.select_one(f"a[href='/verify/{new.number}']")
    assert WRONG.ar not in str(page) and RIGHT.ar not in str(page) and "CANARY" not in str(page)
    page = browser.get(f"/verify/{new.number}")
    assert "هذه الشهادة سارية" in page.h1.get_text() and RIGHT.ar in page.words and certificate.number in page.words
    asked = {"Accept": "application/json"}
    answer = browser.client.get(f"/verify/{certificate.number}", headers=asked).get_json()
    assert (answer["state"], answer["revoked_because"], answer["holder"]) == (
        "revoked",
        "replaced",
        {"ar": "", "en": ""},
    )
    assert answer["replaced_by"] == {"number": new.number, "state": "valid"} and answer["replaces"] is None
    answer = browser.client.get(f"/verify/{new.number}", headers=asked).get_json()
    assert (answer["state"], answer["replaces"], answer["replaced_by"]) == ("valid", certificate.number, None)
    assert answer["holder"] == RIGHT.as_dict()


def test_the_badge_of_the_former_counts_no_longer_and_the_new_one_has_its_own(certificate):
    new = correct(certificate)
    jobs.run_all_due()
    assert certificate.id in not_counting(0) and new.id not in not_counting(0)
    badge = db.session.scalars(select(SealedBadge).where(SealedBadge.certificate_id == new.id)).one()
    assert RIGHT.ar in badge.document and WRONG.ar not in badge.document


def test_only_the_corrected_one_counts_for_its_holder(visit, certificate):
    """CE5: own page, transcript, standing, list of ends and renewal know one certificate."""
    holder_id, new = certificate.holder_id, correct(certificate)
    page = visit(db.session.get(people.Person, holder_id)).get("/certificates")
    assert [article["id"] for article in page.select("article.paper")] == [f"c{new.number}"]
    assert certificate.number in page.words, "it names the one that it replaces"
    transcript = visit(db.session.get(people.Person, holder_id)).get(f"/people/{holder_id}/transcript").words
    assert new.number in transcript and certificate.number not in transcript
    standing = queries.standing_certificates([holder_id], today=clock.today())[holder_id]
    assert (standing.valid, standing.expired) == (1, 0)
    assert queries.latest_of(holder_id).number == new.number
    assert queries.certificate_for(new.enrolment_id).number == new.number
    assert queries.certificate_of_cycle(holder_id, new.credential, 1).id == new.id
    ends = queries.expiring(people.Person.id == holder_id, new.expires_on)
    assert [row.certificate.number for row in ends] == [new.number]


def test_completing_heard_again_issues_nothing_beside_the_corrected_one(certificate):
    """R17: the job that issues finds the corrected one."""
    new = correct(certificate)
    again = services.issue_for_completion(certificate.enrolment_id, at=clock.now())
    assert again.id == new.id and db.session.scalar(select(func.count()).select_from(Certificate)) == 2


def test_the_database_lets_no_second_one_stand(certificate):
    """P6, R17: two that stand cannot exist, nor two that replace the same, and none is replaced without being revoked."""
    new = correct(certificate)
    for given in ({"replaced": False}, {"replaced": True, "revoked_class": "error"}):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            for name, value in given.items():
                setattr(certificate, name, value)
            db.session.flush()
        db.session.refresh(certificate)
    with pytest.raises((IntegrityError, CertificateIsFrozen)), db.session.begin_nested():
        new.replaces_id = None
        db.session.flush()


def test_corrections_make_a_chain_whose_every_number_leads_to_its_end(browser, certificate):
    first = correct(certificate, both("نورة العتيبى", "Noura Alotebi"))
    second = correct(first)
    assert standing_for(certificate.id).number == standing_for(first.id).number == second.number
    for former in (certificate, first):
        assert browser.get(f"/verify/{former.number}").select_one(f"a[href='/verify/{second.number}']")
    with pytest.raises(Conflict):
        correct(first)


def test_a_suspension_follows_it(house, certificate):
    """A better name ends no suspension."""
    by = of(house).id
    services_of_holds.hold(certificate.id, reason_class="inquiry", reason="x", actor_id=by, at=NOW - timedelta(days=1))
    new = correct(certificate)
    assert new.held_class == "inquiry" and certificate.held_class is None
    services_of_holds.release(new.id, reason="y", actor_id=by, at=NOW)
    assert new.held_class is None and told(new.holder_id, "certificate_released") == 1


def test_what_is_revoked_waits_or_says_so_already_is_not_corrected(house, certificate):
    with pytest.raises(Invalid):
        correct(certificate, WRONG)
    with pytest.raises(Invalid):
        correct(certificate, both("‏", ""))
    row = services_of_revoking.propose(
        certificate.id, reason_class="error", reason="x", actor_id=of(house).id, at=clock.now()
    )
    with pytest.raises(Conflict):
        correct(certificate)
    services_of_revoking.decline(row.id, reason="y", actor_id=of(house).id, at=clock.now())
    waiting = propose(certificate, of(house))
    credentials.revoked(certificate)
    with pytest.raises(Conflict):
        correct(certificate)
    db.session.refresh(waiting)
    assert waiting.outcome == "overtaken"
    with pytest.raises(Invalid):
        services.revoke(credentials.certificate().id, reason_class="replaced", reason="x", actor_id=1, at=NOW)


def test_one_proposes_and_another_confirms_where_two_are_asked_for(visit, house, certificate):
    """CE5: the same two people as for a revocation."""
    db.session.get(Academy, 1).two_person_revocation = True
    one, two = of(house), of(house, name=both("ثانٍ", "Second"))
    with pytest.raises(Conflict):
        correct(certificate)
    page = visit(one).post(f"/admin/certificates/{certificate.number}/correct", TYPED)
    row = db.session.scalars(select(CorrectionProposal)).one()
    assert RIGHT.ar in page.words and not page.select("#correction-confirm-form") and not certificate.replaced
    assert told(two.id, "correction_waits") == 1 and not told(one.id, "correction_waits")
    visit(one).post(f"/admin/certificates/corrections/{row.id}/confirm", {"meant": "y"}, 404)
    with pytest.raises(Conflict):
        services_of_correcting.confirm(row.id, actor_id=one.id, at=NOW)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        row.outcome, row.decided_at, row.decided_by_id = "confirmed", NOW, one.id
        db.session.flush()
    db.session.refresh(row)
    listed = visit(two).get("/admin/certificates/corrections")
    assert certificate.number in listed.words and RIGHT.ar in listed.words and RIGHT.en in listed.words
    visit(two).post(f"/admin/certificates/corrections/{row.id}/confirm", {}, 422)
    page = visit(two).post(f"/admin/certificates/corrections/{row.id}/confirm", {"meant": "y"})
    assert RIGHT.ar in page.h1.get_text() and certificate.replaced and certificate.revoked_by_id == two.id
    assert certificate.number not in visit(two).get("/admin/certificates/corrections").words
    wanted = {"credentials:correction:propose", "credentials:correction:confirm", "credentials:certificate:correct"}
    assert wanted <= set(acts())


def test_declining_and_withdrawing_have_a_reason(visit, house, certificate):
    db.session.get(Academy, 1).two_person_revocation = True
    one, two = of(house), of(house)
    row = propose(certificate, one)
    with pytest.raises(Conflict):
        propose(certificate, two)
    visit(two).post(f"/admin/certificates/corrections/{row.id}/decline", {"answer": " "}, 422)
    page = visit(two).post(f"/admin/certificates/corrections/{row.id}/decline", {"answer": "الاسم صحيح"})
    assert "الاسم صحيح" in page.words and row.outcome == "declined" and told(one.id, "correction_declined") == 1
    again = propose(certificate, one)
    visit(one).post(f"/admin/certificates/corrections/{again.id}/decline", {"answer": "أخطأت"})
    assert again.outcome == "withdrawn" and not certificate.replaced


def test_others_and_the_holder_correct_nothing(visit, house, certificate):
    """The wrong people: of another house, a manager, the holder, an administrator on their own, an auditor."""
    row = propose(certificate, of(house))
    holder = db.session.get(people.Person, certificate.holder_id)
    auditor = people.grant(people.person(of=house), "auditor", of=house)
    people.grant(holder, "administrator", of=house)
    for who in (of(people.organisation()), people.manager(), holder, auditor):
        visitor = visit(who)
        shut = 403 if who is auditor else 404
        for act, data in (("confirm", {"meant": "y"}), ("decline", {"answer": "x"})):
            visitor.post(f"/admin/certificates/corrections/{row.id}/{act}", data, shut)
        visitor.get(f"/admin/certificates/{certificate.number}/correct", shut)
        visitor.post(f"/admin/certificates/{certificate.number}/correct", TYPED, shut)
    assert row.outcome is None and not certificate.replaced
    assert certificate.number not in visit(of(people.organisation())).get("/admin/certificates/corrections").words
    seen = visit(auditor).get(f"/admin/certificates/{certificate.number}")
    assert RIGHT.ar in seen.words and not seen.select("form[action*='corrections']")


def test_the_list_takes_few_statements(visit, house, statements):
    chief, counts = people.administrator(), []
    for _ in range(2):
        for _ in range(4):
            propose(credentials.certificate(people.person(of=house), catalogue.course(house)), of(house))
        visitor = visit(chief)
        with statements() as seen:
            visitor.get("/admin/certificates/corrections")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_the_file_of_the_former_is_known_and_an_edited_one_is_exposed(browser, certificate):
    """P6, R18: a file that somebody holds says what it said; one that was edited learns nothing of the former name."""
    facts_of = CertificateFacts.from_json
    made = paper(facts_of(certificate.facts), "pdf")
    services_of_badges.PAPERS.note(certificate.id, made, at=NOW)
    sealed = services_of_badges.seal(certificate.id, at=NOW)
    badge, token = sealed.document, sealed.token
    new = correct(certificate)
    for data in (made, badge.encode()):
        page = browser.post("/verify/file", {"file": (io.BytesIO(data), "file")})
        assert "حلّت محلها شهادة مصحَّحة" in page.h1.get_text() and WRONG.ar in page.words and new.number in page.words
    for data in (baking.into_png(token), baking.into_svg(badge)):
        page = browser.post("/verify/file", {"file": (io.BytesIO(data), "file")})
        assert "حلّت محلها شهادة مصحَّحة" in page.h1.get_text() and page.select_one(f"a[href='/verify/{new.number}']")
    drawn = baking.into_svg(badge.replace(WRONG.en, "Somebody Else"))
    page = browser.post("/verify/file", {"file": (io.BytesIO(drawn), "file")})
    assert "الملف ليس كما صدر" in page.h1.get_text() and new.number in page.words and WRONG.ar not in page.words
    edited = badge.replace(WRONG.en, "Somebody Else").encode()
    page = browser.post("/verify/file", {"file": (io.BytesIO(edited), "file")})
    assert "الملف ليس كما صدر" in page.h1.get_text() and new.number in page.words
    assert WRONG.ar not in page.words and RIGHT.ar not in page.words
    sheet = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(paper(facts_of(new.facts), "pdf"))).pages)
    unbroken = "".join(sheet.split())
    assert certificate.number in unbroken and "Replaces the certificate" in sheet and new.number in unbroken
    assert "replaced_number" not in certificate.facts, "what others state is as it was, byte for byte"


def test_earlier_certificates_and_those_of_programmes_are_corrected_too(house, app):
    """CE5: with their former number, and their place in the programme."""
    owner = people.administrator(house)
    catalogue.course(house, key="cx")
    people.person(of=house, email="n@a.test", name=WRONG)
    found = credentials.earlier_file(owner, house, "n@a.test,cx,2024-01-01,2029-01-01,OLD-7", at=NOW)
    services_of_imports.apply(
        found.id, digest=services_of_imports.preview(found, today=clock.today()).digest, actor_id=owner.id, at=NOW
    )
    jobs.run_all_due()
    earlier = db.session.scalars(select(Certificate).where(Certificate.former_number == "OLD-7")).one()
    new = correct(earlier)
    assert (new.former_key, new.imported_on, new.cycle) == (earlier.former_key, earlier.imported_on, earlier.cycle)
    assert new.facts["former_number"] == "OLD-7" and not told(new.holder_id, "certificate_issued")
    of_programme = holding()
    new = correct(of_programme)
    assert (new.programme_id, new.programme_enrolment_id) == (
        of_programme.programme_id,
        of_programme.programme_enrolment_id,
    )
    assert [row.number for row in queries.certificates_of_programme(new.holder_id, new.programme_id)] == [new.number]


def test_whoever_is_anonymised_leaves_no_proposed_name(house, certificate):
    row = propose(certificate, of(house))
    services_of_retention.forget_corrections(certificate.holder_id, at=NOW)
    db.session.refresh(row)
    assert row.outcome == "overtaken" and row.name not in (RIGHT, WRONG)
    db.session.get(people.Person, certificate.holder_id).anonymised_at = NOW
    with db.session.no_autoflush, pytest.raises(Conflict):
        correct(certificate, both("نورة", "Noura"))


# --- At once -------------------------------------------------------------------------------------------


@pytest.mark.concurrency
def test_of_eight_who_correct_at_once_one_does(crowd_app):  # noqa: F811
    """CE5, R17: one successor, however many press."""
    with prepared(crowd_app):
        db.session.get(Academy, 1).two_person_revocation = False
        row = credentials.certificate(people.person(name=WRONG))
        certificate_id, holder_id = row.id, row.holder_id

    def act(number):
        name = both(f"نورة {number}", f"Noura {number}")
        return services_of_correcting.correct(
            certificate_id, name=name, reason="x", actor_id=900 + number, at=clock.now()
        ).id

    outcomes = run_together(8, act, app=crowd_app)
    assert len(winners(outcomes)) == 1 and sum(isinstance(each, Conflict) for each in outcomes) == 7, outcomes
    with crowd_app.app_context():
        assert db.session.scalar(select(func.count()).where(Certificate.replaces_id == certificate_id)) == 1
        assert told(holder_id, "certificate_corrected") == 1


@pytest.mark.concurrency
def test_revoked_and_corrected_at_once_it_is_one_of_them(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        db.session.get(Academy, 1).two_person_revocation = False
        certificate_id = credentials.certificate(people.person(name=WRONG)).id

    def act(number):
        if number % 2:
            return services.revoke(certificate_id, reason_class="error", reason="x", actor_id=900, at=clock.now()).id
        return services_of_correcting.correct(certificate_id, name=RIGHT, reason="x", actor_id=901, at=clock.now()).id

    assert len(winners(run_together(8, act, app=crowd_app))) == 1
    with crowd_app.app_context():
        row = db.session.get(Certificate, certificate_id)
        assert row.replaced == (standing_for(certificate_id) is not None)
