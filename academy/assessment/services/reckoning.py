"""Reckoning the statistics of a quiz version in the background: asked for once at a time, kept whole or not at all."""

from datetime import datetime

from sqlalchemy import select, update

from academy.assessment.models import QuizReckoning
from academy.assessment.queries_of_reckoning import LAYOUT, Reckoned
from academy.assessment.queries_of_statistics import Basis, job_key
from academy.base import jobs
from academy.base.db import db, insert_once
from academy.base.documents import packed
from academy.base.jobs import FAILED, RUNNING, Job


def ask_to_reckon(quiz_version_id: int) -> None:
    """Queue the reckoning of a quiz version; one that waits or runs already stays the only one, a failed one makes way."""
    key = job_key(quiz_version_id)
    given_up = select(Job).where(Job.unique_key == key, Job.state == FAILED).with_for_update()
    for failed in db.session.scalars(given_up):
        failed.unique_key = None
    db.session.flush()
    jobs.enqueue("assessment.reckon", unique_key=key, quiz_version_id=quiz_version_id)


def keep_reckoning(basis: Basis, reckoned: Reckoned, *, as_of: datetime) -> QuizReckoning:
    """Keep figures in place of older ones, and let the quiz version be asked for again. Newer ones stay."""
    version_id = basis.quiz_version_id
    values = {"as_of": as_of, "attempts": basis.attempts, "basis": basis.word, "layout": LAYOUT}

    def make() -> QuizReckoning:
        return QuizReckoning(quiz_version_id=version_id, document=packed(reckoned), **values)

    def find() -> QuizReckoning | None:
        chosen = select(QuizReckoning).where(QuizReckoning.quiz_version_id == version_id)
        return db.session.scalar(chosen.with_for_update().execution_options(populate_existing=True))

    kept, made = insert_once(make, find)
    if not made and kept.as_of <= as_of:
        kept.document = packed(reckoned)
        for name, value in values.items():
            setattr(kept, name, value)
        db.session.flush()
    mine = (Job.unique_key == job_key(version_id), Job.state == RUNNING)
    db.session.execute(update(Job).where(*mine).values(unique_key=None))
    return kept
