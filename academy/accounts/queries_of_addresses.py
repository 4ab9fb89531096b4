"""Reads about changes of the address that somebody signs in with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from academy.accounts.models import Account, Organisation, Person
from academy.accounts.models_of_addresses import CONFIRMED, STOPPED, AddressChange
from academy.base import ids
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class WrittenTo:
    """An organisation, and the address that it writes to."""

    organisation: LocalizedText
    email: str


def address_change(change_id: int) -> AddressChange | None:
    """Return a change by id."""
    return db.session.get(AddressChange, change_id)


def waiting_change(account_id: int, *, at: datetime) -> AddressChange | None:
    """Return the change of an account whose link still works."""
    mine = AddressChange.account_id == account_id, AddressChange.outcome.is_(None), AddressChange.expires_at > at
    return db.session.scalar(select(AddressChange).where(*mine))


def change_to_confirm(token: str, *, at: datetime) -> AddressChange | None:
    """Return the change that the link in the new mailbox confirms, while it works."""
    mine = AddressChange.token_digest == ids.digest(token), AddressChange.outcome.is_(None)
    return db.session.scalar(select(AddressChange).where(*mine, AddressChange.expires_at > at))


def change_to_stop(token: str, *, at: datetime) -> AddressChange | None:
    """Return the change that the link in the former mailbox stops, while it works: one that waits or was confirmed."""
    open_still = or_(AddressChange.outcome.is_(None), AddressChange.outcome == CONFIRMED)
    mine = AddressChange.stop_digest == ids.digest(token), AddressChange.stop_until > at
    return db.session.scalar(select(AddressChange).where(*mine, open_still))


def stopped_since(account_id: int, moment: datetime) -> bool:
    """Whether a change of an account was stopped after a moment."""
    mine = AddressChange.account_id == account_id, AddressChange.outcome == STOPPED, AddressChange.decided_at > moment
    return bool(db.session.scalar(select(exists().where(*mine))))


def signs_in_elsewhere(email: str, account_id: int) -> bool:
    """Whether another account is signed in to with an address. Only who reads the mailbox of that address may be told."""
    return bool(db.session.scalar(select(exists().where(Account.email == email, Account.id != account_id))))


def written_to(account_id: int) -> list[WrittenTo]:
    """Return where the organisations of the owner of an account write to, the oldest first (one statement)."""
    query = (
        select(Organisation.name, Person.email)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.account_id == account_id, Person.state == "active", Organisation.active)
        .order_by(Organisation.id)
    )
    return [WrittenTo(row.name, row.email) for row in db.session.execute(query)]
