"""CE3, CE5: a holder says that the name on a certificate is wrong; whoever keeps it corrects it or refuses with a reason."""

import io

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Academy
from academy.base import clock
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.storage import StoredFile
from academy.credentials import (
    services,
    services_of_asking,
    services_of_correcting,
    services_of_retention,
    services_of_revoking,
)
from academy.credentials.models import Certificate, CorrectionProposal, CorrectionRequest
from academy.credentials.queries_of_asking import waiting_among
from academy.notices.models import Notice
from tests.concurrency import crowd_app, prepared, run_together, winners  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both

WRONG, RIGHT = both("نوره العتيبى", "Nora Alotebi"), both("نورة العتيبي", "Noura Alotaibi")
TYPED = {"name-ar": RIGHT.ar, "name-en": RIGHT.en, "reason": "حرف ناقص CANARY"}


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
def holder(house):
    """Somebody whose name was misspelled."""
    return people.person(of=house, name=WRONG)


@pytest.fixture
def certificate(house, holder) -> Certificate:
    """A certificate with the wrong name."""
    return credentials.certificate(holder, catalogue.course(house, validity_months=24))


def officer(house, **given):
    return people.grant(people.person(of=house, **given), "officer", of=house)


def told(person_id, kind):
    return db.session.scalar(select(func.count()).where(Notice.person_id == person_id, Notice.kind == kind))


def ask(row, name=RIGHT, proof=None, by=None):
    given = {"reason": "حرف ناقص", "proof": proof, "actor_id": by or row.holder_id, "at": clock.now()}
    return services_of_asking.ask(row.id, name=name, **given)


def acts():
    return set(db.session.scalars(select(AuditEntry.act)))


def test_a_holder_asks_and_an_officer_corrects(visit, house, holder, certificate):
    """CE3: it goes to those who may correct, begins the correction with the name asked for, and leads to the new certificate."""
    one, here = officer(house), f"/certificates/{certificate.number}/name"
    assert visit(holder).get("/certificates").select_one(f"a[href='{here}']")
    page = visit(holder).get(here)
    assert page.select_one("[name=name-ar]")["value"] == WRONG.ar
    page = visit(holder).post(here, TYPED)
    assert "ينتظر القرار" in page.words
    row = db.session.scalars(select(CorrectionRequest)).one()
    assert (row.name, row.asked_by_id, row.outcome) == (RIGHT, holder.id, None)
    assert told(one.id, "correction_asked") == 1 and not told(holder.id, "correction_asked")
    assert not visit(holder).get("/certificates").select_one(f".acts a[href='{here}']")
    assert RIGHT.ar in visit(one).get("/admin/certificates/name-requests").words
    page = visit(one).get(f"/admin/certificates/{certificate.number}")
    assert RIGHT.ar in page.words and "CANARY" in page.words
    form = page.select_one(f"a[href='/admin/certificates/{certificate.number}/correct']")
    page = visit(one).get(form["href"])
    assert (
        page.select_one("[name=name-ar]")["value"] == RIGHT.ar and "CANARY" in page.select_one("[name=reason]")["value"]
    )
    visit(one).post(form["href"], TYPED)
    new = db.session.scalars(select(Certificate).where(Certificate.replaces_id == certificate.id)).one()
    db.session.refresh(row)
    assert (row.outcome, row.decided_by_id) == ("corrected", one.id) and waiting_among([row.id]) == set()
    page = visit(holder).get(here)
    assert (
        page.select_one(f"a[href='/certificates#c{new.number}']") and WRONG.ar not in page.select_one("main").get_text()
    )
    assert not page.select_one("[name=name-ar]")
    assert certificate.number in visit(holder).get("/certificates").words
    assert {"credentials:correction:ask", "credentials:certificate:correct"} <= acts()
    assert certificate.number not in visit(one).get("/admin/certificates/name-requests").words


def test_where_two_are_asked_for_the_request_waits_for_both(visit, house, holder, certificate):
    """CE3: it begins the correction; a declined proposal leaves the request to be answered."""
    db.session.get(Academy, 1).two_person_revocation = True
    one, two, row = officer(house), officer(house), ask(certificate)
    visit(one).post(f"/admin/certificates/{certificate.number}/correct", TYPED)
    proposal = db.session.scalars(select(CorrectionProposal)).one()
    assert row.outcome is None and proposal.name == RIGHT
    assert "شخص ثانٍ" in visit(holder).get(f"/certificates/{certificate.number}/name").words
    with pytest.raises(Conflict):
        services_of_asking.refuse(row.id, reason="x", actor_id=two.id, at=NOW)
    services_of_correcting.decline(proposal.id, reason="y", actor_id=two.id, at=NOW)
    assert row.outcome is None
    again = services_of_correcting.propose(certificate.id, name=RIGHT, reason="x", actor_id=one.id, at=NOW)
    services_of_correcting.confirm(again.id, actor_id=two.id, at=NOW)
    db.session.refresh(row)
    assert row.outcome == "corrected"


def test_a_refusal_has_a_reason_that_the_holder_reads(visit, house, holder, certificate):
    one, row = officer(house), ask(certificate)
    address = f"/admin/certificates/name-requests/{row.id}/refuse"
    page = visit(one).post(address, {"refusal": " "}, 422)
    assert page.select_one("#refusal[aria-invalid=true]")
    visit(one).post(address, {"refusal": "الاسم كما في الهوية"})
    assert (row.outcome, row.answer) == ("refused", "الاسم كما في الهوية") and told(
        holder.id, "correction_refused"
    ) == 1
    for page in ("/certificates", f"/certificates/{certificate.number}/name"):
        assert "الاسم كما في الهوية" in visit(holder).get(page).words
    assert "الاسم كما في الهوية" in visit(one).get(f"/admin/certificates/{certificate.number}").words
    assert ask(certificate).outcome is None, "they may ask again"


def test_one_request_waits_and_the_holder_may_take_it_back(visit, house, holder, certificate):
    """CE3: held by the database; withdrawing closes what was proposed because of it."""
    row = ask(certificate)
    with pytest.raises(Conflict):
        ask(certificate)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(
            CorrectionRequest(
                certificate_id=certificate.id, name=RIGHT, reason="x", asked_at=NOW, asked_by_id=holder.id
            )
        )
        db.session.flush()
    db.session.get(Academy, 1).two_person_revocation = True
    proposal = services_of_correcting.propose(
        certificate.id, name=RIGHT, reason="x", actor_id=officer(house).id, at=NOW
    )
    visit(holder).post(f"/certificates/name-requests/{row.id}/withdraw")
    db.session.refresh(proposal)
    assert (row.outcome, proposal.outcome) == ("withdrawn", "overtaken")
    visit(holder).post(f"/certificates/name-requests/{row.id}/withdraw")
    assert "credentials:correction_request:withdraw" in acts()
    for _ in range(2):
        services_of_asking.withdraw(ask(certificate).id, actor_id=holder.id, at=NOW)
    with pytest.raises(Conflict):
        ask(certificate)


def test_what_is_wrong_stands_beside_its_field(visit, holder, certificate):
    here, nothing = f"/certificates/{certificate.number}/name", {"name-ar": "", "name-en": "", "reason": ""}
    page = visit(holder).post(here, nothing, 422)
    assert page.select("#name-ar[aria-invalid=true]") and page.select("#reason[aria-invalid=true]")
    page = visit(holder).post(here, {**TYPED, "name-ar": WRONG.ar, "name-en": WRONG.en}, 422)
    assert "CANARY" in page.select_one("#reason")["value"]
    page = visit(holder).post(here, {**TYPED, "proof": (io.BytesIO(b"MZ"), "id.exe")}, 422)
    assert page.select("#proof[aria-invalid=true]") and page.select_one("#name-ar")["value"] == RIGHT.ar


def test_the_proof_is_for_few_and_goes_with_the_decision(visit, house, holder, certificate):
    here = f"/certificates/{certificate.number}/name"
    visit(holder).post(here, {**TYPED, "proof": (io.BytesIO(b"%PDF-1.4 CANARY"), "id.pdf")})
    row = db.session.scalars(select(CorrectionRequest)).one()
    proof, manager = f"/certificates/name-requests/{row.id}/proof", people.manager()
    for who in (holder, officer(house)):
        assert visit(who).client.get(proof).data == b"%PDF-1.4 CANARY"
    for who in (people.person(of=house), manager, officer(people.organisation())):
        visit(who).get(proof, 404)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        row.outcome, row.decided_at = "withdrawn", NOW
        db.session.flush()
    db.session.refresh(row)
    services_of_asking.refuse(row.id, reason="x", actor_id=officer(house).id, at=NOW)
    assert row.proof_id is None and not db.session.scalar(select(func.count()).select_from(StoredFile))
    visit(holder).get(proof, 404)


def test_others_ask_and_decide_nothing(visit, house, holder, certificate):
    """The wrong people: a colleague, a manager, an officer elsewhere, an auditor, and a holder who keeps certificates."""
    row = ask(certificate)
    people.grant(holder, "officer", of=house)
    auditor = people.grant(people.person(of=house), "auditor", of=house)
    for who in (people.person(of=house), people.manager(), officer(people.organisation()), auditor):
        shut = 403 if who is auditor else 404
        visitor = visit(who)
        visitor.get(f"/certificates/{certificate.number}/name", 404)
        visitor.post(f"/certificates/{certificate.number}/name", TYPED, 404)
        visitor.post(f"/certificates/name-requests/{row.id}/withdraw", {}, 404)
        visitor.post(f"/admin/certificates/name-requests/{row.id}/refuse", {"refusal": "x"}, shut)
    visit(holder).post(f"/admin/certificates/name-requests/{row.id}/refuse", {"refusal": "x"}, 404)
    same = officer(people.organisation())
    people.account(holder, same)
    for own in (holder, same):
        with pytest.raises(Conflict):
            services_of_asking.refuse(row.id, reason="x", actor_id=own.id, at=NOW)
    with pytest.raises(NotFound):
        ask(certificate, by=people.person(of=house).id)
    assert row.outcome is None
    assert RIGHT.ar in visit(auditor).get("/admin/certificates/name-requests").words
    assert RIGHT.ar not in visit(officer(people.organisation())).get("/admin/certificates/name-requests").words


def test_what_was_revoked_or_replaced_is_not_asked_about(house, certificate):
    row = ask(certificate)
    services.revoke(certificate.id, reason_class="error", reason="x", actor_id=officer(house).id, at=NOW)
    db.session.refresh(row)
    assert row.outcome == "overtaken"
    with pytest.raises(Conflict):
        ask(certificate)
    other = credentials.certificate(people.person(of=house, name=WRONG), catalogue.course(house))
    new = services_of_correcting.correct(other.id, name=RIGHT, reason="x", actor_id=officer(house).id, at=NOW)
    with pytest.raises(Conflict):
        ask(other)
    with pytest.raises(Invalid):
        ask(new)


def test_whoever_is_anonymised_leaves_nothing_that_they_asked(house, holder, certificate):
    row = ask(certificate, proof=(b"%PDF-1.4", "id.pdf"))
    services_of_retention.forget_corrections(holder.id, at=NOW)
    db.session.refresh(row)
    assert (row.outcome, row.proof_id, row.reason) == ("overtaken", None, "—") and row.name != RIGHT


def test_the_list_takes_few_statements(visit, house, statements):
    chief, counts = people.administrator(), []
    for _ in range(2):
        for _ in range(4):
            ask(credentials.certificate(people.person(of=house, name=WRONG), catalogue.course(house)))
        visitor = visit(chief)
        with statements() as seen:
            visitor.get("/admin/certificates/name-requests")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


@pytest.mark.concurrency
def test_of_eight_who_press_at_once_one_request_waits(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        row = credentials.certificate(people.person(name=WRONG))
        certificate_id, holder_id = row.id, row.holder_id

    def act(number):
        return services_of_asking.ask(
            certificate_id, name=both(f"نورة {number}", f"Noura {number}"), reason="x", proof=None,
            actor_id=holder_id, at=clock.now(),
        ).id  # fmt: skip

    outcomes = run_together(8, act, app=crowd_app)
    assert len(winners(outcomes)) == 1 and sum(isinstance(each, Conflict) for each in outcomes) == 7, outcomes


@pytest.mark.concurrency
def test_all_who_decide_about_one_certificate_at_once_get_an_answer(crowd_app):  # noqa: F811
    """R17: every act about a certificate holds it first, so that none waits for another that waits for it."""
    with prepared(crowd_app):
        db.session.get(Academy, 1).two_person_revocation = True
        row = credentials.certificate(people.person(name=WRONG))
        officers = [people.administrator().id for _ in range(8)]
        certificate_id, holder_id = row.id, row.holder_id
        at = clock.now()
        asked = services_of_asking.ask(
            certificate_id, name=RIGHT, reason="x", proof=None, actor_id=holder_id, at=at
        ).id  # fmt: skip
        named = services_of_correcting.propose(certificate_id, name=RIGHT, reason="x", actor_id=officers[0], at=at).id
        revoked = services_of_revoking.propose(
            certificate_id, reason_class="error", reason="x", actor_id=officers[0], at=at
        ).id

    def act(number):
        by, now = officers[number], clock.now()
        return (
            lambda: services_of_correcting.confirm(named, actor_id=by, at=now).id,
            lambda: services_of_revoking.confirm(revoked, actor_id=by, at=now).id,
            lambda: services_of_asking.withdraw(asked, actor_id=holder_id, at=now).id,
            lambda: services_of_correcting.decline(named, reason="x", actor_id=by, at=now).id,
        )[number % 4]()

    outcomes = run_together(8, act, app=crowd_app)
    assert winners(outcomes), outcomes
    assert all(isinstance(each, Conflict) for each in outcomes if isinstance(each, Exception)), outcomes
