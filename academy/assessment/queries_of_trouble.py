"""The hardest questions and those in doubt over many quizzes, from the figures as they were last reckoned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, select

from academy.assessment import rules
from academy.assessment.models import Calibration, Quiz, QuizReckoning, QuizVersion
from academy.assessment.policies_of_marking import quizzes_marked
from academy.assessment.queries_of_calibration import Scale, scale
from academy.assessment.queries_of_editing import drawn_questions
from academy.assessment.queries_of_marking import QuestionQueue, questions
from academy.assessment.queries_of_reckoning import Figures
from academy.assessment.queries_of_statistics import read_kept
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course

LOOKED_AT = 200
WHY = rules.FLAGS
HARMLESS = frozenset({"too_easy", "too_hard"})


@dataclass(frozen=True, slots=True)
class Troubled:
    """A question, its quiz and course, the share earned with its margin of 95 %, and the remarks on it."""

    course_key: str
    quiz_version_id: int
    quiz: LocalizedText
    number: int
    stem: LocalizedText
    attempts: int
    difficulty: Fraction
    interval: rules.Interval | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """The hardest questions, those in doubt, how many these are in all, and since when the oldest figures stand."""

    hardest: list[Troubled]
    doubted: list[Troubled]
    in_doubt: int
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class _Found:
    number: int
    figures: Figures
    row: Any
    flags: tuple[str, ...]

    @property
    def hard(self) -> Fraction:
        return self.figures.statistics.difficulty or Fraction(0)


def trouble(scope: ColumnElement[bool], *, most: int) -> Trouble:
    """Return the questions of the quizzes of a filter on Quiz and Course that give trouble (two statements).

    Of each quiz counts the newest version that was reckoned; a question counts once there are enough attempts to say anything.
    In doubt is one with a remark that calls for a look at its text or key, not merely one that is hard or easy.
    """
    query = (
        select(QuizReckoning, Calibration, QuizVersion.id, QuizVersion.quiz_id, QuizVersion.title, Course.key)
        .join(QuizVersion, QuizVersion.id == QuizReckoning.quiz_version_id)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .outerjoin(Calibration, Calibration.quiz_version_id == QuizVersion.id)
        .where(scope, QuizVersion.frozen_at.is_not(None), Course.retired_at.is_(None))
        .order_by(QuizVersion.id.desc())
        .limit(LOOKED_AT)
    )
    newest: dict[int, Any] = {}
    for row in db.session.execute(query):
        newest.setdefault(row.quiz_id, row)
    found = [each for row in newest.values() for each in _questions(row)]
    hardest = sorted(found, key=lambda each: (each.hard, each.figures.version_id))[:most]
    doubted = [each for each in found if set(each.flags) - HARMLESS]
    worst = sorted(doubted, key=lambda each: (-len(each.flags), each.hard, each.figures.version_id))[:most]
    stems = _stems([each.figures.version_id for each in (*hardest, *worst)])
    as_of = min((row.QuizReckoning.as_of for row in newest.values()), default=None)
    return Trouble(_told(hardest, stems), _told(worst, stems), len(doubted), as_of)


def waiting_for(actor: Actor, now: datetime) -> list[QuestionQueue]:
    """Return the questions whose answers somebody may mark, those that wait longest first (two statements)."""
    return questions(quizzes_marked(actor), actor.person_id, now)


def _questions(row: Any) -> list[_Found]:
    kept = read_kept(row.QuizReckoning)
    if kept is None:
        return []
    fits = scale(row.Calibration)
    return [
        _Found(number, each, row, _flags(each, fits))
        for number, each in enumerate(kept.questions, start=1)
        if each.statistics.enough and each.statistics.difficulty is not None
    ]


def _flags(each: Figures, fits: Scale | None) -> tuple[str, ...]:
    return rules.remarks(
        each.statistics,
        omitted=1 - Fraction(each.answered, each.asked) if each.asked else Fraction(0),
        choices=[choice.statistics for choice in each.choices],
        difference=each.difference,
        faces=each.faces,
        fit=fits.items.get(each.version_id) if fits else None,
    )


def _stems(version_ids: Sequence[int]) -> dict[int, LocalizedText]:
    return {each.version_id: each.stem for each in drawn_questions(sorted(set(version_ids)))}


def _told(found: Sequence[_Found], stems: dict[int, LocalizedText]) -> list[Troubled]:
    return [
        Troubled(
            each.row.key, each.row.id, each.row.title, each.number, stems[each.figures.version_id], each.figures.statistics.attempts,
            each.hard, each.figures.statistics.interval, each.flags,
        )
        for each in found
        if each.figures.version_id in stems
    ]  # fmt: skip
