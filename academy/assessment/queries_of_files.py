"""One file of an answer, with whose it is and who may open it."""

from dataclasses import dataclass

from sqlalchemy import select

from academy.assessment.models import GRADED, Attempt, AttemptItem, Quiz, QuizVersion
from academy.assessment.rules import MarkingRules
from academy.base.db import db
from academy.base.storage import StoredFile
from academy.catalogue.models import Course


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of an answer; `name` is as its learner wrote it, and `hides_names` keeps it from those who mark."""

    item_id: int
    number: int
    learner_id: int
    quiz_id: int
    course: Course
    name: str
    kind: str
    hides_names: bool
    stored: StoredFile


def answer_file(item_id: int, number: int) -> AnswerFile | None:
    """Return the file of an answer with this number, from 1; two statements."""
    query = (
        select(AttemptItem.response, Attempt.learner_id, Attempt.quiz_id, Attempt.state, QuizVersion.marking, Course)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(AttemptItem.id == item_id)
    )
    row = db.session.execute(query).one_or_none()
    files = (row.response or {}).get("files") or [] if row else []
    if row is None or not 1 <= number <= len(files):
        return None
    entry = files[number - 1]
    stored = db.session.get(StoredFile, entry["id"])
    if stored is None:
        return None
    hides = MarkingRules.of(row.marking).anonymous and row.state != GRADED
    return AnswerFile(
        item_id, number, row.learner_id, row.quiz_id, row.Course, entry["name"], entry["kind"], hides, stored
    )
