"""The sections of a draft quiz: parts with fixed questions, and parts that draw them."""

from collections.abc import Collection, Sequence
from typing import Literal

from sqlalchemy import select

from academy.assessment.models import QuizSection, QuizVersion
from academy.assessment.queries_of_pools import DRAWN
from academy.assessment.refusals_of_editing import QuestionsOutOfStep
from academy.assessment.rules.lines import MOST_DRAWN, MOST_LINES, DrawLine
from academy.assessment.services.editing import FIXED, hold_quiz, items_of
from academy.base.db import db
from academy.base.errors import Invalid, NotFound
from academy.base.i18n import _
from academy.base.text import LocalizedText

MOST_SECTIONS = 20


def keep_fixed(
    activity_id: int, section_id: int | None, title: LocalizedText, item_ids: Collection[int]
) -> QuizSection:
    """Keep a section with these fixed questions, a new one without an id; questions it loses stand before all sections."""
    held = hold_quiz(activity_id)
    section = _section(held.quiz, section_id, FIXED)
    section.title = title
    db.session.flush()
    items = items_of(held.quiz)
    if not set(item_ids) <= {item.id for item in items}:
        raise QuestionsOutOfStep
    for item in items:
        if item.id in item_ids:
            item.section_id = section.id
        elif item.section_id == section.id:
            item.section_id = None
    db.session.flush()
    return section


def keep_draw(activity_id: int, section_id: int | None, title: LocalizedText, lines: Sequence[DrawLine]) -> QuizSection:
    """Keep a section that draws by these lines, a new one without an id. Raises Invalid for lines that ask for nothing."""
    _check(lines)
    held = hold_quiz(activity_id)
    section = _section(held.quiz, section_id, DRAWN)
    section.title, section.draw = title, {"lines": [line.as_json() for line in lines]}
    db.session.flush()
    return section


def _check(lines: Sequence[DrawLine]) -> None:
    if not lines:
        raise Invalid(_("Add at least one line."), field="lines")
    if len(lines) > MOST_LINES or sum(line.count for line in lines) > MOST_DRAWN:
        raise Invalid(_("A section draws at most %(most)s questions.", most=MOST_DRAWN), field="lines")
    for line in lines:
        if line.count < 1 or line.points < 1 or not line.names_something:
            raise Invalid(_("Say how many questions to draw, and what they must be."), field="lines")


def remove_section(activity_id: int, section_id: int) -> None:
    """Take a section away; its fixed questions stay in the quiz, before all sections."""
    held = hold_quiz(activity_id)
    section = _found(held.quiz, section_id)
    for item in items_of(held.quiz):
        if item.section_id == section.id:
            item.section_id = None
    db.session.flush()
    db.session.delete(section)
    db.session.flush()
    _number(_all(held.quiz))


def move_section(activity_id: int, section_id: int, direction: Literal["up", "down"]) -> None:
    """Move a section a place up or down; at an end it stays."""
    held = hold_quiz(activity_id)
    section = _found(held.quiz, section_id)
    order = _all(held.quiz)
    here = order.index(section)
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    _number(order)


def _section(quiz: QuizVersion, section_id: int | None, kind: str) -> QuizSection:
    if section_id is not None:
        section = _found(quiz, section_id)
        if section.kind != kind:
            raise NotFound
        return section
    present = _all(quiz)
    if len(present) >= MOST_SECTIONS:
        raise Invalid(_("A quiz has at most %(most)s sections.", most=MOST_SECTIONS))
    section = QuizSection(quiz_version_id=quiz.id, position=len(present) + 1, kind=kind, title=LocalizedText())
    db.session.add(section)
    return section


def _all(quiz: QuizVersion) -> list[QuizSection]:
    query = select(QuizSection).where(QuizSection.quiz_version_id == quiz.id)
    return list(db.session.scalars(query.order_by(QuizSection.position, QuizSection.id)))


def _found(quiz: QuizVersion, section_id: int) -> QuizSection:
    section = db.session.get(QuizSection, section_id)
    if section is None or section.quiz_version_id != quiz.id:
        raise NotFound
    return section


def _number(sections: Sequence[QuizSection]) -> None:
    for position, section in enumerate(sections, start=1):
        section.position = position
    db.session.flush()
