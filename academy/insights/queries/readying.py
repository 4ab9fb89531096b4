"""Readiness for the role, unit by unit: who meets what their role profile asks for, who falls short, who lacks evidence.

Somebody is **ready** who has proven the level asked for in every competency of their role. Of the others, **evidence is
lacking** to whom it is too thin to say a level in at least one competency not yet met; **short** are those of whom it is
known in each that the level is too low. So each holder of a role profile stands in exactly one of the three.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select, true

from academy.accounts.models import OrgUnit, Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import Competency, PersonRequirement, Requirement, Standing
from academy.insights.queries.scopes import LedUnit
from academy.insights.queries.searching import named
from academy.insights.reports.queries.datasets.sql import whole_member

READY, SHORT, LACKING, WITHOUT = "ready", "short", "lacking", "without"
VERDICTS = (READY, SHORT, LACKING)


@dataclass(frozen=True, slots=True)
class Ready:
    """How many people stand how, of those who hold a role profile; `without` hold none."""

    ready: int = 0
    short: int = 0
    lacking: int = 0
    without: int = 0

    @property
    def holders(self) -> int:
        """How many hold a role profile."""
        return self.ready + self.short + self.lacking

    @property
    def share(self) -> float | None:
        """The share of the holders who are ready, None when there are none."""
        return self.ready / self.holders if self.holders else None

    def __add__(self, other: "Ready") -> "Ready":
        return Ready(
            self.ready + other.ready,
            self.short + other.short,
            self.lacking + other.lacking,
            self.without + other.without,
        )


@dataclass(frozen=True, slots=True)
class Readying:
    """The readiness of a manager's people by unit with its sub-units, of those outside of these units, and of all.

    The standings behind it were computed between `first` and `last`; both None when there are none.
    """

    units: tuple[tuple[LedUnit, Ready], ...]
    outside: Ready
    whole: Ready
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Lack:
    """A competency whose level is not proven yet; `level` is None while there is too little evidence."""

    key: str
    name: LocalizedText
    level: int | None
    target: int


@dataclass(frozen=True, slots=True)
class PersonReady:
    """Somebody, how they stand to their role profile, and what they lack; without one, `role` is None."""

    person_id: int
    name: LocalizedText
    org_unit: LocalizedText | None
    role: LocalizedText | None
    verdict: str
    met: int
    asked: int
    lacks: tuple[Lack, ...]


def readying(people: ColumnElement[bool], units: Sequence[LedUnit]) -> Readying:
    """Return the readiness of these people, unit by unit (one statement, however many people and units)."""
    stands = _stands(people)
    verdict = _verdict(stands.c)
    count = [func.coalesce(func.sum(case((verdict == name, 1), else_=0)), 0) for name in VERDICTS]
    without = func.coalesce(func.sum(case((stands.c.person_id.is_(None), 1), else_=0)), 0)
    query = (
        select(OrgUnit.path, *count, without, func.min(stands.c.first), func.max(stands.c.last))
        .select_from(Person)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(stands, stands.c.person_id == Person.id)
        .where(people)
        .group_by(OrgUnit.path)
    )
    rows: list[Any] = list(db.session.execute(query))
    counted = [(_steps(row[0]), Ready(*map(int, row[1:5]))) for row in rows]
    ids = {unit.id for unit in units}
    return Readying(
        tuple((unit, _sum(ready for steps, ready in counted if unit.id in steps)) for unit in units),
        _sum(ready for steps, ready in counted if not ids & steps),
        _sum(ready for _, ready in counted),
        min((row[5] for row in rows if row[5]), default=None),
        max((row[6] for row in rows if row[6]), default=None),
    )


def holders(people: ColumnElement[bool], *, verdict: str = "", terms: Sequence[str] = ()) -> Select[Any]:
    """Return the query of those who hold a role profile, or of those `WITHOUT`, by name; `with_lacks` reads its rows."""
    stands = _stands(people)
    stand = _verdict(stands.c)
    held = stands.c.person_id.is_(None) if verdict == WITHOUT else stands.c.person_id.is_not(None)
    columns = (
        Person.id, Person.name, OrgUnit.name.label("org_unit"), Requirement.name.label("role"), stand.label("verdict"),
        stands.c.met, stands.c.asked,
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(Person)
        .outerjoin(stands, stands.c.person_id == Person.id)
        .outerjoin(PersonRequirement, PersonRequirement.person_id == stands.c.person_id)
        .outerjoin(Requirement, Requirement.id == PersonRequirement.requirement_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(people, held, stand == verdict if verdict in VERDICTS else true(), *named(terms))
        .order_by(Person.search_text, Person.id)
    )


def with_lacks(rows: Sequence[Any]) -> list[PersonReady]:
    """Return the people of a page with what each of them lacks, the largest gap first (one statement)."""
    target = _target()
    query = (
        select(PersonRequirement.person_id, Competency.key, Competency.name, Standing.level, target.label("target"))
        .select_from(PersonRequirement)
        .join(Requirement, Requirement.id == PersonRequirement.requirement_id)
        .join(Competency, target > 0)
        .outerjoin(Standing, _own())
        .where(PersonRequirement.person_id.in_([row.id for row in rows]), func.coalesce(Standing.level, 0) < target)
        .order_by((func.coalesce(Standing.level, 0) - target), Competency.domain_id, Competency.position)
    )
    lacks: dict[int, list[Lack]] = {}
    for row in db.session.execute(query) if rows else ():
        lacks.setdefault(row.person_id, []).append(Lack(row.key, row.name, row.level, int(row.target)))
    return [
        PersonReady(
            row.id,
            row.name,
            row.org_unit,
            row.role or None,
            row.verdict or WITHOUT,
            row.met or 0,
            row.asked or 0,
            tuple(lacks.get(row.id, ())),
        )
        for row in rows
    ]


def _target() -> Any:
    """The level that a requirement asks for in a competency, as an expression; NULL when it asks for none."""
    return whole_member(Requirement.targets, Competency.key)


def _own() -> ColumnElement[bool]:
    return and_(Standing.person_id == PersonRequirement.person_id, Standing.competency_id == Competency.id)


def _stands(people: ColumnElement[bool]) -> Subquery:
    """Return for each holder how many targets are asked for, met, and of how many too little is known to say."""
    # Unfolded once for each requirement: for each of the people it would be the same many thousand times.
    target = _target()
    unfolded = select(Requirement.id, Competency.id.label("competency_id"), target.label("target")).join(
        Competency, target > 0
    )
    asked = unfolded.cte("asked").prefix_with("MATERIALIZED")
    met = func.coalesce(Standing.level, 0) >= asked.c.target
    own = and_(Standing.person_id == PersonRequirement.person_id, Standing.competency_id == asked.c.competency_id)
    query = (
        select(
            PersonRequirement.person_id,
            func.count().label("asked"),
            func.sum(case((met, 1), else_=0)).label("met"),
            func.sum(case((Standing.level.is_(None), 1), else_=0)).label("thin"),
            func.min(Standing.computed_at).label("first"),
            func.max(Standing.computed_at).label("last"),
        )
        .select_from(PersonRequirement)
        .join(Person, Person.id == PersonRequirement.person_id)
        .join(asked, asked.c.id == PersonRequirement.requirement_id)
        .outerjoin(Standing, own)
        .where(people)
        .group_by(PersonRequirement.person_id)
    )
    return query.subquery("stands")


def _verdict(stands: Any) -> Any:
    return case(
        (stands.person_id.is_(None), None), (stands.met == stands.asked, READY), (stands.thin > 0, LACKING), else_=SHORT
    )


def _sum(parts: Iterable[Ready]) -> Ready:
    return sum(parts, Ready())


def _steps(path: str | None) -> set[int]:
    return {int(step) for step in (path or "").strip("/").split("/") if step}
