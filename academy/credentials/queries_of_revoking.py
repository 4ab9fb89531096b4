"""Reads of proposed revocations and of suspensions by hand: what waits, and who may decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from academy.accounts.models import Person, RoleGrant
from academy.base.access import KEEPERS
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.models import Certificate, CertificateHold, RevocationProposal
from academy.credentials.queries_of_proposals import Proposed, open_of, undecided_among, waiting_of, with_certificate


@dataclass(frozen=True, slots=True)
class Second:
    """Who can be the second person: those of the reader's own organisation by name, and whether the academy's can too."""

    named: Sequence[LocalizedText]
    academy: bool


def open_proposal(certificate_id: int) -> RevocationProposal | None:
    """Return the proposal about a certificate that waits for a second person."""
    return open_of(RevocationProposal, certificate_id)


def proposed(proposal_id: int) -> Proposed[RevocationProposal] | None:
    """Return a proposal by id, decided or not."""
    return with_certificate(RevocationProposal, proposal_id)


def proposals(scope: ColumnElement[bool]) -> Select[Any]:
    """Return the query of what waits for a second person, within a filter on Certificate: the proposal, its certificate, who proposed."""
    return waiting_of(RevocationProposal, scope, Certificate.revoked_at.is_(None))


def standing(proposal_ids: Collection[int]) -> set[int]:
    """Return those of the proposals that nobody has decided about."""
    return undecided_among(RevocationProposal, proposal_ids)


def hold_by_hand(certificate_id: int) -> CertificateHold | None:
    """Return the suspension by hand that is open."""
    mine = CertificateHold.certificate_id == certificate_id, CertificateHold.released_at.is_(None)
    return db.session.scalar(select(CertificateHold).where(*mine, CertificateHold.reason.is_not(None)))


def deciders(certificate: Certificate) -> list[int]:
    """Return the active administrators and credential officers who may revoke a certificate, as `policies.REVOKE_CERTIFICATE` says it."""
    return [person.id for person, _everywhere in _able(certificate)]


def second_person(certificate: Certificate, reader_id: int, organisation_id: int) -> Second:
    """Return who besides the reader may confirm. Of other organisations and of the academy no names are told."""
    able = [(person, everywhere) for person, everywhere in _able(certificate) if person.id != reader_id]
    near = [person.name for person, _everywhere in able if person.organisation_id == organisation_id]
    return Second(near, academy=any(everywhere for _person, everywhere in able))


def _keepers() -> list[tuple[Person, set[int | None]]]:
    """Each active administrator and credential officer with the organisations whose certificates they keep; None among them is the whole academy."""
    query = (
        select(Person, RoleGrant.organisation_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role.in_(KEEPERS), Person.state == "active")
        .order_by(Person.id)
    )
    held: dict[int, tuple[Person, set[int | None]]] = {}
    for person, organisation_id in db.session.execute(query):
        held.setdefault(person.id, (person, set()))[1].add(organisation_id)
    return list(held.values())


def _able(certificate: Certificate) -> list[tuple[Person, bool]]:
    """Who may revoke a certificate, and whether as the academy's: an organisation's own need both issuer and holder."""
    holder = db.session.get(Person, certificate.holder_id) if certificate.holder_id is not None else None
    needed = {certificate.issuer_id, holder.organisation_id if holder else certificate.organisation_id}
    return [
        (person, None in mine) for person, mine in _keepers() if None in mine or (None not in needed and needed <= mine)
    ]
