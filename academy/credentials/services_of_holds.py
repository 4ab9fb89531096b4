"""Suspending certificates and letting them count again. What they state stays, and so does every suspension that was."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from academy.base import audit
from academy.base.db import db, insert_missing
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.credentials.kinds import CERTIFICATE_RELEASED, HOLDS
from academy.credentials.models import Certificate, CertificateHold
from academy.credentials.queries import row_of
from academy.notices import services as notices

HOLD, RELEASE = "credentials:certificate:hold", "credentials:certificate:release"


def hold_certificates(
    holder_id: int, course_ids: Collection[int], *, reason_class: str, actor_id: int | None, at: datetime
) -> int:
    """Suspend what a person holds of these courses, but for what was revoked or is suspended already. Returns how many."""
    if reason_class not in HOLDS:
        raise Invalid(_l("Choose one of the reasons."), field="reason_class")
    open_ones = select(CertificateHold.certificate_id).where(CertificateHold.released_at.is_(None))
    mine = Certificate.holder_id == holder_id, Certificate.course_id.in_(course_ids), Certificate.revoked_at.is_(None)
    held = db.session.scalars(
        select(Certificate).where(*mine, Certificate.id.not_in(open_ones)).order_by(Certificate.id)
    )
    rows = list(held)
    insert_missing(
        CertificateHold,
        [
            {"certificate_id": row.id, "reason_class": reason_class, "held_at": at, "held_by_id": actor_id}
            for row in rows
        ],
    )
    for row in rows:
        db.session.expire(row, ["held_class"])
        _note(HOLD, row, actor_id, at, before={"state": "issued"}, after={"state": "held", "class": reason_class})
    return len(rows)


def release_certificates(holder_id: int, *, reason_class: str, actor_id: int | None, at: datetime) -> int:
    """End the suspensions of one class of a person's certificates; whether they are valid is for their days to say."""
    mine = select(Certificate.id).where(Certificate.holder_id == holder_id)
    waiting = (
        CertificateHold.certificate_id.in_(mine),
        CertificateHold.reason_class == reason_class,
        CertificateHold.released_at.is_(None),
    )
    ids = list(db.session.scalars(select(CertificateHold.certificate_id).where(*waiting)))
    db.session.execute(update(CertificateHold).where(*waiting).values(released_at=at, released_by_id=actor_id))
    for row in db.session.scalars(select(Certificate).where(Certificate.id.in_(ids)).order_by(Certificate.id)):
        db.session.expire(row, ["held_class"])
        _note(RELEASE, row, actor_id, at, before={"state": "held", "class": reason_class}, after={"state": "issued"})
        notices.tell(
            holder_id, CERTIFICATE_RELEASED, f"released:{row.id}:{at.isoformat()}", at=at, address="/certificates",
            course=row_of(row).title, number=row.number, until=row.expires_on,
        )  # fmt: skip
    return len(ids)


def _note(
    act: str,
    certificate: Certificate,
    actor_id: int | None,
    at: datetime,
    *,
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    audit.record(
        act, at=at, actor_id=actor_id, subject=("certificate", certificate.id, certificate.number),
        organisation_id=certificate.organisation_id, before=before, after=after,
    )  # fmt: skip
