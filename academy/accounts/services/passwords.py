"""Choosing, keeping, comparing and replacing passwords."""

from datetime import datetime
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy.exc import IntegrityError

from academy import facts
from academy.accounts import rules
from academy.accounts.models import Academy, Account, Organisation, Person
from academy.accounts.queries_of_memberships import account_of, person_to_write_to
from academy.accounts.services import one_time_links
from academy.accounts.services.addresses import void_waiting_change
from academy.accounts.services.one_time_links import LinkDead
from academy.accounts.services.sessions import end_sessions_everywhere
from academy.accounts.services.throttling import account_key, address_key, count
from academy.base import audit, bus, throttle
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l

COMMON = Path(__file__).parent.parent / "common_passwords.txt"

REASONS: dict[rules.Weakness, str] = {
    "short": _l("Use at least %(least)s characters. A sentence of four or five words is easy to remember."),
    "long": _l("Use at most %(most)s characters."),
    "common": _l(
        "This password is made of passwords that many people use. Add words that nobody would expect together."
    ),
    "personal": _l("This password is made of your name, your e-mail or the academy's name. Choose other words."),
    "pattern": _l("This password is made of repeats, rows of keys or years. Choose several unrelated words."),
}

_hasher = PasswordHasher()


class WeakPassword(Invalid):
    """A password that would be guessed."""


class HasAccount(Conflict):
    """The owner of an address has an account already: their password is asked for, none is chosen anew."""

    sentence = _l("There is an account with this address already. Enter its password.")


def configure(*, time: int, memory_kib: int) -> None:
    """Set argon2's cost for new passwords; older ones are kept anew when their owner next signs in."""
    global _hasher
    _hasher = PasswordHasher(time_cost=time, memory_cost=memory_kib, parallelism=1)
    _nobodys_hash.cache_clear()


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(b"nobody has this password")


@cache
def _listed() -> frozenset[str]:
    return frozenset(COMMON.read_text("utf-8").split())


def _bytes(password: str) -> bytes:
    return rules.normalised(password).encode("utf-8", "surrogatepass")


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(_bytes(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the stored one. Without a stored one the same work is done, and the answer is no."""
    try:
        fits = _hasher.verify(password_hash or _nobodys_hash(), _bytes(password[: rules.LONGEST * 4]))
    except (Argon2Error, InvalidHashError):
        return False
    return bool(fits) and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a stored password was made with other costs than today's."""
    return _hasher.check_needs_rehash(password_hash)


def require_strength(password: str, person: Person) -> None:
    """Refuse a password that others would guess, with the reason; the field blamed is `password`."""
    academy, organisation = db.session.get(Academy, 1), db.session.get_one(Organisation, person.organisation_id)
    names = [person.name, organisation.name, *((academy.name, academy.short_name) if academy else ())]
    personal = [person.email, person.mobile or "", *(text for name in names for text in (name.ar, name.en))]
    weak = rules.weakness(rules.normalised(password), listed=_listed(), personal=personal)
    if weak:
        raise WeakPassword(REASONS[weak], field="password", least=rules.SHORTEST, most=rules.LONGEST)


def set_password(person: Person, password: str) -> None:
    """Give a person a password that is strong enough: that of their account, which is made if there is none yet."""
    require_strength(password, person)
    account = person.account
    if account is not None:
        account.password_hash = hash_password(password)
        return
    try:
        with db.session.begin_nested():
            person.account = Account(email=person.email, password_hash=hash_password(password))
            db.session.flush()
    except IntegrityError as error:
        raise HasAccount from error


def change_password(person: Person, password: str, *, at: datetime, keep_session: int | None) -> None:
    """Replace a signed-in person's password and end their other sessions. Their present one was checked before."""
    if person.account and matches(person.account.password_hash, password):
        raise Invalid(_l("This is your present password. Choose a new one."), field="password")
    set_password(person, password)
    _note_change(person, "accounts:password:change", at=at, keep_session=keep_session)


def ask_reset(email: str, *, address: str | None, at: datetime) -> None:
    """Send a link for a new password to the owner of an e-mail address. Older links stop working. Raises Throttled.

    Nobody learns whether the e-mail is known: those without an account, or suspended wherever they belong, get nothing, and
    count alike.
    """
    count(((reset_key(email), rules.RESETS_PER_ACCOUNT), (address_key(address), rules.PER_ADDRESS)), at=at)
    account = account_of(email)
    person = person_to_write_to(account) if account else None
    if account is not None and person is not None:
        token = one_time_links.make(account, lives=rules.RESET_LIVES, at=at)
        bus.publish(facts.PasswordResetAsked(person.id, token))


def reset_password(token: str, password: str, *, at: datetime) -> Account:
    """Give the owner of a link a new password and end all their sessions. Raises LinkDead or WeakPassword."""
    account = one_time_links.use_reset(token, at=at)
    person = person_to_write_to(account)
    if person is None:
        raise LinkDead
    require_strength(password, person)
    account.password_hash = hash_password(password)
    throttle.forget(db.session(), account_key(account.email))
    _note_change(person, "accounts:password:reset", at=at, account=account)
    return account


def reset_key(email: str) -> str:
    """The key under which asking for a new password is counted."""
    return f"reset:{account_key(email)}"


def _note_change(
    person: Person, act: str, *, at: datetime, keep_session: int | None = None, account: Account | None = None
) -> None:
    """End the sessions of all memberships; the trail of the one at hand says why, and no other's.

    An organisation that only invites somebody must not learn from its trail that they have an account.
    """
    account = account or person.account
    end_sessions_everywhere(person.id, account.id if account else None, at=at, but=keep_session)
    if account is not None:
        void_waiting_change(account.id, at=at)  # whoever asked for it may have known the former password
    subject = ("person", person.id, person.name.show("ar"))
    home = person.organisation_id if person.account_id is not None else None
    audit.record(act, at=at, actor_id=person.id, subject=subject, organisation_id=home)
    db.session.flush()
    bus.publish(facts.PasswordChanged(person.id))
