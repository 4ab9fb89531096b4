"""The map of competencies: people by domains, or by the competencies of one domain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, literal, select, tuple_

from academy.accounts.models import OrgUnit, Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import Competency, CompetencyDomain, Standing
from academy.competencies.queries import cell_of
from academy.insights.queries.searching import named


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the map: a domain, or a competency of the domain that is looked into."""

    key: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one person stands: the level (0 to 4), and the score to say instead when one competency is shown."""

    level: int
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MapRow:
    """One person with a cell for each column, None when the evidence is too thin."""

    person_id: int
    name: LocalizedText
    email: str
    employee_number: str | None
    org_unit: LocalizedText | None
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class CompetencyMap:
    """The rows of one page of the map, its columns, and how many people there are in all."""

    columns: Sequence[Column]
    rows: Sequence[MapRow]
    number: int
    total: int


def competency_map(
    people: ColumnElement[bool], *, terms: Sequence[str] = (), size: int, number: int = 1, domain: str = ""
) -> CompetencyMap:
    """Return a page of the map in the order of names (one statement); past the end it is the first page.

    With the key of a domain its columns are the competencies of that domain.
    """
    found = _page(people, terms, size, number, domain)
    if not found.rows and number > 1:
        return _page(people, terms, size, 1, domain)
    return found


def domain_by_key(key: str) -> Column | None:
    """Return a domain in use by its key."""
    mine = CompetencyDomain.key == key, CompetencyDomain.retired_at.is_(None)
    row = db.session.execute(select(CompetencyDomain.key, CompetencyDomain.name).where(*mine)).one_or_none()
    return Column(*row) if row else None


def whole_map(
    people: ColumnElement[bool], *, terms: Sequence[str] = (), size: int, domain: str = ""
) -> Iterator[CompetencyMap]:
    """Yield the whole map, so many people at a time (one statement each, which begins where the last one ended)."""
    after: tuple[str, int] | None = None
    while True:
        chosen = select(*WANTED).where(people, *named(terms)).order_by(Person.search_text, Person.id).limit(size)
        if after is not None:
            chosen = chosen.where(tuple_(Person.search_text, Person.id) > tuple_(*map(literal, after)))
        found, last = _read(chosen.add_columns(literal(0).label("total")).cte("chosen"), domain, 1)
        if not found.rows:
            return
        yield found
        if len(found.rows) < size:
            return
        after = last


WANTED = (Person.id, Person.name, Person.search_text, Person.email, Person.employee_number, Person.org_unit_id)


def _page(people: ColumnElement[bool], terms: Sequence[str], size: int, number: int, domain: str) -> CompetencyMap:
    chosen = (
        select(*WANTED, func.count().over().label("total"))
        .where(people, *named(terms))
        .order_by(Person.search_text, Person.id)
        .limit(size)
        .offset((number - 1) * size)
        .cte("chosen")
    )
    return _read(chosen, domain, number)[0]


def _read(chosen: CTE, domain: str, number: int) -> tuple[CompetencyMap, tuple[str, int] | None]:
    """Return the map of the people chosen, and the place of the last one in the order of names."""
    rows: dict[int, tuple[Any, list[Cell | None]]] = {}
    columns: dict[str, Column] = {}
    total, last = 0, None
    for row in db.session.execute(_competencies(chosen, domain) if domain else _domains(chosen)):
        cells = rows.setdefault(row.id, (row, []))[1]
        total, last = row.total, (row.search_text, row.id)
        if row.key is not None:
            columns.setdefault(row.key, Column(row.key, row.column))
            cells.append(_competency_cell(row) if domain else _domain_cell(row))
    found = [
        MapRow(key, row.name, row.email, row.employee_number, row.org_unit, tuple(cells))
        for key, (row, cells) in rows.items()
    ]
    return CompetencyMap(list(columns.values()), found, number, total), last


def _who(chosen: CTE) -> tuple[Any, ...]:
    unit = select(OrgUnit.name).where(OrgUnit.id == chosen.c.org_unit_id).scalar_subquery().label("org_unit")
    return (
        chosen.c.id,
        chosen.c.name,
        chosen.c.search_text,
        chosen.c.email,
        chosen.c.employee_number,
        unit,
        chosen.c.total,
    )


def _domains(chosen: CTE) -> Select[Any]:
    sums = (
        select(
            Standing.person_id, Competency.domain_id, func.sum(Standing.weight).label("weight"),
            func.sum(Standing.weighted).label("weighted"), func.sum(Standing.items).label("observed"),
        )
        .join(Competency, Competency.id == Standing.competency_id)
        .where(Standing.person_id.in_(select(chosen.c.id)))
        .group_by(Standing.person_id, Competency.domain_id)
        .subquery()
    )  # fmt: skip
    theirs = and_(sums.c.person_id == chosen.c.id, sums.c.domain_id == CompetencyDomain.id)
    return (
        select(
            *_who(chosen), CompetencyDomain.key, CompetencyDomain.name.label("column"),
            sums.c.weight, sums.c.weighted, sums.c.observed,
        )
        .select_from(chosen)
        .outerjoin(CompetencyDomain, CompetencyDomain.retired_at.is_(None))
        .outerjoin(sums, theirs)
        .order_by(chosen.c.search_text, chosen.c.id, CompetencyDomain.position)
    )  # fmt: skip


def _competencies(chosen: CTE, domain: str) -> Select[Any]:
    inside = select(CompetencyDomain.id).where(CompetencyDomain.key == domain).scalar_subquery()
    shown = and_(Competency.domain_id == inside, Competency.retired_at.is_(None))
    theirs = and_(Standing.person_id == chosen.c.id, Standing.competency_id == Competency.id)
    return (
        select(
            *_who(chosen), Competency.key, Competency.name.label("column"), Standing.level,
            Standing.score,
        )
        .select_from(chosen)
        .outerjoin(Competency, shown)
        .outerjoin(Standing, theirs)
        .order_by(chosen.c.search_text, chosen.c.id, Competency.position, Competency.id)
    )  # fmt: skip


def _domain_cell(row: Any) -> Cell | None:
    level = cell_of(row.weight, row.weighted, row.observed)
    return None if level is None else Cell(level)


def _competency_cell(row: Any) -> Cell | None:
    return None if row.level is None else Cell(row.level, row.score)
