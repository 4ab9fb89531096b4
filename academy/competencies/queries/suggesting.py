"""What the academy knows of a job title: what its people have proven, what similar jobs ask, what duties teach (CM10)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from academy.accounts.models import Person
from academy.accounts.policies import people_administered
from academy.base.access import ADMINISTRATOR, Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.competencies import kinds
from academy.competencies.models import Competency, JobProfile, RoleProfile, Standing
from academy.competencies.queries.profiles import JobTitle
from academy.competencies.rules import suggesting
from academy.competencies.rules.suggesting import DUTY, PROFILE, PROVEN, Reason, Suggestion, alike
from academy.learning.kinds import Condition
from academy.learning.models import DutyRule


@dataclass(frozen=True, slots=True)
class Suggested:
    """The suggestions for a job title, the titles that were looked at, and role profiles of similar jobs."""

    rows: tuple[Suggestion, ...]
    names: dict[str, LocalizedText]
    titles: tuple[LocalizedText, ...]
    profiles: tuple[tuple[str, LocalizedText], ...]
    few: bool


def suggested(
    title: LocalizedText, actor: Actor, known: Iterable[JobTitle], *, without: int | None = None
) -> Suggested:
    """Return what is suggested for a job title from what the reader administers.

    `known` are the job titles of theirs, `without` is a profile that says nothing here. Four statements, however many
    people and rules there are.
    """
    similar = [each for each in known if alike(title, each.title)]
    titles, people = tuple(dict.fromkeys(each.title for each in similar)), sum(each.people for each in similar)
    names, proven = _proven(titles, actor)
    profiles = _profiles(title, actor, without)
    threshold = kinds.smallest_group(actor)
    reasons: list[tuple[str, Reason]] = []
    for key, at_level in proven.items():
        if level := suggesting.proven_by_half(at_level, people, threshold):
            reasons.append((key, Reason(PROVEN, level, people)))
    for profile, job in profiles:
        said = (profile.name, job) if job else (profile.name,)
        reasons += [(key, Reason(PROFILE, int(level), names=said)) for key, level in profile.targets.items()]
    reasons += _taught(title, actor)
    rows = tuple(row for row in suggesting.suggest(reasons) if row.key in names)
    offered = {profile.key: profile.name for profile, _job in profiles if profile.retired_at is None}
    return Suggested(rows, names, titles, tuple(offered.items()), people < threshold)


def _proven(
    titles: Sequence[LocalizedText], actor: Actor
) -> tuple[dict[str, LocalizedText], dict[str, dict[int, int]]]:
    """Return the names of the competencies that hold, and of each how many active people with these titles stand at each level."""
    theirs = and_(Person.job_title.in_(titles), Person.state == "active", people_administered(actor))
    standing = (
        select(Standing.competency_id, Standing.level, func.count().label("people"))
        .join(Person, Person.id == Standing.person_id)
        .where(theirs, Standing.level >= 1)
        .group_by(Standing.competency_id, Standing.level)
        .subquery()
    )
    query = (
        select(Competency.key, Competency.name, standing.c.level, standing.c.people)
        .outerjoin(standing, standing.c.competency_id == Competency.id)
        .where(Competency.retired_at.is_(None))
    )
    names: dict[str, LocalizedText] = {}
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for key, name, level, people in db.session.execute(query):
        names[key] = name
        if level:
            found[key][level] = people
    return names, found


def _profiles(
    title: LocalizedText, actor: Actor, without: int | None
) -> list[tuple[RoleProfile, LocalizedText | None]]:
    """Return published profiles that come with a similar job, with the job, or are called similarly themselves; each once."""
    query = (
        select(RoleProfile, JobProfile.title)
        .outerjoin(
            JobProfile, and_(JobProfile.profile_id == RoleProfile.id, _within(JobProfile.organisation_id, actor))
        )
        .where(RoleProfile.number > 0, RoleProfile.retired_at.is_(None))
        .order_by(RoleProfile.id, JobProfile.id)
    )
    found: dict[int, tuple[RoleProfile, LocalizedText | None]] = {}
    for row, job in db.session.execute(query):
        if row.id is None or row.id == without or row.id in found:
            continue
        if job is not None and alike(title, job):
            found[row.id] = (row, job)
        elif alike(title, row.name):
            found[row.id] = (row, None)
    return list(found.values())


def _taught(title: LocalizedText, actor: Actor) -> Iterator[tuple[str, Reason]]:
    """Yield what courses aim at that active rules of duties assign to a similar title; each course once."""
    query = (
        select(DutyRule, CourseVersion)
        .join(Course, Course.id == DutyRule.course_id)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .where(DutyRule.state == "active", _within(DutyRule.organisation_id, actor))
        .order_by(DutyRule.id)
    )
    seen: set[int | None] = set()
    for rule, version in db.session.execute(query):
        conditions = map(Condition.of, rule.definition["audience"].get("conditions") or ())
        said = [value for each in conditions if each.kind == "job_title" for value in each.values]
        if rule.course_id in seen or not any(alike(title, LocalizedText(value, value)) for value in said):
            continue
        seen.add(rule.course_id)
        for aim in version.competencies:
            yield aim["key"], Reason(DUTY, int(aim["level"]), names=(version.title,))


def _within(column: InstrumentedAttribute[int], actor: Actor) -> ColumnElement[bool]:
    organisations = actor.organisations_as(ADMINISTRATOR)
    return true() if organisations is None else column.in_(organisations)
