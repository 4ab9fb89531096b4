"""Closing a rating, agreeing on levels, the person's answer, and the evidence that follows."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from sqlalchemy import delete, select, update

from academy.accounts.models import Person
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import change, db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.competencies import kinds, rules
from academy.competencies.models import (
    Rating,
    RatingAgreement,
    RatingAnswer,
    RatingLine,
    RatingVoice,
)
from academy.competencies.models.ratings import AGREED, CLOSED, CONFIRMED, OBJECTED, OPEN, SELF, SETTLED
from academy.competencies.queries import ratings, rounds
from academy.competencies.queries.ratings import FoundRating, Said
from academy.competencies.services.judging import add_evidence, recompute
from academy.competencies.services.rounds import deciders, title_of
from academy.notices import services as notices

BATCH = 200
STALE = _l("This rating was changed in the meantime. Look at it as it stands now.")


def close_rating(rating_id: int, *, by_id: int | None, at: datetime) -> bool:
    """Close somebody's rating: figures of peers are fixed, what was never handed in is thrown away, evidence is written.

    Returns whether it was still open.
    """
    ending = Rating.id == rating_id, Rating.state == OPEN
    if not change(update(Rating).where(*ending).values(state=CLOSED, closed_at=at)):
        return False
    unsent = select(RatingVoice.id).where(RatingVoice.rating_id == rating_id, RatingVoice.submitted_at.is_(None))
    db.session.execute(delete(RatingAnswer).where(RatingAnswer.voice_id.in_(unsent)))
    db.session.expire_all()
    found = ratings.rating(rating_id)
    assert found is not None
    _fix_figures(found, at)
    _record("competencies:rating:close", found, by_id, at)
    title = title_of(found.round)
    for number in deciders(rating_id, found.person, at):
        notices.tell(
            number, kinds.RATING_CLOSED, f"rating:{rating_id}:closed", at=at, address=f"/ratings/{rating_id}",
            person=found.person.name, round=title,
        )  # fmt: skip
    cause = f"rating:{rating_id}:seen"
    notices.tell(found.person_id, kinds.RATING_SEEN, cause, at=at, address=f"/ratings/{rating_id}", round=title)
    return True


def close_over(at: datetime) -> int:
    """Close the ratings whose closing moment has passed. Returns how many."""
    late = rounds.over(at, most=BATCH)
    return sum(close_rating(number, by_id=None, at=at) for number in late)


def _fix_figures(found: FoundRating, at: datetime) -> None:
    """Write what peers say together into the lines, once, and with the self-rating into the ledger."""
    peers = rounds.peer_levels(found.id)
    own = ratings.handed_in(found.id, views=True).views.get(SELF, {})
    touched = []
    for line in rounds.lines(found.id):
        said = rules.together(peers.get(line.id, ()))
        if said is not None:
            line.peers, line.peers_sum, line.peers_low, line.peers_high = said.count, said.total, said.low, said.high
            _piece(found, line, "peer", rules.claim_of_peers(said), at=at)
        level, _note = own.get(line.id, (None, ""))
        if level is not None:
            _piece(found, line, "self", (Fraction(level, rules.HIGHEST), 0), items=0, at=at)
        if said is not None or level is not None:
            touched.append(line.competency_id)
    db.session.flush()
    recompute(found.person_id, touched, at=at)


def _piece(
    found: FoundRating, line: RatingLine, kind: str, claim: tuple[Fraction, int], *,
    at: datetime, items: int = 1, ref: int | None = None, by_id: int | None = None,
) -> None:  # fmt: skip
    share, supports = claim
    add_evidence(
        found.person_id, line.competency_id, kind=kind, ref=ref or line.id, source=f"rating:{found.id}:{kind}",
        course_id=None, title=title_of(found.round), share=share, items=items, supports_level=supports, observed_at=at,
        by_id=by_id,
    )  # fmt: skip


def agree(found: FoundRating, revision: int, levels: Mapping[int, Said], *, by_id: int, at: datetime) -> None:
    """Record what was agreed on, by line, as a new revision; one that was recorded before is kept and replaced.

    Nothing counts before the person has confirmed it, or kept silent for a week.
    """
    if all(level is None for level, _note in levels.values()):
        raise Invalid(_l("Record a level for at least one competency."), field=f"level_{next(iter(levels), 0)}")
    row = found.rating
    seen = Rating.id == row.id, Rating.state.in_((CLOSED, AGREED)), Rating.revision == revision
    values = {
        "state": AGREED, "revision": revision + 1, "agreed_at": at, "agreed_by_id": by_id, "answer": None,
        "answered_at": None, "objection": "",
    }  # fmt: skip
    if not change(update(Rating).where(*seen).values(values)):
        raise Conflict(STALE)
    db.session.refresh(row)
    for line in rounds.lines(row.id):
        level, note = levels.get(line.id, (None, ""))
        db.session.add(
            RatingAgreement(line_id=line.id, revision=row.revision, level=level, note=note, made_at=at, by_id=by_id)
        )
    db.session.flush()
    _record("competencies:rating:agree", found, by_id, at)
    notices.tell(
        found.person_id, kinds.RATING_AGREED, f"rating:{row.id}:agreed:{row.revision}", at=at, address=f"/ratings/{row.id}",
        by=db.session.get_one(Person, by_id).name, round=title_of(found.round),
        until=riyadh_day(at + rules.ANSWER_AGREEMENT_WITHIN),
    )  # fmt: skip


def confirm_agreement(found: FoundRating, revision: int, *, at: datetime) -> None:
    """The person confirms the levels: they are evidence now."""
    if not _answer(found, revision, CONFIRMED, "", found.person_id, at):
        raise Conflict(STALE)
    _tell_answer(found, at)
    _count(found, at)


def object_to_agreement(found: FoundRating, revision: int, objection: str, *, at: datetime) -> None:
    """The person objects in words: this revision never counts; the manager may record another one."""
    if not objection.strip():
        raise Invalid(_l("Say why you object, so that your manager can answer you."), field="objection")
    if not _answer(found, revision, OBJECTED, objection, found.person_id, at):
        raise Conflict(STALE)
    _tell_answer(found, at)


def settle_agreements(at: datetime) -> int:
    """Let levels count that were recorded a week ago and never answered. Returns how many ratings."""
    settled = 0
    for number in rounds.unanswered_since(at - rules.ANSWER_AGREEMENT_WITHIN, most=BATCH):
        found = ratings.rating(number)
        if found is not None and _answer(found, found.rating.revision, SETTLED, "", None, at):
            _count(found, at)
            settled += 1
    return settled


def _answer(found: FoundRating, revision: int, answer: str, objection: str, by_id: int | None, at: datetime) -> bool:
    waits = Rating.id == found.id, Rating.state == AGREED, Rating.answer.is_(None), Rating.revision == revision
    if not change(update(Rating).where(*waits).values(answer=answer, objection=objection, answered_at=at)):
        return False
    db.session.refresh(found.rating)
    _record("competencies:rating:answer" if by_id else "competencies:rating:settle", found, by_id, at)
    return True


def _tell_answer(found: FoundRating, at: datetime) -> None:
    row = found.rating
    if row.agreed_by_id is not None:
        notices.tell(
            row.agreed_by_id, kinds.RATING_ANSWERED, f"rating:{row.id}:answered:{row.revision}", at=at,
            address=f"/ratings/{row.id}", person=found.person.name, round=title_of(found.round),
            objection=row.objection or None,
        )  # fmt: skip


def _count(found: FoundRating, at: datetime) -> None:
    """Write the levels of the present revision into the ledger. One left out takes the place of an earlier one with no weight."""
    row, touched = found.rating, []
    query = (
        select(RatingAgreement, RatingLine)
        .join(RatingLine, RatingLine.id == RatingAgreement.line_id)
        .where(RatingLine.rating_id == row.id, RatingAgreement.revision == row.revision)
        .order_by(RatingLine.id)
    )
    for agreed, line in db.session.execute(query).all():
        if agreed.level is None and row.revision == 1:
            continue
        claim = (Fraction(0), 0) if agreed.level is None else rules.claim_of_level(agreed.level)
        _piece(
            found, line, "agreed", claim, items=0 if agreed.level is None else 1, ref=agreed.id, by_id=agreed.by_id,
            at=agreed.made_at,
        )  # fmt: skip
        touched.append(line.competency_id)
    recompute(found.person_id, touched, at=at)


def _record(act: str, found: FoundRating, actor_id: int | None, at: datetime) -> None:
    row = found.rating
    levels = {line.key: line.agreed for line in ratings.lines_of(row)} if row.revision else None
    audit.record(
        act, at=at, actor_id=actor_id, organisation_id=found.person.organisation_id,
        subject=("rating", row.id, found.person.name.show("ar")),
        after={
            "state": row.state, "revision": row.revision, "answer": row.answer, "objection": row.objection,
            "levels": levels, "person_id": row.person_id,
        },
    )  # fmt: skip
