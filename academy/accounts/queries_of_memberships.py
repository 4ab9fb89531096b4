"""Reads about one human being in several organisations: the account that they sign in with, and who they are in each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Account, Organisation, Person
from academy.accounts.queries import live_link
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Membership:
    """An organisation that somebody can enter, and who they are there."""

    person_id: int
    organisation: LocalizedText


def account_of(email: str) -> Account | None:
    """Return the account that is signed in to with an e-mail address, in any case."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def enterable(account_id: int) -> Select[Any]:
    """Return the query of the people whom an account may enter as, the one entered last first."""
    return (
        select(Person)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.account_id == account_id, Person.state == "active", Organisation.active)
        .order_by(Person.last_seen_at.desc().nulls_last(), Person.id)
    )


def same_human(person_id: Any) -> Select[int]:
    """Return the query of the ids of a person and of the same human being in other organisations; `person_id` may be a parameter."""
    one = aliased(Person)
    return _together(one).where(one.id == person_id)


def same_humans(people: Select[int] | CompoundSelect[int]) -> Select[int]:
    """Return the query of the ids of some people and of the same human beings in other organisations."""
    one = aliased(Person)
    return _together(one).where(one.id.in_(people))


def _together(one: Any) -> Select[int]:
    return select(Person.id).join(one, or_(Person.id == one.id, Person.account_id == one.account_id))


def are_same_human(person_id: int | None, other_id: int | None) -> bool:
    """Whether two people are one human being, in one organisation or in two; one statement, none for one person."""
    if person_id is None or other_id is None or person_id == other_id:
        return person_id is not None and person_id == other_id
    return db.session.scalar(same_human(person_id).where(Person.id == other_id)) is not None


def memberships_of(account_id: int) -> list[Membership]:
    """Return the organisations that an account may enter, the oldest first (one statement)."""
    query = enterable(account_id).order_by(None).order_by(Organisation.id)
    rows = db.session.execute(query.with_only_columns(Person.id, Organisation.name))
    return [Membership(row.id, row.name) for row in rows]


def memberships(actor: Actor) -> list[Membership]:
    """Return the organisations that a visitor may enter; those with one cost no statement."""
    return memberships_of(actor.account_id) if actor.several and actor.account_id else []


def person_to_write_to(account: Account) -> Person | None:
    """Return who the owner of an account is where they may enter or are invited with its address; None when nowhere."""
    entered = db.session.scalar(enterable(account.id).limit(1))
    if entered is not None:
        return entered
    invited = (
        select(Person)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.email == account.email, Person.state == "invited", Organisation.active)
    )
    return db.session.scalar(invited.order_by(Person.id.desc()).limit(1))


def account_of_link(token: str, *, at: datetime) -> Account | None:
    """Return the account of a link to a new password that still works; its owner is to be found with `person_to_write_to`."""
    link = live_link(token, "password_reset", at=at).subquery()
    return db.session.scalar(select(Account).join(link, link.c.account_id == Account.id))


def shares_sign_in(person: Person) -> bool:
    """Whether a person's account is bound to another organisation too: letters name the organisation to those."""
    if person.account_id is None:
        return False
    others = select(Person.id).where(Person.account_id == person.account_id, Person.id != person.id)
    return db.session.scalar(others.limit(1)) is not None


def spread_over(account_id: int) -> set[str]:
    """Return the addresses that organisations write to the owner of an account at."""
    return set(db.session.scalars(select(Person.email).where(Person.account_id == account_id)))
