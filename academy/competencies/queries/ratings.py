"""Ratings as their pages show them: forms to fill in, the comparison, who takes part, what a team has running."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from academy.accounts.models import Person
from academy.accounts.policies import people_overseen
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import (
    Competency,
    CompetencyDomain,
    Rating,
    RatingAgreement,
    RatingAnswer,
    RatingLine,
    RatingRound,
    RatingVoice,
)
from academy.competencies.models.ratings import INVITED, OPEN, PEER
from academy.competencies.queries.framework import Scale, named, scale_shown
from academy.competencies.rules import Together

MOST = 100
Said = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class FoundRating:
    """Somebody's rating with its round, its person and the scale of the frameworks."""

    rating: Rating
    round: RatingRound
    person: Person
    scale: Scale

    @property
    def id(self) -> int:
        """The number of the rating."""
        return self.rating.id

    @property
    def person_id(self) -> int:
        """Who is rated."""
        return self.rating.person_id

    @property
    def levels(self) -> dict[int, LocalizedText]:
        """The name of each level."""
        return named(self.scale)


@dataclass(frozen=True, slots=True)
class FoundVoice:
    """A rater's part in a rating."""

    voice: RatingVoice
    rating: Rating
    round: RatingRound
    person: Person

    def is_open(self, at: datetime) -> bool:
        """Whether the form can be filled in now."""
        return self.rating.state == OPEN and self.round.opens_at <= at <= self.round.closes_at


@dataclass(frozen=True, slots=True)
class RatedLine:
    """A competency of a rating: its indicators, the level asked for, what peers say together, what was agreed on."""

    id: int
    competency_id: int
    key: str
    name: LocalizedText
    indicators: Mapping[int, LocalizedText]
    target: int
    peers: Together | None
    agreed: int | None
    note: str


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """Somebody who takes part. Whether a peer has handed in is not told: `handed_in` is None."""

    id: int
    rater_id: int
    name: LocalizedText
    voice: str
    state: str
    handed_in: bool | None


@dataclass(frozen=True, slots=True)
class Circle:
    """All who take part in a rating, and how many peers have handed in."""

    rows: Sequence[VoiceRow]
    peers: int
    peers_in: int

    def handed_in_by(self, person_id: int) -> bool:
        """Whether somebody has handed in their own form as the rated person or as manager."""
        return any(row.rater_id == person_id and row.handed_in for row in self.rows)

    def form_of(self, person_id: int) -> int | None:
        """Return the form of somebody who takes part."""
        return next((row.id for row in self.rows if row.rater_id == person_id and row.state == INVITED), None)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form that somebody is asked to fill in."""

    id: int
    title: str
    person_id: int
    person: LocalizedText
    closes_at: datetime
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A rating in a list, with how many were invited and how many have handed in."""

    id: int
    round_id: int
    title: str
    person: LocalizedText
    state: str
    answer: str | None
    closes_at: datetime
    invited: int
    handed_in: int


def rating(rating_id: int) -> FoundRating | None:
    """Return a rating with its round, its person and the scale; one statement."""
    query = (
        select(Rating, RatingRound, Person, scale_shown().scalar_subquery())
        .join(RatingRound, RatingRound.id == Rating.round_id)
        .join(Person, Person.id == Rating.person_id)
        .where(Rating.id == rating_id)
    )
    found = db.session.execute(query).one_or_none()
    return FoundRating(*found) if found else None


def voice(voice_id: int) -> FoundVoice | None:
    """Return a rater's part; one statement."""
    query = (
        select(RatingVoice, Rating, RatingRound, Person)
        .join(Rating, Rating.id == RatingVoice.rating_id)
        .join(RatingRound, RatingRound.id == Rating.round_id)
        .join(Person, Person.id == Rating.person_id)
        .where(RatingVoice.id == voice_id)
    )
    found = db.session.execute(query).one_or_none()
    return FoundVoice(*found) if found else None


def lines_of(row: Rating) -> list[RatedLine]:
    """Return the competencies of a rating in the framework's order; one statement."""
    now_agreed = and_(RatingAgreement.line_id == RatingLine.id, RatingAgreement.revision == row.revision)
    query = (
        select(
            RatingLine.id, RatingLine.competency_id, Competency.key, Competency.name, Competency.levels, RatingLine.target,
            RatingLine.peers, RatingLine.peers_sum, RatingLine.peers_low, RatingLine.peers_high,
            RatingAgreement.level, RatingAgreement.note,
        )
        .join(Competency, Competency.id == RatingLine.competency_id)
        .join(CompetencyDomain, CompetencyDomain.id == Competency.domain_id)
        .outerjoin(RatingAgreement, now_agreed)
        .where(RatingLine.rating_id == row.id)
        .order_by(CompetencyDomain.framework_id, CompetencyDomain.position, Competency.position)
    )  # fmt: skip
    return [_line(each) for each in db.session.execute(query)]


def _line(row: Any) -> RatedLine:
    indicators = {int(number): LocalizedText.of(said) for number, said in row.levels.items()}
    peers = Together(row.peers, row.peers_sum, row.peers_low, row.peers_high) if row.peers else None
    return RatedLine(
        row.id, row.competency_id, row.key, row.name, indicators, row.target, peers, row.level, row.note or ""
    )


def answers_of(voice_id: int) -> dict[int, Said]:
    """Return what a rater has written so far, by line; one statement."""
    query = select(RatingAnswer.line_id, RatingAnswer.level, RatingAnswer.note)
    rows = db.session.execute(query.where(RatingAnswer.voice_id == voice_id))
    return {line: (level, note) for line, level, note in rows}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was handed in: the person's and the manager's by voice and line, and by line the notes of peers without names,
    in the order of the alphabet, where their figures are shown.
    """

    views: Mapping[str, Mapping[int, Said]]
    notes: Mapping[int, Sequence[str]]


def handed_in(rating_id: int, *, views: bool = False, notes: bool = False) -> HandedIn:
    """Return of what was handed in that which is asked for, and nothing else; one statement, none for nothing."""
    if not views and not notes:
        return HandedIn({}, {})
    of_peers = and_(RatingVoice.voice == PEER, RatingAnswer.note != "", RatingLine.peers.is_not(None))
    wanted = [*([RatingVoice.voice != PEER] if views else []), *([of_peers] if notes else [])]
    query = (
        select(RatingVoice.voice, RatingAnswer.line_id, RatingAnswer.level, RatingAnswer.note)
        .join(RatingAnswer, RatingAnswer.voice_id == RatingVoice.id)
        .join(RatingLine, RatingLine.id == RatingAnswer.line_id)
        .where(RatingVoice.rating_id == rating_id, RatingVoice.submitted_at.is_not(None), or_(*wanted))
    )
    seen: dict[str, dict[int, Said]] = {}
    said: dict[int, list[str]] = {}
    for voice, line, level, note in db.session.execute(query):
        if voice == PEER:
            said.setdefault(line, []).append(note)
        else:
            seen.setdefault(voice, {})[line] = level, note
    return HandedIn(seen, {line: sorted(each) for line, each in said.items()})


def circle_of(rating_id: int) -> Circle:
    """Return who takes part; one statement."""
    query = (
        select(
            RatingVoice.id, RatingVoice.rater_id, Person.name, RatingVoice.voice, RatingVoice.state,
            RatingVoice.submitted_at.is_not(None).label("handed_in"),
        )
        .join(Person, Person.id == RatingVoice.rater_id)
        .where(RatingVoice.rating_id == rating_id)
        .order_by(case((RatingVoice.voice == PEER, 1), else_=0), Person.search_text, RatingVoice.id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    peers = [row for row in rows if row.voice == PEER and row.state == INVITED]
    shown = [VoiceRow(*row[:5], None if row.voice == PEER else bool(row.handed_in)) for row in rows]
    return Circle(shown, len(peers), sum(bool(row.handed_in) for row in peers))


def forms_for(person_id: int, at: datetime) -> list[FormRow]:
    """Return the forms that somebody can fill in now, those that are missing first; one statement."""
    query = (
        select(
            RatingVoice.id, RatingRound.title, Person.id, Person.name, RatingRound.closes_at, RatingVoice.submitted_at
        )
        .join(Rating, Rating.id == RatingVoice.rating_id)
        .join(RatingRound, RatingRound.id == Rating.round_id)
        .join(Person, Person.id == Rating.person_id)
        .where(
            RatingVoice.rater_id == person_id, RatingVoice.state == INVITED, Rating.state == OPEN,
            RatingRound.opens_at <= at, RatingRound.closes_at >= at,
        )
        .order_by(RatingVoice.submitted_at.is_not(None), RatingRound.closes_at, RatingVoice.id)
        .limit(MOST)
    )  # fmt: skip
    return [FormRow(*row) for row in db.session.execute(query)]


def _rows() -> Any:
    mine = RatingVoice.rating_id == Rating.id, RatingVoice.state == INVITED
    invited = select(func.count()).where(*mine).scalar_subquery()
    handed_in = select(func.count()).where(*mine, RatingVoice.submitted_at.is_not(None)).scalar_subquery()
    return (
        select(
            Rating.id, Rating.round_id, RatingRound.title, Person.name, Rating.state, Rating.answer, RatingRound.closes_at, invited, handed_in
        )
        .join(RatingRound, RatingRound.id == Rating.round_id)
        .join(Person, Person.id == Rating.person_id)
        .order_by(case((Rating.state == OPEN, 0), (Rating.state == "closed", 1), else_=2), Rating.id.desc())
        .limit(MOST)
    )  # fmt: skip


def ratings_of(person_id: int) -> list[RatingRow]:
    """Return the ratings of somebody, open ones first; one statement."""
    return [RatingRow(*row) for row in db.session.execute(_rows().where(Rating.person_id == person_id))]


def ratings_led(actor: Actor) -> list[RatingRow]:
    """Return the ratings of the people whom the actor manages or administers, open ones first; one statement."""
    return [RatingRow(*row) for row in db.session.execute(_rows().where(people_overseen(actor)))]


def voices_still_owed(ids: Collection[int]) -> set[int]:
    """Return those of some raters' parts that are still to be handed in."""
    owed = RatingVoice.id.in_(ids), RatingVoice.submitted_at.is_(None), Rating.state == OPEN
    return set(db.session.scalars(select(RatingVoice.id).join(Rating, Rating.id == RatingVoice.rating_id).where(*owed)))
