"""Opening a rating round, choosing the peers, telling and reminding those who rate."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from academy.accounts.models import Person
from academy.accounts.policies import people_overseen
from academy.accounts.queries_of_leading import leaders_of
from academy.base import audit
from academy.base.access import Actor
from academy.base.dates import riyadh_day
from academy.base.db import change, db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies import kinds, rules
from academy.competencies.models import Rating, RatingLine, RatingRound, RatingVoice
from academy.competencies.models.ratings import INVITED, MANAGER, OPEN, PEER, PROPOSED, SELF
from academy.competencies.queries import rounds
from academy.competencies.queries.ratings import FoundRating
from academy.learning.queries.due_days import administrators_of
from academy.notices import services as notices

BATCH = 300
MOST_PEOPLE = 300
MOST_REMINDED = 1000
CLOSED_ALREADY = _l("This rating is closed: nothing of it can be changed any more.")


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody sets when opening a round. `voices` are of "self", "manager", "peer"."""

    title: str
    keys: Collection[str]
    opens_at: datetime
    closes_at: datetime
    voices: Collection[str]
    proposes: bool = False
    notes_shown: bool = False


def open_round(said: Opening, people: Sequence[Person], *, leads: bool, by_id: int, at: datetime) -> list[Rating]:
    """Open a round over the chosen competencies that are asked of each person; whom none is asked of is left out.

    `leads`: whoever opens rates as the manager; else everyone's line manager does. Returns the ratings of those who are in.
    """
    _check(said, people, at)
    targets, ids = rounds.targets_of([person.id for person in people]), rounds.ids_of_holding(said.keys)
    managers = _managers(people, by_id if leads else None)
    chosen: list[tuple[Person, dict[int, int], list[tuple[str, int]]]] = []
    for person in people:
        asked = {ids[key]: int(level) for key, level in targets.get(person.id, {}).items() if key in ids and level}
        raters = _raters(said.voices, person, managers)
        if asked and (raters or PEER in said.voices) and person.id != by_id:
            chosen.append((person, asked, raters))
    if not chosen:
        raise Invalid(_l("None of the chosen competencies is asked of any of these people."), field="competencies")
    row = RatingRound(
        organisation_id=people[0].organisation_id, title=said.title, opened_by_id=by_id, made_at=at, opens_at=said.opens_at,
        closes_at=said.closes_at, self_rates=SELF in said.voices, manager_rates=MANAGER in said.voices,
        peers_rate=PEER in said.voices, proposes=said.proposes and PEER in said.voices,
        notes_shown=said.notes_shown and PEER in said.voices,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    ratings = [Rating(round_id=row.id, person_id=person.id) for person, _asked, _raters in chosen]
    db.session.add_all(ratings)
    db.session.flush()
    order = list(ids.values())
    for rating, (_person, asked, raters) in zip(ratings, chosen, strict=True):
        inside = sorted(asked, key=order.index)
        db.session.add_all(RatingLine(rating_id=rating.id, competency_id=key, target=asked[key]) for key in inside)
        db.session.add_all(RatingVoice(rating_id=rating.id, rater_id=who, voice=voice) for voice, who in raters)
    db.session.flush()
    audit.record(
        "competencies:rating:open", at=at, actor_id=by_id, organisation_id=row.organisation_id,
        subject=("rating_round", row.id, row.title),
        after={"people": len(chosen), "competencies": list(ids), "closes_at": row.closes_at.isoformat()},
    )  # fmt: skip
    return ratings


def _check(said: Opening, people: Sequence[Person], at: datetime) -> None:
    if not people:
        raise Invalid(_l("Choose at least one person."), field="people")
    if len(people) > MOST_PEOPLE:
        raise Invalid(
            _l("A round takes at most %(most)s people. Choose a smaller unit."), field="unit", most=MOST_PEOPLE
        )
    if len({person.organisation_id for person in people}) > 1:
        raise Invalid(_l("Choose people of one organisation for a round."), field="people")
    if not said.keys:
        raise Invalid(_l("Choose at least one competency."), field="competencies")
    if len(said.keys) > rules.MOST_RATED:
        raise Invalid(
            _l("Choose at most %(most)s competencies: nobody rates more of them with care."),
            field="competencies", most=rules.MOST_RATED,
        )  # fmt: skip
    if not said.voices:
        raise Invalid(_l("Choose at least one who rates."), field="voices")
    if said.closes_at <= max(said.opens_at, at):
        raise Invalid(
            _l("Choose a closing day that is still to come and not before the opening day."), field="closes_on"
        )
    if said.closes_at - said.opens_at > rules.LONGEST_ROUND:
        raise Invalid(_l("A round lasts at most %(days)s days."), field="closes_on", days=rules.LONGEST_ROUND.days)


def _managers(people: Sequence[Person], leader_id: int | None) -> Mapping[int, int]:
    """Return who rates each person as the manager: the one who leads the round, else the line manager if active."""
    if leader_id is not None:
        return {person.id: leader_id for person in people}
    ids = {person.manager_id for person in people if person.manager_id}
    active = set(db.session.scalars(select(Person.id).where(Person.id.in_(ids), Person.state == "active")))
    return {person.id: person.manager_id for person in people if person.manager_id in active and person.manager_id}


def _raters(voices: Collection[str], person: Person, managers: Mapping[int, int]) -> list[tuple[str, int]]:
    found = [(SELF, person.id)] if SELF in voices else []
    if MANAGER in voices and managers.get(person.id, person.id) != person.id:
        found.append((MANAGER, managers[person.id]))
    return found


def hold_rating(row: Rating, *states: str) -> None:
    """Take a rating for this transaction, so that closing and rating never overlap; refuse when it is not in these states."""
    held = update(Rating).where(Rating.id == row.id, Rating.state.in_(states)).values(revision=Rating.revision)
    if not change(held):
        raise Conflict(CLOSED_ALREADY)
    db.session.refresh(row)


def add_peers(found: FoundRating, people: Sequence[Person], *, at: datetime) -> None:
    """The manager invites colleagues to rate."""
    for rater in people:
        _join(found, rater, INVITED, at)


def propose_peer(found: FoundRating, rater: Person, *, at: datetime) -> None:
    """The rated person proposes a colleague; the managers are told and decide."""
    row = _join(found, rater, PROPOSED, at)
    for number in deciders(found.rating.id, found.person, at):
        notices.tell(
            number, kinds.PEER_PROPOSED, f"rating:{found.id}:proposed:{row.id}", at=at, address=f"/ratings/{found.id}",
            person=found.person.name, round=title_of(found.round),
        )  # fmt: skip


def _join(found: FoundRating, rater: Person, state: str, at: datetime) -> RatingVoice:
    person = found.person
    if not found.round.peers_rate or at > found.round.closes_at:
        raise Conflict(CLOSED_ALREADY)
    hold_rating(found.rating, OPEN)
    own = RatingVoice.rating_id == found.id
    fits = rater.state == "active" and rater.organisation_id == person.organisation_id
    if not fits:
        raise Invalid(_l("Nobody active in this organisation has this address."), field="email")
    if rater.id == person.id or rater.id in leaders_of(person.id, today=riyadh_day(at)):
        raise Invalid(_l("Choose a colleague: neither the person nor one of their managers."), field="email")
    if db.session.scalar(select(RatingVoice.id).where(own, RatingVoice.rater_id == rater.id)):
        raise Invalid(_l("This colleague takes part already."), field="email")
    if (db.session.scalar(select(func.count()).where(own, RatingVoice.voice == PEER)) or 0) >= rules.MOST_PEERS:
        raise Invalid(_l("At most %(most)s colleagues rate a person."), field="email", most=rules.MOST_PEERS)
    row = RatingVoice(rating_id=found.id, rater_id=rater.id, voice=PEER, state=state)
    db.session.add(row)
    db.session.flush()
    return row


def approve_peer(found: FoundRating, voice_id: int) -> None:
    """The manager takes a proposal: the colleague is invited."""
    hold_rating(found.rating, OPEN)
    proposal = _peer(found, voice_id), RatingVoice.state == PROPOSED
    if not change(update(RatingVoice).where(*proposal).values(state=INVITED)):
        raise Conflict(_l("This proposal has been decided already."))


def remove_peer(found: FoundRating, voice_id: int, *, proposed: bool = False) -> None:
    """Take a peer out, with whatever they said; with `proposed`, only one who was not invited yet.

    Somebody who has handed in is taken out like anybody else: a refusal would tell the manager who has.
    """
    hold_rating(found.rating, OPEN)
    chosen = [_peer(found, voice_id)]
    if proposed:
        chosen.append(RatingVoice.state == PROPOSED)
    if not change(delete(RatingVoice).where(*chosen)):
        raise Conflict(_l("This colleague cannot be taken out any more."))


def _peer(found: FoundRating, voice_id: int) -> ColumnElement[bool]:
    return and_(RatingVoice.id == voice_id, RatingVoice.rating_id == found.id, RatingVoice.voice == PEER)


def deciders(rating_id: int, person: Person, at: datetime) -> list[int]:
    """Return who talks with a person about their rating: who rated as manager, else those who lead them, else administrators."""
    rated = RatingVoice.rating_id == rating_id, RatingVoice.voice == MANAGER
    own = list(db.session.scalars(select(RatingVoice.rater_id).where(*rated)))
    found = own or leaders_of(person.id, today=riyadh_day(at)) or administrators_of(person.organisation_id)
    return [number for number in found if number != person.id]


def title_of(row: RatingRound) -> LocalizedText:
    """Return the title of a round, the same words in both languages."""
    return LocalizedText(row.title, row.title)


def tell_raters(at: datetime) -> int:
    """Tell those who rate that a round is open, each once. Returns how many were told."""
    found = rounds.voices_to_tell(at, most=BATCH)
    for voice, rating, row, name in found:
        untold = RatingVoice.id == voice.id, RatingVoice.told_at.is_(None)
        if not change(update(RatingVoice).where(*untold).values(told_at=at)):
            continue
        kind = kinds.RATING_SELF if voice.voice == SELF else kinds.RATING_ASKED
        notices.tell(
            voice.rater_id, kind, f"rating:{rating.id}:asked", at=at, address=f"/ratings/forms/{voice.id}",
            about_id=voice.id, person=name, round=title_of(row), until=riyadh_day(row.closes_at),
        )  # fmt: skip
    return len(found)


def remind_raters(at: datetime) -> int:
    """Remind those who have not handed in, some days before a round closes. Returns how many were reminded."""
    told = 0
    for stage, before in enumerate(rules.REMIND_BEFORE, start=1):
        late = rounds.voices_to_remind(
            at, until=at + before, told_before=at - rules.QUIET_AFTER_ASKING, stage=stage, most=BATCH
        )
        for voice, _rating, row, name in late:
            due = rules.reminders_due(row.closes_at, at)
            owed = RatingVoice.id == voice.id, RatingVoice.reminders < due, RatingVoice.submitted_at.is_(None)
            if change(update(RatingVoice).where(*owed).values(reminders=due, reminded_at=at)):
                _remind(voice, row, name, str(due), at)
                told += 1
    return told


def remind_by_hand(round_id: int, actor: Actor, *, at: datetime) -> int:
    """Remind whoever still owes a form about the actor's people, each form at most once a day. Returns how many were reminded.

    Which colleagues they are is told to nobody, the actor included.
    """
    today, told = riyadh_day(at), 0
    for voice, _rating, row, name in rounds.voices_to_remind_of(
        round_id, people_overseen(actor), at, most=MOST_REMINDED
    ):
        owed = RatingVoice.id == voice.id, RatingVoice.submitted_at.is_(None), rounds.not_reminded_on(today)
        if change(
            update(RatingVoice).where(*owed).values(reminded_at=at, told_at=func.coalesce(RatingVoice.told_at, at))
        ):
            _remind(voice, row, name, today.isoformat(), at)
            told += 1
    return told


def _remind(voice: RatingVoice, row: RatingRound, name: LocalizedText, which: str, at: datetime) -> None:
    notices.tell(
        voice.rater_id, kinds.RATING_REMINDER, f"rating:{voice.rating_id}:reminded:{which}", at=at,
        address=f"/ratings/forms/{voice.id}", about_id=voice.id, person=name, round=title_of(row),
        until=riyadh_day(row.closes_at),
    )  # fmt: skip
