"""Reads of what waits for a second person about a certificate: its revocation, or the correction of its name."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.credentials.models import Certificate, CorrectionProposal, RevocationProposal

Kind = TypeVar("Kind", RevocationProposal, CorrectionProposal)


@dataclass(frozen=True, slots=True)
class Proposed(Generic[Kind]):
    """A proposal with its certificate, for those who may decide."""

    proposal: Kind
    certificate: Certificate


def open_of(kind: type[Kind], certificate_id: int) -> Kind | None:
    """Return the proposal of a kind about a certificate that waits for a second person."""
    return db.session.scalar(select(kind).where(kind.certificate_id == certificate_id, kind.outcome.is_(None)))


def with_certificate(kind: type[Kind], proposal_id: int) -> Proposed[Kind] | None:
    """Return a proposal by id, decided or not, with its certificate."""
    query = select(kind, Certificate).join(Certificate, Certificate.id == kind.certificate_id)
    row = db.session.execute(query.where(kind.id == proposal_id)).one_or_none()
    return Proposed(*row) if row else None


def waiting_of(kind: type[Kind], *scope: ColumnElement[bool]) -> Select[Any]:
    """Return the query of what waits for a second person, within filters: the proposal, its certificate, who proposed."""
    columns: tuple[Any, ...] = (kind, Certificate, Person.name)
    return (
        select(*columns)
        .join(Certificate, Certificate.id == kind.certificate_id)
        .outerjoin(Person, Person.id == kind.proposed_by_id)
        .where(*scope, kind.outcome.is_(None))
        .order_by(kind.proposed_at, kind.id)
    )


def undecided_among(kind: type[Kind], proposal_ids: Collection[int]) -> set[int]:
    """Return those of the proposals that nobody has decided about."""
    return set(db.session.scalars(select(kind.id).where(kind.id.in_(proposal_ids), kind.outcome.is_(None))))
