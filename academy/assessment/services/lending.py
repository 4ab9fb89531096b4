"""Between a quiz and the bank: taking ready questions, newer versions of them, and giving questions to the bank."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from academy.assessment.models import DRAFT, READY, Question, QuestionCategory, QuestionTag, QuestionVersion, QuizItem
from academy.assessment.queries_of_bank import newest_number, ready_for
from academy.assessment.services.banking import add_to_bank, bank_keys, change_state, free_key, newest_version
from academy.assessment.services.bulk import MOST_AT_ONCE
from academy.assessment.services.categories import category_in
from academy.assessment.services.editing import hold_quiz, item_of, items_of, question_now, refuse_stale
from academy.assessment.services.editing_questions import MOST_POINTS, Written
from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _, _l
from academy.base.text import LocalizedText

GIVEN = "assessment:question:give"


def take_from_bank(activity_id: int, question_ids: Iterable[int]) -> list[QuizItem]:
    """Put ready questions of the bank at the end of a quiz, in their newest versions and in the order given.

    What is not ready, lies in another bank or stands in the quiz already is passed over.
    """
    held = hold_quiz(activity_id)
    ids = list(dict.fromkeys(question_ids))
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(_("Choose at most %(most)s questions at once.", most=MOST_AT_ONCE))
    rows = db.session.execute(
        select(QuestionVersion.question_id, QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.id.in_(ids), ready_for(held.course.organisation_id), QuestionVersion.number == newest_number())
    )
    versions = {question_id: version_id for question_id, version_id in rows}
    items = items_of(held.quiz)
    present = {item.question_version.question_id for item in items}
    taken = [question_id for question_id in ids if question_id in versions and question_id not in present]
    last = max((item.position for item in items), default=0)
    made = [
        QuizItem(quiz_version_id=held.quiz.id, position=place, points=1, question_version_id=versions[question_id])
        for place, question_id in enumerate(taken, start=last + 1)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def take_newest(activity_id: int, item_id: int) -> QuizItem:
    """Let a quiz ask the newest version of one of its questions; Conflict for one of the bank that is not ready."""
    held = hold_quiz(activity_id)
    item = item_of(held.quiz, item_id)
    question = lock(Question, item.question_version.question_id)
    if question.course_id is None and question.state != READY:
        raise Conflict(_l("The newer version has not been approved yet."))
    item.question_version = newest_version(question.id)
    db.session.flush()
    return item


def set_points(activity_id: int, item_id: int, points: int, *, seen: str | None = None) -> QuizItem:
    """Change what a question is worth in a quiz, and nothing else."""
    held = hold_quiz(activity_id)
    refuse_stale(question_now(held, item_id).mark, seen)
    if not 1 <= points <= MOST_POINTS:
        raise Invalid(_("Enter points from 1 to %(most)s.", most=MOST_POINTS), field="points")
    item = item_of(held.quiz, item_id)
    item.points = points
    db.session.flush()
    return item


def give_to_bank(
    activity_id: int, item_id: int, *, category_id: int | None, copy: bool, at: datetime, by_id: int
) -> Question:
    """Move a course's question to the bank of its organisation, or put a copy there; there it is a draft.

    The quiz goes on asking the version it asks: a moved question is afterwards one of the bank. A picture stays the file
    that its versions name; whoever is shown the question is shown it (`policies_of_pictures`).
    """
    held = hold_quiz(activity_id)
    item = item_of(held.quiz, item_id)
    version = item.question_version
    category = category_in(category_id, held.course.organisation_id)
    question = lock(Question, version.question_id)
    if question.course_id is None:
        raise Conflict(_l("This question lies in the bank already."))
    given = _copied(question, version, category, at, by_id) if copy else _moved(question, category, at, by_id)
    stem = LocalizedText.of(version.content.get("stem"))
    audit.record(
        GIVEN,
        at=at,
        actor_id=by_id,
        subject=("question", given.id, stem.ar or stem.en),
        organisation_id=given.organisation_id,
        after={"course": held.course.key, "how": "copy" if copy else "move"},
    )
    db.session.flush()
    return given


def _copied(
    question: Question, version: QuestionVersion, category: QuestionCategory | None, at: datetime, by_id: int
) -> Question:
    tags = db.session.execute(select(QuestionTag.folded, QuestionTag.tag).where(QuestionTag.question_id == question.id))
    written = Written(version.type, version.content, version.competency_key, difficulty=version.difficulty)
    return add_to_bank(
        question.organisation_id, written, category_id=category.id if category else None, tags=dict(tags.tuples().all()), key=question.key,
        at=at, by_id=by_id,
    )  # fmt: skip


def _moved(question: Question, category: QuestionCategory | None, at: datetime, by_id: int) -> Question:
    question.key = free_key(bank_keys(question.organisation_id), question.key)
    question.course_id, question.category_id = None, category.id if category else None
    change_state(question, newest_version(question.id).number, DRAFT, at=at, by_id=by_id)
    db.session.flush()
    return question
