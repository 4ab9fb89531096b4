"""Role profiles as their editors see them: the list, a profile with its draft, whom a change would touch, jobs, people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from academy.accounts.models import Organisation, Person
from academy.accounts.policies import people_administered
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.frameworks import asking
from academy.competencies.models import (
    BY_PERSON,
    Competency,
    CompetencyDomain,
    Framework,
    JobProfile,
    PersonProfile,
    PersonRequirement,
    PersonTarget,
    Requirement,
    RoleProfile,
    RoleProfileDraft,
    Standing,
)
from academy.competencies.queries.framework import Scale, named, scale_shown

NAMED = 30


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A role profile in the list."""

    key: str
    name: LocalizedText
    asked: int
    people: int
    number: int
    draft: bool
    retired: bool


@dataclass(frozen=True, slots=True)
class ProfileDesk:
    """A role profile with its draft, if one is open, and the scale of the frameworks."""

    profile: RoleProfile
    draft: RoleProfileDraft | None
    scale: Scale

    @property
    def levels(self) -> dict[int, LocalizedText]:
        """The name of each level."""
        return named(self.scale)

    @property
    def name(self) -> LocalizedText:
        """The name shown on the desk."""
        return self.draft.name if self.draft else self.profile.name

    @property
    def targets(self) -> dict[str, Any]:
        """What the desk shows: the draft, else what is published."""
        return self.draft.targets if self.draft else self.profile.targets

    @property
    def revision(self) -> int:
        """What a save is held to: 0 as long as there is no draft."""
        return self.draft.revision if self.draft else 0


@dataclass(frozen=True, slots=True)
class AskedPart:
    """A competency that a profile can ask for, with where it stands."""

    key: str
    name: LocalizedText
    domain: LocalizedText
    framework: LocalizedText


@dataclass(frozen=True, slots=True)
class Move:
    """One level asked of some people that would change; `opens` and `closes` count the people whose gap does."""

    key: str
    before: int
    after: int
    people: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Touched:
    """One person whose gap in a competency opens or closes."""

    person_id: int
    name: LocalizedText
    key: str
    opens: bool


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom publishing a profile touches: everyone who has it, what moves, and the first people by name."""

    people: int
    moves: tuple[Move, ...]
    named: tuple[Touched, ...]


def profiles_kept() -> list[ProfileLine]:
    """Return every role profile, in one statement."""
    people = select(func.count(PersonProfile.person_id.distinct())).where(PersonProfile.profile_id == RoleProfile.id)
    query = (
        select(RoleProfile, people.scalar_subquery(), RoleProfileDraft.profile_id.is_not(None))
        .outerjoin(RoleProfileDraft, RoleProfileDraft.profile_id == RoleProfile.id)
        .order_by(RoleProfile.retired_at.is_not(None), RoleProfile.id)
    )
    return [
        ProfileLine(row.key, row.name, len(row.targets), count, row.number, draft, row.retired_at is not None)
        for row, count, draft in db.session.execute(query)
    ]


def profile_desk(profile_key: str) -> ProfileDesk | None:
    """Return a role profile for its editors, in one statement."""
    query = (
        select(RoleProfile, RoleProfileDraft, scale_shown().scalar_subquery())
        .outerjoin(RoleProfileDraft, RoleProfileDraft.profile_id == RoleProfile.id)
        .where(RoleProfile.key == profile_key)
    )
    found = db.session.execute(query).one_or_none()
    return ProfileDesk(*found) if found else None


def askable() -> list[AskedPart]:
    """Return every competency that holds, in the order of the frameworks, in one statement."""
    query = (
        select(Competency.key, Competency.name, CompetencyDomain.name, Framework.title)
        .join(CompetencyDomain, CompetencyDomain.id == Competency.domain_id)
        .join(Framework, Framework.id == Competency.framework_id)
        .where(Competency.retired_at.is_(None))
        .order_by(Framework.id, CompetencyDomain.position, Competency.position)
    )
    return [AskedPart(*row) for row in db.session.execute(query)]


def impact(desk: ProfileDesk, actor: Actor, holding: Collection[str]) -> Impact:
    """Return whom the draft of a profile would touch, in four statements; names only of people whom the reader looks after.

    `holding` are the codes of the competencies that are not retired.
    """
    people = func.count(PersonRequirement.person_id)
    query = select(Requirement, people).outerjoin(PersonRequirement, PersonRequirement.requirement_id == Requirement.id)
    rows = db.session.execute(query.group_by(Requirement.id)).all()
    classes = [row for row, _count in rows if desk.profile.id in row.profiles]
    sizes = {row.id: count for row, count in rows if desk.profile.id in row.profiles}
    shifts = _shifts(desk, classes, holding)
    if not shifts:
        return Impact(sum(sizes.values()), (), ())
    moves = []
    for (key, before, after), ids in sorted(shifts.items()):
        moves.append(_Moved(key, before, after, ids))
    counted = _counted(moves, sizes)
    return Impact(sum(sizes.values()), counted, _named(moves, actor))


@dataclass(frozen=True, slots=True)
class _Moved:
    key: str
    before: int
    after: int
    ids: tuple[int, ...]

    @property
    def gap_changes(self) -> ColumnElement[bool]:
        """The filter on standings whose gap opens or closes with this."""
        level, low = func.coalesce(Standing.level, 0), min(self.before, self.after)
        return and_(
            PersonRequirement.requirement_id.in_(self.ids), Competency.key == self.key,
            level >= low, level < max(self.before, self.after),
        )  # fmt: skip


def _shifts(
    desk: ProfileDesk, classes: Sequence[Requirement], holding: Collection[str]
) -> dict[tuple[str, int, int], tuple[int, ...]]:
    """Return what would be asked otherwise: (competency, before, after) with the requirements it changes in."""
    every = db.session.execute(select(RoleProfile.id, RoleProfile.targets).where(RoleProfile.number > 0))
    targets: dict[int, Mapping[str, int]] = {number: said for number, said in every}
    targets[desk.profile.id] = desk.targets
    found: dict[tuple[str, int, int], tuple[int, ...]] = {}
    for row in classes:
        found_after = asking.asked([targets[number] for number in row.profiles if number in targets], row.own)
        after = {key: level for key, level in found_after.items() if key in holding}
        for key in {*row.targets, *after}:
            before, now = int(row.targets.get(key, 0)), after.get(key, 0)
            if before != now:
                found[key, before, now] = (*found.get((key, before, now), ()), row.id)
    return found


def _counted(moves: Sequence[_Moved], sizes: Mapping[int, int]) -> tuple[Move, ...]:
    keys = {move.key for move in moves}
    query = (
        select(PersonRequirement.requirement_id, Competency.key, Standing.level, func.count())
        .select_from(PersonRequirement)
        .join(Competency, Competency.key.in_(keys))
        .outerjoin(
            Standing, and_(Standing.person_id == PersonRequirement.person_id, Standing.competency_id == Competency.id)
        )
        .where(PersonRequirement.requirement_id.in_({number for move in moves for number in move.ids}))
        .group_by(PersonRequirement.requirement_id, Competency.key, Standing.level)
    )
    rows = db.session.execute(query).all()
    found = []
    for move in moves:
        low, high = sorted((move.before, move.after))
        moved = sum(n for r, key, level, n in rows if r in move.ids and key == move.key and low <= (level or 0) < high)
        people = sum(sizes.get(number, 0) for number in move.ids)
        rises = move.after > move.before
        found.append(Move(move.key, move.before, move.after, people, moved if rises else 0, 0 if rises else moved))
    return tuple(found)


def _named(moves: Sequence[_Moved], actor: Actor) -> tuple[Touched, ...]:
    query = (
        select(Person.id, Person.name, Competency.key, PersonRequirement.requirement_id)
        .join(PersonRequirement, PersonRequirement.person_id == Person.id)
        .join(Competency, Competency.key.in_({move.key for move in moves}))
        .outerjoin(Standing, and_(Standing.person_id == Person.id, Standing.competency_id == Competency.id))
        .where(people_administered(actor), or_(*(move.gap_changes for move in moves)))
        .order_by(Person.search_text, Person.id, Competency.key)
        .limit(NAMED)
    )
    rises = {(number, move.key): move.after > move.before for move in moves for number in move.ids}
    return tuple(Touched(who, name, key, rises[number, key]) for who, name, key, number in db.session.execute(query))


@dataclass(frozen=True, slots=True)
class JobLine:
    """A role profile that a job brings."""

    id: int
    organisation: LocalizedText
    title: LocalizedText
    profile: LocalizedText
    people: int


def jobs_of(actor: Actor) -> list[JobLine]:
    """Return the jobs with role profiles in the organisations that an administrator looks after, in one statement."""
    organisations = actor.organisations_as("administrator")
    people = (
        select(func.count())
        .select_from(PersonProfile)
        .join(Person, Person.id == PersonProfile.person_id)
        .where(
            PersonProfile.profile_id == JobProfile.profile_id, PersonProfile.source == "job",
            Person.organisation_id == JobProfile.organisation_id,
        )
        .scalar_subquery()
    )  # fmt: skip
    query = (
        select(JobProfile.id, Organisation.name, JobProfile.title, RoleProfile.name, people)
        .join(Organisation, Organisation.id == JobProfile.organisation_id)
        .join(RoleProfile, RoleProfile.id == JobProfile.profile_id)
        .order_by(Organisation.id, JobProfile.job, RoleProfile.id)
    )
    if organisations is not None:
        query = query.where(JobProfile.organisation_id.in_(organisations))
    return [JobLine(*row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class JobTitle:
    """A job title of an organisation, and how many active people there have it."""

    organisation_id: int
    organisation: LocalizedText
    title: LocalizedText
    people: int


def titles_of(actor: Actor) -> list[JobTitle]:
    """Return the job titles of everyone whom an administrator looks after, each once an organisation; one statement."""
    columns = Person.organisation_id, Organisation.name, Person.job_title
    query = (
        select(*columns, func.sum(case((Person.state == "active", 1), else_=0)))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(people_administered(actor), Person.job_title.is_not(None))
        .group_by(*columns)
    )
    rows = [JobTitle(number, name, title, people) for number, name, title, people in db.session.execute(query) if title]
    return sorted(rows, key=lambda row: (row.organisation_id, row.title.show("ar"), row.title.show("en")))


@dataclass(frozen=True, slots=True)
class OwnLevel:
    """A level asked of one person instead of what their profiles say."""

    key: str
    name: LocalizedText
    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """The profiles of a person, by hand (`retired`: those that can only be kept) and by job, and the levels of their own."""

    own: tuple[str, ...]
    retired: tuple[tuple[str, LocalizedText], ...]
    by_job: tuple[LocalizedText, ...]
    levels: tuple[OwnLevel, ...]


def asked_of(person_id: int) -> PersonAsked:
    """Return what is asked of a person and why, in two statements."""
    profiles = (
        select(RoleProfile.key, RoleProfile.name, PersonProfile.source, RoleProfile.retired_at)
        .join(PersonProfile, PersonProfile.profile_id == RoleProfile.id)
        .where(PersonProfile.person_id == person_id)
        .order_by(RoleProfile.id)
    )
    rows = db.session.execute(profiles).all()
    levels = (
        select(Competency.key, Competency.name, PersonTarget.level, PersonTarget.reason)
        .join(PersonTarget, PersonTarget.competency_id == Competency.id)
        .where(PersonTarget.person_id == person_id)
        .order_by(Competency.key)
    )
    return PersonAsked(
        tuple(key for key, _name, source, _retired in rows if source == BY_PERSON),
        tuple((key, name) for key, name, source, retired in rows if source == BY_PERSON and retired),
        tuple(name for _key, name, source, _retired in rows if source != BY_PERSON),
        tuple(OwnLevel(*row) for row in db.session.execute(levels)),
    )


def requirement_name(person_id: int) -> LocalizedText | None:
    """Return the names of a person's profiles, in one statement."""
    mine = PersonRequirement.person_id == person_id
    query = select(Requirement.name).join(PersonRequirement, PersonRequirement.requirement_id == Requirement.id)
    return db.session.scalar(query.where(mine)) or None
