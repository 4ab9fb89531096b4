"""Remembering where people stand, whenever that changes: what a figure about a past day is counted over."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, literal, select

from academy.accounts.models import Person, PersonPlace
from academy.base.db import db

COLUMNS = ("person_id", "at", "organisation_id", "org_unit_id", "manager_id", "state")


def note_place(person: Person, at: datetime) -> None:
    """Add where a person stands from now on; the person is flushed."""
    db.session.add(
        PersonPlace(
            person_id=person.id, at=at, organisation_id=person.organisation_id, org_unit_id=person.org_unit_id,
            manager_id=person.manager_id, state=person.state,
        )
    )  # fmt: skip


def note_places(person_ids: Collection[int], at: datetime) -> None:
    """Add where many people stand from now on, in one statement."""
    standing = select(
        Person.id, literal(at, PersonPlace.at.type), Person.organisation_id, Person.org_unit_id, Person.manager_id,
        Person.state,
    ).where(Person.id.in_(person_ids))  # fmt: skip
    db.session.execute(insert(PersonPlace).from_select(COLUMNS, standing))
