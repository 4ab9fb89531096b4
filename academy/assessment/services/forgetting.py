"""What assessment forgets of somebody who was anonymised: essays, files and remarks. Answers to choose from, marks and scores stay."""

from typing import Any

from sqlalchemy import delete, select, update

from academy.assessment.models import (
    Accommodation,
    AnswerMark,
    Attempt,
    AttemptItem,
    IntegrityNote,
    QuestionImport,
    SaveReceipt,
)
from academy.base import erasing
from academy.base.db import db

for _table in ("question_version", "question", "quiz_version"):
    erasing.keep_names(_table, "what was published never changes")


def forget(person_id: int) -> None:
    """Take away what a person wrote in their own words in attempts, and what was remarked about them."""
    attempts = select(Attempt.id).where(Attempt.learner_id == person_id)
    written = AttemptItem.attempt_id.in_(attempts), AttemptItem.marking.is_not(None)
    items = select(AttemptItem.id).where(*written)
    found = db.session.execute(select(AttemptItem.id, AttemptItem.response).where(*written)).all()
    receipts = select(SaveReceipt.response).where(SaveReceipt.item_id.in_(items))
    files = {number for _item, said in found for number in _files(said)}
    files |= {number for said in db.session.scalars(receipts) for number in _files(said)}
    quiet: Any = {"synchronize_session": False}
    db.session.execute(
        update(SaveReceipt).where(SaveReceipt.item_id.in_(items)).values(response=None).execution_options(**quiet)
    )
    db.session.execute(update(AttemptItem).where(*written).values(response=None).execution_options(**quiet))
    db.session.execute(
        update(Attempt).where(Attempt.learner_id == person_id).values(network=None).execution_options(**quiet)
    )
    erasing.drop_files(files)
    erasing.wipe(AnswerMark.item_id.in_(items), AnswerMark.comment, AnswerMark.note)
    erasing.wipe(IntegrityNote.attempt_id.in_(attempts), IntegrityNote.note)
    erasing.wipe(Accommodation.person_id == person_id, Accommodation.note)
    db.session.execute(delete(QuestionImport).where(QuestionImport.owner_id == person_id))


def _files(said: Any) -> list[int]:
    listed = said.get("files") if isinstance(said, dict) else None
    return [each["id"] for each in listed or [] if isinstance(each, dict) and isinstance(each.get("id"), int)]
