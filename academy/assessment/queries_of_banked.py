"""One question of a bank: as it is now, its versions, what is said about it, where it is asked, who may review it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from academy.accounts.models import Person, RoleGrant
from academy.accounts.queries_of_memberships import are_same_human, same_human
from academy.assessment.models import (
    READY,
    AttemptItem,
    Question,
    QuestionCategory,
    QuestionComment,
    QuestionStateChange,
    QuestionTag,
    QuestionVersion,
    Quiz,
    QuizItem,
    QuizPool,
    QuizSection,
    QuizVersion,
)
from academy.assessment.queries_of_bank import newest_number
from academy.assessment.queries_of_editing import QUIZ
from academy.assessment.questions import mark_of, missing_languages
from academy.assessment.types import kind, points_of
from academy.base.access import ADMINISTRATOR, REVIEWER, TRAINER
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Activity, Course, CourseTrainer, CourseVersion

MOST_USES = 200


def mark_of_version(version: QuestionVersion) -> str:
    """Return the mark of a question's newest version, by which an edit of an older one is noticed."""
    return mark_of(version.id, version.content, version.competency_key, version.objective, version.difficulty)


@dataclass(frozen=True, slots=True)
class Banked:
    """A question with its newest version, and the course it belongs to, if any. Pages show it like one of a quiz."""

    question: Question
    version: QuestionVersion
    course: Course | None
    category: QuestionCategory | None
    author: LocalizedText | None = None

    @property
    def organisation_id(self) -> int:
        """Whose bank it lies in."""
        return self.question.organisation_id

    @property
    def type(self) -> str:
        """The type of its newest version."""
        return self.version.type

    @property
    def content(self) -> Mapping[str, Any]:
        """The content of its newest version."""
        return self.version.content

    @property
    def stem(self) -> LocalizedText:
        """What is asked."""
        return LocalizedText.of(self.version.content.get("stem"))

    @property
    def worth(self) -> int:
        """What it would add to the points of a quiz: nothing when its type is not scored."""
        return points_of(self.version.type, 1)

    @property
    def missing(self) -> list[str]:
        """The languages in which something is still to be written."""
        return missing_languages(self.version.content)

    @property
    def sound(self) -> bool:
        """Whether the question can be used as it is."""
        return not kind(self.version.type).check(self.version.content)

    @property
    def mark(self) -> str:
        """A mark of everything that an edit may change."""
        return mark_of_version(self.version)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about a question, and its question for the permission table."""

    comment: QuestionComment
    author: LocalizedText
    resolver: LocalizedText | None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the history: who wrote it when, how many quizzes ask it and how many attempts answered it."""

    id: int
    number: int
    type: str
    created_at: datetime
    author: LocalizedText | None
    attempts: int


@dataclass(frozen=True, slots=True)
class StateLine:
    """One change of state in the history."""

    before: str
    after: str
    at: datetime
    by: LocalizedText | None
    number: int


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a question is asked: a quiz in a course version, with the version of the question it asks; 1 when drawn."""

    course_key: str
    course: LocalizedText
    course_number: int
    course_state: str
    quiz: LocalizedText
    number: int
    drawn: int


def banked(question_id: int) -> Banked | None:
    """Return a question with its newest version; one statement."""
    row = db.session.execute(
        select(Question, QuestionVersion, Course, QuestionCategory, Person.name)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .outerjoin(Course, Course.id == Question.course_id)
        .outerjoin(QuestionCategory, QuestionCategory.id == Question.category_id)
        .outerjoin(Person, Person.id == QuestionVersion.created_by_id)
        .where(Question.id == question_id, QuestionVersion.number == newest_number())
    ).one_or_none()
    return Banked(*row) if row else None


def tags_of(question_id: int) -> list[QuestionTag]:
    """Return the tags of a question in order."""
    query = select(QuestionTag).where(QuestionTag.question_id == question_id)
    return list(db.session.scalars(query.order_by(QuestionTag.folded)))


def remarks_on(question_id: int) -> list[Remark]:
    """Return what was said about a question, oldest first; one statement."""
    resolver = aliased(Person)
    rows = db.session.execute(
        select(QuestionComment, Person.name, resolver.name)
        .join(Person, Person.id == QuestionComment.author_id)
        .outerjoin(resolver, resolver.id == QuestionComment.resolved_by_id)
        .where(QuestionComment.question_id == question_id)
        .order_by(QuestionComment.created_at, QuestionComment.id)
    )
    return [Remark(*row) for row in rows]


def comment(comment_id: int) -> QuestionComment | None:
    """Return one comment."""
    return db.session.get(QuestionComment, comment_id)


def versions_of(question_id: int) -> list[VersionLine]:
    """Return all versions of a question, the newest first, with the attempts that answered each; one statement."""
    attempts = (
        select(func.count(AttemptItem.attempt_id.distinct()))
        .where(AttemptItem.question_version_id == QuestionVersion.id)
        .correlate(QuestionVersion)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            QuestionVersion.id, QuestionVersion.number, QuestionVersion.type, QuestionVersion.created_at, Person.name,
            attempts,
        )
        .outerjoin(Person, Person.id == QuestionVersion.created_by_id)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.number.desc())
    )  # fmt: skip
    return [VersionLine(*row) for row in rows]


def pair_of_versions(question_id: int, numbers: tuple[int, int]) -> dict[int, QuestionVersion]:
    """Return two versions of a question by number, as far as they exist; one statement."""
    query = select(QuestionVersion).where(
        QuestionVersion.question_id == question_id, QuestionVersion.number.in_(numbers)
    )
    return {version.number: version for version in db.session.scalars(query)}


def states_of(question_id: int) -> list[StateLine]:
    """Return the changes of a question's state, the newest first; one statement."""
    rows = db.session.execute(
        select(
            QuestionStateChange.before, QuestionStateChange.after, QuestionStateChange.changed_at, Person.name,
            QuestionStateChange.version_number,
        )
        .outerjoin(Person, Person.id == QuestionStateChange.changed_by_id)
        .where(QuestionStateChange.question_id == question_id)
        .order_by(QuestionStateChange.id.desc())
    )  # fmt: skip
    return [StateLine(*row) for row in rows]


def uses_of(question_id: int) -> list[Use]:
    """Return where a question is asked, newest course version first, at most two hundred places; one statement."""
    fixed = (
        select(QuizItem.quiz_version_id, QuestionVersion.number, literal(0).label("drawn"))
        .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
        .where(QuestionVersion.question_id == question_id)
    )
    drawn = (
        select(QuizSection.quiz_version_id, QuestionVersion.number, literal(1).label("drawn"))
        .join(QuizPool, QuizPool.section_id == QuizSection.id)
        .join(QuestionVersion, QuestionVersion.id == QuizPool.question_version_id)
        .where(QuestionVersion.question_id == question_id)
        .distinct()
    )
    places = union_all(fixed, drawn).subquery()
    asked = Activity.content["quiz_version_id"].as_integer()
    rows = db.session.execute(
        select(
            Course.key, CourseVersion.title, CourseVersion.number, CourseVersion.state, QuizVersion.title,
            places.c.number, places.c.drawn,
        )
        .join(QuizVersion, QuizVersion.id == places.c.quiz_version_id)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .join(Activity, and_(Activity.version_id == CourseVersion.id, Activity.kind == QUIZ, asked == QuizVersion.id))
        .order_by(Course.key, CourseVersion.number.desc(), QuizVersion.id)
        .limit(MOST_USES)
    )  # fmt: skip
    return [Use(*row) for row in rows]


def was_approved(version: QuestionVersion) -> bool:
    """Whether a version may be asked: it was approved once, or is the newest one of a question that is ready."""
    approved = select(QuestionStateChange.id).where(
        QuestionStateChange.question_id == version.question_id,
        QuestionStateChange.version_number == version.number,
        QuestionStateChange.after == READY,
    )
    if db.session.scalar(approved.limit(1)) is not None:
        return True
    newest = select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == version.question_id)
    return version.question.state == READY and db.session.scalar(newest) == version.number


def others_review(organisation_id: int, course_id: int | None, author_id: int) -> bool:
    """Whether anybody but the author can review: reviews or works in the bank of the organisation or, for a course's own, in the course."""
    own = or_(
        RoleGrant.organisation_id == organisation_id,
        and_(RoleGrant.organisation_id.is_(None), Person.organisation_id == organisation_id),
    )
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.id.not_in(same_human(author_id)),
            Person.state == "active",
            own,
            RoleGrant.role.in_((TRAINER, ADMINISTRATOR, REVIEWER)),
        )
    )
    if course_id is not None:
        trainers = select(CourseTrainer.person_id).where(CourseTrainer.course_id == course_id)
        query = query.where(or_(RoleGrant.role.in_((ADMINISTRATOR, REVIEWER)), Person.id.in_(trainers)))
    return db.session.scalar(query.limit(1)) is not None


def may_review(question: Question, version: QuestionVersion, person_id: int | None) -> bool:
    """Whether a person may judge a question: anybody but the author of its newest version, unless there is nobody else."""
    if version.created_by_id is None or not are_same_human(version.created_by_id, person_id):
        return True
    return not others_review(question.organisation_id, question.course_id, version.created_by_id)
