"""Reads of what holders ask: another name on a certificate of theirs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from academy.base.db import db
from academy.base.storage import StoredFile
from academy.credentials.models import Certificate, CorrectionRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """A holder's request with its certificate, for those who may decide."""

    request: CorrectionRequest
    certificate: Certificate


def asked(name_request_id: int) -> Asked | None:
    """Return a request by id, decided or not, with its certificate."""
    query = select(CorrectionRequest, Certificate).join(Certificate, Certificate.id == CorrectionRequest.certificate_id)
    row = db.session.execute(query.where(CorrectionRequest.id == name_request_id)).one_or_none()
    return Asked(*row) if row else None


def open_request(certificate_id: int) -> CorrectionRequest | None:
    """Return the request about a certificate that waits."""
    mine = CorrectionRequest.certificate_id == certificate_id, CorrectionRequest.outcome.is_(None)
    return db.session.scalar(select(CorrectionRequest).where(*mine))


def last_request(certificate_id: int) -> CorrectionRequest | None:
    """Return the last request about a certificate, decided or not."""
    mine = CorrectionRequest.certificate_id == certificate_id
    return db.session.scalar(select(CorrectionRequest).where(mine).order_by(CorrectionRequest.id.desc()).limit(1))


def last_requests_of(person_id: int) -> dict[int, CorrectionRequest]:
    """Return the last request about each certificate of a person, by the certificate's id (one statement)."""
    query = (
        select(CorrectionRequest)
        .join(Certificate, Certificate.id == CorrectionRequest.certificate_id)
        .where(Certificate.holder_id == person_id)
        .order_by(CorrectionRequest.id)
    )
    return {row.certificate_id: row for row in db.session.scalars(query)}


def asked_since(certificate_id: int, moment: datetime) -> int:
    """Return how often another name was asked for on a certificate since a moment."""
    mine = CorrectionRequest.certificate_id == certificate_id, CorrectionRequest.asked_at > moment
    return db.session.scalar(select(func.count()).select_from(CorrectionRequest).where(*mine)) or 0


def waiting_requests(scope: ColumnElement[bool]) -> Select[Any]:
    """Return the query of requests that wait, within a filter on Certificate, the first first: the request and its certificate."""
    columns: tuple[Any, ...] = (CorrectionRequest, Certificate)
    return (
        select(*columns)
        .join(Certificate, Certificate.id == CorrectionRequest.certificate_id)
        .where(scope, CorrectionRequest.outcome.is_(None))
        .order_by(CorrectionRequest.asked_at, CorrectionRequest.id)
    )


def waiting_among(name_request_ids: Collection[int]) -> set[int]:
    """Return those of the requests that nobody has decided about."""
    mine = CorrectionRequest.id.in_(name_request_ids), CorrectionRequest.outcome.is_(None)
    return set(db.session.scalars(select(CorrectionRequest.id).where(*mine)))


def proof_of(row: CorrectionRequest) -> StoredFile | None:
    """Return the file that proves a name, while there is one."""
    return db.session.get(StoredFile, row.proof_id) if row.proof_id is not None else None
