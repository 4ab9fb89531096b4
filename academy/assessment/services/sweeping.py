"""Imports of questions that are over: their rows and the pictures that nothing shows are deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, cast, select

from academy.assessment.models import QuestionImport, QuestionVersion
from academy.base import jobs, storage
from academy.base.db import db
from academy.catalogue.models import Activity, CourseVersion

SWEPT_AFTER = timedelta(days=30)
BATCH = 50
COURSE_TEXTS = ("summary", "intended_for", "objectives")


def sweep_imports(at: datetime) -> int:
    """Delete the oldest 50 imports of questions that began 30 days ago; return how many there were.

    A picture goes with its import when no question, activity or course shows it and no other import names it. Its row is
    deleted now and its bytes by a job, after the row is gone for good.
    """
    old = db.session.scalars(
        select(QuestionImport)
        .where(QuestionImport.created_at < at - SWEPT_AFTER)
        .order_by(QuestionImport.id)
        .limit(BATCH)
    ).all()
    named = sorted({key for plan in old for key in pictures_of(plan)})
    for plan in old:
        db.session.delete(plan)
    db.session.flush()
    for key in named:
        row = storage.find(key)
        if row is not None and not _shown(key):
            storage.drop(row)
            jobs.enqueue("assessment.forget_bytes", unique_key=f"assessment.forget_bytes:{key}", key=key)
    return len(old)


def pictures_of(plan: QuestionImport) -> Sequence[str]:
    """Return the keys of the pictures that came with an import; older ones name them in their questions alone."""
    if "pictures" in plan.document:
        return list(plan.document["pictures"])
    found = (each.get("content", {}).get("image") for each in plan.document.get("questions", []))
    return [image["key"] for image in found if image]


def _shown(key: str) -> bool:
    """Whether anything that can show a picture of a course names it. Keys are random, so a mention is a reference."""
    holders = (
        (QuestionVersion, ("content",)),
        (QuestionImport, ("document",)),
        (Activity, ("content",)),
        (CourseVersion, COURSE_TEXTS),
    )
    return any(
        db.session.scalar(
            select(model.id).where(cast(getattr(model, name), String).contains(key, autoescape=True)).limit(1)
        )
        for model, names in holders
        for name in names
    )
