"""The categories of a bank as a tree: in their order, with how many questions lie in each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from academy.assessment.models import Question, QuestionCategory
from academy.assessment.policies_of_bank import questions_seen
from academy.assessment.rules.bank import depth, lies_within
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category in the tree: `depth` from 1, questions in it alone (`own`) and with everything below (`total`)."""

    id: int
    parent_id: int | None
    path: str
    key: str
    name: LocalizedText
    own: int
    total: int
    first: bool
    last: bool

    @property
    def depth(self) -> int:
        """How deep it lies; 1 at the top."""
        return depth(self.path)


def category(category_id: int) -> QuestionCategory | None:
    """Return a category."""
    return db.session.get(QuestionCategory, category_id)


def shelves(organisation_id: int, actor: Actor | None = None) -> list[Shelf]:
    """Return the whole tree in its order, in one statement; questions are counted as far as the actor sees them."""
    seen = Question.organisation_id == organisation_id if actor is None else questions_seen(actor, organisation_id)
    counts = (
        select(Question.category_id, func.count().label("questions"))
        .where(seen, Question.state != "retired", Question.category_id.is_not(None))
        .group_by(Question.category_id)
        .subquery()
    )
    rows = db.session.execute(
        select(QuestionCategory, func.coalesce(counts.c.questions, 0).label("questions"))
        .outerjoin(counts, counts.c.category_id == QuestionCategory.id)
        .where(QuestionCategory.organisation_id == organisation_id)
        .order_by(QuestionCategory.position, QuestionCategory.id)
    ).all()
    below = defaultdict(list)
    for row in rows:
        below[row[0].parent_id].append(row)
    return list(_walk(None, below, rows))


def _walk(parent_id: int | None, below: dict[int | None, list[Row[Any]]], rows: Sequence[Row[Any]]) -> Iterator[Shelf]:
    siblings = below.get(parent_id, [])
    for place, row in enumerate(siblings):
        found, questions = row[0], row.questions
        total = sum(other.questions for other in rows if lies_within(other[0].path, found.path))
        yield Shelf(
            found.id, parent_id, found.path, found.key, found.name, questions, total,
            place == 0, place == len(siblings) - 1,
        )  # fmt: skip
        yield from _walk(found.id, below, rows)
