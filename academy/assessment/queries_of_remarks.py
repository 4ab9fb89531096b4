"""What markers say of an answer to its learner, once the result is released."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from academy.assessment.models import FINAL_MARK, AnswerMark, AttemptItem, QuestionVersion
from academy.assessment.types.rubrics import criterion_points
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Judgement:
    """One criterion as it was judged: the level, if it has levels, and the points of so many."""

    criterion: LocalizedText
    level: LocalizedText | None
    points: Fraction
    most: int


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the markers of an answer say to its learner: comments, and the rubric when one mark alone decided."""

    comments: tuple[str, ...]
    judgements: tuple[Judgement, ...]


def remarks_on(item_ids: Sequence[int]) -> dict[int, Remarks]:
    """Return the remarks on answers by item, in one statement; private notes stay with the markers."""
    if not item_ids:
        return {}
    columns = (AnswerMark.item_id, AnswerMark.turn, AnswerMark.comment, AnswerMark.picks, QuestionVersion.content)
    query = (
        select(*columns)
        .join(AttemptItem, AttemptItem.id == AnswerMark.item_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(AnswerMark.item_id.in_(item_ids), AnswerMark.state == FINAL_MARK)
        .order_by(AnswerMark.turn)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.item_id, []).append(row)
    return {item_id: _remarks(rows) for item_id, rows in found.items()}


def _remarks(rows: list[Any]) -> Remarks:
    """A third mark decides alone, so it alone is told; two that were averaged tell comments but no single rubric."""
    telling = rows[-1:] if len(rows) != 2 else rows
    judgements = judgements_of(telling[0].content, telling[0].picks) if len(telling) == 1 else ()
    return Remarks(tuple(row.comment for row in telling if row.comment), judgements)


def judgements_of(content: Mapping[str, Any], picks: Mapping[str, str]) -> tuple[Judgement, ...]:
    """Return every decided criterion of a rubric with what was picked."""
    return tuple(
        _judgement(criterion, picks[criterion["id"]])
        for criterion in content.get("rubric") or ()
        if criterion["id"] in picks
    )


def _judgement(criterion: Mapping[str, Any], pick: str) -> Judgement:
    text, most = LocalizedText.of(criterion["text"]), criterion_points(criterion)
    if "levels" not in criterion:
        return Judgement(text, None, Fraction(Decimal(pick)), most)
    level = next(each for each in criterion["levels"] if each["id"] == pick)
    return Judgement(text, LocalizedText.of(level["text"]), Fraction(level["points"]), most)
