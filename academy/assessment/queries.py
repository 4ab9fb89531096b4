"""What other slices ask about attempts, and how scores are read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, select

from academy.assessment import rules, types
from academy.assessment.models import GRADED, Attempt, AttemptItem, Calibration, QuestionVersion, Quiz, QuizVersion
from academy.assessment.numbers import exact as exact
from academy.base.db import db
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class CompetencyShare:
    """What an attempt says of one competency: how many questions, the share of their points, how far it can be trusted.

    Without a question that still counts, nothing can be trusted. `by_hand`: people marked every answer.
    """

    competency_key: str
    items: int
    share: Fraction
    precision: rules.Precision | None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class AttemptEvidence:
    """A graded attempt as evidence. `practice`: its answers could be checked and tried again."""

    attempt_id: int
    learner_id: int
    course_id: int
    quiz_id: int
    cycle: int
    title: LocalizedText
    submitted_at: datetime
    per_competency: tuple[CompetencyShare, ...]
    practice: bool = False


def percent_of(score: Decimal | None, most: Decimal) -> Fraction | None:
    """Return a kept score as a percentage."""
    return None if score is None or not most else Fraction(score) * 100 / Fraction(most)


def whole_percent(percent: Fraction | None) -> int | None:
    """Return a percentage as pages show it: rounded down, so that nobody reads 70 who failed with 69.6."""
    return None if percent is None else percent.numerator // percent.denominator


def attempt_evidence(attempt_id: int) -> AttemptEvidence | None:
    """Return what a graded attempt says of each competency, None until it is graded; one statement.

    Questions that count for nobody say nothing; a competency that only they measured has no items left.
    """
    return next(iter(evidence_of_attempts([attempt_id])), None)


def evidence_of_attempts(attempt_ids: Collection[int]) -> list[AttemptEvidence]:
    """Return what the graded ones among these attempts say of each competency, in one statement.

    The calibration of the quiz version comes with the first question of each attempt only.
    """
    first = func.row_number().over(partition_by=Attempt.id, order_by=AttemptItem.position) == 1
    query = (
        select(
            Attempt.id,
            Attempt.learner_id,
            Attempt.quiz_id,
            Attempt.cycle,
            Attempt.submitted_at,
            Quiz.course_id,
            QuizVersion.title,
            QuizVersion.tries,
            QuestionVersion.competency_key,
            QuestionVersion.type,
            AttemptItem.question_version_id,
            AttemptItem.points,
            AttemptItem.share,
            AttemptItem.voided,
            case((first, Calibration.document)).label("calibration"),
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .outerjoin(Calibration, Calibration.quiz_version_id == Attempt.quiz_version_id)
        .where(Attempt.id.in_(attempt_ids), Attempt.state == GRADED)
        .order_by(Attempt.id, AttemptItem.position)
    )
    rows = db.session.execute(query).all()
    return [_evidence(list(inside)) for _id, inside in groupby(rows, key=lambda row: row.id)]


def graded_attempts(quiz_version_id: int, *, after: int, most: int) -> list[int]:
    """Return the next graded attempts at a quiz version behind the attempt `after`, in the order of their ids."""
    at_version = (Attempt.quiz_version_id == quiz_version_id, Attempt.state == GRADED)
    query = select(Attempt.id).where(*at_version, Attempt.id > after).order_by(Attempt.id).limit(most)
    return list(db.session.scalars(query))


def _difficulties(document: Mapping[str, Any] | None) -> dict[int, float]:
    """Return the difficulty of each question that the calibration could place; nothing without one."""
    items = document["items"] if document else {}
    return {int(key): item["difficulty"] for key, item in items.items() if item}


def _evidence(rows: Sequence[Any]) -> AttemptEvidence:
    head = rows[0]
    difficulties = _difficulties(head.calibration)
    marks: dict[str, list[rules.Mark]] = defaultdict(list)
    checked: set[str] = set()
    for row in rows:
        if row.competency_key and row.points:
            counted = marks[row.competency_key]
            if not row.voided:
                counted.append(rules.Mark(row.question_version_id, row.points, exact(row.share)))
                checked |= {row.competency_key} if row.type not in types.marked_by_hand() else set()
    return AttemptEvidence(
        head.id,
        head.learner_id,
        head.course_id,
        head.quiz_id,
        head.cycle,
        head.title,
        head.submitted_at,
        tuple(
            CompetencyShare(
                key,
                len(found),
                _share(found),
                rules.precision(found, difficulties) if found else None,
                key not in checked,
            )
            for key, found in sorted(marks.items())
        ),
        head.tries > 1,
    )


def _share(marks: Sequence[rules.Mark]) -> Fraction:
    most = sum(mark.points for mark in marks)
    return sum((mark.points * mark.share for mark in marks), Fraction(0)) / most if most else Fraction(0)
