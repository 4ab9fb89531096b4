"""Links that work once and not for long. The token leaves once, in a letter; the database keeps its digest."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, update

from academy.accounts.models import Account, OneTimeLink, Organisation, Person
from academy.accounts.queries import live_link
from academy.base import ids
from academy.base.db import change, db, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l

INVITATION, RESET = "invitation", "password_reset"


class LinkDead(Conflict):
    """A link that was used, replaced by a newer one, or is too old."""

    sentence = _l("This link no longer works.")
    status = 410


def make(owner: Person | Account, *, lives: timedelta, at: datetime) -> str:
    """Make a link, of a person to accept an invitation, of an account to a new password; return its token.

    Earlier ones of the same owner stop working.
    """
    lock(type(owner), owner.id)
    column, purpose = _kept_of(owner)
    _void(column == owner.id, at)
    token = ids.random_token()
    values = {column.key: owner.id, "purpose": purpose, "created_at": at, "expires_at": at + lives}
    db.session.add(OneTimeLink(token_digest=ids.digest(token), **values))
    db.session.flush()
    return token


def _kept_of(owner: Person | Account) -> tuple[Any, str]:
    if isinstance(owner, Person):
        return OneTimeLink.person_id, INVITATION
    return OneTimeLink.account_id, RESET


def use_invitation(token: str, *, at: datetime) -> Person:
    """Use an invitation up and return its person, who has not accepted before. Of many at once exactly one gets it."""
    person: Person = lock(Person, _live(token, INVITATION, at).person_id or 0)
    _use(token, at)
    if person.state != "invited" or not db.session.get_one(Organisation, person.organisation_id).active:
        raise LinkDead
    return person


def use_reset(token: str, *, at: datetime) -> Account:
    """Use a link to a new password up and return its account. Of many at once exactly one gets it."""
    account: Account = lock(Account, _live(token, RESET, at).account_id or 0)
    _use(token, at)
    return account


def _live(token: str, purpose: str, at: datetime) -> OneTimeLink:
    link = db.session.scalar(live_link(token, purpose, at=at))
    if link is None:
        raise LinkDead
    return link


def _use(token: str, at: datetime) -> None:
    mine = OneTimeLink.token_digest == ids.digest(token), OneTimeLink.used_at.is_(None)
    if change(update(OneTimeLink).where(*mine).values(used_at=at)) != 1:
        raise LinkDead


def void_links(person: Person, at: datetime) -> None:
    """Let every unused link of a person work no longer, and those to a new password of their account."""
    mine = OneTimeLink.person_id == person.id
    _void(mine if person.account_id is None else or_(mine, OneTimeLink.account_id == person.account_id), at)


def void_resets(account_id: int, at: datetime) -> None:
    """Let every unused link to a new password of an account work no longer."""
    _void(OneTimeLink.account_id == account_id, at)


def _void(which: ColumnElement[bool], at: datetime) -> None:
    db.session.execute(update(OneTimeLink).where(which, OneTimeLink.used_at.is_(None)).values(used_at=at))
