"""Changing the address that somebody signs in with: asked for, confirmed by the new mailbox, stopped by the former one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.base.db import Model

CONFIRMED, STOPPED, OVERTAKEN = "confirmed", "stopped", "overtaken"
_WAITING = text("outcome IS NULL")


class AddressChange(Model):
    """That the owner of an account asks to sign in with another address. Nothing changes until its link is opened in time.

    `stopped`: whoever reads the former mailbox said no, before it was confirmed or within some days after. `overtaken`: a later
    request, a new password, a stop or an administrator came first. One waits at a time.
    """

    __tablename__ = "address_change"
    __table_args__ = (
        Index("uq_address_change_waiting", "account_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
        CheckConstraint("outcome IN ('confirmed', 'stopped', 'overtaken')", name="known_outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_when_dated"),
        CheckConstraint("outcome <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_when_dated"),
        CheckConstraint("email = lower(email) AND former = lower(former)", name="email_in_lower_case"),
        CheckConstraint("email <> former", name="another_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    former: Mapped[str] = mapped_column(String(254))
    email: Mapped[str] = mapped_column(String(254))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    stop_digest: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    stop_until: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
