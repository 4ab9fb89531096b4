"""Goals and appraisals as their people, who leads them and who keeps cycles see them (CM9)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person
from academy.accounts.policies import organisations_administered, people_managed, people_overseen
from academy.base.access import Actor
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import Appraisal, AppraisalCycle, AppraisalEvent, Competency, Goal, GoalCheckIn
from academy.competencies.models.goals import AGREED, CONFIRMED, OBJECTED, SENT, SIGNED
from academy.competencies.policies_of_goals import people_led
from academy.competencies.rules.goals import OWED_BY_MANAGER, SIGNED_AFTER_ALL, STAGES

MOST = 200


@dataclass(frozen=True, slots=True)
class FoundAppraisal:
    """Somebody's appraisal with its cycle and person."""

    appraisal: Appraisal
    cycle: AppraisalCycle
    person: Person

    def is_open(self, at: datetime) -> bool:
        """Whether goals can be set and the self part be written."""
        today = riyadh_day(at)
        return self.cycle.opens_on <= today and not self.cycle.is_over(today)


@dataclass(frozen=True, slots=True)
class FoundGoal:
    """A goal with the appraisal that it is part of."""

    goal: Goal
    of: FoundAppraisal

    @property
    def person(self) -> Person:
        """Whose goal it is."""
        return self.of.person


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """A check-in with who wrote it."""

    goal_id: int
    at: datetime
    by: LocalizedText | None
    progress: int
    note: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened, when and by whom."""

    act: str
    at: datetime
    by: LocalizedText | None
    said: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """Where somebody stands in a cycle; no texts. `reads`: the reader may open it."""

    id: int
    person_id: int
    person: LocalizedText
    manager: LocalizedText | None
    goals: int
    agreed: int
    stage: str
    cycle_id: int
    title: LocalizedText
    closes_on: date
    ended_at: datetime | None
    reads: bool = True


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle in a list, with how many of its people are through."""

    id: int
    title: LocalizedText
    organisation: LocalizedText
    opens_on: date
    closes_on: date
    people: int
    done: int
    ended_at: datetime | None


def stage() -> ColumnElement[str]:
    """Return the stage of an appraisal as SQL; see `rules.goals.STAGES`."""
    return case(
        (Appraisal.state == CONFIRMED, "done"),
        (Appraisal.state == OBJECTED, "objected"),
        (Appraisal.state == SIGNED, "sign"),
        (Appraisal.self_sent_at.is_not(None), "talk"),
        (_with(SENT), "agree"),
        (_with(AGREED), "work"),
        else_="goals",
    )


def goes_on(today: date) -> ColumnElement[bool]:
    """Return the filter on AppraisalCycle for those that are not over; see `AppraisalCycle.is_over`."""
    return and_(AppraisalCycle.ended_at.is_(None), AppraisalCycle.closes_on >= today)


def _with(state: str) -> ColumnElement[bool]:
    return select(Goal.id).where(Goal.appraisal_id == Appraisal.id, Goal.state == state).correlate(Appraisal).exists()


def cycle(cycle_id: int) -> AppraisalCycle | None:
    """Return a cycle, whoever asks; the permission decides."""
    return db.session.get(AppraisalCycle, cycle_id)


def appraisal(appraisal_id: int) -> FoundAppraisal | None:
    """Return an appraisal with its cycle and person, in one statement."""
    return found(Appraisal.id == appraisal_id)


def found(*where: ColumnElement[bool]) -> FoundAppraisal | None:
    """Return the one appraisal that fits, with its cycle and person, in one statement."""
    query = (
        select(Appraisal, AppraisalCycle, Person)
        .join(AppraisalCycle, AppraisalCycle.id == Appraisal.cycle_id)
        .join(Person, Person.id == Appraisal.person_id)
        .where(*where)
    )
    row = db.session.execute(query).one_or_none()
    return FoundAppraisal(*row) if row else None


def goal(goal_id: int) -> FoundGoal | None:
    """Return a goal with its appraisal."""
    row = db.session.get(Goal, goal_id)
    of = appraisal(row.appraisal_id) if row else None
    return FoundGoal(row, of) if row and of else None


def goals_of(appraisal_id: int, *, drafts: bool) -> list[tuple[Goal, LocalizedText | None]]:
    """Return the goals of an appraisal with their competency; `drafts`: those too that were not sent yet."""
    query = (
        select(Goal, Competency.name)
        .outerjoin(Competency, Competency.id == Goal.competency_id)
        .where(Goal.appraisal_id == appraisal_id)
        .order_by(Goal.due_on, Goal.id)
    )
    query = query if drafts else query.where(Goal.state != "draft")
    return [(row, name) for row, name in db.session.execute(query)]


def check_ins(appraisal_id: int) -> dict[int, list[CheckInRow]]:
    """Return the check-ins of all goals of an appraisal, the newest first; one statement."""
    query = (
        select(GoalCheckIn.goal_id, GoalCheckIn.at, Person.name, GoalCheckIn.progress, GoalCheckIn.note)
        .join(Goal, Goal.id == GoalCheckIn.goal_id)
        .outerjoin(Person, Person.id == GoalCheckIn.by_id)
        .where(Goal.appraisal_id == appraisal_id)
        .order_by(GoalCheckIn.id.desc())
    )
    written: dict[int, list[CheckInRow]] = {}
    for row in db.session.execute(query):
        written.setdefault(row[0], []).append(CheckInRow(*row))
    return written


def events_of(appraisal_id: int) -> list[EventRow]:
    """Return what happened in an appraisal, the newest first; one statement."""
    query = (
        select(AppraisalEvent.act, AppraisalEvent.at, Person.name, AppraisalEvent.said)
        .outerjoin(Person, Person.id == AppraisalEvent.by_id)
        .where(AppraisalEvent.appraisal_id == appraisal_id)
        .order_by(AppraisalEvent.id.desc())
    )
    return [EventRow(*row) for row in db.session.execute(query)]


def rows(*where: ColumnElement[bool]) -> Select[Any]:
    """Return the query of appraisals with their stage, in the order of names."""
    manager = aliased(Person)
    counted = select(func.count()).where(Goal.appraisal_id == Appraisal.id).correlate(Appraisal)
    return (
        select(
            Appraisal.id, Person.id.label("person_id"), Person.name, manager.name.label("manager"),
            counted.where(Goal.state != "draft").scalar_subquery().label("goals"),
            counted.where(Goal.state == AGREED).scalar_subquery().label("agreed"), stage().label("stage"),
            AppraisalCycle.id.label("cycle_id"), AppraisalCycle.title, AppraisalCycle.closes_on,
            AppraisalCycle.ended_at,
        )
        .join(Person, Person.id == Appraisal.person_id)
        .join(AppraisalCycle, AppraisalCycle.id == Appraisal.cycle_id)
        .outerjoin(manager, manager.id == Person.manager_id)
        .where(*where)
        .order_by(Person.search_text, Appraisal.id)
    )  # fmt: skip


def row_of(row: Any) -> StageRow:
    """Turn a fetched row of `rows` into what a page shows."""
    return StageRow(*row)


def own(person_id: int) -> list[StageRow]:
    """Return somebody's own appraisals, the newest cycle first; one statement."""
    query = rows(Appraisal.person_id == person_id).order_by(None).order_by(AppraisalCycle.closes_on.desc())
    return [row_of(row) for row in db.session.execute(query.limit(MOST))]


def led(actor: Actor, at: datetime) -> list[StageRow]:
    """Return the appraisals of those whom the actor leads in cycles that have not closed or are not through; one statement."""
    going = or_(goes_on(riyadh_day(at)), Appraisal.state != CONFIRMED)
    return [row_of(row) for row in db.session.execute(rows(people_led(actor), going).limit(MOST))]


def count_owed(actor: Actor, at: datetime) -> ScalarSelect[int]:
    """Return the query of how many appraisals wait for the actor as whoever leads their person: goals, the talk, an objection."""
    today = riyadh_day(at)
    takes = or_(stage().in_(SIGNED_AFTER_ALL), and_(stage().in_(OWED_BY_MANAGER), goes_on(today)))
    return (
        select(func.count())
        .select_from(Appraisal)
        .join(Person, Person.id == Appraisal.person_id)
        .join(AppraisalCycle, AppraisalCycle.id == Appraisal.cycle_id)
        .where(AppraisalCycle.opens_on <= today, Person.state == "active", takes, people_led(actor))
        .scalar_subquery()
    )


def in_cycle(actor: Actor, row: AppraisalCycle, *, whole: bool, at_stage: str = "") -> Select[Any]:
    """Return the query of a cycle's people whom the actor oversees (`whole`: all of them), at one stage if asked for."""
    query = rows(Appraisal.cycle_id == row.id, *(() if whole else (people_overseen(actor),)))
    query = query.add_columns(case((people_led(actor), True), else_=False).label("reads"))
    return query.where(stage() == at_stage) if at_stage in STAGES else query


def stages_in(actor: Actor, row: AppraisalCycle, *, whole: bool) -> dict[str, int]:
    """Return how many people of a cycle stand at each stage; one statement."""
    reach = () if whole else (people_overseen(actor),)
    inside = (
        select(stage().label("stage"))
        .join(Person, Person.id == Appraisal.person_id)
        .where(Appraisal.cycle_id == row.id, *reach)
        .subquery()
    )
    counts: dict[str, int] = dict(
        db.session.execute(select(inside.c.stage, func.count()).group_by(inside.c.stage)).tuples().all()
    )
    return {each: counts.get(each, 0) for each in STAGES}


def cycles(*where: ColumnElement[bool]) -> list[CycleRow]:
    """Return cycles with how far they are, the newest first; one statement."""
    query = (
        select(
            AppraisalCycle.id, AppraisalCycle.title, Organisation.name, AppraisalCycle.opens_on, AppraisalCycle.closes_on,
            func.count(Appraisal.id), func.coalesce(func.sum(case((Appraisal.state == CONFIRMED, 1), else_=0)), 0),
            AppraisalCycle.ended_at,
        )
        .join(Organisation, Organisation.id == AppraisalCycle.organisation_id)
        .join(Appraisal, Appraisal.cycle_id == AppraisalCycle.id)
        .join(Person, Person.id == Appraisal.person_id)
        .where(*where)
        .group_by(AppraisalCycle.id, AppraisalCycle.title, Organisation.name)
        .order_by(AppraisalCycle.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [
        CycleRow(row[0], row[1], row[2], row[3], row[4], int(row[5]), int(row[6]), row[7])
        for row in db.session.execute(query)
    ]


def cycles_kept(actor: Actor) -> list[CycleRow]:
    """Return the cycles of the organisations that an administrator looks after."""
    return cycles(organisations_administered(actor))


def cycles_led(actor: Actor) -> list[CycleRow]:
    """Return the cycles in which people of the actor's team are, with the figures of these alone."""
    return cycles(people_managed(actor))


def to_tell(at: datetime, *, most: int) -> Sequence[FoundAppraisal]:
    """Return the appraisals of cycles that have opened whose person was not told yet."""
    today = riyadh_day(at)
    query = (
        select(Appraisal, AppraisalCycle, Person)
        .join(AppraisalCycle, AppraisalCycle.id == Appraisal.cycle_id)
        .join(Person, Person.id == Appraisal.person_id)
        .where(Appraisal.told_at.is_(None), AppraisalCycle.opens_on <= today, goes_on(today))
        .order_by(Appraisal.id)
        .limit(most)
    )
    return [FoundAppraisal(*row) for row in db.session.execute(query)]


def unfinished(cycle_id: int, after_id: int, *, most: int) -> Sequence[FoundAppraisal]:
    """Return the appraisals of a cycle that both have not signed, of people who were told of it, beginning after an id."""
    query = (
        select(Appraisal, AppraisalCycle, Person)
        .join(AppraisalCycle, AppraisalCycle.id == Appraisal.cycle_id)
        .join(Person, Person.id == Appraisal.person_id)
        .where(Appraisal.cycle_id == cycle_id, Appraisal.id > after_id, Appraisal.state != CONFIRMED)
        .where(Appraisal.told_at.is_not(None), Person.state == "active")
        .order_by(Appraisal.id)
        .limit(most)
    )
    return [FoundAppraisal(*row) for row in db.session.execute(query)]


def to_remind(
    at: datetime, stages: Collection[str], *where: ColumnElement[bool], most: int
) -> list[tuple[FoundAppraisal, str]]:
    """Return the appraisals in open cycles at these stages of which nobody was reminded today, with their stage."""
    today = riyadh_day(at)
    query = (
        select(Appraisal, AppraisalCycle, Person, stage())
        .join(AppraisalCycle, AppraisalCycle.id == Appraisal.cycle_id)
        .join(Person, Person.id == Appraisal.person_id)
        .where(
            AppraisalCycle.opens_on <= today, stage().in_(stages), Person.state == "active",
            or_(Appraisal.reminded_on.is_(None), Appraisal.reminded_on < today), *where,
        )
        .order_by(Appraisal.id)
        .limit(most)
    )  # fmt: skip
    return [(FoundAppraisal(*row[:3]), row[3]) for row in db.session.execute(query)]
