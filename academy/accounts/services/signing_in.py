"""Entering the academy, in three steps so that no database lock is held while a password is compared.

`count_try` (committed before anything is compared, so that refusals cannot undo the count), `passwords.matches`, `enter`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from academy.accounts import rules
from academy.accounts.models import Organisation, Person
from academy.accounts.services import passwords
from academy.accounts.services.sessions import start_session
from academy.accounts.services.throttling import account_key, address_key, count
from academy.base import throttle
from academy.base.db import db


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody claims to be, and what their password has to match; nothing for accounts that may not enter."""

    email: str
    address: str
    at: datetime
    person_id: int | None
    password_hash: str | None


def count_try(email: str, *, address: str | None, at: datetime) -> Claim:
    """Count a try for an account and from an address, whichever page it comes by. Raises Throttled."""
    found = db.session.execute(
        select(Person.id, Person.password_hash, Person.state, Organisation.active)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.email == email.strip().lower())
        .with_for_update(of=Person)
    ).one_or_none()
    limited = ((account_key(email), rules.PER_ACCOUNT), (address_key(address), rules.PER_ADDRESS))
    count(limited, at=at)
    may_enter = found is not None and found.state == "active" and found.active
    if found is None or not may_enter:
        return Claim(email, address or "", at, None, None)
    return Claim(email, address or "", at, found.id, found.password_hash)


def enter(claim: Claim, password: str, *, at: datetime, browser: str) -> str | None:
    """Start a session for a claim whose password matched and return its token; the account's count starts anew.

    Returns None when the account was closed in the meantime.
    """
    person = (
        db.session.get(Person, claim.person_id, with_for_update=True, populate_existing=True)
        if claim.person_id
        else None
    )
    if person is None or person.state != "active" or person.password_hash != claim.password_hash:
        return None
    forget_try(claim)
    if person.password_hash and passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hash_password(password)
    person.last_seen_at = at
    return start_session(person.id, at=at, address=claim.address or None, browser=browser)


def forget_try(claim: Claim) -> None:
    """Start an account's count anew after a success; the address keeps its other, failed tries."""
    throttle.forget(db.session(), account_key(claim.email))
    here = address_key(claim.address)
    db.session.execute(delete(throttle.Try).where(throttle.Try.key == here, throttle.Try.at == claim.at))
