"""A rating round as a whole: who is in it, who has rated, who is missing, what was agreed; only of the reader's people.

Whether a colleague has handed in is told of nobody: of colleagues there is only how many of how many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.accounts.policies import people_overseen
from academy.base.access import Actor
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import (
    Competency,
    CompetencyDomain,
    Rating,
    RatingAgreement,
    RatingLine,
    RatingRound,
    RatingVoice,
)
from academy.competencies.models.ratings import AGREED, CLOSED, INVITED, MANAGER, OBJECTED, OPEN, PEER, SELF
from academy.competencies.queries.rounds import not_reminded_on

OWED, TALK, CONFIRM, OBJECTION, DONE = "owed", "talk", "confirm", "objected", "done"
STAGES = (OWED, TALK, CONFIRM, OBJECTION, DONE)
MOST = 50
HANDED_IN = RatingVoice.submitted_at.is_not(None)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round in a list, with how many of the reader's people are in it, how many forms came in, and how many agreed."""

    id: int
    title: str
    opens_at: datetime
    closes_at: datetime
    people: int
    open: int
    invited: int
    handed_in: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a round over the reader's people: how many are in it, and how many stand at each stage.

    `owed`: the forms that can still be handed in, of which no reminder went out today for `to_remind`.
    """

    people: int
    stages: dict[str, int]
    invited: int
    handed_in: int
    owed: int
    to_remind: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody rated in a round. `self_in` and `manager_in` are None where that voice was not asked for."""

    rating_id: int
    person_id: int
    name: LocalizedText
    state: str
    answer: str | None
    self_in: bool | None
    manager: LocalizedText | None
    manager_in: bool | None
    peers: int
    peers_in: int
    levels: int
    settled: int
    reached: int


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A competency of a round: of how many it was asked, for how many a level was agreed on, and how many reach theirs."""

    key: str
    name: LocalizedText
    people: int
    agreed: int
    reached: int


def round_of(round_id: int) -> RatingRound | None:
    """Return a round, whoever asks; the permission decides."""
    return db.session.get(RatingRound, round_id)


def rounds_led(actor: Actor) -> list[RoundRow]:
    """Return the rounds in which people of the actor are, the newest first; one statement."""
    query = (
        select(
            RatingRound.id, RatingRound.title, RatingRound.opens_at, RatingRound.closes_at, func.count(),
            _sum(Rating.state == OPEN), func.sum(_invited()), func.sum(_invited(HANDED_IN)), _sum(Rating.state == AGREED),
        )
        .join(Rating, Rating.round_id == RatingRound.id)
        .join(Person, Person.id == Rating.person_id)
        .where(people_overseen(actor))
        .group_by(RatingRound.id, RatingRound.title, RatingRound.opens_at, RatingRound.closes_at)
        .order_by(RatingRound.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [RoundRow(*row[:4], *map(int, row[4:])) for row in db.session.execute(query)]


def overview(row: RatingRound, actor: Actor, at: datetime) -> Overview:
    """Return the figures of a round; one statement."""
    forms = _total(_invited()), _total(_invited(HANDED_IN))
    missing = case((Rating.state == OPEN, _invited(~HANDED_IN)), else_=0)
    unreminded = case((Rating.state == OPEN, _invited(~HANDED_IN, not_reminded_on(riyadh_day(at)))), else_=0)
    query = (
        select(func.count(), *(_sum(_at_stage(stage)) for stage in STAGES), *forms, _total(missing), _total(unreminded))
        .select_from(Rating)
        .join(Person, Person.id == Rating.person_id)
        .where(Rating.round_id == row.id, people_overseen(actor))
    )
    people, *counts, asked, came, owed, left = map(int, db.session.execute(query).one())
    runs = row.opens_at <= at <= row.closes_at
    stages = dict(zip(STAGES, counts, strict=True))
    return Overview(people, stages, asked, came, owed if runs else 0, left if runs else 0)


def members(round_id: int, actor: Actor, *, stage: str = "", terms: Sequence[str] = ()) -> Select[Any]:
    """Return the query of the people of a round in the order of names, at one stage if asked for."""
    own, boss, manager = aliased(RatingVoice), aliased(RatingVoice), aliased(Person)
    voices = RatingVoice.rating_id == Rating.id, RatingVoice.voice == PEER, RatingVoice.state == INVITED
    peers = select(func.count()).where(*voices).correlate(Rating)
    lines = select(func.count()).where(RatingLine.rating_id == Rating.id).correlate(Rating)
    agreed = (
        select(func.count())
        .select_from(RatingLine)
        .join(
            RatingAgreement, and_(RatingAgreement.line_id == RatingLine.id, RatingAgreement.revision == Rating.revision)
        )
        .where(RatingLine.rating_id == Rating.id, RatingAgreement.level.is_not(None))
        .correlate(Rating)
    )
    query = (
        select(
            Rating.id, Person.id.label("person_id"), Person.name, Rating.state, Rating.answer,
            own.id.label("own_id"), own.submitted_at.label("own_at"), manager.name.label("manager"), boss.submitted_at.label("boss_at"),
            peers.scalar_subquery().label("peers"),
            peers.where(RatingVoice.submitted_at.is_not(None)).scalar_subquery().label("peers_in"),
            lines.scalar_subquery().label("levels"), agreed.scalar_subquery().label("settled"),
            agreed.where(RatingAgreement.level >= RatingLine.target).scalar_subquery().label("reached"),
        )
        .select_from(Rating)
        .join(Person, Person.id == Rating.person_id)
        .outerjoin(own, and_(own.rating_id == Rating.id, own.voice == SELF))
        .outerjoin(boss, and_(boss.rating_id == Rating.id, boss.voice == MANAGER))
        .outerjoin(manager, manager.id == boss.rater_id)
        .where(Rating.round_id == round_id, people_overseen(actor))
        .where(*(Person.search_text.contains(f" {term} ", autoescape=True) for term in terms))
        .order_by(Person.search_text, Rating.id)
    )  # fmt: skip
    return query.where(_at_stage(stage)) if stage in STAGES else query


def member_of(row: Any) -> MemberRow:
    """Turn a fetched row of `members` into what the page shows."""
    return MemberRow(
        row.id, row.person_id, row.name, row.state, row.answer, None if row.own_id is None else row.own_at is not None,
        row.manager, None if row.manager is None else row.boss_at is not None,
        row.peers, row.peers_in, row.levels, row.settled, row.reached,
    )  # fmt: skip


def levels_agreed(round_id: int, actor: Actor) -> list[LevelRow]:
    """Return the competencies of a round with what was agreed on, in the framework's order; one statement."""
    now = and_(RatingAgreement.line_id == RatingLine.id, RatingAgreement.revision == Rating.revision)
    query = (
        select(
            Competency.key, Competency.name, func.count(), func.count(RatingAgreement.level),
            _sum(RatingAgreement.level >= RatingLine.target),
        )
        .select_from(Rating)
        .join(Person, Person.id == Rating.person_id)
        .join(RatingLine, RatingLine.rating_id == Rating.id)
        .join(Competency, Competency.id == RatingLine.competency_id)
        .join(CompetencyDomain, CompetencyDomain.id == Competency.domain_id)
        .outerjoin(RatingAgreement, now)
        .where(Rating.round_id == round_id, people_overseen(actor))
        .group_by(
            Competency.id, Competency.key, Competency.name, Competency.position, CompetencyDomain.framework_id,
            CompetencyDomain.position,
        )
        .order_by(CompetencyDomain.framework_id, CompetencyDomain.position, Competency.position)
    )  # fmt: skip
    return [LevelRow(key, name, *map(int, counts)) for key, name, *counts in db.session.execute(query)]


def _at_stage(stage: str) -> ColumnElement[bool]:
    owed = exists().where(
        RatingVoice.rating_id == Rating.id, RatingVoice.state == INVITED, RatingVoice.submitted_at.is_(None)
    )
    return {
        OWED: and_(Rating.state == OPEN, owed.correlate(Rating)),
        TALK: Rating.state == CLOSED,
        CONFIRM: and_(Rating.state == AGREED, Rating.answer.is_(None)),
        OBJECTION: and_(Rating.state == AGREED, Rating.answer == OBJECTED),
        DONE: and_(Rating.state == AGREED, Rating.answer.is_not(None), Rating.answer != OBJECTED),
    }[stage]


def _invited(*which: ColumnElement[bool]) -> Any:
    """How many were invited to rate somebody, or which of them."""
    mine = RatingVoice.rating_id == Rating.id, RatingVoice.state == INVITED
    return select(func.count()).where(*mine, *which).correlate(Rating).scalar_subquery()


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _total(expression: Any) -> Any:
    return func.coalesce(func.sum(expression), 0)
