"""Reads of corrected certificates: what is proposed, what was decided, which certificate stands now for one that was replaced."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.credentials.models import Certificate, CorrectionProposal
from academy.credentials.queries import CertificateRow, row_of
from academy.credentials.queries_of_revoking import Step


@dataclass(frozen=True, slots=True)
class Corrected:
    """A proposed correction with its certificate, for those who may decide."""

    proposal: CorrectionProposal
    certificate: Certificate


def open_correction(certificate_id: int) -> CorrectionProposal | None:
    """Return the correction of a certificate that waits for a second person."""
    waiting = CorrectionProposal.certificate_id == certificate_id, CorrectionProposal.outcome.is_(None)
    return db.session.scalar(select(CorrectionProposal).where(*waiting))


def corrected(correction_id: int) -> Corrected | None:
    """Return a proposed correction by id, decided or not."""
    row = db.session.execute(
        select(CorrectionProposal, Certificate)
        .join(Certificate, Certificate.id == CorrectionProposal.certificate_id)
        .where(CorrectionProposal.id == correction_id)
    ).one_or_none()
    return Corrected(*row) if row else None


def corrections(scope: ColumnElement[bool]) -> Select[Any]:
    """Return the query of what waits for a second person, within a filter on Certificate: the proposal, its certificate, who proposed."""
    columns: tuple[Any, ...] = (CorrectionProposal, Certificate, Person.name)
    return (
        select(*columns)
        .join(Certificate, Certificate.id == CorrectionProposal.certificate_id)
        .outerjoin(Person, Person.id == CorrectionProposal.proposed_by_id)
        .where(scope, CorrectionProposal.outcome.is_(None))
        .order_by(CorrectionProposal.proposed_at, CorrectionProposal.id)
    )


def standing(correction_ids: Collection[int]) -> set[int]:
    """Return those of the corrections that nobody has decided about."""
    mine = CorrectionProposal.id.in_(correction_ids), CorrectionProposal.outcome.is_(None)
    return set(db.session.scalars(select(CorrectionProposal.id).where(*mine)))


def successor_of(certificate_id: int) -> Certificate | None:
    """Return the certificate that replaced one."""
    return db.session.scalar(select(Certificate).where(Certificate.replaces_id == certificate_id))


def standing_for(certificate_id: int) -> CertificateRow | None:
    """Return the last certificate of the chain that begins with one that was replaced; None for one that was not."""
    found, following = None, successor_of(certificate_id)
    while following is not None:
        found, following = following, successor_of(following.id)
    return row_of(found) if found is not None else None


def corrections_of(certificate_id: int) -> list[Step]:
    """Return what was proposed and decided about correcting a certificate, the first first."""
    first, last = aliased(Person), aliased(Person)
    query = (
        select(CorrectionProposal, first.name, last.name)
        .outerjoin(first, first.id == CorrectionProposal.proposed_by_id)
        .outerjoin(last, last.id == CorrectionProposal.decided_by_id)
        .where(CorrectionProposal.certificate_id == certificate_id)
        .order_by(CorrectionProposal.id)
    )
    steps = []
    for row, by, decided_by in db.session.execute(query):
        steps.append(Step(row.proposed_at, by, "correction_proposed", row.reason))
        if row.decided_at is not None:
            steps.append(Step(row.decided_at, decided_by, f"correction_{row.outcome}", row.answer or ""))
    return steps
