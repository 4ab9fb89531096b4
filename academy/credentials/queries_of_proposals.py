"""Reads of what waits for a second person about a certificate: its revocation, or the correction of its name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.models import Certificate, CorrectionProposal, RevocationProposal

Kind = TypeVar("Kind", RevocationProposal, CorrectionProposal)


@dataclass(frozen=True, slots=True)
class Proposed(Generic[Kind]):
    """A proposal with its certificate, for those who may decide."""

    proposal: Kind
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what was decided about a certificate: when, by whom, of which kind, with which words."""

    at: datetime
    by: LocalizedText | None
    kind: str
    words: str


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


def steps_of(kind: type[Kind], certificate_id: int, prefix: str = "") -> list[Step]:
    """Return what was proposed about a certificate and what became of it; the kinds of the steps begin with the prefix."""
    first, last = aliased(Person), aliased(Person)
    query = (
        select(kind, first.name, last.name)
        .outerjoin(first, first.id == kind.proposed_by_id)
        .outerjoin(last, last.id == kind.decided_by_id)
        .where(kind.certificate_id == certificate_id)
        .order_by(kind.id)
    )
    steps = []
    for row, by, decided_by in db.session.execute(query):
        steps.append(Step(row.proposed_at, by, f"{prefix}proposed", row.reason))
        if row.decided_at is not None:
            steps.append(Step(row.decided_at, decided_by, f"{prefix}{row.outcome}", row.answer or ""))
    return steps
