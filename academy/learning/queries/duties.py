"""Rules of duties: whom they are about, what they would change, what they did, and why something is somebody's duty."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.accounts.policies import people_of_units
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED as COURSE_PUBLISHED
from academy.catalogue.models import Course, CourseVersion
from academy.learning.kinds import KINDS
from academy.learning.models import (
    COMPLETED,
    PUBLISHED,
    Duty,
    DutyRule,
    Enrolment,
    Exemption,
    Programme,
    ProgrammeEnrolment,
    ProgrammeVersion,
    RuleOutcome,
    RuleRun,
)
from academy.learning.models.exemptions import IN_FORCE
from academy.learning.rules.duties import ANY, Audience, Condition


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule with the names of what it is about and of its reach."""

    rule: DutyRule
    thing: LocalizedText
    thing_key: str
    organisation: LocalizedText
    unit: LocalizedText | None
    people: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a definition would change: how many match, are new, would stop to match, stay; of the new, how many are `exempted`."""

    matching: int
    joining: int
    leaving: int
    exempted: int

    @property
    def staying(self) -> int:
        """How many the rule holds for before and after."""
        return self.matching - self.joining


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is somebody's duty: the rule, the conditions they met when they were assigned, since when, by when."""

    rule: LocalizedText
    reasons: tuple[LocalizedText, ...]
    since: datetime
    due_on: date | None
    whole: bool


def condition_holds(condition: Condition, today: date) -> ColumnElement[bool]:
    """Return the filter on Person of one condition."""
    return KINDS[condition.kind].holds(condition, today)


def within_reach(rule: DutyRule) -> ColumnElement[bool]:
    """Return the filter on Person for those whom a rule can be about: never anybody of another organisation."""
    inside = people_of_units({rule.org_unit_id}) if rule.org_unit_id else true()
    return and_(Person.organisation_id == rule.organisation_id, Person.state != "suspended", inside)


def matching(rule: DutyRule, audience: Audience, today: date) -> ColumnElement[bool]:
    """Return the filter on Person for those whom a rule with this audience is about."""
    holds = [condition_holds(each, today) for each in audience.conditions]
    if not holds:
        return within_reach(rule)
    return and_(within_reach(rule), or_(*holds) if audience.match == ANY else and_(*holds))


def _held(rule_id: int) -> ColumnElement[bool]:
    return exists().where(Duty.rule_id == rule_id, Duty.person_id == Person.id, Duty.state == "active")


def joining(rule: DutyRule, matched: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the filter on Person for those who match and for whom the rule does not hold yet."""
    return and_(matched, ~_held(rule.id))


def leaving(rule: DutyRule, matched: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the filter on Person for those for whom the rule holds and who do not match any more."""
    return and_(_held(rule.id), ~func.coalesce(matched, False))


def effect_of(rule: DutyRule, audience: Audience, today: date) -> Effect:
    """Count what an audience would change (one statement)."""
    matched = matching(rule, audience, today)
    home = Person.organisation_id == rule.organisation_id
    query = select(
        func.count().filter(matched), func.count().filter(joining(rule, matched)), func.count().filter(leaving(rule, matched)),
        func.count().filter(and_(joining(rule, matched), _excused(rule.course_id))),
    ).where(or_(home, _held(rule.id)))  # fmt: skip
    return Effect(*db.session.execute(query).one())


def people_named(which: ColumnElement[bool], *, course_id: int | None = None) -> Select[Any]:
    """Return the query of people by name, with their unit and whether they are exempted from a course."""
    columns: tuple[Any, ...] = (
        Person.id, Person.name, Person.email, OrgUnit.name.label("org_unit"), _excused(course_id).label("exempted"),
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(which)
        .order_by(Person.search_text, Person.id)
    )


def _excused(course_id: int | None) -> ColumnElement[bool]:
    """Whether an exemption from a course is in force for the person; from a programme there is none."""
    if course_id is None:
        return false()
    mine = Exemption.learner_id == Person.id, Exemption.course_id == course_id, Exemption.state == IN_FORCE
    return exists().where(*mine)


def first_ids(which: ColumnElement[bool], most: int) -> list[int]:
    """Return the ids of the first people that a filter lets through."""
    return list(db.session.scalars(select(Person.id).where(which).order_by(Person.id).limit(most)))


def people_fitting(which: ColumnElement[bool], ids: Collection[int]) -> set[int]:
    """Return those of some people whom a filter lets through."""
    return set(db.session.scalars(select(Person.id).where(Person.id.in_(ids), which)))


def _titles() -> tuple[Any, Any]:
    course = and_(CourseVersion.course_id == DutyRule.course_id, CourseVersion.state == COURSE_PUBLISHED)
    programme = and_(ProgrammeVersion.programme_id == DutyRule.programme_id, ProgrammeVersion.state == PUBLISHED)
    return course, programme


def _rules() -> Select[Any]:
    course, programme = _titles()
    held = select(func.count()).where(Duty.rule_id == DutyRule.id, Duty.state == "active").scalar_subquery()
    return (
        select(
            DutyRule, CourseVersion.title.label("course"), ProgrammeVersion.title.label("programme"),
            Course.key.label("course_key"), Programme.key.label("programme_key"),
            Organisation.name.label("organisation"), OrgUnit.name.label("org_unit"), held.label("people"),
        )
        .join(Organisation, Organisation.id == DutyRule.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == DutyRule.org_unit_id)
        .outerjoin(Course, Course.id == DutyRule.course_id)
        .outerjoin(Programme, Programme.id == DutyRule.programme_id)
        .outerjoin(CourseVersion, course)
        .outerjoin(ProgrammeVersion, programme)
    )  # fmt: skip


def rules_listed(kept: ColumnElement[bool]) -> Select[Any]:
    """Return the query of the rules that a filter lets through, the stopped ones last, else the newest first."""
    return _rules().where(kept).order_by(case((DutyRule.state == "stopped", 1), else_=0), DutyRule.id.desc())


def page_of_row(row: Any) -> RulePage:
    """Return a rule as pages show it."""
    thing = row.course or row.programme or LocalizedText()
    return RulePage(
        row.DutyRule, thing, row.course_key or row.programme_key or "", row.organisation, row.org_unit, row.people
    )


def rule_page(rule_id: int) -> RulePage | None:
    """Return a rule with its names (one statement)."""
    row = db.session.execute(_rules().where(DutyRule.id == rule_id)).one_or_none()
    return page_of_row(row) if row else None


def run_page(run_id: int) -> tuple[RuleRun, RulePage] | None:
    """Return a run with its rule (two statements)."""
    run = db.session.get(RuleRun, run_id)
    page = rule_page(run.rule_id) if run else None
    return (run, page) if run and page else None


def runs_of(rule_id: int, most: int) -> Sequence[Any]:
    """Return the latest runs of a rule with who asked for them."""
    query = select(RuleRun, Person.name.label("by")).outerjoin(Person, Person.id == RuleRun.by_id)
    return db.session.execute(query.where(RuleRun.rule_id == rule_id).order_by(RuleRun.id.desc()).limit(most)).all()


def outcomes_of(run_id: int) -> Select[Any]:
    """Return the query of what a run did, person by person."""
    columns: tuple[Any, ...] = (Person.name, Person.email, OrgUnit.name.label("org_unit"), RuleOutcome.outcome)
    return (
        select(*columns)
        .join(Person, Person.id == RuleOutcome.person_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(RuleOutcome.run_id == run_id)
        .order_by(RuleOutcome.outcome, Person.search_text, Person.id)
    )


def duties_of_rule(rule_id: int) -> Select[Any]:
    """Return the query of the people for whom a rule holds or held."""
    columns: tuple[Any, ...] = (
        Person.name, Person.email, OrgUnit.name.label("org_unit"), Duty.state, Duty.since, Duty.ended_at, Duty.due_on,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Person, Person.id == Duty.person_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(Duty.rule_id == rule_id)
        .order_by(Duty.ended_at.is_not(None), Person.search_text, Person.id)
    )


def why(person_id: int, *, course_id: int | None = None, programme_id: int | None = None) -> list[Reason]:
    """Return why a course or a programme is the duty of a person by rule (one statement)."""
    about = DutyRule.course_id == course_id if course_id else DutyRule.programme_id == programme_id
    query = (
        select(DutyRule.name, Duty.reasons, Duty.since, Duty.due_on)
        .join(DutyRule, DutyRule.id == Duty.rule_id)
        .where(about, Duty.person_id == person_id, Duty.state.in_(("active", "kept")))
        .order_by(Duty.since)
    )
    return [
        Reason(row.name, tuple(LocalizedText.of(each) for each in row.reasons), row.since, row.due_on, not row.reasons)
        for row in db.session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Thing:
    """A course or a programme that can be made a duty: `key` is "course:7" or "programme:2"."""

    key: str
    title: LocalizedText
    is_course: bool
    certified: bool


def things_to_assign(organisation_id: int) -> list[Thing]:
    """Return the courses and the programmes that can be made a duty in an organisation (one statement)."""
    there = or_(Course.audience == "everyone", Course.organisation_id == organisation_id)
    courses = (
        select(
            literal(1).label("is_course"), Course.id, CourseVersion.title,
            case((CourseVersion.gives_certificate, 1), else_=0).label("certified"),
        )
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == COURSE_PUBLISHED, Course.retired_at.is_(None), there)
    )  # fmt: skip
    programmes = (
        select(literal(0), Programme.id, ProgrammeVersion.title, literal(1))
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .where(ProgrammeVersion.state == PUBLISHED, Programme.retired_at.is_(None))
        .where(programmes_of_organisation(organisation_id))
    )
    rows = db.session.execute(union_all(courses, programmes)).all()
    return sorted(
        (
            Thing(
                f"{'course' if row.is_course else 'programme'}:{row.id}",
                row.title,
                bool(row.is_course),
                bool(row.certified),
            )
            for row in rows
        ),
        key=lambda thing: (not thing.is_course, int(thing.key.partition(":")[2])),
    )


def programmes_of_organisation(organisation_id: int) -> ColumnElement[bool]:
    """Return the filter on Programme for those that are for the people of an organisation."""
    partner = exists().where(Organisation.id == organisation_id, Organisation.kind == "partner", Organisation.active)
    own = and_(Programme.audience.in_(("employee", "any")), Programme.organisation_id == organisation_id)
    return or_(own, and_(Programme.audience.in_(("partner", "any")), partner))


def is_open(rule: DutyRule) -> bool:
    """Whether what a rule is about still takes people of its organisation (one statement)."""
    if rule.course_id is not None:
        there = or_(Course.audience == "everyone", Course.organisation_id == rule.organisation_id)
        open_course = select(CourseVersion.id).join(Course, Course.id == CourseVersion.course_id)
        mine = Course.id == rule.course_id, CourseVersion.state == COURSE_PUBLISHED, Course.retired_at.is_(None), there
        return db.session.scalar(open_course.where(*mine)) is not None
    open_programme = select(ProgrammeVersion.id).join(Programme, Programme.id == ProgrammeVersion.programme_id)
    fits = programmes_of_organisation(rule.organisation_id)
    open_to_them = ProgrammeVersion.state == PUBLISHED, Programme.retired_at.is_(None), fits
    return db.session.scalar(open_programme.where(Programme.id == rule.programme_id, *open_to_them)) is not None


def active_rules(organisation_id: int | None = None) -> list[int]:
    """Return the ids of the rules in effect, of one organisation or of all."""
    query = select(DutyRule.id).join(Organisation, Organisation.id == DutyRule.organisation_id)
    query = query.where(DutyRule.state == "active", Organisation.active)
    if organisation_id is not None:
        query = query.where(DutyRule.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(DutyRule.id)))


def duty_rule(rule_id: int) -> DutyRule | None:
    """Return a rule by id."""
    return db.session.get(DutyRule, rule_id)


def freed_from(rule: DutyRule, people: Collection[int]) -> set[int]:
    """Return for whom of these it is due no longer as a rule holds no more: not who had done it, nor who owes it for another cause."""
    mine, other, same = Duty.rule_id == rule.id, aliased(Duty), aliased(DutyRule)
    about = same.course_id == rule.course_id if rule.course_id else same.programme_id == rule.programme_id
    held = exists().where(
        other.person_id == Duty.person_id, other.rule_id == same.id, same.id != rule.id, about,
        other.state.in_(("active", "kept")),
    )  # fmt: skip
    query = (
        select(Duty.person_id)
        .outerjoin(Enrolment, Enrolment.id == Duty.enrolment_id)
        .outerjoin(ProgrammeEnrolment, ProgrammeEnrolment.id == Duty.programme_enrolment_id)
        .where(mine, Duty.person_id.in_(people), ~held)
        .where(
            func.coalesce(Enrolment.state, ProgrammeEnrolment.state, "") != COMPLETED, Enrolment.assignment_id.is_(None)
        )
    )
    return set(db.session.scalars(query))


def due_days_of(rule_id: int, people: Collection[int]) -> dict[int, date | None]:
    """Return by when what a rule is about is due from some people."""
    query = select(Duty.person_id, Duty.due_on).where(Duty.rule_id == rule_id, Duty.person_id.in_(people))
    return {row.person_id: row.due_on for row in db.session.execute(query)}
