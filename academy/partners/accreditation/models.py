"""Schemes, applications with documents, measures and votes, and accreditations with their breaches and suspensions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from academy.base.db import Model
from academy.partners.accreditation.rules import Status, status_on

UNDECIDED = text("state IN ('draft', 'submitted', 'committee')")
ACCREDITING = text("purpose = 'accredit'")
STANDING = text("state IN ('waiting', 'accepted')")
IN_FORCE = text("replaced_on IS NULL AND withdrawn_on IS NULL")
UNHEALED, UNENDED = text("healed_on IS NULL"), text("ended_on IS NULL")


class AccreditationScheme(Model):
    """A published version of a scheme (`rules.Scheme` as JSON). It never changes; a change is a new version."""

    __tablename__ = "accreditation_scheme"
    __table_args__ = (UniqueConstraint("key", "version", name="uq_accreditation_scheme_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(20))
    document: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None]


class AccreditationApplication(Model):
    """What the committee is asked: to accredit a partner at a level, or to withdraw what it granted.

    `findings` are the readings of its criteria as they were last computed; from the committee on they stay as they are. `proposed_level` is
    what the reviewer puts before the committee, 0 when no level is met. `accreditation_id` is what was granted, or is to be withdrawn.
    """

    __tablename__ = "accreditation_case"
    __table_args__ = (
        CheckConstraint("purpose IN ('accredit', 'withdraw')", name="known_purpose"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'committee', 'granted', 'refused', 'retracted')", name="known_state"
        ),
        CheckConstraint("level BETWEEN 1 AND 9", name="known_level"),
        CheckConstraint("proposed_level BETWEEN 0 AND level", name="proposed_within_level"),
        CheckConstraint(
            "(state IN ('granted', 'refused')) = (decided_at IS NOT NULL AND decision_reason IS NOT NULL)",
            name="decided_with_reason",
        ),
        CheckConstraint(
            "(purpose = 'withdraw' OR state = 'granted') = (accreditation_id IS NOT NULL)", name="about_an_accreditation"
        ),
        Index(
            "uq_accreditation_case_open", "organisation_id", "purpose", unique=True,
            sqlite_where=UNDECIDED, postgresql_where=UNDECIDED,
        ),
        Index(
            "uq_accreditation_case_of", "accreditation_id", unique=True,
            sqlite_where=ACCREDITING, postgresql_where=ACCREDITING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("accreditation_scheme.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    accreditation_id: Mapped[int | None] = mapped_column(ForeignKey("accreditation.id"))
    level: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), index=True)
    note: Mapped[str] = mapped_column(String(1000), default="")
    findings: Mapped[list[Any] | None]
    found_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None]
    proposed_level: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    decision_reason: Mapped[str | None] = mapped_column(String(1000))


class ApplicationDocument(Model):
    """A document that a partner has handed in for an application, and what the reviewer said of it."""

    __tablename__ = "accreditation_document"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'accepted', 'returned', 'replaced')", name="known_state"),
        CheckConstraint("(state IN ('accepted', 'returned')) = (reviewed_at IS NOT NULL)", name="reviewed_when_dated"),
        CheckConstraint("state <> 'returned' OR length(reason) > 0", name="returned_with_reason"),
        Index(
            "uq_accreditation_document_standing", "application_id", "ref", unique=True,
            sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("accreditation_case.id", ondelete="CASCADE"), index=True)
    ref: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")


class EnteredMeasure(Model):
    """A service measure that a reviewer entered for an application. Rows are only added; the newest of a criterion counts."""

    __tablename__ = "accreditation_measure"
    __table_args__ = (
        CheckConstraint("(reference IS NULL) = (margin IS NULL)", name="reference_with_margin"),
        CheckConstraint("length(source) > 0", name="entered_with_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("accreditation_case.id", ondelete="CASCADE"), index=True)
    criterion: Mapped[str] = mapped_column(String(40))
    value: Mapped[Decimal] = mapped_column(Numeric(9, 3))
    reference: Mapped[Decimal | None] = mapped_column(Numeric(9, 3))
    margin: Mapped[Decimal | None] = mapped_column(Numeric(9, 3))
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(String(300))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int]


class Vote(Model):
    """One member's vote, with its reason. It is given once."""

    __tablename__ = "accreditation_vote"
    __table_args__ = (
        UniqueConstraint("application_id", "voter_id", name="uq_accreditation_vote_once"),
        CheckConstraint("length(reason) > 0", name="voted_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("accreditation_case.id", ondelete="CASCADE"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    in_favour: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    voted_at: Mapped[datetime]


class Accreditation(Model):
    """What was granted to a partner, from a day to a day. `facts` hold what the paper states and never change.

    `findings` are the readings of its computed criteria of the last check.
    """

    __tablename__ = "accreditation"
    __table_args__ = (
        CheckConstraint("valid_until > granted_on", name="ends_after_start"),
        CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_with_reason"),
        Index(
            "uq_accreditation_in_force", "organisation_id", unique=True,
            sqlite_where=IN_FORCE, postgresql_where=IN_FORCE,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("accreditation_scheme.id"))
    level: Mapped[int]
    granted_on: Mapped[date]
    valid_until: Mapped[date]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    replaced_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(String(1000))
    findings: Mapped[list[Any] | None]
    found_at: Mapped[datetime | None]

    def status_on(self, day: date, *, suspended: bool) -> Status:
        """Return what a stranger is told of it."""
        return status_on(
            day, valid_until=self.valid_until, withdrawn_on=self.withdrawn_on, replaced_on=self.replaced_on, suspended=suspended
        )  # fmt: skip


class AccreditationPaper(Model):
    """That a certificate with these bytes was given out: what makes a file one of the academy's."""

    __tablename__ = "accreditation_paper"
    __table_args__ = (UniqueConstraint("accreditation_id", "sha256", name="uq_accreditation_paper_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    accreditation_id: Mapped[int] = mapped_column(ForeignKey("accreditation.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    noted_at: Mapped[datetime]


class Breach(Model):
    """That a criterion of an accreditation was not met any more, until which day that is borne, and when it was healed."""

    __tablename__ = "accreditation_breach"
    __table_args__ = (
        CheckConstraint("due_on >= opened_on", name="due_after_opened"),
        CheckConstraint("healed_on IS NULL OR healed_on >= opened_on", name="healed_after_opened"),
        Index(
            "uq_accreditation_breach_open", "accreditation_id", "criterion", unique=True,
            sqlite_where=UNHEALED, postgresql_where=UNHEALED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    accreditation_id: Mapped[int] = mapped_column(ForeignKey("accreditation.id", ondelete="CASCADE"))
    criterion: Mapped[str] = mapped_column(String(40))
    reading: Mapped[dict[str, Any]]
    opened_on: Mapped[date]
    due_on: Mapped[date]
    healed_on: Mapped[date | None]


class Suspension(Model):
    """A time in which an accreditation was suspended, because of breaches whose grace had passed."""

    __tablename__ = "accreditation_suspension"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= since", name="ended_after_since"),
        Index(
            "uq_accreditation_suspension_open", "accreditation_id", unique=True,
            sqlite_where=UNENDED, postgresql_where=UNENDED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    accreditation_id: Mapped[int] = mapped_column(ForeignKey("accreditation.id", ondelete="CASCADE"))
    since: Mapped[date]
    ended_on: Mapped[date | None]


class SchemeIsFrozen(Exception):
    """Somebody tried to change or delete a published scheme: a fault in the program, not of a person."""


@event.listens_for(AccreditationScheme, "before_update")
@event.listens_for(AccreditationScheme, "before_delete")
def _guard_scheme(_mapper: Mapper[AccreditationScheme], _connection: object, scheme: AccreditationScheme) -> None:
    raise SchemeIsFrozen(f"scheme {scheme.id}")
