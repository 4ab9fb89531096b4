"""The versions of a role profile with what each asked otherwise, and whom its retirement touches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person
from academy.accounts.policies import people_administered
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import BY_JOB, JobProfile, PersonProfile, RoleProfile, RoleProfileVersion
from academy.competencies.queries.profiles import NAMED

Step = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class PastProfile:
    """One version: its number, when and by whom it was published (None: kept by nobody, or with the academy), what it changed."""

    number: int
    name: LocalizedText
    renamed: bool
    published_at: datetime | None
    by: LocalizedText | None
    asked: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Retirement:
    """Whom retiring a profile touches: who has it and keeps it, and the jobs that bring it to nobody new."""

    people: int
    by_job: int
    jobs: tuple[tuple[LocalizedText, LocalizedText], ...]
    named: tuple[tuple[int, LocalizedText], ...]


def past_profiles(profile_id: int) -> list[PastProfile]:
    """Return the versions of a profile, the newest first (one statement)."""
    query = (
        select(RoleProfileVersion, Person.name)
        .outerjoin(Person, Person.id == RoleProfileVersion.published_by_id)
        .where(RoleProfileVersion.profile_id == profile_id)
        .order_by(RoleProfileVersion.number)
    )
    found: list[PastProfile] = []
    targets: Mapping[str, Any] = {}
    name: LocalizedText | None = None
    for row, by in db.session.execute(query):
        renamed = name is not None and row.name != name
        steps = tuple(differences(targets, row.targets))
        asked = sum(1 for level in row.targets.values() if level)
        found.append(PastProfile(row.number, row.name, renamed, row.published_at, by, asked, steps))
        targets, name = row.targets, row.name
    return found[::-1]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Step]:
    """Return (competency, level before, level after) of what is asked otherwise; 0 is not asked for."""
    levels = {key: (int(before.get(key, 0)), int(after.get(key, 0))) for key in {*before, *after}}
    return [(key, *levels[key]) for key in sorted(levels) if levels[key][0] != levels[key][1]]


def retired_by(profile: RoleProfile) -> LocalizedText | None:
    """Return who retired a profile."""
    return db.session.scalar(select(Person.name).where(Person.id == profile.retired_by_id))


def retirement(profile_id: int, actor: Actor) -> Retirement:
    """Return whom retiring a profile touches (three statements); names only of people whom the actor administers."""
    held = PersonProfile.profile_id == profile_id
    other = aliased(PersonProfile)
    by_hand = other.person_id == PersonProfile.person_id, other.profile_id == profile_id, other.source != BY_JOB
    only_by_job = select(func.count()).select_from(PersonProfile)
    only_by_job = only_by_job.where(
        held, PersonProfile.source == BY_JOB, ~select(other.person_id).where(*by_hand).exists()
    )
    people, by_job = db.session.execute(
        select(
            select(func.count(PersonProfile.person_id.distinct())).where(held).scalar_subquery(), only_by_job.scalar_subquery()
        )
    ).one()  # fmt: skip
    jobs = (
        select(JobProfile.title, Organisation.name)
        .join(Organisation, Organisation.id == JobProfile.organisation_id)
        .where(JobProfile.profile_id == profile_id)
        .order_by(Organisation.id, JobProfile.job)
    )
    holders = select(PersonProfile.person_id).where(held)
    named = (
        select(Person.id, Person.name)
        .where(Person.id.in_(holders), people_administered(actor))
        .order_by(Person.search_text, Person.id)
        .limit(NAMED)
    )
    return Retirement(
        people, by_job, tuple((title, of) for title, of in db.session.execute(jobs)),
        tuple((number, name) for number, name in db.session.execute(named)),
    )  # fmt: skip
