"""What the list of a question bank shows: rows found by words and filters, and the tags in use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, literal, select, true, union, union_all
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.assessment.models import (
    Question,
    QuestionCategory,
    QuestionComment,
    QuestionTag,
    QuestionVersion,
    QuizItem,
    QuizPool,
    QuizSection,
    QuizVersion,
)
from academy.assessment.policies_of_bank import questions_seen
from academy.assessment.queries_of_returns import returned_now
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion

SIZE = 25
MOST_TAGS_LISTED = 40


@dataclass(frozen=True, slots=True)
class BankFilter:
    """What of a bank is wanted; empty fields want everything but what is retired. `category` is an id, or 0 for none."""

    organisation_id: int
    terms: Sequence[str] = ()
    nothing: bool = False
    category: int | None = None
    state: str = ""
    type: str = ""
    competency: str = ""
    difficulty: int = 0
    language: str = ""
    tag: str = ""
    place: str = ""
    author_id: int | None = None


@dataclass(frozen=True, slots=True)
class BankRow:
    """A question in the list, as its newest version has it; `uses` counts the quizzes that ask it in any version."""

    id: int
    key: str
    state: str
    type: str
    number: int
    competency_key: str | None
    objective: str | None
    difficulty: int
    content: Mapping[str, Any]
    lacking: str | None
    category: LocalizedText | None
    course_key: str | None
    course: LocalizedText | None
    author: LocalizedText | None
    changed_at: datetime
    uses: int
    remarks: int
    returned: bool
    tags: Sequence[str] = field(default=())

    @property
    def stem(self) -> LocalizedText:
        """What is asked."""
        return LocalizedText.of(self.content.get("stem"))

    @property
    def missing(self) -> list[str]:
        """The languages in which something is still to be written."""
        return [language for language in (self.lacking or "").split(",") if language]


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag of a bank and how many questions carry it."""

    folded: str
    tag: str
    questions: int


def newest_number(of: Any = Question) -> ScalarSelect[int]:
    """Return the subquery for the number of a question's newest version."""
    version = aliased(QuestionVersion)
    return select(func.max(version.number)).where(version.question_id == of.id).correlate(of).scalar_subquery()


def wanted(query: Any, actor: Actor, ask: BankFilter) -> Any:
    """Narrow a query over Question and its newest QuestionVersion to what is asked for."""
    conditions = [questions_seen(actor, ask.organisation_id), *_of_question(ask), *_of_version(ask)]
    conditions += [Question.search_text.contains(f" {term} ", autoescape=True) for term in ask.terms]
    return (
        query.join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(QuestionVersion.number == newest_number())
        .where(*conditions)
    )


def _of_question(ask: BankFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Question.state == ask.state if ask.state else Question.state != "retired"]
    if ask.nothing:
        found.append(~true())
    if ask.category is not None:
        found.append(in_category(ask.category))
    if ask.language:
        full = Question.lacking == ""
        found.append(full if ask.language == "both" else Question.lacking.contains(ask.language))
    if ask.tag:
        found.append(Question.id.in_(select(QuestionTag.question_id).where(QuestionTag.folded == ask.tag)))
    if ask.place:
        found.append(Question.course_id.is_(None) if ask.place == "bank" else Question.course_id.is_not(None))
    return found


def _of_version(ask: BankFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if ask.type:
        found.append(QuestionVersion.type == ask.type)
    if ask.competency:
        found.append(QuestionVersion.competency_key == ask.competency)
    if ask.difficulty:
        found.append(QuestionVersion.difficulty == ask.difficulty)
    if ask.author_id is not None:
        found.append(QuestionVersion.created_by_id == ask.author_id)
    return found


def in_category(category_id: int) -> ColumnElement[bool]:
    """Return the filter on Question for a category with everything below it; 0 means those without a category."""
    if not category_id:
        return Question.category_id.is_(None)
    root = aliased(QuestionCategory)
    path = select(root.path).where(root.id == category_id).scalar_subquery()
    inside = select(QuestionCategory.id).where(QuestionCategory.path.startswith(path))
    return Question.category_id.in_(inside)


def uses_counted() -> ScalarSelect[int]:
    """Return the subquery for the number of quizzes that ask a question, fixed or drawn, in any of their versions."""
    asked = aliased(QuestionVersion)
    fixed = (
        select(QuizVersion.quiz_id)
        .join(QuizItem, QuizItem.quiz_version_id == QuizVersion.id)
        .join(asked, asked.id == QuizItem.question_version_id)
        .where(asked.question_id == Question.id)
    )
    drawn = (
        select(QuizVersion.quiz_id)
        .join(QuizSection, QuizSection.quiz_version_id == QuizVersion.id)
        .join(QuizPool, QuizPool.section_id == QuizSection.id)
        .join(asked, asked.id == QuizPool.question_version_id)
        .where(asked.question_id == Question.id)
    )
    quizzes = union(fixed.correlate(Question), drawn.correlate(Question)).subquery()
    return select(func.count()).select_from(quizzes).correlate(Question).scalar_subquery()


def bank_rows(
    actor: Actor, ask: BankFilter, *, number: int = 1, size: int = SIZE, without: int | None = None
) -> tuple[list[BankRow], int]:
    """Return one page of questions, newest change first, and how many there are in all; one statement.

    `without` is a quiz version whose questions are passed over. A page behind the last one is the first one (a second
    statement).
    """
    page = (
        wanted(
            select(Question.id, QuestionVersion.id.label("version_id"), func.count().over().label("total")), actor, ask
        )
        .where(true() if without is None else Question.id.not_in(_asked_in(without)))
        .order_by(QuestionVersion.created_at.desc(), Question.id.desc())
        .limit(size)
        .offset((number - 1) * size)
        .subquery()
    )
    title = (
        select(CourseVersion.title)
        .where(CourseVersion.course_id == Question.course_id)
        .order_by(CourseVersion.number.desc())
        .limit(1)
        .correlate(Question)
        .scalar_subquery()
    )
    remarks = (
        select(func.count())
        .where(QuestionComment.question_id == Question.id, QuestionComment.resolved_at.is_(None))
        .correlate(Question)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Question.id, Question.key, Question.state, QuestionVersion.type, QuestionVersion.number,
            QuestionVersion.competency_key, QuestionVersion.objective, QuestionVersion.difficulty,
            QuestionVersion.content, Question.lacking, QuestionCategory.name, Course.key, title, Person.name,
            QuestionVersion.created_at, uses_counted(), remarks, returned_now(), page.c.total,
        )
        .join(page, page.c.id == Question.id)
        .join(QuestionVersion, QuestionVersion.id == page.c.version_id)
        .outerjoin(QuestionCategory, QuestionCategory.id == Question.category_id)
        .outerjoin(Course, Course.id == Question.course_id)
        .outerjoin(Person, Person.id == QuestionVersion.created_by_id)
        .order_by(QuestionVersion.created_at.desc(), Question.id.desc())
    ).all()  # fmt: skip
    if not rows and number > 1:
        return bank_rows(actor, ask, size=size, without=without)
    return [BankRow(*row[:-1]) for row in rows], rows[0].total if rows else 0


def _asked_in(quiz_version_id: int) -> Any:
    version = aliased(QuestionVersion)
    query = select(version.question_id).join(QuizItem, QuizItem.question_version_id == version.id)
    return query.where(QuizItem.quiz_version_id == quiz_version_id)


def with_tags(rows: Sequence[BankRow], actor: Actor, organisation_id: int) -> tuple[list[BankRow], list[TagCount]]:
    """Return the rows with their tags, and the tags of the whole bank, most used first; one statement."""
    seen = select(Question.id).where(questions_seen(actor, organisation_id), Question.state != "retired")
    all_tags = (
        select(
            literal(0).label("question_id"), QuestionTag.folded, func.min(QuestionTag.tag).label("tag"),
            func.count().label("questions"),
        )
        .where(QuestionTag.question_id.in_(seen))
        .group_by(QuestionTag.folded)
        .order_by(func.count().desc(), QuestionTag.folded)
        .limit(MOST_TAGS_LISTED)
        .subquery()
    )  # fmt: skip
    here = select(QuestionTag.question_id, QuestionTag.folded, QuestionTag.tag, literal(0)).where(
        QuestionTag.question_id.in_([row.id for row in rows])
    )
    found = db.session.execute(union_all(select(all_tags), here)).all()
    mine: dict[int, list[str]] = {}
    for question_id, _folded, tag, _count in found:
        if question_id:
            mine.setdefault(question_id, []).append(tag)
    counts = [TagCount(row[1], row[2], row[3]) for row in found if not row[0]]
    tagged = [replace(row, tags=tuple(sorted(mine.get(row.id, ())))) for row in rows]
    return tagged, sorted(counts, key=lambda each: (-each.questions, each.folded))


def allowed_ids(actor: Actor, organisation_id: int, ids: Collection[int]) -> list[int]:
    """Return those of the questions that the actor may change, in one statement."""
    query = select(Question.id).where(Question.id.in_(ids), questions_seen(actor, organisation_id))
    return list(db.session.scalars(query.order_by(Question.id)))


def ready_for(organisation_id: int) -> ColumnElement[bool]:
    """Return the filter on Question for what a quiz of an organisation may take from its bank."""
    return (Question.organisation_id == organisation_id) & Question.course_id.is_(None) & (Question.state == "ready")
