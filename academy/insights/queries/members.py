"""One person of a team, as their manager's page needs them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.queries_of_administration import shown_state
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import PersonRequirement, Requirement
from academy.learning.queries.ledger import Hours, hours_of_person, hours_row, time_of_person


@dataclass(frozen=True, slots=True)
class Member:
    """A person with their place, their role's targets (None and empty without a role profile) and their hours in all."""

    person_id: int
    name: LocalizedText
    email: str
    job_title: LocalizedText | None
    organisation: LocalizedText
    org_unit: LocalizedText | None
    manager: LocalizedText | None
    state: str
    organisation_id: int
    audits: bool
    role: LocalizedText | None
    targets: dict[str, Any]
    hours: Hours


def member(person_id: int) -> Member | None:
    """Return a person, whoever asks (one statement): the permission `insights:person:see` decides who may."""
    boss = aliased(Person)
    query = (
        select(
            Person.id, Person.name, Person.email, Person.job_title, Organisation.name, OrgUnit.name, boss.name, shown_state(Person),
            Person.organisation_id, Person.audits, Requirement.name, Requirement.targets, time_of_person(Person.id), hours_of_person(Person.id),
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(boss, boss.id == Person.manager_id)
        .outerjoin(PersonRequirement, PersonRequirement.person_id == Person.id)
        .outerjoin(Requirement, Requirement.id == PersonRequirement.requirement_id)
        .where(Person.id == person_id)
    )  # fmt: skip
    row: Any = db.session.execute(query).one_or_none()
    if row is None:
        return None
    return Member(*(*row[:10], row[10] or None, row[11] or {}, hours_row(*row[12:])))
