"""The holder's own request: that the name on a certificate is wrong. Whoever may correct it begins the correction or refuses."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from academy.accounts.queries_of_memberships import are_same_human
from academy.base import audit, erasing, storage
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.credentials.deciding import overtake, said_reason, subject, tell_holder
from academy.credentials.kinds import CORRECTION_ASKED, CORRECTION_REFUSED
from academy.credentials.models import (
    OVERTAKEN,
    REFUSED,
    WITHDRAWN,
    Certificate,
    CorrectionProposal,
    CorrectionRequest,
)
from academy.credentials.policies import ASK_CORRECTION, REFUSE_REQUEST, WITHDRAW_REQUEST
from academy.credentials.queries import row_of
from academy.credentials.queries_of_asking import asked_since, open_request
from academy.credentials.queries_of_correcting import open_correction
from academy.credentials.queries_of_revoking import deciders
from academy.credentials.stating import clean
from academy.notices import services as notices

MOST_BYTES = 10_000_000
MOST_A_DAY = 3


def ask(
    certificate_id: int,
    *,
    name: LocalizedText,
    reason: str,
    proof: tuple[bytes, str] | None,
    actor_id: int,
    at: datetime,
) -> CorrectionRequest:
    """Ask for another name on one's own certificate, and tell those who may correct it. Nothing changes until one of them does."""
    said, named = said_reason(reason), clean(name)
    if not named:
        raise Invalid(_l("Enter the name as it should stand on the certificate."), field="name")
    certificate = _own_standing(certificate_id, actor_id)
    if row_of(certificate).holder == named:
        raise Invalid(_l("This is the name that stands on the certificate already."), field="name")
    if open_request(certificate.id) is not None:
        raise Conflict(_l("You have asked for another name already. It waits for a decision."))
    if asked_since(certificate.id, at - timedelta(days=1)) >= MOST_A_DAY:
        raise Conflict(_l("You have asked about this certificate several times today. Ask again tomorrow."))
    upload = _checked(proof)
    row, made = insert_once(
        lambda: CorrectionRequest(
            certificate_id=certificate.id, name=named, reason=said, asked_at=at, asked_by_id=actor_id
        ),
        lambda: open_request(certificate.id),
    )
    if not made:
        raise Conflict(_l("You have asked for another name already. It waits for a decision."))
    if upload is not None:
        row.proof_id = storage.keep(upload, at=at, by=actor_id, audience="nobody").id
        db.session.flush()
    audit.record(
        ASK_CORRECTION, at=at, actor_id=actor_id, subject=subject(certificate), organisation_id=certificate.organisation_id,
        before={"name": row_of(certificate).holder.as_dict()}, after={"name": named.as_dict(), "reason": said},
    )  # fmt: skip
    _tell_deciders(row, certificate, actor_id, at)
    return row


def withdraw(name_request_id: int, *, actor_id: int, at: datetime) -> CorrectionRequest:
    """Take one's own request back; what was proposed to a second person because of it is closed too."""
    row, certificate = _waiting(name_request_id)
    proposal = open_correction(certificate.id)
    if proposal is not None and proposal.name == row.name:
        overtake(CorrectionProposal, certificate.id, actor_id, at)
    _close(row, WITHDRAWN, actor_id, at)
    audit.record(
        WITHDRAW_REQUEST, at=at, actor_id=actor_id, subject=subject(certificate), organisation_id=certificate.organisation_id,
        after={"outcome": WITHDRAWN},
    )  # fmt: skip
    return row


def refuse(name_request_id: int, *, reason: str, actor_id: int, at: datetime) -> CorrectionRequest:
    """Leave the certificate as it is, and tell the holder why."""
    said = said_reason(reason, field="refusal")
    row, certificate = _waiting(name_request_id)
    if are_same_human(row.asked_by_id, actor_id):
        raise Conflict(_l("This is your own certificate. Somebody else has to correct it."))
    if open_correction(row.certificate_id) is not None:
        raise Conflict(_l("A correction of this certificate waits for a second person. Decide about it first."))
    row.answer = said
    _close(row, REFUSED, actor_id, at)
    audit.record(
        REFUSE_REQUEST, at=at, actor_id=actor_id, subject=subject(certificate), organisation_id=certificate.organisation_id,
        after={"outcome": REFUSED, "reason": said},
    )  # fmt: skip
    tell_holder(certificate, CORRECTION_REFUSED, f"asked:{row.id}", at, reason=said)
    return row


def close_request(certificate_id: int, outcome: str, *, actor_id: int | None, at: datetime) -> None:
    """Close the request that waits about a certificate of which something was decided; its proof is deleted."""
    mine = CorrectionRequest.certificate_id == certificate_id, CorrectionRequest.outcome.is_(None)
    row = db.session.scalar(select(CorrectionRequest).where(*mine).with_for_update())
    if row is not None:
        _close(row, outcome, actor_id, at)


def forget_requests(person_id: int, name: LocalizedText, *, at: datetime) -> None:
    """Close what somebody asks who is gone, and forget the names, the words and the proof of all that they asked."""
    theirs = select(Certificate.id).where(Certificate.holder_id == person_id)
    mine = CorrectionRequest.certificate_id.in_(theirs)
    for row in db.session.scalars(select(CorrectionRequest).where(mine, CorrectionRequest.outcome.is_(None))).all():
        _close(row, OVERTAKEN, None, at)
    db.session.execute(update(CorrectionRequest).where(mine).values(name=name))
    erasing.wipe(mine, CorrectionRequest.reason, CorrectionRequest.answer)


def _own_standing(certificate_id: int, actor_id: int) -> Certificate:
    certificate: Certificate | None = lock(Certificate, certificate_id)
    if certificate is None or certificate.holder_id != actor_id:
        raise NotFound
    if certificate.replaced:
        raise Conflict(_l("This certificate has been replaced by a corrected one already."))
    if certificate.revoked_at is not None:
        raise Conflict(_l("This certificate was revoked, so there is nothing to correct."))
    return certificate


def _checked(proof: tuple[bytes, str] | None) -> storage.Upload | None:
    if proof is None:
        return None
    try:
        return storage.check(*proof, most=MOST_BYTES)
    except Invalid as refusal:
        refusal.field = "proof"
        raise


def _waiting(name_request_id: int) -> tuple[CorrectionRequest, Certificate]:
    """Hold a certificate, as every act about it does first, and the request about it that waits."""
    of = db.session.scalar(select(CorrectionRequest.certificate_id).where(CorrectionRequest.id == name_request_id))
    certificate: Certificate | None = lock(Certificate, of) if of is not None else None
    row: CorrectionRequest | None = lock(CorrectionRequest, name_request_id)
    if row is None or certificate is None:
        raise NotFound
    if row.outcome is not None:
        raise Conflict(_l("This has been decided already."))
    return row, certificate


def _close(row: CorrectionRequest, outcome: str, actor_id: int | None, at: datetime) -> None:
    proof_id, row.proof_id = row.proof_id, None
    row.outcome, row.decided_at, row.decided_by_id = outcome, at, actor_id
    db.session.flush()
    if proof_id is not None:
        erasing.drop_files([proof_id])


def _tell_deciders(row: CorrectionRequest, certificate: Certificate, actor_id: int, at: datetime) -> None:
    for person_id in deciders(certificate):
        if person_id != actor_id:
            notices.tell(
                person_id, CORRECTION_ASKED, f"name:{row.id}", at=at, address=f"/admin/certificates/{certificate.number}",
                about_id=row.id, course=row_of(certificate).title, number=certificate.number,
                by=row_of(certificate).holder,
            )  # fmt: skip
