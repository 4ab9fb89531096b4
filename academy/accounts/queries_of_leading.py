"""Reads of who leads whom: matrix managers, deputies, and whom to tell of a person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, cast, exists, false, null, or_, select, union_all
from sqlalchemy.orm import aliased

from academy.accounts.models import Deputyship, MatrixLine, Person
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class MatrixManager:
    """A matrix manager of a person, and for what."""

    id: int
    manager_id: int
    name: LocalizedText
    label: LocalizedText


@dataclass(frozen=True, slots=True)
class StandIn:
    """That a deputy stands in for a manager. `ended_on` is the day of an early end, `made_by` who made it."""

    id: int
    manager_id: int
    manager: LocalizedText
    deputy_id: int
    deputy: LocalizedText
    starts_on: date
    ends_on: date
    ended: bool
    made_by: LocalizedText | None

    def state_on(self, today: date) -> str:
        """Name how it stands: ended (early), over, coming or now."""
        if self.ended:
            return "ended"
        if self.ends_on < today:
            return "over"
        return "coming" if self.starts_on > today else "now"


@dataclass(frozen=True, slots=True)
class Leading:
    """The matrix managers of a person, and where they have a deputy or are one, the latest first."""

    matrix: Sequence[MatrixManager]
    stand_ins: Sequence[StandIn]


def leading_of(person_id: int) -> Leading:
    """Return a person's matrix managers and deputies (one statement)."""
    rows = db.session.execute(union_all(_stand_ins(person_id), _matrix(person_id))).all()
    matrix = [MatrixManager(row.id, row.manager_id, row.manager, row.more) for row in rows if row.deputy_id is None]
    found = [StandIn(*row) for row in rows if row.deputy_id is not None]
    found.sort(key=lambda each: (each.starts_on, each.id), reverse=True)
    return Leading(sorted(matrix, key=lambda line: line.name.show("ar")), found)


def _stand_ins(person_id: int) -> Any:
    manager, deputy, maker = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(
            Deputyship.id, Deputyship.manager_id, manager.name.label("manager"), Deputyship.deputy_id, deputy.name.label("deputy"),
            Deputyship.starts_on, Deputyship.ends_on, Deputyship.ended_at.is_not(None).label("ended"), maker.name.label("more"),
        )
        .join(manager, manager.id == Deputyship.manager_id)
        .join(deputy, deputy.id == Deputyship.deputy_id)
        .outerjoin(maker, and_(maker.id == Deputyship.made_by_id, maker.organisation_id == manager.organisation_id))
        .where(or_(Deputyship.manager_id == person_id, Deputyship.deputy_id == person_id))
    )  # fmt: skip


def _matrix(person_id: int) -> Any:
    """The matrix lines with the columns of `_stand_ins`, so that one statement reads both."""
    none = [cast(null(), column.type) for column in (Deputyship.deputy_id, Person.name, Deputyship.starts_on)]
    return (
        select(
            MatrixLine.id, MatrixLine.manager_id, Person.name, *none, cast(null(), Deputyship.ends_on.type), false(),
            MatrixLine.label,
        )
        .join(Person, Person.id == MatrixLine.manager_id)
        .where(MatrixLine.person_id == person_id)
    )  # fmt: skip


def deputyship(deputyship_id: int) -> Deputyship | None:
    """Return one by id."""
    return db.session.get(Deputyship, deputyship_id)


def matrix_line(line_id: int) -> MatrixLine | None:
    """Return one by id."""
    return db.session.get(MatrixLine, line_id)


def stood_in_for(actor: Actor) -> Sequence[tuple[int, LocalizedText]]:
    """Return whom the actor stands in for at present: (id, name); no statement for those who stand in for nobody."""
    if not actor.deputy_for:
        return []
    query = (
        select(Person.id, Person.name).where(Person.id.in_(actor.deputy_for)).order_by(Person.search_text, Person.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]


def managers_lent_to(person_id: int, organisation_id: int, *, today: date) -> tuple[int, ...]:
    """Return for whom somebody stands in today: managers of their organisation who are not suspended."""
    query = (
        select(Deputyship.manager_id)
        .join(Person, Person.id == Deputyship.manager_id)
        .where(Deputyship.deputy_id == person_id, Deputyship.holds_on(today))
        .where(Person.organisation_id == organisation_id, Person.state != "suspended")
        .distinct()
        .order_by(Deputyship.manager_id)
    )
    return tuple(db.session.scalars(query))


def deputyships_over(today: date, *, since: date) -> list[int]:
    """Return the deputyships whose last day was from a day until yesterday, except those that a next one of the two goes on from."""
    following = aliased(Deputyship)
    goes_on = exists().where(
        following.manager_id == Deputyship.manager_id, following.deputy_id == Deputyship.deputy_id,
        following.starts_on <= today, following.ends_on >= today, following.ended_at.is_(None),
    )  # fmt: skip
    query = select(Deputyship.id).where(
        Deputyship.ended_at.is_(None), Deputyship.ends_on < today, Deputyship.ends_on >= since, ~goes_on
    )
    return list(db.session.scalars(query.order_by(Deputyship.id)))


def deputies_of(manager_ids: Collection[int], *, today: date) -> dict[int, list[int]]:
    """Return who stands in for each of these managers today, active people of their organisation only."""
    manager, deputy = aliased(Person), aliased(Person)
    query = (
        select(Deputyship.manager_id, Deputyship.deputy_id)
        .join(manager, manager.id == Deputyship.manager_id)
        .join(deputy, and_(deputy.id == Deputyship.deputy_id, deputy.organisation_id == manager.organisation_id))
        .where(Deputyship.manager_id.in_(manager_ids), Deputyship.holds_on(today))
        .where(manager.state != "suspended", deputy.state == "active")
        .distinct()
        .order_by(Deputyship.manager_id, Deputyship.deputy_id)
    )
    found: dict[int, list[int]] = {}
    for manager_id, deputy_id in db.session.execute(query):
        found.setdefault(manager_id, []).append(deputy_id)
    return found


def leaders_of(person_id: int, *, today: date) -> list[int]:
    """Return whom to ask or tell about a person: the line manager, matrix managers, then deputies of these; active ones."""
    return list(led_through(person_id, today=today))


def led_through(person_id: int, *, today: date) -> dict[int, int | None]:
    """Return the same, each with the manager in whose stead they lead: None for whoever does so in their own right."""
    person, leader = aliased(Person), aliased(Person)
    matrix = select(MatrixLine.manager_id).where(MatrixLine.person_id == person_id)
    query = (
        select(leader.id)
        .join(person, and_(person.id == person_id, person.organisation_id == leader.organisation_id))
        .where(or_(leader.id == person.manager_id, leader.id.in_(matrix)), leader.state == "active")
        .order_by(case((leader.id == person.manager_id, 0), else_=1), leader.id)
    )
    leaders = list(db.session.scalars(query))
    lent = deputies_of(leaders, today=today) if leaders else {}
    found: dict[int, int | None] = dict.fromkeys(leaders)
    for leader_id in leaders:
        for deputy_id in lent.get(leader_id, []):
            found.setdefault(deputy_id, leader_id)
    return {number: through for number, through in found.items() if number != person_id}


def lent_still(person_id: int, manager_ids: Collection[int], *, today: date) -> set[int]:
    """Return for which of these managers somebody stands in today: asked before a letter about their people leaves."""
    lent = deputies_of(manager_ids, today=today)
    return {manager_id for manager_id, deputies in lent.items() if person_id in deputies}


def leads_still(person_id: int, manager_ids: Collection[int], *, today: date) -> set[int]:
    """Return which of these managers' people somebody leads today: their own, while there are any, and those lent to them."""
    kept = lent_still(person_id, manager_ids, today=today)
    if person_id not in manager_ids:
        return kept
    report, matrix = Person.manager_id == person_id, MatrixLine.manager_id == person_id
    found = db.session.scalar(select(or_(exists().where(report), exists().where(matrix))))
    return kept | {person_id} if found else kept


def led_by(manager_id: int, person_ids: Collection[int]) -> set[int]:
    """Return which of these people report to a manager of their organisation, by line or matrix."""
    home = select(Person.organisation_id).where(Person.id == manager_id).scalar_subquery()
    matrix = exists().where(MatrixLine.person_id == Person.id, MatrixLine.manager_id == manager_id)
    query = select(Person.id).where(Person.id.in_(person_ids), Person.organisation_id == home)
    return set(db.session.scalars(query.where(or_(Person.manager_id == manager_id, matrix))))
