"""Editing the quiz of a draft: its rules, and the order of its questions, which can be removed, restored and doubled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from academy.assessment.models import Question, QuestionVersion, QuizItem, QuizSection, QuizVersion
from academy.assessment.queries_of_banked import was_approved
from academy.assessment.queries_of_editing import (
    RULES,
    EditedQuestion,
    EditedQuiz,
    edited_questions,
    edited_quiz,
    other_quizzes,
)
from academy.assessment.refusals_of_editing import ChangedMeanwhile, QuestionsOutOfStep, QuizClosed
from academy.assessment.services.indexing import index_question
from academy.assessment.services.surveying import set_anonymous
from academy.base.db import db, lock
from academy.base.errors import Invalid, NotFound
from academy.base.i18n import _
from academy.base.text import LocalizedText
from academy.catalogue import services as catalogue
from academy.catalogue.models import CourseVersion

FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class QuizRules:
    """What a trainer decides about a quiz (see models.QuizVersion); None means without limit, for `anonymous` as it is."""

    title: LocalizedText
    pass_percent: int = 70
    attempts_allowed: int | None = None
    minutes: int | None = None
    shuffle: bool = True
    layout: str = "one"
    release: str = "after_submit"
    review: Mapping[str, Any] = field(default_factory=dict)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    grace_seconds: int = 10
    cooling_minutes: int = 0
    counting: str = "best"
    navigation: str = "free"
    confidence: bool = False
    tries: int = 1
    try_penalty: int = 0
    password: str | None = None
    addresses: Sequence[str] = ()
    secure_browser: str = "none"
    secure: Mapping[str, Any] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)
    pre_quiz_id: int | None = None
    anonymous: bool | None = None

    def as_survey(self) -> "QuizRules":
        """Return the rules of an anonymous survey: sent once, without a clock, a score, tries or certainty."""
        return replace(
            self, attempts_allowed=1, minutes=None, cooling_minutes=0, counting="best", confidence=False, tries=1,
            try_penalty=0, floors={}, pre_quiz_id=None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Removed:
    """All that is needed to put a removed question back where it was."""

    question_version_id: int
    position: int
    points: int
    section_id: int | None = None


def hold_quiz(activity_id: int) -> EditedQuiz:
    """Lock the draft until the transaction ends and return its quiz as it is now; QuizClosed when it is no draft."""
    found = edited_quiz(activity_id)
    if found is None:
        raise NotFound
    lock(CourseVersion, found.activity.version_id)
    db.session.refresh(found.quiz)
    if not found.open:
        raise QuizClosed
    return found


def change_quiz(activity_id: int, rules: QuizRules, *, seen: str | None = None) -> QuizVersion:
    """Change the title and rules of a quiz. `seen` is the mark the page was opened with; an old one is refused.

    Raises Invalid for rules that contradict each other, or name a quiz that is not of the course, and for a change of
    `anonymous` once the quiz was published.
    """
    held = hold_quiz(activity_id)
    refuse_stale(held.mark, seen)
    activity, quiz = held.activity, held.quiz
    if activity.title != rules.title:
        catalogue.change_activity(activity, title=rules.title, minutes=activity.minutes, required=activity.required)
    if rules.anonymous is not None:
        set_anonymous(quiz, rules.anonymous)
    rules = rules.as_survey() if quiz.anonymous else rules
    _check(rules, held)
    quiz.title = rules.title
    for name in RULES:
        value = getattr(rules, name)
        setattr(
            quiz, name, list(value) if name == "addresses" else dict(value) if isinstance(value, Mapping) else value
        )
    db.session.flush()
    return quiz


def _check(rules: QuizRules, held: EditedQuiz) -> None:
    if rules.opens_at and rules.closes_at and rules.closes_at <= rules.opens_at:
        raise Invalid(_("The quiz must close after it opens."), field="closes_day")
    if rules.pre_quiz_id is not None and rules.pre_quiz_id not in dict(other_quizzes(held)):
        raise Invalid(_("Choose a quiz of this course from the list."), field="pre_quiz_id")


def refuse_stale(now: str, seen: str | None) -> None:
    """Raise ChangedMeanwhile when a page was opened with another state than the present one."""
    if seen is not None and seen != now:
        raise ChangedMeanwhile


def order_questions(activity_id: int, item_ids: Sequence[int]) -> None:
    """Put the questions of one section (or those without one) into the given order; it must name each of them once."""
    held = hold_quiz(activity_id)
    items = {item.id: item for item in items_of(held.quiz)}
    first = items.get(item_ids[0]) if item_ids else None
    group = [item.id for item in items.values() if first is None or item.section_id == first.section_id]
    if sorted(item_ids) != sorted(group):
        raise QuestionsOutOfStep
    ordered = iter(item_ids)
    number_items([items[next(ordered)] if item_id in set(group) else item for item_id, item in items.items()])


def move_question(activity_id: int, item_id: int, direction: Literal["up", "down"]) -> None:
    """Move a question a place up or down within its section; at an end it stays."""
    held = hold_quiz(activity_id)
    items = {item.id: item for item in items_of(held.quiz)}
    if item_id not in items:
        raise QuestionsOutOfStep
    order = [item.id for item in items.values() if item.section_id == items[item_id].section_id]
    here = order.index(item_id)
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    order_questions(activity_id, order)


def remove_question(activity_id: int, item_id: int) -> Removed:
    """Take a question out of the quiz; `restore_question` puts it back. Its versions stay for attempts that used them."""
    held = hold_quiz(activity_id)
    item = item_of(held.quiz, item_id)
    removed = Removed(item.question_version_id, item.position, item.points, item.section_id)
    db.session.delete(item)
    db.session.flush()
    number_items(items_of(held.quiz))
    return removed


def restore_question(activity_id: int, removed: Removed) -> QuizItem | None:
    """Put a removed question of the course or its bank back; None when the question stands in the quiz already."""
    held = hold_quiz(activity_id)
    version = db.session.get(QuestionVersion, removed.question_version_id)
    if version is None or not belongs(version, held):
        raise NotFound
    items = items_of(held.quiz)
    if any(item.question_version.question_id == version.question_id for item in items):
        return None
    item = QuizItem(
        quiz_version_id=held.quiz.id,
        position=removed.position,
        points=max(1, removed.points),
        question_version_id=version.id,
        section_id=section_of(held.quiz, removed.section_id),
    )
    db.session.add(item)
    place = min(max(removed.position, 1), len(items) + 1) - 1
    number_items([*items[:place], item, *items[place:]])
    return item


def duplicate_question(activity_id: int, item_id: int, *, at: datetime, by_id: int | None) -> QuizItem:
    """Add a copy of a question right after it, as a question of its own."""
    held = hold_quiz(activity_id)
    items = items_of(held.quiz)
    original = item_of(held.quiz, item_id)
    source = original.question_version
    version = QuestionVersion(
        question=new_question(held, at=at, by_id=by_id),
        number=1,
        type=source.type,
        competency_key=source.competency_key,
        objective=source.objective,
        difficulty=source.difficulty,
        content=dict(source.content),
        created_at=at,
        created_by_id=by_id,
    )
    db.session.add(version)
    index_question(version.question, version.content)
    db.session.flush()
    copy = QuizItem(
        quiz_version_id=held.quiz.id, section_id=original.section_id, position=0, points=original.points,
        question_version=version,
    )  # fmt: skip
    db.session.add(copy)
    place = items.index(original) + 1
    number_items([*items[:place], copy, *items[place:]])
    return copy


def belongs(version: QuestionVersion, held: EditedQuiz) -> bool:
    """Whether a quiz may ask a version: of its course's own question, or an approved one of its organisation's bank."""
    question = version.question
    if question.course_id is None:
        return question.organisation_id == held.course.organisation_id and was_approved(version)
    return question.course_id == held.course.id


def new_question(held: EditedQuiz, *, at: datetime, by_id: int | None) -> Question:
    """Make a question with the next free key of the course."""
    keys = set(db.session.scalars(select(Question.key).where(Question.course_id == held.course.id)))
    number = len(keys) + 1
    while f"q{number}" in keys:
        number += 1
    question = Question(
        organisation_id=held.course.organisation_id,
        course_id=held.course.id,
        key=f"q{number}",
        created_at=at,
        created_by_id=by_id,
    )
    db.session.add(question)
    db.session.flush()
    return question


def items_of(quiz: QuizVersion) -> list[QuizItem]:
    """Return the items of a quiz version in order."""
    query = select(QuizItem).where(QuizItem.quiz_version_id == quiz.id)
    return list(db.session.scalars(query.order_by(QuizItem.position, QuizItem.id)))


def section_of(quiz: QuizVersion, section_id: int | None) -> int | None:
    """Return the id of a section with fixed questions if the quiz version has it; else None."""
    mine = QuizSection.quiz_version_id == quiz.id, QuizSection.kind == FIXED
    return db.session.scalar(select(QuizSection.id).where(QuizSection.id == section_id, *mine))


def item_of(quiz: QuizVersion, item_id: int) -> QuizItem:
    """Return one item of a quiz version; NotFound when it belongs elsewhere."""
    item = db.session.get(QuizItem, item_id)
    if item is None or item.quiz_version_id != quiz.id:
        raise NotFound
    return item


def question_now(held: EditedQuiz, item_id: int) -> EditedQuestion:
    """Return a question of the quiz as it is now; NotFound when it has gone."""
    found = [question for question in edited_questions(held.quiz.id) if question.item_id == item_id]
    if not found:
        raise NotFound
    return found[0]


def number_items(items: Sequence[QuizItem]) -> None:
    """Number the items of a quiz in the order given."""
    for position, item in enumerate(items, start=1):
        item.position = position
    db.session.flush()
