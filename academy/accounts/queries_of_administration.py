"""Reads for administrators: organisations, unit trees, people. Each takes who asks and shows only what is theirs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from academy.accounts.models import (
    ImportPlan,
    OneTimeLink,
    Organisation,
    OrgUnit,
    Person,
    PersonSession,
    RoleGrant,
    SettingLock,
)
from academy.accounts.policies import organisations_administered, people_administered, people_of_units
from academy.base.access import Actor
from academy.base.arabic import search_terms
from academy.base.db import db
from academy.base.text import LocalizedText

# --- Organisations ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation in the list."""

    id: int
    key: str
    kind: str
    name: LocalizedText
    active: bool
    people: int
    units: int


def organisations(actor: Actor) -> list[OrganisationRow]:
    """Return the organisations an administrator looks after, with how many people and units they have; agencies first."""
    people = select(func.count()).where(Person.organisation_id == Organisation.id).scalar_subquery()
    units = select(func.count()).where(OrgUnit.organisation_id == Organisation.id).scalar_subquery()
    columns = (Organisation.id, Organisation.key, Organisation.kind, Organisation.name, Organisation.active)
    query = (
        select(*columns, people, units)
        .where(organisations_administered(actor))
        .order_by(Organisation.active.desc(), Organisation.kind, Organisation.id)
    )
    return [OrganisationRow(*row) for row in db.session.execute(query)]


def organisation(organisation_id: int) -> Organisation | None:
    """Return an organisation by id."""
    return db.session.get(Organisation, organisation_id)


def org_unit(unit_id: int) -> OrgUnit | None:
    """Return a unit with its organisation by id."""
    return db.session.get(OrgUnit, unit_id, options=[joinedload(OrgUnit.organisation)])


def choices_of_organisations(actor: Actor) -> list[tuple[int, LocalizedText]]:
    """Return ids and names of the organisations an administrator looks after."""
    query = (
        select(Organisation.id, Organisation.name).where(organisations_administered(actor)).order_by(Organisation.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in its tree, in the order in which the tree is read aloud. `level` 1 is the top."""

    id: int
    parent_id: int | None
    key: str
    name: LocalizedText
    active: bool
    path: str
    people: int
    level: int


def unit_tree(organisation_id: int) -> list[UnitRow]:
    """Return an organisation's units, each followed by those below it, sorted by their Arabic names."""
    people = select(func.count()).where(Person.org_unit_id == OrgUnit.id).scalar_subquery()
    columns = (OrgUnit.id, OrgUnit.parent_id, OrgUnit.key, OrgUnit.name, OrgUnit.active, OrgUnit.path)
    rows = db.session.execute(
        select(*columns, people.label("people")).where(OrgUnit.organisation_id == organisation_id)
    ).all()
    return list(_in_order(rows))


def _in_order(rows: Sequence[Any]) -> Iterable[UnitRow]:
    below: dict[int | None, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.name.show("ar"), row.id)):
        below[row.parent_id].append(row)
    waiting = [(row, 1) for row in reversed(below[None])]
    while waiting:
        row, level = waiting.pop()
        yield UnitRow(row.id, row.parent_id, row.key, row.name, row.active, row.path, row.people, level)
        waiting.extend((child, level + 1) for child in reversed(below[row.id]))


# --- People ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list of people is narrowed to."""

    text: str = ""
    organisation_id: int | None = None
    org_unit_id: int | None = None
    state: str = ""
    role: str = ""


UNINVITED = "uninvited"


def shown_state(person: Any) -> ColumnElement[str]:
    """Return a person's state as pages tell it: of those who have not accepted an invitation, whether any was ever sent."""
    never = ~exists().where(OneTimeLink.person_id == person.id)
    return case((and_(person.state == "invited", never), UNINVITED), else_=person.state)


def people(actor: Actor, wanted: PeopleFilter) -> Select[Any]:
    """Return the query of the people an administrator looks after, in the order of their names."""
    columns: tuple[Any, ...] = (
        Person.id, Person.name, Person.email, Person.job_title, shown_state(Person).label("state"), Person.last_seen_at,
        Organisation.name.label("organisation"), OrgUnit.name.label("org_unit"),
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(people_administered(actor))
        .order_by(Person.search_text, Person.id)
    )
    if wanted.text:
        query = query.where(matching(Person, wanted.text))
    if wanted.organisation_id is not None:
        query = query.where(Person.organisation_id == wanted.organisation_id)
    if wanted.org_unit_id is not None:
        query = query.where(people_of_units({wanted.org_unit_id}))
    if wanted.state:
        query = query.where(shown_state(Person) == wanted.state)
    if wanted.role:
        query = query.where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == wanted.role)))
    return query


def matching(person: Any, text: str) -> Any:
    """Return the filter for a person whose names hold every word, or whose e-mail address holds the text."""
    terms = search_terms(text)
    in_email = person.email.contains(text.strip().lower()[:254], autoescape=True)
    return or_(and_(*(person.search_text.like(f"% {term} %") for term in terms)), in_email) if terms else in_email


def roles_of(person_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of the roles each of these people holds, without repeats."""
    held: dict[int, list[str]] = defaultdict(list)
    query = select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(person_ids)).distinct()
    for row in db.session.execute(query.order_by(RoleGrant.role)):
        held[row.person_id].append(row.role)
    return held


def units_of(organisation_id: int) -> list[UnitRow]:
    """Return the active units of an organisation in the order of its tree, for a choice."""
    return [unit for unit in unit_tree(organisation_id) if unit.active]


def person(person_id: int) -> Person | None:
    """Return a person with organisation and unit, in one statement."""
    return db.session.get(Person, person_id, options=[joinedload(Person.organisation), joinedload(Person.org_unit)])


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a person's record.

    `grants`: roles with their scopes: id, role, organisation_id, organisation, org_unit. `elsewhere`: who the same human being
    is in other organisations: elsewhere_id, elsewhere_name of the organisation, elsewhere_state.
    """

    state: str
    manager_id: int | None
    manager_name: LocalizedText | None
    manager_email: str | None
    reports: int
    sessions: int
    grants: Sequence[Any]
    elsewhere: Sequence[Any]


def around(person: Person, *, since: datetime, everywhere: bool = False) -> Around:
    """Return a person's manager, reports, roles, and how many sessions were in use since then and are not ended (one statement).

    `everywhere`: for eyes that see all organisations, also who the owner of the account is in others.
    """
    manager, report = aliased(Person), aliased(Person)
    other, other_home = aliased(Person), aliased(Organisation)
    same_human = and_(other.account_id == Person.account_id, other.id != Person.id, literal(everywhere))
    live = (PersonSession.person_id == person.id, PersonSession.ended_at.is_(None), PersonSession.last_seen_at > since)
    sessions = select(func.count()).select_from(PersonSession).where(*live).scalar_subquery()
    reports = select(func.count()).select_from(report).where(report.manager_id == person.id).scalar_subquery()
    columns: tuple[Any, ...] = (
        RoleGrant.id, RoleGrant.role, RoleGrant.organisation_id, Organisation.name.label("organisation"),
        OrgUnit.name.label("org_unit"), manager.id.label("manager_id"), manager.name.label("manager"),
        other.id.label("elsewhere_id"), other_home.name.label("elsewhere_name"), shown_state(other).label("elsewhere_state"),
        shown_state(Person).label("state"),
        manager.email.label("manager_email"), reports.label("reports"), sessions.label("sessions"),
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(Person)
        .outerjoin(manager, and_(manager.id == Person.manager_id, manager.organisation_id == Person.organisation_id))
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == RoleGrant.org_unit_id)
        .outerjoin(other, same_human)
        .outerjoin(other_home, other_home.id == other.organisation_id)
        .where(Person.id == person.id)
        .order_by(RoleGrant.role, RoleGrant.id, other.organisation_id)
    )
    rows = db.session.execute(query).all()
    one = rows[0]
    held = {row.id: row for row in rows if row.id is not None}
    others = {row.elsewhere_id: row for row in rows if row.elsewhere_id is not None}
    return Around(
        one.state, one.manager_id, one.manager, one.manager_email, one.reports, one.sessions, list(held.values()), list(others.values())
    )  # fmt: skip


def grant(grant_id: int) -> RoleGrant | None:
    """Return a grant by id."""
    return db.session.get(RoleGrant, grant_id)


def import_plan(plan_id: int) -> ImportPlan | None:
    """Return a kept file of people by id."""
    return db.session.get(ImportPlan, plan_id)


def locked_settings(organisation_id: int) -> set[str]:
    """Return the keys of an organisation's settings that the academy keeps for itself."""
    query = select(SettingLock.setting).where(SettingLock.organisation_id == organisation_id)
    return set(db.session.scalars(query))
