"""The framework as pages show it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal, select, union_all

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import Competency, CompetencyDomain, Framework, RoleProfile

Choices = list[tuple[str, LocalizedText]]
Scale = Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    """A framework with its domains, their competencies, the role profiles that ask for how many of them, and all frameworks."""

    framework: Framework
    domains: Sequence[tuple[CompetencyDomain, Sequence[Competency]]]
    profiles: Sequence[tuple[RoleProfile, int]]
    published: Sequence[Framework]


def framework(key: str | None = None) -> FrameworkPage | None:
    """Return a published framework, the first one unless a key is given (four statements); None when there is none."""
    published = db.session.scalars(select(Framework).where(Framework.number > 0).order_by(Framework.id)).all()
    found = next((row for row in published if key in (None, row.key)), None)
    if found is None:
        return None
    own = Competency.framework_id == found.id, Competency.retired_at.is_(None)
    inside: dict[int, list[Competency]] = {}
    for row in db.session.scalars(select(Competency).where(*own).order_by(Competency.position)):
        inside.setdefault(row.domain_id, []).append(row)
    holding = RoleProfile.number > 0, RoleProfile.retired_at.is_(None)
    profiles = db.session.scalars(select(RoleProfile).where(*holding).order_by(RoleProfile.id)).all()
    keys = {row.key for rows in inside.values() for row in rows}
    ordered = [(domain, inside.get(domain.id, [])) for domain in domains(found.id)]
    asking = [(each, len(keys & set(each.targets))) for each in profiles if not keys.isdisjoint(each.targets)]
    return FrameworkPage(found, ordered, asking, published)


def domains(framework_id: int) -> Sequence[CompetencyDomain]:
    """Return the domains of a framework in order, without those that are retired."""
    own = CompetencyDomain.framework_id == framework_id, CompetencyDomain.retired_at.is_(None)
    return db.session.scalars(select(CompetencyDomain).where(*own).order_by(CompetencyDomain.position)).all()


def level_names() -> dict[int, LocalizedText]:
    """Return the name of each level of the scale."""
    return named(db.session.scalar(scale_shown()))


def scale_shown() -> Select[Any]:
    """Return the query of the scale, also for a page that reads it along with something else; `named` reads what it gives."""
    return select(Framework.scale).where(Framework.number > 0).order_by(Framework.id).limit(1)


def named(scale: Scale) -> dict[int, LocalizedText]:
    """Return the name of each level of a scale; of none without one."""
    return {int(step["level"]): LocalizedText.of(step["name"]) for step in scale or ()}


def competency_by_key(key: str) -> Competency | None:
    """Return a competency by key."""
    return db.session.scalar(select(Competency).where(Competency.key == key).order_by(Competency.id).limit(1))


def domain_choices() -> Choices:
    """Return the key and name of each domain of the frameworks, in order; one statement."""
    return [(row.key, row.name) for row in db.session.execute(_domains())]


@cache
def _domains() -> Any:
    """Return the query of `domain_choices`, built once."""
    return (
        select(CompetencyDomain.key, CompetencyDomain.name)
        .where(CompetencyDomain.retired_at.is_(None))
        .order_by(CompetencyDomain.framework_id, CompetencyDomain.position)
    )


def names() -> dict[str, LocalizedText]:
    """Return the names of all domains and competencies by key; one statement."""
    both = union_all(select(CompetencyDomain.key, CompetencyDomain.name), select(Competency.key, Competency.name))
    return {key: name for key, name in db.session.execute(both)}


@cache
def _choices() -> Any:
    """Return the query of `competency_choices`, built once."""
    return (
        select(Competency.key, Competency.name)
        .join(CompetencyDomain, CompetencyDomain.id == Competency.domain_id)
        .order_by(CompetencyDomain.framework_id, CompetencyDomain.position, Competency.position)
    )


@cache
def _holding() -> Any:
    return _choices().where(Competency.retired_at.is_(None))


@cache
def _chosen() -> Any:
    return _choices().where(Competency.key.in_(bindparam("keys", expanding=True)))


def competency_choices(keys: Collection[str] | None = None) -> list[tuple[str, LocalizedText]]:
    """Return key and name of every competency that holds, or of those named, in the order of the frameworks."""
    found = db.session.execute(_holding()) if keys is None else db.session.execute(_chosen(), {"keys": list(keys)})
    return [(row.key, row.name) for row in found]


def all_choices() -> tuple[Choices, Choices]:
    """Return what `domain_choices` and `competency_choices` give, in one statement."""
    at = CompetencyDomain.framework_id, CompetencyDomain.position
    own = _domains().order_by(None).add_columns(*at, literal(-1).label("within"))
    both = union_all(own, _holding().order_by(None).add_columns(*at, Competency.position))
    found = sorted(db.session.execute(both), key=lambda row: row[2:])
    domains = [(row.key, row.name) for row in found if row.within < 0]
    return domains, [(row.key, row.name) for row in found if row.within >= 0]


def role_choices() -> list[tuple[str, LocalizedText]]:
    """Return key and name of every role profile that holds, in the order they were made."""
    holding = RoleProfile.number > 0, RoleProfile.retired_at.is_(None)
    rows = db.session.execute(select(RoleProfile.key, RoleProfile.name).where(*holding).order_by(RoleProfile.id))
    return [(row.key, row.name) for row in rows]
