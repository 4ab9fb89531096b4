"""Certificates whose basis fell below the pass mark by a regrade, waiting for a person's decision."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from academy.accounts.models import Person, RoleGrant
from academy.assessment.models import Quiz, Regrade, RegradeEffect
from academy.base.access import KEEPERS
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.queries import published_version
from academy.credentials.models import Certificate, CertificateDoubt, RevocationProposal

UNDECIDED = (CertificateDoubt.decided_at.is_(None), Certificate.revoked_at.is_(None))


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


def is_doubted() -> ColumnElement[bool]:
    """Waiting for somebody to decide if it stands, within a query that reads Certificate."""
    return exists().where(CertificateDoubt.certificate_id == Certificate.id, *UNDECIDED).correlate(Certificate)


def doubts(scope: ColumnElement[bool]) -> Select[Any]:
    """Return the query of the undecided doubts about certificates that still stand, within a filter on Certificate.

    Rows: the doubt, its certificate, the reason of the regrade, the effect on the attempt, and whether revoking is proposed.
    """
    open_proposal = (RevocationProposal.certificate_id == Certificate.id) & RevocationProposal.decided_at.is_(None)
    proposed = select(RevocationProposal.id).where(open_proposal).correlate(Certificate).exists()
    columns: tuple[Any, ...] = (CertificateDoubt, Certificate, Regrade.reason, RegradeEffect, proposed)
    return (
        select(*columns)
        .join(Certificate, Certificate.id == CertificateDoubt.certificate_id)
        .join(Regrade, Regrade.id == CertificateDoubt.regrade_id)
        .outerjoin(
            RegradeEffect,
            (RegradeEffect.regrade_id == CertificateDoubt.regrade_id)
            & (RegradeEffect.attempt_id == CertificateDoubt.attempt_id),
        )
        .where(scope, *UNDECIDED)
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


@dataclass(frozen=True, slots=True)
class ToDecide:
    """What is told of the undecided doubts of a regrade: `waiting` says how many each person who may decide has."""

    course: LocalizedText
    reason: str
    since: datetime
    waiting: dict[int, int]


def standing(regrade_ids: Collection[int]) -> set[int]:
    """Return those of the regrades that have left certificates in doubt of which nobody has decided."""
    query = _undecided(select(CertificateDoubt.regrade_id)).where(CertificateDoubt.regrade_id.in_(regrade_ids))
    return set(db.session.scalars(query))


def undecided_since(before: datetime) -> list[int]:
    """Return the regrades that have certificates in doubt since before a moment."""
    query = _undecided(select(CertificateDoubt.regrade_id)).where(CertificateDoubt.raised_at <= before)
    return list(db.session.scalars(query.distinct().order_by(CertificateDoubt.regrade_id)))


def to_decide(regrade_id: int) -> ToDecide | None:
    """Return what those who may decide are told of a regrade; None when nothing is undecided."""
    home = func.coalesce(Person.organisation_id, Certificate.organisation_id).label("home")
    query = _undecided(select(CertificateDoubt.raised_at, Certificate.issuer_id, home))
    query = query.outerjoin(Person, Person.id == Certificate.holder_id).where(CertificateDoubt.regrade_id == regrade_id)
    rows = db.session.execute(query).all()
    if not rows:
        return None
    course_id = select(Quiz.course_id).join(Regrade, Regrade.quiz_id == Quiz.id).where(Regrade.id == regrade_id)
    version = published_version(db.session.scalars(course_id).one())
    pairs = Counter((row.issuer_id, row.home) for row in rows)
    return ToDecide(
        version.title if version else LocalizedText(), db.session.get_one(Regrade, regrade_id).reason,
        min(row.raised_at for row in rows), _deciders(pairs),
    )  # fmt: skip


def _undecided(query: Any) -> Any:
    return query.join(Certificate, Certificate.id == CertificateDoubt.certificate_id).where(*UNDECIDED)


def _deciders(pairs: Counter[tuple[int | None, int | None]]) -> dict[int, int]:
    """Count for each active administrator and credential officer the doubts they may decide, as `policies.DECIDE_DOUBT` says it."""
    held: dict[int, set[int | None]] = {}
    query = select(Person.id, RoleGrant.organisation_id).join(RoleGrant, RoleGrant.person_id == Person.id)
    active = RoleGrant.role.in_(KEEPERS), Person.state == "active"
    for person_id, organisation_id in db.session.execute(query.where(*active).order_by(Person.id)):
        held.setdefault(person_id, set()).add(organisation_id)
    counted = {
        person_id: sum(n for both, n in pairs.items() if None in mine or (None not in both and set(both) <= mine))
        for person_id, mine in held.items()
    }
    return {person_id: count for person_id, count in counted.items() if count}
