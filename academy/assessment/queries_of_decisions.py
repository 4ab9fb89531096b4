"""What was decided about the questions of a quiz, as it holds for answers that are still being tried or are judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from academy.assessment.models import APPLIED, FULL, KEY, VOID, QuestionVersion, Regrade
from academy.assessment.rules import Try, tries_of
from academy.assessment.types import kind
from academy.base.db import db


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about a question version in a quiz; `new_version_id` with a corrected key."""

    question_version_id: int
    act: str
    new_version_id: int | None


@dataclass(frozen=True, slots=True)
class Tried:
    """A question of practice as it counts now: its content with the key in force, its tries by it, the last word on it."""

    content: Mapping[str, Any]
    tries: tuple[Try, ...]
    act: str | None


def decisions_in_force(quiz_id: int) -> list[Decision]:
    """Return the applied decisions about the questions of a quiz, in the order in which they were applied."""
    query = select(Regrade.question_version_id, Regrade.act, Regrade.new_version_id)
    rows = db.session.execute(
        query.where(Regrade.quiz_id == quiz_id, Regrade.state == APPLIED).order_by(Regrade.applied_at, Regrade.id)
    )
    return [Decision(*row) for row in rows]


def decided(version_id: int, decisions: Sequence[Decision]) -> tuple[int, str | None]:
    """Return the version that counts for a question as it was asked, and the last word on it: void, full or none."""
    act = None
    for decision in decisions:
        if decision.question_version_id != version_id:
            continue
        if decision.act == KEY and decision.new_version_id:
            version_id, act = decision.new_version_id, None
        else:
            act = decision.act if decision.act in (VOID, FULL) else None
    return version_id, act


def retried(item: Any, content: Mapping[str, Any]) -> tuple[Try, ...]:
    """Return the tries at a question as they are worth by a content; `item` holds its type, paper and tries."""
    of_type = kind(item.type)
    drawn = of_type.drawn(content, item.paper)
    return tuple(Try(of_type.score(drawn, each.response), each.response) for each in tries_of(item.tried))


def tried_now(quiz_id: int, rows: Iterable[Row[Any]]) -> dict[int, Tried]:
    """Return questions of practice (rows with id, version_id, type, content, paper, tried) as they count now, by id.

    One statement, and another one where a key was corrected.
    """
    found, decisions = list(rows), decisions_in_force(quiz_id)
    outcomes = {row.id: decided(row.version_id, decisions) for row in found}
    others = {version_id for version_id, _act in outcomes.values()} - {row.version_id for row in found}
    contents: dict[int, Mapping[str, Any]] = {row.version_id: row.content for row in found}
    if others:
        query = select(QuestionVersion.id, QuestionVersion.content).where(QuestionVersion.id.in_(others))
        contents |= {row.id: row.content for row in db.session.execute(query)}
    now: dict[int, Tried] = {}
    for row in found:
        version_id, act = outcomes[row.id]
        content = contents[version_id]
        tries = tuple(tries_of(row.tried)) if version_id == row.version_id else retried(row, content)
        now[row.id] = Tried(content, tries, act)
    return now
