"""A decision carried to the same question in other quizzes and versions: each place a regrade of its own, applied by a job."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from academy.assessment.models import APPLIED, DISCARDED, PROPOSED, QuestionVersion, Regrade
from academy.assessment.queries_of_spreading import CARRIED_BY, Place, places_of
from academy.assessment.refusals_of_regrading import DecidedMeanwhile, NotInForce
from academy.assessment.rules.regrading import CORRECTED, PARTS, likeness
from academy.assessment.services.regrading import Effect, apply_regrade, effect_of, preview_regrade
from academy.base import jobs
from academy.base.db import db, insert_once, lock
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.catalogue.models import Course

IMPOSSIBLE = (PARTS, CORRECTED)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place where the same question was asked: how its version compares, and what the decision would do there."""

    place: Place
    likeness: str
    effect: Effect | None


def elsewhere(origin: Regrade, may: Callable[[Course], bool], *, but: Collection[str] = ()) -> list[Elsewhere]:
    """Return where else the question was asked, in quizzes that a person may decide about, with what would change there.

    What would change is not reckoned for the places named in `but`.
    """
    asked = db.session.get_one(QuestionVersion, origin.question_version_id).content
    corrected = db.session.get(QuestionVersion, origin.new_version_id) if origin.new_version_id else None
    found = []
    for place in places_of(origin, may):
        like = likeness(asked, place.version.content, corrected.content if corrected else None)
        known = like in IMPOSSIBLE or place.key in but
        effect = None if known else effect_of(_carried(origin, place.quiz_id, place.version.id))
        found.append(Elsewhere(place, like, effect))
    return found


def spread_regrade(
    origin_id: int, chosen: Mapping[str, str], *, may: Callable[[Course], bool], by_id: int, at: datetime
) -> list[Regrade]:
    """Carry a decision in force to other places, each by a job of its own; `chosen` names them with the mark that was previewed.

    A place that is carried already stays as it is, however often it is asked. Raises NotInForce, and Invalid when nothing is
    chosen or a place cannot take the decision.
    """
    origin: Regrade = lock(Regrade, origin_id)
    if origin.state != APPLIED:
        raise NotInForce
    places = {each.place.key: each for each in elsewhere(origin, may)}
    if not chosen or not set(chosen) <= {key for key, each in places.items() if each.effect is not None}:
        raise Invalid(_l("Choose at least one place to which the decision can be carried."))
    return [_carry(origin, places[key], seen, by_id, at) for key, seen in chosen.items()]


def _carry(origin: Regrade, there: Elsewhere, seen: str, by_id: int, at: datetime) -> Regrade:
    quiz_id, version_id = there.place.quiz_id, there.place.version.id

    def make() -> Regrade:
        return _carried(origin, quiz_id, version_id, by_id, at)

    def find() -> Regrade | None:
        mine = Regrade.origin_id == origin.id, Regrade.quiz_id == quiz_id, Regrade.question_version_id == version_id
        return db.session.scalar(select(Regrade).where(*mine))

    made, new = insert_once(make, find)
    if not new and made.state != DISCARDED:
        return made
    made.state, made.proposed_by_id, made.proposed_at = PROPOSED, by_id, at
    preview_regrade(made)
    if made.effect["mark"] != seen:
        _note_stale(made)
        return made
    key = f"{CARRIED_BY}{made.id}"
    jobs.free_key(key)
    jobs.enqueue("assessment.carry_regrade", unique_key=key, regrade_id=made.id)
    return made


def _carried(
    origin: Regrade, quiz_id: int, version_id: int, by_id: int | None = None, at: datetime | None = None
) -> Regrade:
    return Regrade(
        quiz_id=quiz_id, question_version_id=version_id, act=origin.act, new_version_id=origin.new_version_id,
        reason=origin.reason, state=PROPOSED, proposed_by_id=by_id, proposed_at=at, origin_id=origin.id,
    )  # fmt: skip


def carry_regrade(regrade_id: int, *, at: datetime) -> None:
    """Put a carried decision in force as it was previewed; one whose effect has changed waits for a second look instead."""
    # Not held here: applying holds the quiz before the regrade.
    regrade = db.session.get(Regrade, regrade_id, populate_existing=True)
    if regrade is None or regrade.state != PROPOSED:
        return
    try:
        apply_regrade(regrade.id, by_id=regrade.proposed_by_id, seen=regrade.effect["mark"], at=at)
    except DecidedMeanwhile:
        preview_regrade(regrade)
        _note_stale(regrade)


def _note_stale(regrade: Regrade) -> None:
    regrade.effect = {**regrade.effect, "stale": True}
    db.session.flush()
