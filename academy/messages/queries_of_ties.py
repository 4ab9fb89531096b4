"""What ties one person to others, as filters on Person: by courses, lines of managers, administration, unit, organisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select, true
from sqlalchemy.orm import aliased

from academy.accounts.models import Deputyship, MatrixLine, Organisation, OrgUnit, Person, RoleGrant
from academy.accounts.policies import DEEPEST, reach_lent
from academy.base.access import ADMINISTRATOR, MANAGER, TRAINER
from academy.base.db import db
from academy.catalogue.models import Course, CourseTrainer
from academy.learning.models import WITHDRAWN, Enrolment
from academy.messages import rules
from academy.messages.models import MessageRules, MessageStop


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who writes, with what decides to whom: read once, in one statement."""

    id: int
    account_id: int | None
    organisation_id: int
    partner: bool
    enters: bool
    audits: bool
    unit_id: int | None
    above: tuple[int, ...]
    administers: bool
    stopped_until: date | None
    policy: Mapping[str, bool]
    stands_in_for: tuple[int, ...]


def writer(person_id: int, *, today: date) -> Writer | None:
    """Return somebody as a writer; the units above theirs are read from its path."""
    absent = aliased(Person)
    mine = RoleGrant.person_id == Person.id, _covers(RoleGrant, Person.organisation_id)
    stop = select(MessageStop.ends_on).where(MessageStop.person_id == Person.id, MessageStop.holds_on(today))
    lent = (
        select(Deputyship.deputy_id, Deputyship.manager_id, absent.organisation_id)
        .join(absent, absent.id == Deputyship.manager_id)
        .where(Deputyship.holds_on(today), absent.state != "suspended")
        .subquery()
    )
    query = (
        select(
            Person.id, Person.account_id, Person.organisation_id, Person.state, Person.audits, Person.org_unit_id,
            OrgUnit.path, Organisation.kind, Organisation.active,
            exists().where(*mine, RoleGrant.role == ADMINISTRATOR).label("administers"),
            stop.order_by(MessageStop.ends_on.desc()).limit(1).scalar_subquery().label("stopped_until"),
            MessageRules, lent.c.manager_id,
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(MessageRules, MessageRules.organisation_id == Person.organisation_id)
        .outerjoin(lent, and_(lent.c.deputy_id == Person.id, lent.c.organisation_id == Person.organisation_id))
        .where(Person.id == person_id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    if not rows:
        return None
    first = rows[0]
    return Writer(
        id=first.id, account_id=first.account_id, organisation_id=first.organisation_id, partner=first.kind == "partner",
        enters=first.state == "active" and first.active, audits=first.audits, unit_id=first.org_unit_id,
        above=tuple(int(part) for part in (first.path or "").split("/") if part), administers=bool(first.administers),
        stopped_until=first.stopped_until, policy=policy_of(first.MessageRules),
        stands_in_for=tuple(sorted({row.manager_id for row in rows if row.manager_id})),
    )  # fmt: skip


def policy_of(row: MessageRules | None) -> Mapping[str, bool]:
    """Return which ties an organisation lets count; the usual ones before it has chosen."""
    return rules.USUAL if row is None else {tie: bool(getattr(row, tie)) for tie in rules.TIES}


def _covers(grant: Any, organisation_id: Any) -> ColumnElement[bool]:
    """Return the filter on grants for those that reach an organisation."""
    return or_(grant.organisation_id.is_(None), grant.organisation_id == organisation_id)


def ties(me: Writer, *, today: date) -> dict[str, ColumnElement[bool]]:
    """Return for each tie the filter on Person for those whom it ties to a writer, whatever is allowed."""
    home = Person.organisation_id == me.organisation_id
    return {
        rules.TRAINERS: or_(Person.id.in_(_trainers_of(me.id)), Person.id.in_(learners_of(me.id))),
        rules.MANAGERS: and_(home, or_(_leads_me(me, today), _led_by_me(me))),
        rules.ADMINISTRATORS: _administration(me, home),
        rules.UNIT: Person.org_unit_id == me.unit_id if me.unit_id is not None else false(),
        rules.ORGANISATION: home,
    }


def _taught() -> Select[Any]:
    """Return the query of places in courses and their trainers, as long as these hold the role."""
    holds = RoleGrant.person_id == CourseTrainer.person_id, _covers(RoleGrant, Course.organisation_id)
    return (
        select(Enrolment.learner_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseTrainer, CourseTrainer.course_id == Course.id)
        .where(Enrolment.state != WITHDRAWN, exists().where(RoleGrant.role == TRAINER, *holds))
    )


def _trainers_of(person_id: int) -> Select[Any]:
    """Return the query of the trainers of the courses in which somebody has a place."""
    return _taught().with_only_columns(CourseTrainer.person_id).where(Enrolment.learner_id == person_id)


def learners_of(person_id: int) -> Select[Any]:
    """Return the query of those who have a place in a course that somebody trains."""
    return _taught().where(CourseTrainer.person_id == person_id)


def _led_by_me(me: Writer) -> ColumnElement[bool]:
    """Whom the writer leads, by the line, as a matrix manager, by role, or as a deputy for a manager."""
    return or_(reach_lent(me.id), *(reach_lent(manager_id) for manager_id in me.stands_in_for))


def _leads_me(me: Writer, today: date) -> ColumnElement[bool]:
    """Who leads the writer in the same ways, seen from below."""
    leaders = _leaders(me)
    absent = aliased(Person)
    standing_in = (
        select(Deputyship.deputy_id)
        .join(absent, absent.id == Deputyship.manager_id)
        .where(Deputyship.holds_on(today), absent.state != "suspended")
        .where(absent.organisation_id == me.organisation_id, absent.id != me.id)
        .where(or_(*(absent.id.in_(query) for query in leaders)))
    )
    return or_(*(Person.id.in_(query) for query in leaders), Person.id.in_(standing_in))


def _leaders(me: Writer) -> list[Select[Any]]:
    """Return the queries of the ids of everybody above a writer: up the line, matrix managers, managers by role."""
    step = aliased(Person)
    line = select(Person.manager_id, literal(1).label("depth")).where(Person.id == me.id).cte(recursive=True)
    higher = select(step.manager_id, line.c.depth + 1).join(line, step.id == line.c.manager_id)
    line = line.union(higher.where(line.c.depth < DEEPEST))
    unit = RoleGrant.org_unit_id.in_(me.above) if me.above else false()
    whole = and_(RoleGrant.org_unit_id.is_(None), _covers(RoleGrant, me.organisation_id))
    return [
        select(line.c.manager_id).where(line.c.manager_id.is_not(None)),
        select(MatrixLine.manager_id).where(MatrixLine.person_id == me.id),
        select(RoleGrant.person_id).where(RoleGrant.role == MANAGER, or_(unit, whole)),
    ]


def _administration(me: Writer, home: ColumnElement[bool]) -> ColumnElement[bool]:
    """Administrators of the writer's own organisation, and whom they administer there.

    A partner's administrators and whoever administers that partner from another organisation are tied too.
    """
    keeps_mine = Person.id.in_(
        select(RoleGrant.person_id).where(RoleGrant.role == ADMINISTRATOR, _covers(RoleGrant, me.organisation_id))
    )
    own, mine = aliased(RoleGrant), aliased(RoleGrant)
    partners = select(Organisation.id).where(Organisation.kind == "partner")
    keeps_own = exists().where(
        own.person_id == Person.id, own.role == ADMINISTRATOR, _covers(own, Person.organisation_id)
    )
    i_keep = exists().where(mine.person_id == me.id, mine.role == ADMINISTRATOR, _covers(mine, Person.organisation_id))
    from_above = and_(keeps_mine, true() if me.partner and me.administers else home)
    from_below = and_(~home, Person.organisation_id.in_(partners), keeps_own, i_keep)
    return or_(from_above, home if me.administers else false(), from_below)
