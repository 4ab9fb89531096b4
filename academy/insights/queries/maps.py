"""The map of competencies: people by domains."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import Competency, CompetencyDomain, Standing
from academy.competencies.queries import cell_of
from academy.insights.queries.searching import named


@dataclass(frozen=True, slots=True)
class Domain:
    """A column of the map."""

    key: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class MapRow:
    """One person with a cell for each domain: 0 to 4, None when the evidence is too thin."""

    person_id: int
    name: LocalizedText
    cells: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class CompetencyMap:
    """The rows of one page of the map, its columns, and how many people there are in all."""

    domains: Sequence[Domain]
    rows: Sequence[MapRow]
    number: int
    total: int


def competency_map(
    people: ColumnElement[bool], *, terms: Sequence[str] = (), size: int, number: int = 1
) -> CompetencyMap:
    """Return a page of the map in the order of names (one statement); past the end it is the first page."""
    found = _page(people, terms, size, number)
    if not found.rows and number > 1:
        return _page(people, terms, size, 1)
    return found


def _page(people: ColumnElement[bool], terms: Sequence[str], size: int, number: int) -> CompetencyMap:
    chosen = (
        select(Person.id, Person.name, Person.search_text, func.count().over().label("total"))
        .where(people, *named(terms))
        .order_by(Person.search_text, Person.id)
        .limit(size)
        .offset((number - 1) * size)
        .cte("chosen")
    )
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
    query = (
        select(
            chosen.c.id, chosen.c.name, chosen.c.total, CompetencyDomain.key, CompetencyDomain.name.label("domain"),
            sums.c.weight, sums.c.weighted, sums.c.observed,
        )
        .select_from(chosen)
        .outerjoin(CompetencyDomain, CompetencyDomain.retired_at.is_(None))
        .outerjoin(sums, theirs)
        .order_by(chosen.c.search_text, chosen.c.id, CompetencyDomain.position)
    )  # fmt: skip
    people_found: dict[int, tuple[LocalizedText, list[int | None]]] = {}
    domains: dict[str, Domain] = {}
    total = 0
    for row in db.session.execute(query):
        cells = people_found.setdefault(row.id, (row.name, []))[1]
        total = row.total
        if row.key is not None:
            domains.setdefault(row.key, Domain(row.key, row.domain))
            cells.append(cell_of(row.weight, row.weighted, row.observed))
    rows = [MapRow(person_id, name, tuple(cells)) for person_id, (name, cells) in people_found.items()]
    return CompetencyMap(list(domains.values()), rows, number, total)
