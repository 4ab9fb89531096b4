"""What the quiz editor shows: a draft's quiz, its questions in order, one question by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, ScalarSelect, and_, func, literal, select
from sqlalchemy.orm import aliased, joinedload

from academy.assessment.models import READY, Question, QuestionVersion, Quiz, QuizItem, QuizVersion
from academy.assessment.questions import mark_of, missing_languages
from academy.assessment.types import kind, points_of
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import DRAFT, Activity, Course, CourseVersion

QUIZ = "quiz"
RULES = (
    "pass_percent", "attempts_allowed", "minutes", "shuffle", "layout", "release", "review", "opens_at", "closes_at",
    "grace_seconds", "cooling_minutes", "counting", "navigation", "confidence", "tries", "try_penalty", "password",
    "addresses", "secure_browser", "secure", "floors", "pre_quiz_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditedQuestion:
    """A question at its place in a quiz; `missing` are the languages that some of its texts lack.

    It asks the version `number`; `newest` is the number of the newest one. `banked`: it lies in the bank, in `state`.
    """

    item_id: int
    position: int
    points: int
    version_id: int
    question_id: int
    key: str
    type: str
    competency_key: str | None
    objective: str | None
    difficulty: int
    content: Mapping[str, Any]
    section_id: int | None = None
    number: int = 1
    newest: int = 1
    banked: bool = False
    state: str = READY

    @property
    def newer(self) -> bool:
        """Whether there is a newer version that the quiz may ask instead: of the bank only what is ready."""
        return self.newest > self.number and (not self.banked or self.state == READY)

    @property
    def stem(self) -> LocalizedText:
        """What is asked."""
        return LocalizedText.of(self.content.get("stem"))

    @property
    def worth(self) -> int:
        """What it adds to the points of the quiz: nothing when its type is not scored."""
        return points_of(self.type, self.points)

    @property
    def missing(self) -> list[str]:
        """The languages ("ar", "en") in which something is still to be written."""
        return missing_languages(self.content)

    @property
    def sound(self) -> bool:
        """Whether the question can be used as it is."""
        return not kind(self.type).check(self.content)

    @property
    def mark(self) -> str:
        """A mark of everything that an edit may change."""
        return mark_of(self.content, self.competency_key, self.objective, self.difficulty, self.points)


@dataclass(frozen=True, slots=True)
class EditedQuiz:
    """The quiz of an activity, for those who may edit its course."""

    activity: Activity
    quiz: QuizVersion

    @property
    def version(self) -> CourseVersion:
        """The course version it belongs to."""
        return self.activity.version

    @property
    def course(self) -> Course:
        """The course it belongs to."""
        return self.activity.version.course

    @property
    def open(self) -> bool:
        """Whether it can be edited: its course version is a draft."""
        return self.version.state == DRAFT and self.quiz.frozen_at is None

    @property
    def mark(self) -> str:
        """A mark of the quiz's own settings."""
        return mark_of(
            self.activity.title.as_dict(), self.quiz.anonymous, *(getattr(self.quiz, name) for name in RULES)
        )


@dataclass(frozen=True, slots=True)
class EditedPlace:
    """One question of a quiz, for those who may edit the course."""

    desk: EditedQuiz
    question: EditedQuestion

    @property
    def course(self) -> Course:
        """The course it belongs to."""
        return self.desk.course


def edited_quiz(activity_id: int) -> EditedQuiz | None:
    """Return the quiz of an activity with its sections, in one statement; None when the activity is no quiz."""
    version_id = Activity.content["quiz_version_id"].as_integer()
    query = (
        select(Activity, QuizVersion)
        .join(QuizVersion, QuizVersion.id == version_id)
        .options(
            joinedload(Activity.version).joinedload(CourseVersion.course), joinedload(QuizVersion.sections)
        )
        .where(Activity.id == activity_id, Activity.kind == QUIZ)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    found = db.session.execute(query).unique().one_or_none()
    return EditedQuiz(found[0], found[1]) if found is not None else None


def activity_holding(quiz_version_id: int) -> str | None:
    """Return the key of the activity that holds a quiz version; one statement."""
    held = Activity.content["quiz_version_id"].as_integer() == quiz_version_id
    query = select(Activity.key).where(Activity.kind == QUIZ, Activity.removed_at.is_(None), held)
    return db.session.scalar(query.order_by(Activity.id.desc()).limit(1))


def activity_in_draft(desk: EditedQuiz) -> tuple[bool, int | None]:
    """Return whether the course has a draft, and the id of the same activity in it, None when it is not there."""
    same = (Activity.version_id == CourseVersion.id, Activity.key == desk.activity.key, Activity.kind == QUIZ)
    query = (
        select(CourseVersion.id, Activity.id)
        .outerjoin(Activity, and_(*same, Activity.removed_at.is_(None)))
        .where(CourseVersion.course_id == desk.version.course_id, CourseVersion.state == DRAFT)
    )
    found = db.session.execute(query).first()
    return (False, None) if found is None else (True, found[1])


def edited_place(activity_id: int, item_id: int) -> EditedPlace | None:
    """Return one question of the quiz of an activity."""
    desk = edited_quiz(activity_id)
    found = db.session.execute(_lines().where(QuizItem.id == item_id)).one_or_none() if desk else None
    if desk is None or found is None or found.quiz_version_id != desk.quiz.id:
        return None
    return EditedPlace(desk, _question(found))


def edited_questions(quiz_version_id: int) -> list[EditedQuestion]:
    """Return the questions of a quiz version in order, in one statement."""
    query = _lines().where(QuizItem.quiz_version_id == quiz_version_id)
    return [_question(row) for row in db.session.execute(query.order_by(QuizItem.position, QuizItem.id))]


def drawn_questions(question_version_ids: Sequence[int]) -> list[EditedQuestion]:
    """Return question versions that were drawn, in the order of their ids; no statement when there are none.

    They have no place in the quiz, and one point each: what they are worth is said by the lines that drew them.
    """
    if not question_version_ids:
        return []
    query: Any = (
        select(
            literal(0).label("id"), literal(0).label("position"), literal(1).label("points"),
            QuestionVersion.id.label("version_id"), QuestionVersion.question_id, Question.key, QuestionVersion.type,
            QuestionVersion.competency_key, QuestionVersion.objective, QuestionVersion.difficulty,
            QuestionVersion.content, literal(None).label("section_id"), QuestionVersion.number, _newest().label("newest"),
            Question.course_id.is_(None).label("banked"), Question.state,
        )
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuestionVersion.id.in_(question_version_ids))
        .order_by(QuestionVersion.id)
    )  # fmt: skip
    return [_question(row) for row in db.session.execute(query)]


def other_quizzes(desk: EditedQuiz) -> list[tuple[int, LocalizedText]]:
    """Return the other quizzes of the course version as (quiz id, title), in the order of their making; one statement."""
    other = (
        select(QuizVersion.quiz_id, QuizVersion.id, Activity.title, Activity.content)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .join(Activity, Activity.version_id == desk.version.id)
        .where(Quiz.course_id == desk.course.id, Activity.kind == QUIZ, Activity.removed_at.is_(None))
        .where(QuizVersion.quiz_id != desk.quiz.quiz_id)
        .order_by(QuizVersion.quiz_id, Activity.id)
    )
    rows = db.session.execute(other)
    return [(row.quiz_id, row.title) for row in rows if row.content.get("quiz_version_id") == row.id]


def questions_of(quiz_version_ids: Sequence[int]) -> dict[int, list[EditedQuestion]]:
    """Return the questions of several quiz versions in order, in one statement."""
    found: dict[int, list[EditedQuestion]] = {}
    query = _lines().where(QuizItem.quiz_version_id.in_(quiz_version_ids))
    for row in db.session.execute(query.order_by(QuizItem.position, QuizItem.id)):
        found.setdefault(row.quiz_version_id, []).append(_question(row))
    return found


def _newest() -> ScalarSelect[int]:
    version = aliased(QuestionVersion)
    return (
        select(func.max(version.number)).where(version.question_id == Question.id).correlate(Question).scalar_subquery()
    )


def _lines() -> Any:
    return (
        select(
            QuizItem.id, QuizItem.position, QuizItem.points, QuizItem.quiz_version_id, QuestionVersion.id.label("version_id"),
            QuestionVersion.question_id, Question.key, QuestionVersion.type, QuestionVersion.competency_key,
            QuestionVersion.objective, QuestionVersion.difficulty, QuestionVersion.content, QuizItem.section_id,
            QuestionVersion.number, _newest().label("newest"), Question.course_id.is_(None).label("banked"), Question.state,
        )
        .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
    )  # fmt: skip


def _question(row: Row[Any]) -> EditedQuestion:
    return EditedQuestion(
        row.id, row.position, row.points, row.version_id, row.question_id, row.key, row.type, row.competency_key,
        row.objective, row.difficulty, row.content, row.section_id, row.number, row.newest, row.banked, row.state,
    )  # fmt: skip
