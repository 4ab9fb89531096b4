"""The figures of a team, each in one statement however many people it has."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from academy.base.clock import RIYADH
from academy.base.db import db
from academy.competencies.models import Competency, PersonRequirement, Requirement, Standing
from academy.competencies.queries.development import count_of_waiting
from academy.credentials.models import Certificate
from academy.credentials.queries import EXPIRING_WITHIN, is_current, is_held
from academy.insights.queries.scopes import team
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, Enrolment
from academy.learning.queries.enrolments import latest

LATELY = timedelta(days=30)
MOST_REMINDED = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over a team. Mandatory is what was assigned, `exempted` how much of what is completed of it was not learned; `overdue` counts enrolments, `overdue_people` people,
    `plans` development plans that wait for approval."""

    people: int
    mandatory: int
    mandatory_completed: int
    exempted: int
    completed_lately: int
    overdue: int
    overdue_people: int
    to_remind: int
    expiring: int
    plans: int

    @property
    def mandatory_share(self) -> float | None:
        """The share of mandatory courses completed, None when nothing is mandatory."""
        return self.mandatory_completed / self.mandatory if self.mandatory else None

    @property
    def reminders(self) -> int:
        """How many reminders go out when all are reminded: at most `MOST_REMINDED` at a time."""
        return min(self.to_remind, MOST_REMINDED)


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many targets of their roles the people of a team have proven, of how many; `people` have a role profile."""

    met: int
    asked: int
    people: int

    @property
    def share(self) -> float | None:
        """The share of targets proven, None when nobody has a role profile."""
        return self.met / self.asked if self.asked else None


def certificate_of_enrolment() -> ColumnElement[bool]:
    """Return how the certificate that stands for the person on the course is joined, also while it is being renewed."""
    same = Certificate.holder_id == Enrolment.learner_id, Certificate.course_id == Enrolment.course_id
    return and_(*same, is_current())


def overdue_on(today: date) -> ColumnElement[bool]:
    """Return the filter on Enrolment for what should have been completed before today."""
    return and_(Enrolment.state == ACTIVE, Enrolment.due_on < today)


def expiring_on(today: date) -> ColumnElement[bool]:
    """Return the filter on Certificate for those that end within sixty days and are valid, not suspended."""
    return and_(Certificate.expires_on.between(today, today + EXPIRING_WITHIN), ~is_held())


def completed_lately(today: date) -> ColumnElement[bool]:
    """Return the filter on Enrolment for what was learned to its end in the last thirty days, and today; in whatever round."""
    since = datetime.combine(today - LATELY, time(), RIYADH)
    return and_(Enrolment.state == COMPLETED, ~Enrolment.exempted, Enrolment.completed_at >= since)


def figures(people: ColumnElement[bool], *, today: date) -> Figures:
    """Return the figures of a team (one statement)."""
    members = team(people)
    assigned, done, overdue = Enrolment.assignment_id.is_not(None), Enrolment.state == COMPLETED, overdue_on(today)
    unreminded = and_(overdue, func.coalesce(Enrolment.reminded_on, date.min) < today)
    query = (
        select(
            select(func.count()).select_from(members).scalar_subquery(),
            _count(assigned),
            _count(and_(assigned, done)),
            _count(and_(assigned, Enrolment.exempted)),
            _completions(select(members.c.id), today),
            _count(overdue),
            func.count(case((overdue, Enrolment.learner_id)).distinct()),
            _count(unreminded),
            _count(expiring_on(today)) + _others_expiring(select(members.c.id), today),
            count_of_waiting(select(members.c.id)),
        )
        .select_from(Enrolment)
        .join(members, members.c.id == Enrolment.learner_id)
        .outerjoin(Certificate, certificate_of_enrolment())
        .where(Enrolment.state != WITHDRAWN, latest())
    )
    return Figures(*map(int, db.session.execute(query).one()))


def _completions(members: Any, today: date) -> Any:
    """How many courses some people have completed lately; also what is being renewed by now, so counted by itself."""
    mine = Enrolment.learner_id.in_(members), completed_lately(today)
    return select(func.count(Enrolment.id)).where(*mine).scalar_subquery()


def hangs_on_no_place() -> ColumnElement[bool]:
    """Return the filter on Certificate for those of programmes, and the earlier ones of a course that was never taken here."""
    taken = aliased(Enrolment)
    place = exists().where(
        taken.learner_id == Certificate.holder_id, taken.course_id == Certificate.course_id, taken.state != WITHDRAWN
    )  # fmt: skip
    return or_(Certificate.programme_id.is_not(None), and_(Certificate.course_id.is_not(None), ~place))


def _others_expiring(members: Any, today: date) -> Any:
    """How many certificates of some people that hang on no place end within sixty days."""
    mine = Certificate.holder_id.in_(members), hangs_on_no_place(), is_current(), expiring_on(today)
    return select(func.count(Certificate.id)).where(*mine).scalar_subquery()


def readiness(people: ColumnElement[bool]) -> Readiness:
    """Return how much of what their roles ask for the people have proven (one statement)."""
    members = team(people)
    # Looked up for each of the people: a join would read what is asked of everybody in the academy, however small the team.
    asked_of_one = select(PersonRequirement.requirement_id).where(PersonRequirement.person_id == members.c.id)
    each = select(members.c.id, asked_of_one.scalar_subquery().label("requirement_id")).cte("asked_of_each")
    held = select(each.c.requirement_id, func.count().label("people")).group_by(each.c.requirement_id).cte("held")
    proven = and_(Standing.person_id == each.c.id, Standing.level > 0)
    query = (
        select(Requirement.id, Requirement.targets, held.c.people, Competency.key, Standing.level, func.count())
        .select_from(each)
        .join(Requirement, Requirement.id == each.c.requirement_id)
        .join(held, held.c.requirement_id == Requirement.id)
        .outerjoin(Standing, proven)
        .outerjoin(Competency, Competency.id == Standing.competency_id)
        .group_by(Requirement.id, held.c.people, Competency.key, Standing.level)
    )
    asked_of: dict[int, tuple[int, int]] = {}
    met = 0
    for requirement_id, targets, held, key, level, count in db.session.execute(query):
        asked_of[requirement_id] = held, len(targets)
        met += count if key in targets and level >= int(targets[key]) else 0
    asked = sum(held * wanted for held, wanted in asked_of.values())
    return Readiness(met, asked, sum(held for held, _ in asked_of.values()))


def _count(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
