"""Keeping the Rasch calibration of a quiz version."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from academy import facts
from academy.assessment.models import Calibration
from academy.assessment.queries_of_calibration import RightAnswers
from academy.assessment.rules import Calibration as Estimates
from academy.base import bus
from academy.base.db import db, insert_once


def keep_calibration(answers: RightAnswers, estimates: Estimates | None, *, at: datetime) -> Calibration:
    """Keep what the answers gave in place of the last time; nothing to estimate is kept as an empty calibration."""
    items = zip(answers.question_version_ids, estimates.items if estimates else (), strict=False)
    document = {
        "used": len(answers.rows),
        "items": {str(version_id): asdict(item) if item else None for version_id, item in items},
        "abilities": [asdict(each) for each in estimates.abilities] if estimates else [],
    }

    def make() -> Calibration:
        return Calibration(
            quiz_version_id=answers.quiz_version_id, computed_at=at, attempts=answers.attempts, document=document
        )

    def find() -> Calibration | None:
        return db.session.scalar(
            select(Calibration).where(Calibration.quiz_version_id == answers.quiz_version_id).with_for_update()
        )

    kept, made = insert_once(make, find)
    if not made:
        kept.computed_at, kept.attempts, kept.document = at, answers.attempts, document
        db.session.flush()
    bus.publish(facts.QuizCalibrated(kept.quiz_version_id))
    return kept
