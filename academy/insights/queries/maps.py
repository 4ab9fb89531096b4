"""The map of competencies: people by domains, or by the competencies of one domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, select

from academy.accounts.models import Person
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


def _page(people: ColumnElement[bool], terms: Sequence[str], size: int, number: int, domain: str) -> CompetencyMap:
    chosen = (
        select(Person.id, Person.name, Person.search_text, func.count().over().label("total"))
        .where(people, *named(terms))
        .order_by(Person.search_text, Person.id)
        .limit(size)
        .offset((number - 1) * size)
        .cte("chosen")
    )
    rows: dict[int, tuple[LocalizedText, list[Cell | None]]] = {}
    columns: dict[str, Column] = {}
    total = 0
    for row in db.session.execute(_competencies(chosen, domain) if domain else _domains(chosen)):
        cells = rows.setdefault(row.id, (row.name, []))[1]
        total = row.total
        if row.key is not None:
            columns.setdefault(row.key, Column(row.key, row.column))
            cells.append(_competency_cell(row) if domain else _domain_cell(row))
    found = [MapRow(person_id, name, tuple(cells)) for person_id, (name, cells) in rows.items()]
    return CompetencyMap(list(columns.values()), found, number, total)


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
            chosen.c.id, chosen.c.name, chosen.c.total, CompetencyDomain.key, CompetencyDomain.name.label("column"),
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
            chosen.c.id, chosen.c.name, chosen.c.total, Competency.key, Competency.name.label("column"), Standing.level,
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
