"""Who reads and writes goals and appraisals: the person and who leads them; administrators see the stages alone."""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import MatrixLine, Person
from academy.accounts.policies import people_managed, people_overseen
from academy.base.access import ADMINISTRATOR, Actor, any_administrator, anyone_signed_in, permit
from academy.base.db import db
from academy.competencies.models import Appraisal, AppraisalCycle


class AppraisalOfPerson(Protocol):
    """Somebody's appraisal, or a goal of it, with the person."""

    @property
    def person(self) -> Person: ...


def _own(actor: Actor, found: AppraisalOfPerson) -> bool:
    return found.person.id == actor.person_id


def people_led(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for those whose goals the actor reads and decides: whose line or matrix manager they are.

    As a deputy, the same of the manager whom they stand in for; where somebody has no active line manager, whom the actor
    manages by a role. Never themself, and nobody further below.
    """
    leaders = {actor.person_id, *actor.deputy_for}
    boss = aliased(Person)
    matrix = select(MatrixLine.person_id).where(MatrixLine.manager_id.in_(leaders))
    near = and_(
        or_(Person.manager_id.in_(leaders), Person.id.in_(matrix)), Person.organisation_id == actor.organisation_id
    )
    led = select(boss.id).where(boss.id == Person.manager_id, boss.state == "active").correlate(Person).exists()
    return and_(or_(near, and_(~led, people_managed(actor))), Person.id != actor.person_id)


def _leads(actor: Actor, found: AppraisalOfPerson) -> bool:
    mine = select(Person.id).where(Person.id == found.person.id, Person.state == "active", people_led(actor))
    return db.session.scalar(mine) is not None


def _reads(actor: Actor, found: AppraisalOfPerson) -> bool:
    return _own(actor, found) or _leads(actor, found)


def _keeps(actor: Actor, row: AppraisalCycle) -> bool:
    return actor.has(ADMINISTRATOR, row.organisation_id)


def _oversees(actor: Actor, row: AppraisalCycle) -> bool:
    if _keeps(actor, row):
        return True
    inside = select(Appraisal.id).join(Person, Person.id == Appraisal.person_id).where(Appraisal.cycle_id == row.id)
    return bool(db.session.scalar(select(inside.where(people_overseen(actor)).exists())))


LIST_GOALS = permit(
    "competencies:goal:list", anyone_signed_in, "Everyone lists their own appraisals and those of the people they lead."
)
SEE_APPRAISAL = permit(
    "competencies:appraisal:see",
    _reads,
    "Goals, check-ins and appraisals are read by their person, the line manager, matrix managers and deputies; by no administrator.",
)
WRITE_GOALS = permit(
    "competencies:goal:write",
    _own,
    "Everyone writes their own goals and the self part of their appraisal, and answers it.",
)
DECIDE_GOALS = permit(
    "competencies:goal:decide",
    _leads,
    "Whoever leads somebody agrees or returns their goals and signs their appraisal.",
)
CHECK_IN = permit(
    "competencies:goal:check_in", _reads, "The person and whoever leads them write check-ins; each reads the other's."
)
KEEP_CYCLES = permit(
    "competencies:cycle:keep",
    any_administrator,
    "Administrators open appraisal cycles for their organisations and units.",
)
END_CYCLE = permit(
    "competencies:cycle:end",
    _keeps,
    "Administrators of its organisation end an appraisal cycle before its last day, and take that back.",
)
SEE_CYCLE = permit(
    "competencies:cycle:see",
    _oversees,
    "Administrators and whoever leads people of a cycle see at which stage these people are, and no texts.",
)
REMIND_CYCLE = permit(
    "competencies:cycle:remind", _oversees, "Whoever sees the stages of a cycle reminds those who owe the next step."
)
