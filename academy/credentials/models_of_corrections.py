"""Wrong names on certificates: proposals to correct one by issuing it anew, and requests of holders for that."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText

_UNDECIDED = text("outcome IS NULL")


class CorrectionProposal(Model):
    """That somebody wants the name on a certificate corrected; another person confirms it or declines with an `answer`.

    Whoever proposed it may withdraw it; one whose certificate was revoked or corrected in another way is overtaken. One at a time is open.
    """

    __tablename__ = "correction_proposal"
    __table_args__ = (
        Index(
            "uq_correction_proposal_open", "certificate_id",
            unique=True, sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED,
        ),
        CheckConstraint("outcome IN ('confirmed', 'declined', 'withdrawn', 'overtaken')", name="known_outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_when_dated"),
        CheckConstraint(
            "outcome NOT IN ('confirmed', 'declined') OR decided_by_id <> proposed_by_id", name="decided_by_another"
        ),
        CheckConstraint("outcome NOT IN ('declined', 'withdrawn') OR length(answer) > 0", name="declined_with_reason"),
        CheckConstraint("length(reason) > 0", name="proposed_with_reason"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), index=True)
    name: Mapped[LocalizedText]
    reason: Mapped[str] = mapped_column(String(300))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(300))


class CorrectionRequest(Model):
    """That a holder says how their name should stand on a certificate. Whoever may correct it does, or refuses with an `answer`.

    `corrected`: a certificate was issued anew while it waited; `overtaken`: the certificate was revoked, or its holder is gone.
    One at a time waits. The proof is an identity paper: it is deleted as soon as nothing waits for it.
    """

    __tablename__ = "correction_request"
    __table_args__ = (
        Index(
            "uq_correction_request_open", "certificate_id",
            unique=True, sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED,
        ),
        CheckConstraint("outcome IN ('corrected', 'refused', 'withdrawn', 'overtaken')", name="known_outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_when_dated"),
        CheckConstraint("outcome <> 'refused' OR decided_by_id <> asked_by_id", name="refused_by_another"),
        CheckConstraint("outcome <> 'refused' OR length(answer) > 0", name="refused_with_reason"),
        CheckConstraint("outcome IS NULL OR proof_id IS NULL", name="proof_while_it_waits"),
        CheckConstraint("length(reason) > 0", name="asked_with_reason"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), index=True)
    name: Mapped[LocalizedText]
    reason: Mapped[str] = mapped_column(String(300))
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(300))
