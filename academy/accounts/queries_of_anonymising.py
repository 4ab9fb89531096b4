"""Reads about anonymising: what waits, what forbids it, who could confirm."""

import json

from sqlalchemy import ColumnElement, Text, cast, false, or_, select

from academy.accounts.models import Organisation, Person, RoleGrant
from academy.accounts.models_of_anonymising import Anonymisation, LegalHold
from academy.accounts.queries_of_memberships import same_human
from academy.base.access import ADMINISTRATOR
from academy.base.db import db


def anonymisation(anonymisation_id: int) -> Anonymisation | None:
    """Return a proposal by id."""
    return db.session.get(Anonymisation, anonymisation_id)


def waiting_for(person_id: int) -> Anonymisation | None:
    """Return the proposal to anonymise a person that waits for a second administrator."""
    mine = Anonymisation.person_id == person_id, Anonymisation.outcome.is_(None)
    return db.session.scalar(select(Anonymisation).where(*mine))


def hold_on(person_id: int) -> LegalHold | None:
    """Return the legal hold on a person, while there is one."""
    return db.session.scalar(select(LegalHold).where(LegalHold.person_id == person_id, LegalHold.lifted_at.is_(None)))


def seconds(person: Person, but: int) -> list[int]:
    """Return who may confirm that a person is anonymised, besides one: active administrators of their organisation and the academy's."""
    scope = or_(RoleGrant.organisation_id.is_(None), RoleGrant.organisation_id == person.organisation_id)
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(RoleGrant.role == ADMINISTRATOR, RoleGrant.org_unit_id.is_(None), scope)
        .where(Person.state == "active", Organisation.active, Person.id != person.id, Person.id.not_in(same_human(but)))
    )
    return sorted(set(db.session.scalars(query)))


def rows_of_nobody_else() -> dict[str, ColumnElement[bool]]:
    """Return which rows about people may be searched for a name: those of others stay, who may be called the same."""
    nobody = Person.anonymised_at.is_not(None)
    return {"person": nobody, "account": false(), "address_change": false(), "anonymisation": false()}


def names_of(person_id: int) -> dict[str, str]:
    """Return what somebody who was anonymised was called, each with what takes its place; nothing once that is forgotten."""
    mine = Anonymisation.person_id == person_id, Anonymisation.names.is_not(None)
    found = db.session.scalar(select(Anonymisation.names).where(*mine).limit(1))
    return {str(old): str(new) for old, new in (found or {}).items()}


def own_words(row: Anonymisation) -> dict[str, str]:
    """Return the names of an anonymised person that nobody else has: of a namesake's copies nobody can say whose they are."""
    return {old: new for old, new in (row.names or {}).items() if not _is_another(old)}


def _is_another(word: str) -> bool:
    quoted = json.dumps(word, ensure_ascii=False)
    same = or_(
        cast(Person.name, Text).contains(quoted, autoescape=True), Person.email == word, Person.employee_number == word
    )
    return db.session.scalar(select(Person.id).where(Person.anonymised_at.is_(None), same).limit(1)) is not None
