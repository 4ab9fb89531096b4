"""People, organisations, units, roles, sessions, single-use links and the academy's own settings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    and_,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.base.access import AUDITOR
from academy.base.db import Model
from academy.base.naming import once_in_organisation
from academy.base.text import LocalizedText


class Organisation(Model):
    """An agency or a partner: the wall between people who must not see each other. Without `seats` it may have any number."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('agency', 'partner')", name="known_kind"),
        CheckConstraint("seats IS NULL OR seats > 0", name="seats_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(10), default="agency")
    name: Mapped[LocalizedText]
    active: Mapped[bool] = mapped_column(default=True)
    seats: Mapped[int | None]
    created_at: Mapped[datetime]


class OrgUnit(Model):
    """A part of an organisation. `path` is "/1/4/9/": every ancestor's id, then its own."""

    __tablename__ = "org_unit"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key", name="uq_org_unit_organisation_key"),
        Index("ix_org_unit_path", "path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(400), default="/")
    name: Mapped[LocalizedText]
    active: Mapped[bool] = mapped_column(default=True)

    organisation: Mapped[Organisation] = relationship()


class Account(Model):
    """A human being's one way in: the address they sign in with, in lower case, and their password."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))


class Person(Model):
    """Somebody in one organisation: a membership. Their e-mail, in lower case, is unique there.

    Whoever belongs to several organisations is a Person in each of them, all bound to the one account that they sign in with.
    Until an invitation is accepted there is no account. `email` is where the organisation writes to, `Account.email` the sign-in.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("email", "organisation_id", name="uq_person_email_organisation"),
        UniqueConstraint("account_id", "organisation_id", name="uq_person_account_organisation"),
        CheckConstraint("state IN ('invited', 'active', 'suspended')", name="known_state"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("language IN ('ar', 'en')", name="known_language"),
        CheckConstraint("digits IN ('latn', 'arab')", name="known_digits"),
        CheckConstraint("calendar IN ('hijri', 'gregorian', 'both')", name="known_calendar"),
        CheckConstraint("manager_id <> id", name="not_their_own_manager"),
        CheckConstraint(
            "anonymised_at IS NULL OR (state = 'suspended' AND account_id IS NULL AND mobile IS NULL"
            " AND employee_number IS NULL AND NOT held)",
            name="anonymised_is_nobody",
        ),
        Index("uq_person_id_audits", "id", "audits", unique=True),
        once_in_organisation("uq_person_employee_number", "employee_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    name: Mapped[LocalizedText]
    search_text: Mapped[str] = mapped_column(default=" ")
    job_title: Mapped[LocalizedText | None]
    mobile: Mapped[str | None] = mapped_column(String(16))
    employee_number: Mapped[str | None] = mapped_column(String(40))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="invited", index=True)
    language: Mapped[str] = mapped_column(String(2), default="ar")
    digits: Mapped[str] = mapped_column(String(4), default="latn")
    calendar: Mapped[str] = mapped_column(String(10), default="both")
    joined_on: Mapped[date | None]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    # On which side the roles given to them stand: an auditor's, or all others. Grants refer to it, so nobody holds both.
    audits: Mapped[bool] = mapped_column(default=False, server_default=false())
    # A legal hold keeps the record as it is; whoever is anonymised can never come in again.
    held: Mapped[bool] = mapped_column(default=False, server_default=false())
    anonymised_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    org_unit: Mapped[OrgUnit | None] = relationship()
    account: Mapped[Account | None] = relationship()


class MatrixLine(Model):
    """A matrix manager of a person, beside the line manager: whose people they become for one purpose, said in `label`."""

    __tablename__ = "matrix_line"
    __table_args__ = (
        UniqueConstraint("person_id", "manager_id", name="uq_matrix_line_pair"),
        CheckConstraint("person_id <> manager_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    manager_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    label: Mapped[LocalizedText]
    added_by_id: Mapped[int | None]
    added_at: Mapped[datetime]


class Deputyship(Model):
    """Somebody stands in for a manager, from one day to another, both included. It ends by itself, or earlier by a word."""

    __tablename__ = "deputyship"
    __table_args__ = (
        CheckConstraint("manager_id <> deputy_id", name="two_people"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(ended_at IS NULL) OR (ended_by_id IS NOT NULL)", name="ended_by_somebody"),
        Index("ix_deputyship_deputy_ends", "deputy_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    made_by_id: Mapped[int | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None]

    @classmethod
    def holds_on(cls, today: Any) -> ColumnElement[bool]:
        """Return the filter for those that hold on a day; also said of an alias."""
        return and_(cls.starts_on <= today, cls.ends_on >= today, cls.ended_at.is_(None))


class PersonPlace(Model):
    """Where a person stood from a moment on: unit, line manager, state. Rows are only ever added; the last one before a day tells."""

    __tablename__ = "person_place"
    __table_args__ = (
        CheckConstraint("state IN ('invited', 'active', 'suspended')", name="known_state"),
        Index("ix_person_place_person_at", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    manager_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))


class RoleGrant(Model):
    """A role given to a person: in the whole academy, one organisation, or one unit with its sub-units."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "role IN ('administrator', 'trainer', 'manager', 'committee', 'auditor', 'officer', 'reviewer')",
            name="known_role",
        ),
        CheckConstraint(
            "role <> 'committee' OR (organisation_id IS NULL AND org_unit_id IS NULL)", name="committee_everywhere"
        ),
        CheckConstraint("audits = (role = 'auditor')", name="auditors_audit"),
        ForeignKeyConstraint(
            ["person_id", "audits"],
            ["person.id", "person.audits"],
            name="fk_role_grant_side_person",
            ondelete="CASCADE",
        ),
        Index(
            "uq_role_grant_scope",
            "person_id",
            "role",
            text("coalesce(organisation_id, 0)"),
            text("coalesce(org_unit_id, 0)"),
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    audits: Mapped[bool] = mapped_column(default=lambda given: given.get_current_parameters()["role"] == AUDITOR)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    org_unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    granted_by_id: Mapped[int | None]
    granted_at: Mapped[datetime]


class SettingLock(Model):
    """That the academy keeps a setting of an organisation for itself. Which settings there are, `kinds.SETTINGS` says."""

    __tablename__ = "setting_lock"
    __table_args__ = (UniqueConstraint("organisation_id", "setting", name="uq_setting_lock_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    setting: Mapped[str] = mapped_column(String(40))
    locked_by_id: Mapped[int | None]
    locked_at: Mapped[datetime]


class PersonSession(Model):
    """One signed-in browser. The cookie carries the token; here lies only its digest."""

    __tablename__ = "person_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str | None] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200), default="")


class OneTimeLink(Model):
    """A link that works once and not for long: the invitation of a person, or a new password of an account."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('invitation', 'password_reset')", name="known_purpose"),
        CheckConstraint("(purpose = 'invitation') = (person_id IS NOT NULL)", name="invitation_of_person"),
        CheckConstraint("(purpose = 'password_reset') = (account_id IS NOT NULL)", name="password_of_account"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Academy(Model):
    """The one row that holds the academy's own settings."""

    __tablename__ = "academy"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("retention_years BETWEEN 1 AND 50", name="retention_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    name: Mapped[LocalizedText]
    short_name: Mapped[LocalizedText]
    customer_word: Mapped[LocalizedText]
    introduction: Mapped[LocalizedText]
    signer_name: Mapped[LocalizedText]
    signer_role: Mapped[LocalizedText]
    colour: Mapped[str | None] = mapped_column(String(7))
    logo_key: Mapped[str | None] = mapped_column(String(60))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    two_person_revocation: Mapped[bool] = mapped_column(default=False)
    # How long the register answers for certificates of people who were anonymised, after their last day or, without one, their issue.
    retention_years: Mapped[int] = mapped_column(default=10, server_default=text("10"))
    review_before_publishing: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]

    @property
    def logo_url(self) -> str | None:
        """The path of the logo, for pages."""
        return f"/files/{self.logo_key}" if self.logo_key else None


class ImportPlan(Model):
    """A file of people as it was read, kept between its preview and the decision of the person who uploaded it."""

    __tablename__ = "import_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    file_name: Mapped[str] = mapped_column(String(255))
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
