"""Whom the figures are about: all below a manager, the direct reports, or one of the manager's units with its sub-units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, Select, and_, not_, or_, select, true
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.policies import matrix_of, people_managed, people_of_units, reach_lent
from academy.accounts.queries_of_leading import stood_in_for
from academy.base.access import MANAGER, Actor
from academy.base.db import db
from academy.base.text import LocalizedText

MANY = 20_000
ALL, DIRECT, MATRIX, OUTSIDE = "all", "direct", "matrix", "outside"


@dataclass(frozen=True, slots=True)
class LedUnit:
    """A unit that a manager leads; `depth` counts from 0 at the highest one shown, `key` names it in addresses."""

    id: int
    name: LocalizedText
    organisation: LocalizedText
    depth: int

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"u{self.id}"


@dataclass(frozen=True, slots=True)
class Scope:
    """A choice of people, always within the manager's team: a unit, who is in none of the units led, the people of a manager stood in for, or neither."""

    key: str
    unit: LedUnit | None
    people: ColumnElement[bool]
    lender: "Lender | None" = None


@dataclass(frozen=True, slots=True)
class Lender:
    """A manager for whom the actor stands in; `key` names their people in addresses."""

    id: int
    name: LocalizedText

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"d{self.id}"


def units_led(actor: Actor) -> list[LedUnit]:
    """Return the units over which the actor holds a manager's role, sub-units after their unit (one statement, or none)."""
    within = _units_within(actor)
    if within is None:
        return []
    query = (
        select(OrgUnit.id, OrgUnit.name, Organisation.name, OrgUnit.path)
        .join(Organisation, Organisation.id == OrgUnit.organisation_id)
        .where(within, OrgUnit.active)
    )
    # Sorted here: databases do not agree on how to order signs such as "/".
    rows = sorted(db.session.execute(query), key=lambda row: _steps(row.path))
    shown = {row.id for row in rows}
    return [
        LedUnit(unit_id, name, organisation, sum(step in shown for step in _steps(path)) - 1)
        for unit_id, name, organisation, path in rows
    ]


def lenders(actor: Actor) -> list[Lender]:
    """Return for whom the actor stands in today (one statement, or none)."""
    return [Lender(*row) for row in stood_in_for(actor)]


def scope_of(
    actor: Actor, key: str, units: Sequence[LedUnit], lent: Iterable[Lender] = (), *, people: int = 0
) -> Scope | None:
    """Return the scope that an address asks for; "" is everybody; None when it names what is not the actor's.

    `people` is how many it has, where that is known: from `MANY` on, whole tables are read rather than looked up in.
    """
    everybody = and_(people_managed(actor, alone=people < MANY), Person.state != "suspended")
    if key in ("", ALL):
        return Scope(ALL, None, everybody)
    if key == DIRECT:
        return Scope(DIRECT, None, and_(everybody, Person.manager_id == actor.person_id))
    if key == MATRIX:
        return Scope(MATRIX, None, and_(everybody, matrix_of(actor.person_id)))
    if key == OUTSIDE and units:
        inside = people_of_units({unit.id for unit in units})
        return Scope(OUTSIDE, None, and_(everybody, or_(Person.org_unit_id.is_(None), not_(inside))))
    lender = next((one for one in lent if one.key == key), None)
    if lender is not None:
        return Scope(lender.key, None, and_(everybody, reach_lent(lender.id)), lender)
    unit = next((unit for unit in units if unit.key == key), None)
    return Scope(unit.key, unit, and_(everybody, people_of_units({unit.id}))) if unit else None


def below(unit: LedUnit) -> Select[int]:
    """Return the query of the ids of a unit and all below it, closed ones among them: their people stay where they are."""
    root = aliased(OrgUnit)
    return select(OrgUnit.id).join(root, OrgUnit.path.startswith(root.path)).where(root.id == unit.id)


def team(people: ColumnElement[bool]) -> CTE:
    """Return the ids of the people of a filter, to be used several times in one statement."""
    return select(Person.id).where(people).cte("team")


def ids_of(people: ColumnElement[bool]) -> Sequence[int]:
    """Return the ids of the people of a scope."""
    return db.session.scalars(select(Person.id).where(people).order_by(Person.id)).all()


def within(actor: Actor, person_ids: Iterable[int]) -> set[int]:
    """Return which of these people belong to the actor's team and may still enter."""
    wanted = Person.id.in_(set(person_ids)), Person.state != "suspended"
    return set(db.session.scalars(select(Person.id).where(*wanted, people_managed(actor, alone=True))))


def _steps(path: str) -> tuple[int, ...]:
    return tuple(int(step) for step in path.strip("/").split("/") if step)


def _units_within(actor: Actor) -> ColumnElement[bool] | None:
    """Return the filter on OrgUnit for the units led, None when none are."""
    grants = [grant for grant in actor.grants if grant.role == MANAGER]
    if any(grant.organisation_id is None and grant.org_unit_id is None for grant in grants):
        return true()
    roots = {grant.org_unit_id for grant in grants if grant.org_unit_id is not None}
    whole = {grant.organisation_id for grant in grants if grant.org_unit_id is None}
    parts: list[ColumnElement[bool]] = []
    if roots:
        root = aliased(OrgUnit)
        inside = select(root.id).where(root.id.in_(roots), OrgUnit.path.startswith(root.path))
        parts.append(inside.correlate(OrgUnit).exists())
    if whole:
        parts.append(OrgUnit.organisation_id.in_(whole))
    return or_(*parts) if parts else None


def just(*person_ids: int) -> ColumnElement[bool]:
    """Return the filter on Person for these people; who may ask about them was decided before."""
    return Person.id.in_(person_ids)
