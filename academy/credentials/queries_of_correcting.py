"""Reads of corrected certificates: what is proposed, which certificate stands now for one that was replaced."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from academy.base.db import db
from academy.credentials.models import Certificate, CorrectionProposal
from academy.credentials.queries import CertificateRow, row_of
from academy.credentials.queries_of_proposals import Proposed, open_of, undecided_among, waiting_of, with_certificate


def open_correction(certificate_id: int) -> CorrectionProposal | None:
    """Return the correction of a certificate that waits for a second person."""
    return open_of(CorrectionProposal, certificate_id)


def corrected(correction_id: int) -> Proposed[CorrectionProposal] | None:
    """Return a proposed correction by id, decided or not."""
    return with_certificate(CorrectionProposal, correction_id)


def corrections(scope: ColumnElement[bool]) -> Select[Any]:
    """Return the query of what waits for a second person, within a filter on Certificate: the proposal, its certificate, who proposed."""
    return waiting_of(CorrectionProposal, scope)


def standing(correction_ids: Collection[int]) -> set[int]:
    """Return those of the corrections that nobody has decided about."""
    return undecided_among(CorrectionProposal, correction_ids)


def successor_of(certificate_id: int) -> Certificate | None:
    """Return the certificate that replaced one."""
    return db.session.scalar(select(Certificate).where(Certificate.replaces_id == certificate_id))


def standing_for(certificate_id: int) -> CertificateRow | None:
    """Return the last certificate of the chain that begins with one that was replaced; None for one that was not."""
    found, following = None, successor_of(certificate_id)
    while following is not None:
        found, following = following, successor_of(following.id)
    return row_of(found) if found is not None else None
