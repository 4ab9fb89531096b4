"""Certificates. What was stated on the day of issue is frozen in `facts` and outlives course, person and organisation."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event, inspect, select, text
from sqlalchemy.orm import Mapped, Mapper, column_property, mapped_column

from academy.base.db import Model
from academy.credentials.models_of_corrections import CorrectionProposal as CorrectionProposal
from academy.credentials.models_of_corrections import CorrectionRequest as CorrectionRequest
from academy.credentials.models_of_imports import CertificateImport as CertificateImport
from academy.credentials.models_of_imports import CertificateImportRow as CertificateImportRow
from academy.credentials.models_of_templates import CertificateTemplate as CertificateTemplate
from academy.credentials.models_of_templates import TemplatePicture as TemplatePicture
from academy.credentials.models_of_templates import TemplateUse as TemplateUse
from academy.credentials.models_of_templates import TemplateVersion as TemplateVersion

_BY_ITSELF = text("released_at IS NULL AND reason_class = 'membership'")
_BY_HAND = text("released_at IS NULL AND reason_class <> 'membership'")
_UNDECIDED = text("outcome IS NULL")
_NOT_REVOKED = text("revoked_at IS NULL")
_NOT_REPLACED = text("NOT replaced")
CONFIRMED, DECLINED, WITHDRAWN, OVERTAKEN = "confirmed", "declined", "withdrawn", "overtaken"
CORRECTED, REFUSED = "corrected", "refused"


class Certificate(Model):
    """A certificate issued to its holder, once per person, credential and cycle, those not counted that were replaced.

    One whose name was wrong is revoked and `replaced`; the corrected one `replaces_id` it and states the rest as it did.

    `organisation_id` is the holder's organisation when it was issued, `issuer_id` the one that owns the course or programme.
    `revoked_class` is what the public register says of the reason; `revoked_reason` is for those who keep or audit certificates.
    `template_version_id` is the look in which it was issued; none for the academy's built-in one.
    One from before the academy carries the day and the person of its import and its `former_number`; `former_key` compares it.
    Its cycle is below 1, by its day (`rules_of_imports.cycles_of`), so that every one of the academy's own replaces it.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_once", "holder_id", "credential", "cycle",
            unique=True, sqlite_where=_NOT_REPLACED, postgresql_where=_NOT_REPLACED,
        ),
        UniqueConstraint("replaces_id", name="uq_certificate_replaces"),
        CheckConstraint(
            "NOT replaced OR (revoked_at IS NOT NULL AND revoked_class = 'replaced')", name="replaced_as_revoked"
        ),
        CheckConstraint("expires_on IS NULL OR expires_on > issued_on", name="expires_after_issue"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_with_reason"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_class IS NULL)", name="revoked_with_class"),
        CheckConstraint("course_id IS NULL OR programme_id IS NULL", name="of_course_or_programme"),
        CheckConstraint(
            "(imported_on IS NULL) = (former_number IS NULL) AND (imported_on IS NULL) = (former_key IS NULL)"
            " AND (imported_on IS NULL) = (imported_by_id IS NULL) AND (imported_on IS NULL) = (cycle > 0)",
            name="imported_whole",
        ),
        CheckConstraint("imported_on IS NULL OR imported_on >= issued_on", name="imported_after_issue"),
        Index(
            "uq_certificate_former", "holder_id", "credential", "former_key",
            unique=True, sqlite_where=_NOT_REVOKED, postgresql_where=_NOT_REVOKED,
        ),
        Index("ix_certificate_issued_at_id", "issued_at", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="SET NULL"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id", ondelete="SET NULL"), index=True)
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", name="fk_certificate_programme_id", ondelete="SET NULL"), index=True
    )
    programme_enrolment_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_enrolment.id", name="fk_certificate_programme_enrolment_id", ondelete="SET NULL"),
        index=True,
    )
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
    replaced: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id", name="fk_certificate_replaces_id"))
    template_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificate_template_version.id", name="fk_certificate_template_version_id"), index=True
    )
    imported_on: Mapped[date | None]
    imported_by_id: Mapped[int | None]
    former_number: Mapped[str | None] = mapped_column(String(60))
    former_key: Mapped[str | None] = mapped_column(String(60))
    # The day on which the register stopped answering, for its holder was anonymised and the retention is over.
    closed_on: Mapped[date | None]

    if TYPE_CHECKING:
        held_class: str | None


class CertificateHold(Model):
    """A time in which a certificate is suspended: it exists, and counts for nothing. Those that ended stay.

    By hand it is suspended for a `reason` that administrators read; with a membership it is by itself. One of each may be open.
    """

    __tablename__ = "certificate_hold"
    __table_args__ = (
        Index("uq_certificate_hold_open", "certificate_id", unique=True, sqlite_where=_BY_ITSELF, postgresql_where=_BY_ITSELF),
        Index("uq_certificate_hold_by_hand", "certificate_id", unique=True, sqlite_where=_BY_HAND, postgresql_where=_BY_HAND),
        CheckConstraint("reason_class IN ('membership', 'inquiry', 'requested', 'decided')", name="known_reason"),
        CheckConstraint("(reason_class = 'membership') = (reason IS NULL)", name="by_hand_with_reason"),
        CheckConstraint("release_reason IS NULL OR released_at IS NOT NULL", name="release_reason_when_released"),
        CheckConstraint("released_at IS NULL OR released_at >= held_at", name="released_after_held"),
        Index("ix_certificate_hold_certificate_id", "certificate_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"))
    reason_class: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(300))
    held_at: Mapped[datetime]
    held_by_id: Mapped[int | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None]
    release_reason: Mapped[str | None] = mapped_column(String(300))


# The class of the reason for which a certificate is suspended now, None when it is not.
Certificate.held_class = column_property(  # type: ignore[assignment]
    select(CertificateHold.reason_class)
    .where(CertificateHold.certificate_id == Certificate.id, CertificateHold.released_at.is_(None))
    .order_by(CertificateHold.id)
    .limit(1)
    .correlate_except(CertificateHold)
    .scalar_subquery()
)


class RevocationProposal(Model):
    """That somebody wants a certificate taken back; another person confirms it or declines with an `answer`.

    Whoever proposed it may withdraw it; one whose certificate was revoked in another way is overtaken. One at a time is open.
    """

    __tablename__ = "revocation_proposal"
    __table_args__ = (
        Index(
            "uq_revocation_proposal_open",
            "certificate_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
        CheckConstraint("outcome IN ('confirmed', 'declined', 'withdrawn', 'overtaken')", name="known_outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_when_dated"),
        CheckConstraint(
            "outcome NOT IN ('confirmed', 'declined') OR decided_by_id <> proposed_by_id", name="decided_by_another"
        ),
        CheckConstraint("outcome NOT IN ('declined', 'withdrawn') OR length(answer) > 0", name="declined_with_reason"),
        CheckConstraint("length(reason) > 0", name="proposed_with_reason"),
        Index("ix_revocation_proposal_certificate_id", "certificate_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"))
    reason_class: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(300))


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


class SigningKey(Model):
    """A key that signs badges: one in use, the earlier ones kept for ever by their public part (`multikey`).

    `sealed` is the private part, which only the academy's secret opens; none for a key that lives in a file, and none for
    one that was replaced: what it signed stays provable, and nobody can sign with it any more. All but the first stand on
    the proposal that two people agreed on.
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        CheckConstraint("in_use IS NULL OR in_use", name="in_use_or_null"),
        CheckConstraint("(in_use IS NULL) = (retired_at IS NOT NULL)", name="in_use_until_retired"),
        CheckConstraint("(retired_at IS NULL) = (retired_because IS NULL)", name="retired_with_reason"),
        CheckConstraint("retired_at IS NULL OR sealed IS NULL", name="retired_without_private_part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    multikey: Mapped[str] = mapped_column(String(60), unique=True)
    sealed: Mapped[str | None] = mapped_column(String(200))
    in_use: Mapped[bool | None] = mapped_column(unique=True, default=True)
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    retired_because: Mapped[str | None] = mapped_column(String(300))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("key_proposal.id"), unique=True)


class SealedBadge(Model):
    """A certificate as a signed badge, once and for ever: `document` is the credential with its proof, `token` the same as a JWT."""

    __tablename__ = "sealed_badge"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), unique=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_key.id"), index=True)
    credential: Mapped[str] = mapped_column(String(100), index=True)
    document: Mapped[str]
    token: Mapped[str]
    sealed_at: Mapped[datetime]


class Transcript(Model):
    """All that a person had learned on the day it was issued: `facts` hold every line, and nothing of it changes.

    `content` is a digest of holder, day and lines, by which asking twice gives one paper; `digest` signs it with the academy's secret.
    """

    __tablename__ = "transcript"
    __table_args__ = (UniqueConstraint("holder_id", "content", name="uq_transcript_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    facts: Mapped[dict[str, Any]]
    content: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None]


class IssuedPaper(Model):
    """That a paper with these bytes was given out, of a certificate or a transcript: what makes a file, however old, one of ours."""

    __tablename__ = "issued_paper"
    __table_args__ = (
        UniqueConstraint("certificate_id", "sha256", name="uq_issued_paper_once"),
        UniqueConstraint("transcript_id", "sha256", name="uq_issued_paper_transcript"),
        CheckConstraint("(certificate_id IS NULL) <> (transcript_id IS NULL)", name="of_one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"))
    transcript_id: Mapped[int | None] = mapped_column(ForeignKey("transcript.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    noted_at: Mapped[datetime]


FROZEN = (
    "number", "facts", "credential", "cycle", "issued_at", "issued_on", "expires_on", "template_version_id", "imported_on",
    "imported_by_id", "former_number", "former_key", "replaces_id",
)  # fmt: skip


class CertificateIsFrozen(Exception):
    """Somebody tried to change what a certificate states: a fault in the program, not of a person."""


@event.listens_for(SealedBadge, "before_update")
def _guard_badge(_mapper: Mapper[SealedBadge], _connection: object, badge: SealedBadge) -> None:
    """Refuse every change of what was signed."""
    raise CertificateIsFrozen(f"badge {badge.id}")


@event.listens_for(Transcript, "before_update")
def _guard_transcript(_mapper: Mapper[Transcript], _connection: object, transcript: Transcript) -> None:
    """Refuse every change of what was stated; only holder and organisation may be forgotten."""
    state = inspect(transcript)
    if any(state.attrs[name].history.has_changes() for name in ("number", "facts", "content", "digest", "issued_on")):
        raise CertificateIsFrozen(f"transcript {transcript.id}")


@event.listens_for(Certificate, "before_update")
def _guard_facts(_mapper: Mapper[Certificate], _connection: object, certificate: Certificate) -> None:
    """Refuse every change of what was stated on the day of issue, whoever asks."""
    state = inspect(certificate)
    changed = [name for name in FROZEN if state.attrs[name].history.has_changes()]
    if changed:
        raise CertificateIsFrozen(f"certificate {certificate.id}: {changed}")
