"""Standing of many people at once, and the gaps of one."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, select

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies import rules
from academy.competencies.models import Competency, CompetencyDomain, PersonRequirement, Requirement, Standing
from academy.competencies.queries.standing import standing_of


@dataclass(frozen=True, slots=True)
class Gap:
    """A competency that a person's role asks for and that is not proven to its level yet."""

    key: str
    name: LocalizedText
    size: int


def gaps(person_id: int) -> list[Gap]:
    """Return a person's gaps, the largest first, then in the framework's order."""
    inside = [each for domain in standing_of(person_id).domains for each in domain.competencies if each.gap > 0]
    return sorted((Gap(each.key, each.name, each.gap) for each in inside), key=lambda gap: -gap.size)


def heat(person_ids: Collection[int]) -> dict[int, dict[str, int | None]]:
    """Return for each person the cell (0 to 4, None: too thin) of each domain, in one statement."""
    query = (
        select(
            Standing.person_id, CompetencyDomain.key,
            func.sum(Standing.weight).label("weight"), func.sum(Standing.weighted).label("weighted"),
            func.sum(Standing.items).label("items"),
        )
        .join(Competency, Competency.id == Standing.competency_id)
        .join(CompetencyDomain, CompetencyDomain.id == Competency.domain_id)
        .where(Standing.person_id.in_(person_ids))
        .group_by(Standing.person_id, CompetencyDomain.key)
    )  # fmt: skip
    cells: dict[int, dict[str, int | None]] = {}
    for row in db.session.execute(query):
        cells.setdefault(row.person_id, {})[row.key] = cell_of(row.weight, row.weighted, row.items)
    return cells


def cell_of(weight: Decimal | float | None, weighted: Decimal | float | None, items: int | None) -> int | None:
    """Return the cell of a map (0 to 4, None: too thin) for the sums of a person's standings in a domain."""
    return rules.cell(rules.pooled(_fraction(weighted), _fraction(weight), int(items or 0)))


def _fraction(value: Decimal | float | None) -> Fraction:
    return Fraction(str(value or 0))


def readiness(person_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return for each person with a role profile how many targets are met, of how many, in two statements."""
    profiles = (
        select(PersonRequirement.person_id, Requirement.targets)
        .join(Requirement, Requirement.id == PersonRequirement.requirement_id)
        .where(PersonRequirement.person_id.in_(person_ids))
    )
    proven = (
        select(Standing.person_id, Competency.key, Standing.level)
        .join(Competency, Competency.id == Standing.competency_id)
        .where(Standing.person_id.in_(person_ids), Standing.level > 0)
    )
    levels: dict[int, dict[str, int]] = {}
    for person_id, key, level in db.session.execute(proven):
        levels.setdefault(person_id, {})[key] = level or 0
    ready = {}
    for person_id, targets in db.session.execute(profiles):
        own = levels.get(person_id, {})
        ready[person_id] = (sum(own.get(key, 0) >= int(target) for key, target in targets.items()), len(targets))
    return ready
