"""Partners: profile, contacts, agreements with their documents, who left, and the rosters that were signed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event, false, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from academy.base.db import Model
from academy.base.text import LocalizedText

PARTNER = "partner"


class PartnerProfile(Model):
    """How a partner looks: a colour dark enough for white text on it, and a logo."""

    __tablename__ = "partner_profile"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    colour: Mapped[str | None] = mapped_column(String(7))
    logo_key: Mapped[str | None] = mapped_column(String(60))
    changed_at: Mapped[datetime]


class PartnerContact(Model):
    """Whom the academy reaches at a partner, for one purpose."""

    __tablename__ = "partner_contact"
    __table_args__ = (
        UniqueConstraint("organisation_id", "purpose", name="uq_partner_contact_purpose"),
        CheckConstraint("purpose IN ('service', 'incidents')", name="known_purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str | None] = mapped_column(String(254))
    mobile: Mapped[str | None] = mapped_column(String(16))


class Agreement(Model):
    """An agreement by which a partner serves in the agency's name, from a day to a day, both included.

    Who joins has `grace_days` without the certificates that it names, and serves accompanied in them. What it says never
    changes; it may be ended early, from then on `closed_on` is its last day.
    """

    __tablename__ = "partner_agreement"
    __table_args__ = (
        UniqueConstraint("organisation_id", "reference", name="uq_partner_agreement_reference"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("grace_days BETWEEN 0 AND 60", name="grace_in_range"),
        CheckConstraint("(closed_on IS NULL) = (closed_reason IS NULL)", name="closed_with_reason"),
        CheckConstraint("closed_on IS NULL OR closed_on < ends_on", name="closed_early"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    grace_days: Mapped[int] = mapped_column(default=14)
    made_by_id: Mapped[int | None]
    made_at: Mapped[datetime]
    closed_on: Mapped[date | None]
    closed_reason: Mapped[str | None] = mapped_column(String(300))
    closed_by_id: Mapped[int | None]
    closed_at: Mapped[datetime | None]

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.closed_on or self.ends_on


class RequiredCertificate(Model):
    """A certificate that an agreement asks of everyone who serves: that of a course or that of a programme."""

    __tablename__ = "partner_agreement_certificate"
    __table_args__ = (
        UniqueConstraint("agreement_id", "course_id", name="uq_partner_agreement_certificate_course"),
        UniqueConstraint("agreement_id", "programme_id", name="uq_partner_agreement_certificate_programme"),
        CheckConstraint("(course_id IS NULL) <> (programme_id IS NULL)", name="of_course_or_programme"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("partner_agreement.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)


class AgreementDocument(Model):
    """A document of an agreement. Only the partner's administrators and the academy's can fetch it."""

    __tablename__ = "partner_agreement_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("partner_agreement.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    added_by_id: Mapped[int | None]
    added_at: Mapped[datetime]


class Leaving(Model):
    """That a person's membership of a partner has ended, and why. It is over when they come back or join another partner."""

    __tablename__ = "partner_leaving"
    __table_args__ = (
        Index(
            "uq_partner_leaving_open", "person_id", unique=True,
            sqlite_where=text("returned_at IS NULL"), postgresql_where=text("returned_at IS NULL"),
        ),
        Index("ix_partner_leaving_organisation_id_left_at", "organisation_id", "left_at"),
        CheckConstraint("reason IN ('resigned', 'contract', 'conduct', 'other')", name="known_reason"),
        CheckConstraint("returned_at IS NULL OR returned_at >= left_at", name="returned_after_leaving"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(300), default="")
    left_on: Mapped[date]
    left_at: Mapped[datetime]
    left_by_id: Mapped[int | None]
    returned_at: Mapped[datetime | None]


class ServingRoster(Model):
    """Who of a partner may serve on a day, as it was computed and signed. `facts` hold every line; nothing of it changes.

    With `papers_noted`, every file of it that was given out is a `RosterPaper`; those from before cannot be known again.
    """

    __tablename__ = "serving_roster"
    __table_args__ = (Index("ix_serving_roster_organisation_id_made_at", "organisation_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    on_day: Mapped[date]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None]
    papers_noted: Mapped[bool] = mapped_column(default=True, server_default=false())


class RosterPaper(Model):
    """That a file with these bytes was given out of a signed roster: what makes a file one of the academy's."""

    __tablename__ = "serving_roster_paper"
    __table_args__ = (UniqueConstraint("roster_id", "sha256", name="uq_serving_roster_paper_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("serving_roster.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    noted_at: Mapped[datetime]


class PartnerToken(Model):
    """With what a machine of a partner asks whether somebody may serve. Of the token itself only its digest and last signs are kept."""

    __tablename__ = "partner_token"
    __table_args__ = (
        CheckConstraint("revoked_by_id IS NULL OR revoked_at IS NOT NULL", name="revoked_when_dated"),
        Index(
            "uq_partner_token_name", "organisation_id", "name", unique=True,
            sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    last_signs: Mapped[str] = mapped_column(String(4))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None]


class SelfRegistration(Model):
    """Whether strangers may ask to join a partner: off without a row; only with addresses of `domains`, if any, and until `ends_on`, included."""

    __tablename__ = "partner_self_registration"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    open: Mapped[bool]
    domains: Mapped[list[Any]]
    ends_on: Mapped[date | None]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None]


class JoinRequest(Model):
    """A stranger asks to join a partner. It is nobody's business before its address is confirmed; of an address one waits."""

    __tablename__ = "partner_join_request"
    __table_args__ = (
        CheckConstraint("state IN ('unconfirmed', 'waiting', 'approved', 'refused')", name="known_state"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("language IN ('ar', 'en')", name="known_language"),
        CheckConstraint("(state = 'unconfirmed') = (confirmed_at IS NULL)", name="confirmed_first"),
        CheckConstraint("(state = 'unconfirmed') = (token_digest IS NOT NULL)", name="link_until_confirmed"),
        CheckConstraint("(state IN ('approved', 'refused')) = (decided_at IS NOT NULL)", name="decided_when_dated"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_with_reason"),
        CheckConstraint("(state = 'approved') = (person_id IS NOT NULL)", name="approved_is_a_person"),
        Index(
            "uq_partner_join_request_waiting", "organisation_id", "email", unique=True,
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_partner_join_request_state_asked_at", "state", "asked_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[LocalizedText]
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id", ondelete="SET NULL"))
    statement: Mapped[str] = mapped_column(String(600))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(12), default="unconfirmed")
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(300))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)


class RosterIsFrozen(Exception):
    """Somebody tried to change or delete a signed roster: a fault in the program, not of a person."""


@event.listens_for(ServingRoster, "before_update")
@event.listens_for(ServingRoster, "before_delete")
def _guard_roster(_mapper: Mapper[ServingRoster], _connection: object, roster: ServingRoster) -> None:
    raise RosterIsFrozen(f"roster {roster.id}")
