"""Correcting the name on a certificate: a new one takes the place of the former, which is revoked as replaced.

What a certificate states never changes. The new one has its own number and states everything but the name as the former did.
"""

from datetime import datetime

from sqlalchemy import case, select, update

from academy import facts
from academy.accounts.models import Person
from academy.accounts.queries_of_memberships import are_same_human
from academy.base import audit, bus, ids
from academy.base.arabic import search_document
from academy.base.db import db, insert_missing, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.credentials.deciding import (
    by_another,
    overtake,
    said_reason,
    settle_confirmed,
    settle_declined,
    subject,
    tell_holder,
    tell_other,
    undecided,
)
from academy.credentials.kinds import CERTIFICATE_CORRECTED, CORRECTION_DECLINED, CORRECTION_WAITS, REPLACED
from academy.credentials.models import (
    CORRECTED,
    Certificate,
    CertificateDoubt,
    CertificateHold,
    CorrectionProposal,
    ExpiryReminder,
)
from academy.credentials.policies import CONFIRM_CORRECTION, CORRECT_CERTIFICATE, DECIDE_CORRECTION
from academy.credentials.queries import row_of
from academy.credentials.queries_of_correcting import open_correction
from academy.credentials.queries_of_revoking import deciders, open_proposal
from academy.credentials.rules import CertificateFacts
from academy.credentials.services_of_asking import close_request
from academy.credentials.services_of_revoking import takes_two
from academy.credentials.stating import clean, verify_url
from academy.learning.models import Programme

PROPOSE_CORRECTION = "credentials:correction:propose"


def correct(certificate_id: int, *, name: LocalizedText, reason: str, actor_id: int, at: datetime) -> Certificate:
    """Issue a certificate anew under another name, alone; return the new one. The former leads to it from now on."""
    said, named = said_reason(reason), _named(name)
    if takes_two():
        raise Conflict(_l("Correcting a certificate takes two people. Propose it, and another person confirms it."))
    certificate = _correctable(certificate_id, named, actor_id)
    overtake(CorrectionProposal, certificate.id, actor_id, at)
    return _issue_anew(certificate, named, said, actor_id, at, {})


def propose(
    certificate_id: int, *, name: LocalizedText, reason: str, actor_id: int, at: datetime
) -> CorrectionProposal:
    """Propose another name for a certificate, and tell those who may confirm it. Nothing changes until one of them does."""
    said, named = said_reason(reason), _named(name)
    certificate = _correctable(certificate_id, named, actor_id)
    row, made = insert_once(
        lambda: CorrectionProposal(
            certificate_id=certificate.id, name=named, reason=said, proposed_at=at, proposed_by_id=actor_id
        ),
        lambda: open_correction(certificate.id),
    )
    if not made:
        raise Conflict(_l("A correction of this certificate has been proposed already and waits for a second person."))
    audit.record(
        PROPOSE_CORRECTION, at=at, actor_id=actor_id, subject=subject(certificate),
        organisation_id=certificate.organisation_id, before={"name": row_of(certificate).holder.as_dict()},
        after={"name": named.as_dict(), "reason": said},
    )  # fmt: skip
    for person_id in deciders(certificate):
        if person_id not in (actor_id, certificate.holder_id):
            tell_other(person_id, CORRECTION_WAITS, row, certificate, at, by=actor_id)
    return row


def confirm(correction_id: int, *, actor_id: int, at: datetime) -> Certificate:
    """Issue a certificate anew as another person proposed; return the new one. Of two who confirm at once one does it."""
    row = undecided(CorrectionProposal, correction_id)
    by_another(row, actor_id)
    certificate = _correctable(row.certificate_id, row.name, actor_id)
    more = settle_confirmed(row, certificate, CONFIRM_CORRECTION, actor_id, at)
    return _issue_anew(certificate, row.name, row.reason, actor_id, at, more)


def decline(correction_id: int, *, reason: str, actor_id: int, at: datetime) -> CorrectionProposal:
    """Leave a certificate as it is although a correction was proposed; whoever proposed it withdraws it in the same way."""
    said = said_reason(reason, field="answer")
    row = undecided(CorrectionProposal, correction_id)
    settle_declined(row, DECIDE_CORRECTION, CORRECTION_DECLINED, said, actor_id, at)
    return row


def _named(name: LocalizedText) -> LocalizedText:
    named = clean(name)
    if not named:
        raise Invalid(_l("Enter the name as it should stand on the certificate."), field="name")
    return named


def _correctable(certificate_id: int, name: LocalizedText, actor_id: int) -> Certificate:
    """Hold a certificate that can be corrected: it stands, its holder is there and somebody else, and nothing else waits."""
    certificate: Certificate | None = lock(Certificate, certificate_id)
    if certificate is None:
        raise NotFound
    if certificate.replaced:
        raise Conflict(_l("This certificate has been replaced by a corrected one already."))
    if certificate.revoked_at is not None:
        raise Conflict(_l("This certificate was revoked, so there is nothing to correct."))
    holder = db.session.get(Person, certificate.holder_id) if certificate.holder_id is not None else None
    if holder is None or holder.anonymised_at is not None:
        raise Conflict(_l("The holder's record is gone, so the name cannot be corrected."))
    if are_same_human(holder.id, actor_id):
        raise Conflict(_l("This is your own certificate. Somebody else has to correct it."))
    if open_proposal(certificate.id) is not None:
        raise Conflict(_l("A revocation of this certificate waits for a decision. Decide about it first."))
    if row_of(certificate).holder == name:
        raise Invalid(_l("This is the name that stands on the certificate already."), field="name")
    return certificate


def _issue_anew(
    former: Certificate, name: LocalizedText, said: str, actor_id: int, at: datetime, more: dict[str, int]
) -> Certificate:
    """Replace a certificate, in one transaction: the database lets the new one in only when the former has made way."""
    former.revoked_at, former.revoked_by_id, former.replaced = at, actor_id, True
    former.revoked_class, former.revoked_reason = REPLACED, said
    db.session.flush()
    corrected = _successor(former, name)
    db.session.add(corrected)
    db.session.flush()
    _carry_over(former, corrected, at)
    close_request(former.id, CORRECTED, actor_id=actor_id, at=at)
    audit.record(
        CORRECT_CERTIFICATE, at=at, actor_id=actor_id, subject=subject(former), organisation_id=former.organisation_id,
        before={"name": row_of(former).holder.as_dict()},
        after={"name": name.as_dict(), "new_number": corrected.number, "reason": said, **more},
    )  # fmt: skip
    bus.publish(facts.CertificateIssued(corrected.id))
    tell_holder(corrected, CERTIFICATE_CORRECTED, f"corrected:{corrected.id}", at, former=former.number)
    return corrected


def _successor(former: Certificate, name: LocalizedText) -> Certificate:
    """Make the row that states everything but the name as the former did, its days and its evidence included."""
    number = ids.random_number()
    stated = {
        **former.facts, "number": number, "verify_url": verify_url(number), "holder_name_ar": name.ar,
        "holder_name_en": name.en, "replaced_number": former.number,
    }  # fmt: skip
    title = row_of(former).title
    return Certificate(
        number=number, holder_id=former.holder_id, organisation_id=former.organisation_id, issuer_id=former.issuer_id,
        course_id=former.course_id, enrolment_id=former.enrolment_id, programme_id=former.programme_id,
        programme_enrolment_id=former.programme_enrolment_id, credential=former.credential, cycle=former.cycle,
        facts=CertificateFacts.from_json(stated).as_json(),
        search_text=search_document(name.ar, name.en, title.ar, title.en, _code(former), former.former_number or ""),
        issued_at=former.issued_at, issued_on=former.issued_on, expires_on=former.expires_on,
        template_version_id=former.template_version_id, imported_on=former.imported_on,
        imported_by_id=former.imported_by_id, former_number=former.former_number, former_key=former.former_key,
        replaces_id=former.id,
    )  # fmt: skip


def _code(former: Certificate) -> str:
    """The code by which keepers search: that of the course or programme, "" when it is gone."""
    course = db.session.get(Course, former.course_id) if former.course_id is not None else None
    programme = db.session.get(Programme, former.programme_id) if former.programme_id is not None else None
    return course.code if course else programme.code if programme else ""


def _carry_over(former: Certificate, corrected: Certificate, at: datetime) -> None:
    """Give the new certificate the former's suspensions, doubts and reminders: a better name makes none of them undone."""
    holds = db.session.scalars(select(CertificateHold).where(CertificateHold.certificate_id == former.id)).all()
    kept = ("reason_class", "reason", "held_at", "held_by_id", "released_at", "released_by_id", "release_reason")
    rows = [{"certificate_id": corrected.id, **{name: getattr(row, name) for name in kept}} for row in holds]
    still = CertificateHold.certificate_id == former.id, CertificateHold.released_at.is_(None)
    # One that began while this waited for it began later than this act did.
    over = case((CertificateHold.held_at > at, CertificateHold.held_at), else_=at)
    db.session.execute(update(CertificateHold).where(*still).values(released_at=over))
    insert_missing(CertificateHold, rows)
    undecided = CertificateDoubt.certificate_id == former.id, CertificateDoubt.decided_at.is_(None)
    db.session.execute(update(CertificateDoubt).where(*undecided).values(certificate_id=corrected.id))
    told = db.session.scalars(select(ExpiryReminder).where(ExpiryReminder.certificate_id == former.id)).all()
    insert_missing(
        ExpiryReminder,
        [{"certificate_id": corrected.id, "whom": row.whom, "days": row.days, "told_on": row.told_on} for row in told],
    )
    for row in (former, corrected):
        db.session.expire(row, ["held_class"])
