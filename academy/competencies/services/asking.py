"""Keeping what is asked of people in step with their profiles, their own levels and what is retired."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, func, select

from academy.base.db import db, insert_missing
from academy.competencies.frameworks import asking
from academy.competencies.models import (
    Competency,
    PersonProfile,
    PersonRequirement,
    PersonTarget,
    Requirement,
    RoleProfile,
)


def ask(person_ids: Collection[int]) -> None:
    """Bring what is asked of these people to what their profiles and their own levels say."""
    held, own = _profiles_of(person_ids), _own_of(person_ids)
    bases = {
        number: (tuple(sorted(held[number])), own[number]) for number in person_ids if number in held or number in own
    }
    digests = {number: asking.digest_of(*basis) for number, basis in bases.items()}
    known = _known({digest: bases[number] for number, digest in digests.items()})
    db.session.execute(delete(PersonRequirement).where(PersonRequirement.person_id.in_(person_ids)))
    insert_missing(
        PersonRequirement,
        [{"person_id": number, "requirement_id": known[digest]} for number, digest in digests.items()],
    )


def _profiles_of(person_ids: Collection[int]) -> dict[int, set[int]]:
    query = (
        select(PersonProfile.person_id, PersonProfile.profile_id)
        .join(RoleProfile, RoleProfile.id == PersonProfile.profile_id)
        .where(PersonProfile.person_id.in_(person_ids), RoleProfile.number > 0)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, profile_id in db.session.execute(query):
        found[person_id].add(profile_id)
    return found


def _own_of(person_ids: Collection[int]) -> dict[int, dict[str, int]]:
    query = (
        select(PersonTarget.person_id, Competency.key, PersonTarget.level)
        .join(Competency, Competency.id == PersonTarget.competency_id)
        .where(PersonTarget.person_id.in_(person_ids))
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for person_id, key, level in db.session.execute(query):
        found[person_id][key] = level
    return found


def _known(bases: dict[str, tuple[tuple[int, ...], dict[str, int]]]) -> dict[str, int]:
    """Return the id of the requirement for each digest; those that are new are computed."""
    find = select(Requirement.digest, Requirement.id).where(Requirement.digest.in_(bases))
    known = {digest: number for digest, number in db.session.execute(find)}
    missing = {digest: basis for digest, basis in bases.items() if digest not in known}
    if missing:
        profiles, retired = _profiles(), _retired()
        rows = [
            {"digest": digest, "profiles": list(ids), "own": own, **_computed(ids, own, profiles, retired)}
            for digest, (ids, own) in missing.items()
        ]
        insert_missing(Requirement, rows)
        known = {digest: number for digest, number in db.session.execute(find)}
    return known


def ask_again(profile_ids: Collection[int] = (), keys: Collection[str] = ()) -> None:
    """Compute anew what rests on these profiles or names these competencies; nobody's rows are touched one by one."""
    profiles, retired = _profiles(), _retired()
    for row in db.session.scalars(select(Requirement)):
        named = {*row.own, *(key for number in row.profiles if number in profiles for key in profiles[number].targets)}
        if not set(row.profiles).isdisjoint(profile_ids) or not named.isdisjoint(keys):
            for name, value in _computed(row.profiles, row.own, profiles, retired).items():
                setattr(row, name, value)
    db.session.flush()


def holders_of(profile_id: int) -> list[int]:
    """Return the people to whom a profile applies."""
    mine = PersonProfile.profile_id == profile_id
    return list(db.session.scalars(select(PersonProfile.person_id).where(mine).distinct()))


def forget_unused() -> None:
    """Drop requirements that nobody has any more."""
    used = select(PersonRequirement.requirement_id)
    db.session.execute(delete(Requirement).where(Requirement.id.not_in(used)))


def _computed(
    ids: Iterable[int], own: dict[str, int], profiles: dict[int, RoleProfile], retired: set[str]
) -> dict[str, Any]:
    held = [profiles[number] for number in sorted(ids) if number in profiles]
    name = asking.joined([each.name for each in held])
    return {"name": name, "targets": asking.asked([each.targets for each in held], own, retired)}


def _profiles() -> dict[int, RoleProfile]:
    # A retired profile goes on to be asked of whoever has it.
    return {row.id: row for row in db.session.scalars(select(RoleProfile).where(RoleProfile.number > 0))}


def _retired() -> set[str]:
    return set(db.session.scalars(select(Competency.key).where(Competency.retired_at.is_not(None))))


def people_asked(requirement_ids: Collection[int]) -> int:
    """Return how many people these requirements are asked of."""
    mine = PersonRequirement.requirement_id.in_(requirement_ids)
    return db.session.scalar(select(func.count()).select_from(PersonRequirement).where(mine)) or 0
