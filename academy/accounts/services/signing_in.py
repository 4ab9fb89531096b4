"""Entering the academy, in three steps so that no database lock is held while a password is compared.

`count_try` (committed before anything is compared, so that refusals cannot undo the count), `passwords.matches`, `enter`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from academy.accounts import rules
from academy.accounts.models import Account, Person
from academy.accounts.queries_of_memberships import enterable
from academy.accounts.services import passwords
from academy.accounts.services.sessions import start_session
from academy.accounts.services.throttling import account_key, address_key, count
from academy.base import throttle
from academy.base.db import db, lock


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody claims to be, and what their password has to match; nothing for accounts that may not enter."""

    email: str
    address: str
    at: datetime
    account_id: int | None
    password_hash: str | None


def count_try(email: str, *, address: str | None, at: datetime, joining: bool = False) -> Claim:
    """Count a try for an account and from an address, whichever page it comes by. Raises Throttled.

    `joining`: it is about to belong to another organisation, and need not have one that it may enter now.
    """
    limited = ((account_key(email), rules.PER_ACCOUNT), (address_key(address), rules.PER_ADDRESS))
    count(limited, at=at)
    account = db.session.scalar(select(Account).where(Account.email == email.strip().lower()))
    enters = account is not None and (joining or db.session.scalar(enterable(account.id).limit(1)) is not None)
    if account is None or not enters:
        return Claim(email, address or "", at, None, None)
    return Claim(email, address or "", at, account.id, account.password_hash)


def enter(claim: Claim, password: str, *, at: datetime, browser: str) -> str | None:
    """Start a session for a claim whose password matched and return its token; the account's count starts anew.

    Whoever belongs to several organisations is in the one that they entered last. Returns None when nothing can be entered
    any more.
    """
    account = prove(claim, password)
    found = db.session.scalar(enterable(account.id).limit(1)) if account else None
    person: Person | None = lock(Person, found.id) if found else None
    if person is None or person.state != "active":
        return None
    person.last_seen_at = at
    return start_session(person.id, at=at, address=claim.address or None, browser=browser)


def prove(claim: Claim, password: str) -> Account | None:
    """Return the account of a claim whose password matched; None when that has changed since. Its count starts anew."""
    account: Account | None = lock(Account, claim.account_id) if claim.account_id else None
    if account is None or account.password_hash != claim.password_hash:
        return None
    forget_try(claim)
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    return account


def forget_try(claim: Claim) -> None:
    """Start an account's count anew after a success; the address keeps its other, failed tries."""
    throttle.forget(db.session(), account_key(claim.email))
    here = address_key(claim.address)
    db.session.execute(delete(throttle.Try).where(throttle.Try.key == here, throttle.Try.at == claim.at))
