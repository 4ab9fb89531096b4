"""Links that work once and not for long. The token leaves once, in a letter; the database keeps its digest."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update

from academy.accounts.models import OneTimeLink, Organisation, Person
from academy.accounts.queries import live_link
from academy.base import ids
from academy.base.db import change, db, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l


class LinkDead(Conflict):
    """A link that was used, replaced by a newer one, or is too old."""

    sentence = _l("This link no longer works.")
    status = 410


def make(person_id: int, purpose: str, *, lives: timedelta, at: datetime) -> str:
    """Make a link for a person and return its token; earlier ones of the same purpose stop working."""
    lock(Person, person_id)
    end_all(person_id, purpose, at=at)
    token = ids.random_token()
    link = OneTimeLink(
        purpose=purpose, person_id=person_id, token_digest=ids.digest(token), created_at=at, expires_at=at + lives
    )
    db.session.add(link)
    db.session.flush()
    return token


def end_all(person_id: int, purpose: str, *, at: datetime) -> None:
    """Make a person's unused links of one purpose stop working."""
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(used_at=at)
    )


def use(token: str, purpose: str, *, at: datetime, of: Collection[str]) -> Person:
    """Use a link up and return its person, who must be in one of the states `of`. Of many at once exactly one gets it."""
    link = db.session.scalar(live_link(token, purpose, at=at))
    if link is None:
        raise LinkDead
    person: Person = lock(Person, link.person_id)
    mine = (OneTimeLink.id == link.id) & OneTimeLink.used_at.is_(None)
    if change(update(OneTimeLink).where(mine).values(used_at=at)) != 1:
        raise LinkDead
    if person.state not in of or not db.session.get_one(Organisation, person.organisation_id).active:
        raise LinkDead
    return person


def person_to_write_to(email: str) -> Person | None:
    """Return the active person of an address, if their organisation is active too."""
    query = select(Person).join(Organisation, Organisation.id == Person.organisation_id)
    return db.session.scalar(
        query.where(Person.email == email.strip().lower(), Person.state == "active", Organisation.active)
    )


def void_links(person_id: int, at: datetime) -> None:
    """Let every unused link of a person work no longer."""
    links = update(OneTimeLink).where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
    db.session.execute(links.values(used_at=at))
