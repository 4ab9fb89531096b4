"""Changing the address that one signs in with: asked with the password, confirmed by the new mailbox, stopped by the former.

Only the sign-in changes. Where an organisation writes to is its own to decide, before and after.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError

from academy import facts
from academy.accounts import rules
from academy.accounts.models import Account, Person
from academy.accounts.models_of_addresses import CONFIRMED, OVERTAKEN, STOPPED, AddressChange
from academy.accounts.queries_of_addresses import change_to_confirm, change_to_stop, stopped_since, waiting_change
from academy.accounts.queries_of_memberships import shares_sign_in
from academy.accounts.rules_of_people import NOT_AN_EMAIL, parse_email
from academy.accounts.services.one_time_links import LinkDead, void_resets
from academy.accounts.services.sessions import end_sessions_everywhere
from academy.accounts.services.throttling import count
from academy.base import audit, bus, ids
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l

ASK, CHANGE, STOP = "accounts:address:ask", "accounts:address:change", "accounts:address:stop"
WITHDRAW = "accounts:address:withdraw"
CONFIRM_LIVES, STOP_LIVES, QUIET = timedelta(days=1), timedelta(days=7), timedelta(days=3)
PER_ACCOUNT, PER_MAILBOX = rules.Limit(3, timedelta(hours=1)), rules.Limit(3, timedelta(hours=1))


def ask_address_change(person: Person, typed: str, *, at: datetime) -> AddressChange:
    """Write to the new address and to the present one. Nothing changes until the new one confirms. Raises Throttled.

    The present password was checked before. Whoever asks does not learn whether somebody else signs in with the new address:
    what is kept, answered and counted is the same, and only the letter to that mailbox differs.
    """
    email = parse_email(typed)
    if email is None:
        raise Invalid(NOT_AN_EMAIL, field="email")
    account: Account = lock(Account, person.account_id or 0)
    if email == account.email:
        raise Invalid(_l("You sign in with this address already."), field="email")
    if stopped_since(account.id, at - QUIET):
        raise Conflict(_l("A change of your address was stopped a short time ago. You can ask again in three days."))
    tried = f"address:account:{account.id}", f"address:to:{ids.digest(email)}"
    count(((tried[0], PER_ACCOUNT), (tried[1], PER_MAILBOX)), at=at)
    void_waiting_change(account.id, at=at)
    token, stop = ids.random_token(), ids.random_token()
    row = AddressChange(
        account_id=account.id, person_id=person.id, former=account.email, email=email, token_digest=ids.digest(token),
        stop_digest=ids.digest(stop), asked_at=at, expires_at=at + CONFIRM_LIVES, stop_until=at + STOP_LIVES,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _note(ASK, person, at=at)
    bus.publish(facts.AddressChangeAsked(row.id, token, stop))
    return row


def withdraw_address(person: Person, *, at: datetime) -> None:
    """Take back what was asked for and not confirmed yet; neither of its two links works any more. Raises Conflict."""
    account: Account | None = lock(Account, person.account_id or 0)
    if account is None or waiting_change(account.id, at=at) is None:
        raise Conflict(_l("No change of your address waits any more."))
    void_waiting_change(account.id, at=at)
    _note(WITHDRAW, person, at=at)


def confirm_address(token: str, *, at: datetime, keep_session: int | None = None) -> Account:
    """Sign in with the new address from now on, and end the sessions of all other devices. Raises LinkDead."""
    found = change_to_confirm(token, at=at)
    if found is None:
        raise LinkDead
    account: Account = lock(Account, found.account_id)
    row: AddressChange = lock(AddressChange, found.id)
    if row.outcome is not None or account.email != row.former:
        raise LinkDead
    person = db.session.get_one(Person, row.person_id)
    _sign_in_with(account, row.email, facts.AddressChanged(row.id))
    row.outcome, row.decided_at, row.confirmed_at = CONFIRMED, at, at
    db.session.flush()
    _shut(account, at=at, but=keep_session)
    _note(CHANGE, person, at=at, before={"email": row.former}, after={"email": row.email})
    return account


def stop_address(token: str, *, at: datetime) -> Account:
    """Leave, or put back, the address from before, and end all sessions: somebody else may know the password. Raises LinkDead."""
    found = change_to_stop(token, at=at)
    if found is None:
        raise LinkDead
    account: Account = lock(Account, found.account_id)
    row: AddressChange = lock(AddressChange, found.id)
    if row.outcome not in (None, CONFIRMED):
        raise LinkDead
    before = account.email
    if row.outcome == CONFIRMED:
        _sign_in_with(account, row.former)
    row.outcome, row.decided_at = STOPPED, at
    db.session.flush()
    # Else whoever changed it could undo this with a link of their own.
    later = AddressChange.account_id == account.id, AddressChange.id > row.id
    closing = {"outcome": OVERTAKEN, "decided_at": at}
    db.session.execute(
        update(AddressChange).where(*later, AddressChange.outcome.is_distinct_from(STOPPED)).values(closing)
    )
    _shut(account, at=at)
    person = db.session.get_one(Person, row.person_id)
    _note(STOP, person, at=at, before={"email": before}, after={"email": account.email})
    return account


def void_waiting_change(account_id: int, *, at: datetime) -> None:
    """Let the link that waits in a new mailbox work no longer."""
    mine = AddressChange.account_id == account_id, AddressChange.outcome.is_(None)
    db.session.execute(update(AddressChange).where(*mine).values(outcome=OVERTAKEN, decided_at=at))


def forget_changes(*, at: datetime) -> None:
    """Forget changes, and the addresses in them, that nobody can confirm or stop any more."""
    db.session.execute(delete(AddressChange).where(AddressChange.stop_until < at - QUIET))


def overtake_changes(account_id: int, *, at: datetime) -> None:
    """Close every change of an account, those that were confirmed too: an administrator has given it another address."""
    open_still = or_(AddressChange.outcome.is_(None), AddressChange.outcome == CONFIRMED)
    mine = AddressChange.account_id == account_id, open_still
    db.session.execute(update(AddressChange).where(*mine).values(outcome=OVERTAKEN, decided_at=at))


def _sign_in_with(account: Account, email: str, fact: facts.AddressChanged | None = None) -> None:
    """Give an account another address, and tell of it where its owner signed in until now.

    The database refuses an address that somebody else signs in with; then nothing is told either.
    """
    try:
        with db.session.begin_nested():
            if fact is not None:
                bus.publish(fact)
            account.email = email
            db.session.flush()
    except IntegrityError as error:
        raise LinkDead from error


def _shut(account: Account, *, at: datetime, but: int | None = None) -> None:
    void_resets(account.id, at)
    end_sessions_everywhere(0, account.id, at=at, but=but)


def _note(act: str, person: Person, *, at: datetime, **what: dict[str, str]) -> None:
    """Write into the trail: that of the organisation if it is the only one, else the academy's, as none learns of another."""
    home = None if shares_sign_in(person) else person.organisation_id
    subject = ("person", person.id, person.name.show("ar"))
    audit.record(act, at=at, actor_id=person.id, subject=subject, organisation_id=home, **what)
