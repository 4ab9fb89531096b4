"""Certificates. What was stated on the day of issue is frozen in `facts` and outlives course, person and organisation."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event, inspect, select, text
from sqlalchemy.orm import Mapped, Mapper, column_property, mapped_column

from academy.base.db import Model


class Certificate(Model):
    """A certificate issued to its holder, once per person, credential and cycle.

    `organisation_id` is the holder's organisation when it was issued, `issuer_id` the one that owns the course.
    `revoked_class` is what the public register says of the reason; `revoked_reason` is for administrators.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("holder_id", "credential", "cycle", name="uq_certificate_once"),
        CheckConstraint("expires_on IS NULL OR expires_on > issued_on", name="expires_after_issue"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_with_reason"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_class IS NULL)", name="revoked_with_class"),
        Index("ix_certificate_issued_at_id", "issued_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="SET NULL"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id", ondelete="SET NULL"), index=True)
    credential: Mapped[str] = mapped_column(String(100))
    cycle: Mapped[int] = mapped_column(default=1)
    facts: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(default=" ")
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    revoked_class: Mapped[str | None] = mapped_column(String(20))
    revoked_reason: Mapped[str | None] = mapped_column(String(300))
    revoked_by_id: Mapped[int | None]

    if TYPE_CHECKING:
        held_class: str | None


class CertificateHold(Model):
    """A time in which a certificate is suspended: it exists, and counts for nothing. At most one is open; those that ended stay."""

    __tablename__ = "certificate_hold"
    __table_args__ = (
        Index(
            "uq_certificate_hold_open", "certificate_id", unique=True,
            sqlite_where=text("released_at IS NULL"), postgresql_where=text("released_at IS NULL"),
        ),
        CheckConstraint("reason_class IN ('membership')", name="known_reason"),
        CheckConstraint("released_at IS NULL OR released_at >= held_at", name="released_after_held"),
        Index("ix_certificate_hold_certificate_id", "certificate_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"))
    reason_class: Mapped[str] = mapped_column(String(20))
    held_at: Mapped[datetime]
    held_by_id: Mapped[int | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None]


# The class of the reason for which a certificate is suspended now, None when it is not.
Certificate.held_class = column_property(  # type: ignore[assignment]
    select(CertificateHold.reason_class)
    .where(CertificateHold.certificate_id == Certificate.id, CertificateHold.released_at.is_(None))
    .correlate_except(CertificateHold)
    .scalar_subquery()
)


class CertificateDoubt(Model):
    """A certificate whose basis fell below the pass mark by a regrade. It stays valid until a person decides about it.

    Keeping it needs a reason and stands here; a revocation is read from the certificate itself.
    """

    __tablename__ = "certificate_doubt"
    __table_args__ = (
        UniqueConstraint("certificate_id", "regrade_id", name="uq_certificate_doubt"),
        CheckConstraint("(decided_at IS NULL) = (reason IS NULL)", name="decided_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"))
    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id", ondelete="CASCADE"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    raised_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(String(300))


class RecertificationRule(Model):
    """How the certificates of a course are renewed; without a row, as `rules_of_renewal.Terms` says by itself.

    Within `window_days` before the last day, a holder takes the course anew, or the shorter one that `path_course_id` names,
    which counts until `grace_days` after the last day. `automatic`: renewals begin by themselves when the window opens.
    `reminders`: so many days before the last day holders and their managers are told.
    """

    __tablename__ = "recertification_rule"
    __table_args__ = (
        CheckConstraint("window_days BETWEEN 1 AND 730", name="window_in_range"),
        CheckConstraint("grace_days BETWEEN 0 AND 730", name="grace_in_range"),
        CheckConstraint("path_course_id IS NULL OR path_course_id <> course_id", name="path_is_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), unique=True)
    window_days: Mapped[int]
    grace_days: Mapped[int]
    path_course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    automatic: Mapped[bool] = mapped_column(default=False)
    reminders: Mapped[list[Any]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=1)


class ExpiryReminder(Model):
    """That a holder, or their manager, was told so many days before that a certificate ends."""

    __tablename__ = "expiry_reminder"
    __table_args__ = (
        UniqueConstraint("certificate_id", "whom", "days", name="uq_expiry_reminder_once"),
        CheckConstraint("whom IN ('holder', 'manager')", name="known_whom"),
        CheckConstraint("days > 0", name="days_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"))
    whom: Mapped[str] = mapped_column(String(10))
    days: Mapped[int]
    told_on: Mapped[date]


FROZEN = ("number", "facts", "credential", "cycle", "issued_at", "issued_on", "expires_on")


class CertificateIsFrozen(Exception):
    """Somebody tried to change what a certificate states: a fault in the program, not of a person."""


@event.listens_for(Certificate, "before_update")
def _guard_facts(_mapper: Mapper[Certificate], _connection: object, certificate: Certificate) -> None:
    """Refuse every change of what was stated on the day of issue, whoever asks."""
    state = inspect(certificate)
    changed = [name for name in FROZEN if state.attrs[name].history.has_changes()]
    if changed:
        raise CertificateIsFrozen(f"certificate {certificate.id}: {changed}")
