"""The paper of an attempt: its fixed questions and those it draws, in the order in which the learner meets them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from academy.assessment.models import QuestionVersion, QuizItem, QuizVersion
from academy.assessment.queries_of_pools import DRAWN, SectionRow, pool_of, sections_of
from academy.assessment.rules import question_order, seeded_rng
from academy.assessment.rules.draws import Pool, draw
from academy.assessment.rules.papers import shuffled
from academy.assessment.services.quizzes import PoolTooSmall
from academy.assessment.types import kind, points_of
from academy.base.db import db


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an attempt before it is written down; `authored` is its place before shuffling, from 1."""

    version_id: int
    points: int
    section_id: int | None
    authored: int


def questions_for(version: QuizVersion, seed: int) -> list[Asked]:
    """Return the questions of one attempt in the order shown; two statements, or three when the quiz draws.

    Questions without a section come first, then section after section. Shuffling stays within a section. Raises
    PoolTooSmall when the pool cannot fill the lines, which publishing has ruled out.
    """
    sections = sections_of([version.id]).get(version.id, [])
    groups: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    query = (
        select(QuizItem.section_id, QuizItem.question_version_id, QuizItem.points, QuestionVersion.type)
        .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
        .where(QuizItem.quiz_version_id == version.id)
        .order_by(QuizItem.position, QuizItem.id)
    )
    for section_id, version_id, points, type_name in db.session.execute(query):
        groups[section_id].append((version_id, points_of(type_name, points)))
    for section_id, drawn in _drawn(version.id, seed, sections).items():
        groups[section_id] += drawn
    asked, authored = [], 0
    for number, section_id in enumerate([None, *(section.id for section in sections)]):
        group = groups.get(section_id, [])
        for place in _order(seed, number, len(group), shuffle=version.shuffle):
            version_id, points = group[place - 1]
            asked.append(Asked(version_id, points, section_id, authored + place))
        authored += len(group)
    return asked


def _order(seed: int, section: int, count: int, *, shuffle: bool) -> list[int]:
    """Return the order within one section; without sections it is that of the whole quiz, as it always was."""
    if not section:
        return question_order(seed, count, shuffle=shuffle)
    rng = seeded_rng(seed, -1 - section)
    return shuffled(range(1, count + 1), rng) if shuffle else list(range(1, count + 1))


def _drawn(version_id: int, seed: int, sections: list[SectionRow]) -> dict[int, list[tuple[int, int]]]:
    """Return what the sections draw: id → (question version, points), as the lines stand."""
    lines = [(section.id, place, line) for section in sections if section.kind == DRAWN
             for place, line in enumerate(section.lines)]  # fmt: skip
    if not lines:
        return {}
    pools = pool_of(version_id)
    found = draw(seed, [Pool(line.count, tuple(pools.get((key, place), ()))) for key, place, line in lines])
    if found is None:
        raise PoolTooSmall
    drawn: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (section_id, _place, line), chosen in zip(lines, found, strict=True):
        drawn[section_id] += [(each.version_id, line.points) for each in chosen]
    return drawn


def papers(attempt_id: int, seed: int, asked: list[Asked], *, shuffle: bool) -> list[dict[str, Any]]:
    """Return the rows of an attempt's questions; one statement reads what they ask."""
    query = select(QuestionVersion.id, QuestionVersion.type, QuestionVersion.content)
    found = db.session.execute(query.where(QuestionVersion.id.in_({each.version_id for each in asked})))
    contents = {row.id: row for row in found}
    rows = []
    for position, each in enumerate(asked, start=1):
        question = contents[each.version_id]
        content = question.content if shuffle else {**question.content, "shuffle": False}
        rows.append(
            {
                "attempt_id": attempt_id,
                "question_version_id": each.version_id,
                "section_id": each.section_id,
                "position": position,
                "points": points_of(question.type, each.points),
                "paper": kind(question.type).paper(content, seeded_rng(seed, each.authored)),
            }
        )
    return rows
