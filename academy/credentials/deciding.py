"""What all decisions about certificates share: a reason in one sentence, the second person, and telling whom it concerns."""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select, update

from academy.accounts.models import Person
from academy.accounts.queries_of_memberships import are_same_human
from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.credentials.models import (
    CONFIRMED,
    DECLINED,
    OVERTAKEN,
    WITHDRAWN,
    Certificate,
    CorrectionProposal,
    RevocationProposal,
)
from academy.credentials.models_of_keys import KeyProposal
from academy.credentials.queries import row_of
from academy.notices import services as notices

LONGEST_REASON = 300
CAUSES = {RevocationProposal: "revocation", CorrectionProposal: "correction"}
Proposal = RevocationProposal | CorrectionProposal
Row = TypeVar("Row", RevocationProposal, CorrectionProposal, KeyProposal)


def said_reason(typed: str, *, field: str = "reason") -> str:
    """Return a reason as it is kept; refuse none and one that is too long."""
    said = clean_line(typed)
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(_l("Give the reason in one sentence of at most 300 characters."), field=field)
    return said


def undecided(kind: type[Row], proposal_id: int) -> Row:
    """Hold a proposal that waits for a second person, and before it its certificate.

    Every act about a certificate takes them in this order, so that no two wait for each other.
    """
    if issubclass(kind, RevocationProposal | CorrectionProposal):
        certificate_id = db.session.scalar(select(kind.certificate_id).where(kind.id == proposal_id))
        if certificate_id is not None:
            lock(Certificate, certificate_id)
    row: Row | None = lock(kind, proposal_id)
    if row is None:
        raise NotFound
    if row.outcome is not None:
        raise Conflict(_l("This has been decided already."))
    return row


def by_another(row: Proposal | KeyProposal, actor_id: int) -> None:
    """Refuse to let somebody confirm what they proposed, also as a member of another organisation."""
    if are_same_human(row.proposed_by_id, actor_id):
        raise Conflict(_l("You proposed this yourself. Another person has to confirm it."))


def settle_confirmed(row: Proposal, certificate: Certificate, act: str, actor_id: int, at: datetime) -> dict[str, int]:
    """Write down that a second person confirmed; return what the entry of the act itself says of the first."""
    by = {"by": row.proposed_by_id}
    _settle(row, certificate, act, CONFIRMED, actor_id, at, by)
    return by


def settle_declined(row: Proposal, act: str, kind: str, reason: str, actor_id: int, at: datetime) -> None:
    """Write down that a proposal was declined, which whoever proposed it is told, or withdrawn by that person."""
    certificate = db.session.get_one(Certificate, row.certificate_id)
    own = row.proposed_by_id == actor_id
    outcome = WITHDRAWN if own else DECLINED
    row.answer = reason
    _settle(row, certificate, act, outcome, actor_id, at, {"outcome": outcome, "reason": reason})
    if not own:
        tell_other(row.proposed_by_id, kind, row, certificate, at, by=actor_id, reason=reason)


def _settle(
    row: Proposal, certificate: Certificate, act: str, outcome: str, actor_id: int, at: datetime, after: dict[str, Any]
) -> None:
    row.outcome, row.decided_at, row.decided_by_id = outcome, at, actor_id
    db.session.flush()
    audit.record(
        act,
        at=at,
        actor_id=actor_id,
        subject=subject(certificate),
        organisation_id=certificate.organisation_id,
        after=after,
    )


def tell_other(
    person_id: int, kind: str, row: Proposal, certificate: Certificate, at: datetime, *, by: int, **values: Any
) -> None:
    """Tell one of the two people of a proposal, or who may become the second, what the other did."""
    actor = db.session.get(Person, by)
    notices.tell(
        person_id, kind, f"{CAUSES[type(row)]}:{row.id}", at=at, address=f"/admin/certificates/{certificate.number}",
        about_id=row.id, course=row_of(certificate).title, number=certificate.number,
        by=actor.name if actor else "", **values,
    )  # fmt: skip


def subject(certificate: Certificate) -> tuple[str, int, str]:
    """Return how the audit trail names a certificate."""
    return "certificate", certificate.id, certificate.number


def overtake(kind: type[Proposal], certificate_id: int, actor_id: int, at: datetime) -> None:
    """Close what waits for a second person about a certificate of which something else was decided."""
    waiting = kind.certificate_id == certificate_id, kind.outcome.is_(None)
    closing = {"outcome": OVERTAKEN, "decided_at": at, "decided_by_id": actor_id}
    db.session.execute(update(kind).where(*waiting).values(closing))


def tell_holder(certificate: Certificate, kind: str, cause: str, at: datetime, **values: Any) -> None:
    """Tell the holder what was decided; of a doubt or a proposal as such nobody tells them."""
    if certificate.holder_id is not None:
        notices.tell(
            certificate.holder_id, kind, f"certificate:{cause}", at=at, address="/certificates",
            course=row_of(certificate).title, number=certificate.number, **values,
        )  # fmt: skip
