"""What groups of people were granted: whom a group reaches, and the groups as they are listed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person, RoleGrant
from academy.assessment.models import (
    OPEN,
    Accommodation,
    AccommodationDate,
    AccommodationGroup,
    AccommodationGroupPerson,
    Attempt,
    Quiz,
    QuizVersion,
)
from academy.assessment.rules import GroupName
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course

ORGANISATION, UNIT, LIST = "organisation", "unit", "list"
LARGER, CLOCKLESS, FREE_BROWSER = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a grant is for: an organisation, one of its units (with those below it), or people on a list."""

    organisation_id: int
    scope: str
    org_unit_id: int | None = None
    below: bool = True
    listed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupGranted:
    """A group with what it was granted, for those who list and withdraw it; `course` where it is for one quiz."""

    group: AccommodationGroup
    organisation: Organisation
    unit: LocalizedText | None
    granted_by: LocalizedText | None
    course: Course | None
    listed: int
    quiz: LocalizedText | None

    @property
    def dates_alone(self) -> bool:
        """Whether nothing but other dates of a quiz was granted."""
        group = self.group
        terms = (group.extra_percent, group.extra_attempts, group.larger_text, group.no_clock, group.any_browser)
        return group.quiz_id is not None and not any(terms)

    @property
    def name(self) -> GroupName:
        """What the group is called."""
        return GroupName(self.group.scope, self.unit or self.organisation.name)


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody whom a group reaches; `own`: they have accommodations of their own, at every quiz or for this one."""

    id: int
    name: LocalizedText
    email: str
    unit: LocalizedText | None
    own: bool
    open_attempts: int


def is_reached(group: Any, person: Any) -> ColumnElement[bool]:
    """Return the condition under which a group reaches a person: never whoever granted it, and those with academy-wide
    roles only where it was granted by somebody who may change them."""
    own, top = aliased(OrgUnit), aliased(OrgUnit)
    placed = case((group.below, own.path.like(top.path + "%")), else_=own.id == top.id)
    under = exists(1).where(own.id == person.org_unit_id, top.id == group.org_unit_id, placed)
    on_list = AccommodationGroupPerson.group_id == group.id, AccommodationGroupPerson.person_id == person.id
    under, listed = under.correlate(group, person), exists(1).where(*on_list).correlate(group, person)
    return and_(
        group.organisation_id == person.organisation_id,
        or_(
            group.scope == ORGANISATION,
            and_(group.scope == UNIT, under),
            and_(group.scope == LIST, listed),
        ),
        person.id != func.coalesce(group.granted_by_id, 0),
        or_(group.everywhere, ~_wide(person)),
    )


def _wide(person: Any) -> ColumnElement[bool]:
    return exists(1).where(RoleGrant.person_id == person.id, RoleGrant.organisation_id.is_(None)).correlate(person)


def holds_at(group: Any, quiz_id: Any, at: Any) -> ColumnElement[bool]:
    """Return the condition under which what a group was granted holds at a quiz at a moment."""
    return and_(
        or_(group.quiz_id.is_(None), group.quiz_id == quiz_id),
        or_(group.valid_before.is_(None), group.valid_before >= at),
    )


def comforts(person_id: Any, quiz_id: Any, at: Any) -> Any:
    """Return the query of what groups grant a person at a quiz besides time: LARGER + CLOCKLESS + FREE_BROWSER; NULL for nothing."""
    person = aliased(Person)
    group = AccommodationGroup
    each = [
        func.max(case((flag, worth), else_=0))
        for flag, worth in (
            (group.larger_text, LARGER), (group.no_clock, CLOCKLESS), (group.any_browser, FREE_BROWSER),
        )
    ]  # fmt: skip
    return (
        select(each[0] + each[1] + each[2])
        .select_from(group)
        .join(person, is_reached(group, person))
        .where(person.id == person_id, holds_at(group, quiz_id, at))
        .correlate_except(group, person)
        .scalar_subquery()
    )


def people_in(reach: Reach, *, granted_by_id: int | None, everywhere: bool) -> tuple[ColumnElement[bool], ...]:
    """Return the filter on Person for whom a grant would reach that is not written yet; as `is_reached` says for one that is."""
    given = [Person.organisation_id == reach.organisation_id, Person.id != (granted_by_id or 0)]
    if not everywhere:
        given.append(~_wide(Person))
    if reach.scope == UNIT:
        own, top = aliased(OrgUnit), aliased(OrgUnit)
        placed = own.path.like(top.path + "%") if reach.below else own.id == top.id
        given.append(exists(1).where(own.id == Person.org_unit_id, top.id == reach.org_unit_id, placed))
    elif reach.scope == LIST:
        given.append(Person.id.in_(reach.listed))
    return tuple(given)


def reached(conditions: Sequence[ColumnElement[bool]], quiz_id: int | None, *, limit: int) -> tuple[list[Reached], int]:
    """Return the first people whom a grant reaches, and how many there are; two statements."""
    attempts = select(func.count()).where(Attempt.learner_id == Person.id, Attempt.state == OPEN)
    dates = AccommodationDate.person_id == Person.id
    if quiz_id is not None:
        attempts, dates = attempts.where(Attempt.quiz_id == quiz_id), dates & (AccommodationDate.quiz_id == quiz_id)
    own = or_(exists(1).where(Accommodation.person_id == Person.id), exists(1).where(dates))
    query = (
        select(Person.id, Person.name, Person.email, OrgUnit.name, own, attempts.scalar_subquery())
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(*conditions)
        .order_by(Person.id)
        .limit(limit)
    )
    total = db.session.scalar(select(func.count()).select_from(Person).where(*conditions)) or 0
    return [Reached(*row) for row in db.session.execute(query)], total


def named(emails: Collection[str], organisation_id: int) -> dict[str, int]:
    """Return the people of an organisation by e-mail, of those that were named; one statement."""
    query = select(Person.email, Person.id).where(Person.organisation_id == organisation_id, Person.email.in_(emails))
    return {row.email: row.id for row in db.session.execute(query)}


def _groups() -> Select[Any]:
    giver = aliased(Person)
    listed = select(func.count()).where(AccommodationGroupPerson.group_id == AccommodationGroup.id).scalar_subquery()
    other = aliased(QuizVersion)
    published = other.quiz_id == AccommodationGroup.quiz_id, other.frozen_at.is_not(None)
    newest = select(func.max(other.id)).where(*published).correlate(AccommodationGroup).scalar_subquery()
    return (
        select(AccommodationGroup, Organisation, OrgUnit.name, giver.name, Course, listed, QuizVersion.title)
        .join(Organisation, Organisation.id == AccommodationGroup.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == AccommodationGroup.org_unit_id)
        .outerjoin(giver, giver.id == AccommodationGroup.granted_by_id)
        .outerjoin(Quiz, Quiz.id == AccommodationGroup.quiz_id)
        .outerjoin(Course, Course.id == Quiz.course_id)
        .outerjoin(QuizVersion, QuizVersion.id == newest)
        .order_by(AccommodationGroup.granted_at.desc(), AccommodationGroup.id.desc())
    )


def groups(*conditions: ColumnElement[bool]) -> list[GroupGranted]:
    """Return groups with what they were granted, the latest first; one statement."""
    return [GroupGranted(*row) for row in db.session.execute(_groups().where(*conditions))]


def group_granted(group_id: int) -> GroupGranted | None:
    """Return a group by id; one statement."""
    return next(iter(groups(AccommodationGroup.id == group_id)), None)


def groups_of_person(person_id: int, at: datetime) -> list[GroupGranted]:
    """Return the groups that reach a person and still hold, at whatever quiz; one statement."""
    person = aliased(Person)
    here = exists(1).where(person.id == person_id, is_reached(AccommodationGroup, person))
    still = or_(AccommodationGroup.valid_before.is_(None), AccommodationGroup.valid_before >= at)
    return groups(here, still)


def groups_of_course(course_id: int, organisations: Collection[int] | None) -> list[GroupGranted]:
    """Return the groups with dates for the quizzes of a course, of the organisations that are given; one statement."""
    seen = [] if organisations is None else [AccommodationGroup.organisation_id.in_(organisations)]
    return groups(Quiz.course_id == course_id, *seen)


def units_of(organisation_ids: Collection[int] | None) -> list[Any]:
    """Return organisations with their active units, to choose from: each row has organisation and unit; one statement."""
    query = (
        select(Organisation, OrgUnit)
        .outerjoin(OrgUnit, and_(OrgUnit.organisation_id == Organisation.id, OrgUnit.active))
        .order_by(Organisation.id, OrgUnit.path)
    )
    if organisation_ids is not None:
        query = query.where(Organisation.id.in_(organisation_ids))
    return list(db.session.execute(query).all())


def people_of(group: AccommodationGroup) -> tuple[ColumnElement[bool], ...]:
    """Return the filter on Person for whom a group reaches now."""
    this = aliased(AccommodationGroup)
    return (exists(1).where(this.id == group.id, is_reached(this, Person)),)
