"""All standings computed anew when the model has changed: a preview of who moves, then the act itself, in batches."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from academy.base import audit, jobs
from academy.base.db import db
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.competencies import rules
from academy.competencies.models import Evidence, Recomputation, Standing
from academy.competencies.queries.standing import piece
from academy.competencies.services.judging import recompute

AT_ONCE = 300
MOST_NAMED = 200
PREVIEW, APPLY = "competencies.preview", "competencies.apply"


def start_preview(*, actor_id: int, at: datetime) -> Recomputation:
    """Ask who would move. While a preview or a recomputation runs, that one is returned."""
    busy = select(Recomputation).where(Recomputation.state.in_(("previewing", "applying"))).limit(1)
    if found := db.session.scalar(busy):
        return found
    row = Recomputation(model_version=rules.MODEL, asked_by_id=actor_id, asked_at=at, moves={}, movers=[])
    db.session.add(row)
    db.session.flush()
    jobs.enqueue(PREVIEW, recomputation_id=row.id)
    return row


def apply(row: Recomputation, *, actor_id: int, at: datetime) -> None:
    """Compute every standing anew, in the background, once its preview has been seen."""
    if row.state != "previewed" or row.model_version != rules.MODEL:
        raise Conflict(_l("Make a new preview first: this one has been applied or is of another model."))
    row.state, row.applied_by_id, row.after_person, row.finished_at = "applying", actor_id, 0, None
    jobs.enqueue(APPLY, recomputation_id=row.id)
    audit.record(
        "competencies:model:apply", at=at, actor_id=actor_id, subject=("recomputation", row.id, row.model_version),
        after={"moves": row.moves},
    )  # fmt: skip
    db.session.flush()


def preview_some(recomputation_id: int, *, at: datetime) -> bool:
    """Reckon the next people of a preview, in three statements. Returns whether there may be more."""
    row = db.session.get_one(Recomputation, recomputation_id)
    people = _next(row)
    found = moves(people, rules.CURRENT, at)
    counts = dict(row.moves)
    for each in found:
        counts[each["move"]] = counts.get(each["move"], 0) + 1
    told = [each for each in found if each["move"] in ("raised", "lowered")]
    row.moves, row.movers = counts, [*row.movers, *told][:MOST_NAMED]
    return _step(row, people, "previewed", at)


def apply_some(recomputation_id: int, *, at: datetime) -> bool:
    """Compute the standings of the next people anew. Returns whether there may be more."""
    row = db.session.get_one(Recomputation, recomputation_id)
    people = _next(row)
    known: dict[int, set[int]] = {}
    pairs = select(Evidence.person_id, Evidence.competency_id).where(Evidence.person_id.in_(people)).distinct()
    for person_id, competency_id in db.session.execute(pairs):
        known.setdefault(person_id, set()).add(competency_id)
    for person_id in people:
        recompute(person_id, known[person_id], at=at)
    return _step(row, people, "applied", at)


def _next(row: Recomputation) -> Sequence[int]:
    query = select(Evidence.person_id).where(Evidence.person_id > row.after_person).distinct()
    return db.session.scalars(query.order_by(Evidence.person_id).limit(AT_ONCE)).all()


def _step(row: Recomputation, people: Sequence[int], finished: str, at: datetime) -> bool:
    if people:
        row.after_person = people[-1]
    if row.state == "previewing":
        row.people += len(people)
    more = len(people) == AT_ONCE
    if not more:
        row.state, row.finished_at = finished, at
    db.session.flush()
    return more


def moves(people: Iterable[int], model: rules.Model, at: datetime) -> list[dict[str, Any]]:
    """Return how the standings of these people would move under a model, in two statements.

    A move is "raised" or "lowered" by level (none counts below 0), "score" when only the score changes, else "same".
    """
    ids = list(people)
    pieces: dict[tuple[int, int], list[rules.Piece]] = {}
    for row in db.session.scalars(select(Evidence).where(Evidence.person_id.in_(ids)).order_by(Evidence.id)):
        pieces.setdefault((row.person_id, row.competency_id), []).append(piece(row))
    standings = select(Standing).where(Standing.person_id.in_(ids))
    now = {(row.person_id, row.competency_id): (row.score, row.level) for row in db.session.scalars(standings)}
    return [_move(key, now.get(key, (None, None)), rules.judge(found, at, model)) for key, found in pieces.items()]


def _move(key: tuple[int, int], before: tuple[Decimal | None, int | None], result: rules.Result) -> dict[str, Any]:
    score = None if result.score is None else Decimal(f"{float(result.score):.2f}")
    was, will = _rank(before[1]), _rank(result.level)
    move = "raised" if will > was else "lowered" if will < was else "same" if score == before[0] else "score"
    return {
        "person": key[0],
        "competency": key[1],
        "move": move,
        "was": before[1],
        "becomes": result.level,
    }


def _rank(level: int | None) -> int:
    return -1 if level is None else level
