"""Certificates whose basis fell below the pass mark by a regrade, waiting for a person's decision."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from academy.assessment.models import Regrade, RegradeEffect
from academy.base.db import db
from academy.credentials.models import Certificate, CertificateDoubt


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt with its certificate, for those who may decide."""

    doubt: CertificateDoubt
    certificate: Certificate


def doubt(doubt_id: int) -> Doubt | None:
    """Return a doubt by id."""
    row = db.session.execute(
        select(CertificateDoubt, Certificate)
        .join(Certificate, Certificate.id == CertificateDoubt.certificate_id)
        .where(CertificateDoubt.id == doubt_id)
    ).one_or_none()
    return Doubt(*row) if row else None


def doubts(scope: ColumnElement[bool]) -> Select[Any]:
    """Return the query of the undecided doubts about certificates that still stand, within a filter on Certificate.

    Rows: the doubt, its certificate, the reason of the regrade, and the effect on the attempt.
    """
    columns: tuple[Any, ...] = (CertificateDoubt, Certificate, Regrade.reason, RegradeEffect)
    return (
        select(*columns)
        .join(Certificate, Certificate.id == CertificateDoubt.certificate_id)
        .join(Regrade, Regrade.id == CertificateDoubt.regrade_id)
        .outerjoin(
            RegradeEffect,
            (RegradeEffect.regrade_id == CertificateDoubt.regrade_id)
            & (RegradeEffect.attempt_id == CertificateDoubt.attempt_id),
        )
        .where(scope, CertificateDoubt.decided_at.is_(None), Certificate.revoked_at.is_(None))
        .order_by(CertificateDoubt.raised_at, CertificateDoubt.id)
    )


def numbers_of(course_id: int, people: Collection[int]) -> dict[int, list[str]]:
    """Return the numbers of the people's certificates of a course that were not revoked; one statement."""
    query = select(Certificate.holder_id, Certificate.number).where(
        Certificate.course_id == course_id, Certificate.holder_id.in_(set(people)), Certificate.revoked_at.is_(None)
    )
    found: dict[int, list[str]] = {}
    for row in db.session.execute(query.order_by(Certificate.id)):
        found.setdefault(row.holder_id, []).append(row.number)
    return found
