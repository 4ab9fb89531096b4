"""Taking certificates back: by one person, or proposed by one and confirmed by another where the academy asks for two."""

from datetime import datetime

from academy import facts
from academy.accounts.queries import academy
from academy.base import audit, bus
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
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
from academy.credentials.kinds import (
    CERTIFICATE_REVOKED,
    REVOCATION_DECLINED,
    REVOCATION_WAITS,
    REVOCATIONS_BY_HAND,
    stopped_because,
)
from academy.credentials.models import (
    OVERTAKEN,
    Certificate,
    CorrectionProposal,
    RevocationProposal,
)
from academy.credentials.policies import CONFIRM_REVOCATION, DECIDE_REVOCATION, REVOKE_CERTIFICATE
from academy.credentials.queries_of_revoking import deciders, open_proposal
from academy.credentials.services_of_asking import close_request

PROPOSE = "credentials:revocation:propose"
REVOKED_ALREADY = _l("This certificate has been revoked already.")


def takes_two() -> bool:
    """Whether the academy asks for a second person before a certificate is taken back."""
    own = academy()
    return own is not None and own.two_person_revocation


def revoke(certificate_id: int, *, reason_class: str, reason: str, actor_id: int, at: datetime) -> Certificate:
    """Take a certificate back alone. The register says so from now on, with the class of the reason; the paper stays."""
    said = _checked(reason_class, reason)
    if takes_two():
        raise Conflict(_l("Revoking a certificate takes two people. Propose it, and another person confirms it."))
    certificate = _standing(certificate_id)
    overtake(RevocationProposal, certificate.id, actor_id, at)
    return _take_back(certificate, reason_class, said, actor_id, at, {})


def propose(certificate_id: int, *, reason_class: str, reason: str, actor_id: int, at: datetime) -> RevocationProposal:
    """Propose to take a certificate back, and tell those who may confirm it. Nothing changes until one of them does."""
    said = _checked(reason_class, reason)
    certificate = _standing(certificate_id)
    row, made = insert_once(
        lambda: RevocationProposal(
            certificate_id=certificate.id,
            reason_class=reason_class,
            reason=said,
            proposed_at=at,
            proposed_by_id=actor_id,
        ),
        lambda: open_proposal(certificate.id),
    )
    if not made:
        raise Conflict(_l("A revocation of this certificate has been proposed already and waits for a second person."))
    audit.record(
        PROPOSE, at=at, actor_id=actor_id, subject=subject(certificate), organisation_id=certificate.organisation_id,
        after={"class": reason_class, "reason": said},
    )  # fmt: skip
    for person_id in deciders(certificate):
        if person_id != actor_id:
            tell_other(
                person_id, REVOCATION_WAITS, row, certificate, at, by=actor_id, because=stopped_because(reason_class)
            )
    return row


def confirm(proposal_id: int, *, actor_id: int, at: datetime) -> Certificate:
    """Take a certificate back as another person proposed. Of two who confirm at once one does it, the other is told."""
    row = undecided(RevocationProposal, proposal_id)
    by_another(row, actor_id)
    certificate = _standing(row.certificate_id)
    more = settle_confirmed(row, certificate, CONFIRM_REVOCATION, actor_id, at)
    _take_back(certificate, row.reason_class, row.reason, actor_id, at, more)
    bus.publish(facts.RevocationConfirmed(row.id))
    return certificate


def decline(proposal_id: int, *, reason: str, actor_id: int, at: datetime) -> RevocationProposal:
    """Let a certificate stand although its revocation was proposed; whoever proposed it withdraws it in the same way."""
    said = said_reason(reason, field="answer")
    row = undecided(RevocationProposal, proposal_id)
    settle_declined(row, DECIDE_REVOCATION, REVOCATION_DECLINED, said, actor_id, at)
    return row


def _checked(reason_class: str, reason: str) -> str:
    if reason_class not in REVOCATIONS_BY_HAND:
        raise Invalid(_l("Choose one of the reasons."), field="reason_class")
    return said_reason(reason)


def _standing(certificate_id: int) -> Certificate:
    """Hold a certificate that was not revoked yet."""
    certificate: Certificate | None = lock(Certificate, certificate_id)
    if certificate is None:
        raise NotFound
    if certificate.revoked_at is not None:
        raise Conflict(REVOKED_ALREADY)
    return certificate


def _take_back(
    certificate: Certificate, reason_class: str, said: str, actor_id: int, at: datetime, more: dict[str, int]
) -> Certificate:
    overtake(CorrectionProposal, certificate.id, actor_id, at)
    close_request(certificate.id, OVERTAKEN, actor_id=actor_id, at=at)
    certificate.revoked_at, certificate.revoked_by_id = at, actor_id
    certificate.revoked_class, certificate.revoked_reason = reason_class, said
    db.session.flush()
    audit.record(
        REVOKE_CERTIFICATE, at=at, actor_id=actor_id, subject=subject(certificate),
        organisation_id=certificate.organisation_id, before={"state": "issued"},
        after={"state": "revoked", "class": reason_class, "reason": said, **more},
    )  # fmt: skip
    because = stopped_because(reason_class)
    tell_holder(certificate, CERTIFICATE_REVOKED, f"revoked:{certificate.id}", at, because=because)
    return certificate
