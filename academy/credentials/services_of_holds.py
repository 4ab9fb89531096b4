"""Suspending certificates and letting them count again. What they state stays, and so does every suspension that was."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update

from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_missing, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.credentials.deciding import said_reason, tell_holder
from academy.credentials.kinds import CERTIFICATE_HELD, CERTIFICATE_RELEASED, HOLDS, HOLDS_BY_HAND, stopped_because
from academy.credentials.models import Certificate, CertificateHold
from academy.credentials.queries_of_revoking import hold_by_hand

HOLD, RELEASE = "credentials:certificate:hold", "credentials:certificate:release"


def hold_certificates(
    holder_id: int, course_ids: Collection[int], programme_ids: Collection[int] = (), *, reason_class: str,
    actor_id: int | None, at: datetime,
) -> int:  # fmt: skip
    """Suspend what a person holds of these courses and programmes, but for what was revoked or is suspended for this already. Returns how many.

    What somebody has suspended by hand is suspended for this too: either can end without the other.
    """
    if reason_class not in HOLDS or reason_class in HOLDS_BY_HAND:
        raise Invalid(_l("Choose one of the reasons."), field="reason_class")
    same = CertificateHold.released_at.is_(None), CertificateHold.reason_class == reason_class
    open_ones = select(CertificateHold.certificate_id).where(*same)
    of = or_(Certificate.course_id.in_(course_ids), Certificate.programme_id.in_(programme_ids))
    mine = Certificate.holder_id == holder_id, of, Certificate.revoked_at.is_(None)
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
    """End the suspensions of one class of a person's certificates; whether they are valid is for their days to say.

    Of one that was revoked meanwhile nothing else is said: it counts no more.
    """
    mine = select(Certificate.id).where(Certificate.holder_id == holder_id)
    waiting = (
        CertificateHold.certificate_id.in_(mine),
        CertificateHold.reason_class == reason_class,
        CertificateHold.released_at.is_(None),
    )
    ids = list(db.session.scalars(select(CertificateHold.certificate_id).where(*waiting)))
    db.session.execute(update(CertificateHold).where(*waiting).values(released_at=at, released_by_id=actor_id))
    standing = Certificate.id.in_(ids), Certificate.revoked_at.is_(None)
    for row in db.session.scalars(select(Certificate).where(*standing).order_by(Certificate.id)):
        db.session.expire(row, ["held_class"])
        _note(RELEASE, row, actor_id, at, before={"state": "held", "class": reason_class}, after={"state": "issued"})
        _tell_released(row, at)
    return len(ids)


def hold(certificate_id: int, *, reason_class: str, reason: str, actor_id: int, at: datetime) -> CertificateHold:
    """Suspend a certificate by hand until somebody lets it count again; the register says the class of the reason."""
    if reason_class not in HOLDS_BY_HAND:
        raise Invalid(_l("Choose one of the reasons."), field="reason_class")
    said = said_reason(reason)
    certificate = _standing(certificate_id)
    if hold_by_hand(certificate_id) is not None:
        raise Conflict(_l("This certificate is suspended already."))
    row = CertificateHold(
        certificate_id=certificate_id, reason_class=reason_class, reason=said, held_at=at, held_by_id=actor_id
    )
    db.session.add(row)
    db.session.flush()
    db.session.expire(certificate, ["held_class"])
    after = {"state": "held", "class": reason_class, "reason": said}
    _note(HOLD, certificate, actor_id, at, before={"state": "issued"}, after=after)
    tell_holder(certificate, CERTIFICATE_HELD, f"held:{row.id}", at, because=stopped_because(reason_class))
    return row


def release(certificate_id: int, *, reason: str, actor_id: int, at: datetime) -> CertificateHold:
    """End a suspension by hand, with a reason; another one, as of a membership that ended, goes on."""
    said = said_reason(reason)
    certificate = _standing(certificate_id)
    row = hold_by_hand(certificate_id)
    if row is None:
        raise Conflict(_l("This certificate is not suspended by hand any more."))
    row.released_at, row.released_by_id, row.release_reason = at, actor_id, said
    db.session.flush()
    db.session.expire(certificate, ["held_class"])
    before = {"state": "held", "class": row.reason_class}
    _note(RELEASE, certificate, actor_id, at, before=before, after={"state": "issued", "reason": said})
    _tell_released(certificate, at)
    return row


def _standing(certificate_id: int) -> Certificate:
    certificate: Certificate | None = lock(Certificate, certificate_id)
    if certificate is None:
        raise NotFound
    if certificate.revoked_at is not None:
        raise Conflict(_l("This certificate has been revoked already."))
    return certificate


def _tell_released(certificate: Certificate, at: datetime) -> None:
    """Tell the holder that a certificate counts again, unless it was suspended for something else too or has ended meanwhile."""
    ended = certificate.expires_on is not None and certificate.expires_on < riyadh_day(at)
    if certificate.held_class is None and not ended:
        cause = f"released:{certificate.id}:{at.isoformat()}"
        tell_holder(certificate, CERTIFICATE_RELEASED, cause, at, until=certificate.expires_on)


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
