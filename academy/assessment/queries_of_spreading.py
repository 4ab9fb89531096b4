"""Where else a question was asked that has been decided about, and how far carrying the decision there has come."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, Subquery, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from academy.assessment.models import DISCARDED, Attempt, AttemptItem, QuestionVersion, Quiz, QuizVersion, Regrade
from academy.base import jobs
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course

MOST = 50
CARRIED_BY = "assessment.carry_regrade:"


@dataclass(frozen=True, slots=True)
class Place:
    """A version of a question as attempts at a quiz have it."""

    quiz_id: int
    quiz_title: LocalizedText
    course: Course
    version: QuestionVersion
    attempts: int

    @property
    def key(self) -> str:
        """The name under which the place is chosen."""
        return f"{self.quiz_id}-{self.version.id}"


def places_of(origin: Regrade, may: Callable[[Course], bool]) -> list[Place]:
    """Return the first 50 other places where attempts have the question of a regrade, in courses that `may` lets through."""
    used = _used(origin)
    newest = aliased(QuizVersion)
    last = select(func.max(newest.id)).where(newest.quiz_id == used.c.quiz_id).scalar_subquery()
    query = (
        select(used.c.quiz_id, QuizVersion.title, Course, QuestionVersion, used.c.attempts)
        .select_from(used)
        .join(QuizVersion, QuizVersion.id == last)
        .join(Quiz, Quiz.id == used.c.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .join(QuestionVersion, QuestionVersion.id == used.c.version_id)
        .where(_another(used, origin))
        .order_by(used.c.quiz_id, QuestionVersion.number)
    )
    rows = db.session.execute(query).all()
    allowed = {course.id for course in {row.Course.id: row.Course for row in rows}.values() if may(course)}
    return [Place(*row) for row in rows if row.Course.id in allowed][:MOST]


def _used(origin: Regrade) -> Subquery:
    """Return where attempts have the question of a regrade: quiz, version on the paper, number of attempts."""
    question_id = select(QuestionVersion.question_id).where(QuestionVersion.id == origin.question_version_id)
    on_paper = func.coalesce(AttemptItem.answered_version_id, AttemptItem.question_version_id)
    return (
        select(Attempt.quiz_id, on_paper.label("version_id"), func.count(Attempt.id.distinct()).label("attempts"))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == on_paper)
        .where(QuestionVersion.question_id == question_id.scalar_subquery())
        .group_by(Attempt.quiz_id, on_paper)
        .subquery()
    )


def _another(used: Subquery, origin: Regrade) -> ColumnElement[bool]:
    return or_(used.c.quiz_id != origin.quiz_id, used.c.version_id != origin.question_version_id)


@dataclass(frozen=True, slots=True)
class Undecided:
    """How often the same question was asked where a decision was not carried to: in how many places and attempts."""

    places: int
    attempts: int


def undecided(origin: Regrade, edited: ColumnElement[bool]) -> Undecided:
    """Return where else, in courses that the filter on Course lets through, the question waits for a decision; one statement."""
    used = _used(origin)
    carried = exists().where(
        Regrade.origin_id == origin.id,
        Regrade.state != DISCARDED,
        Regrade.quiz_id == used.c.quiz_id,
        Regrade.question_version_id == used.c.version_id,
    )
    query = (
        select(func.count(), func.coalesce(func.sum(used.c.attempts), 0))
        .select_from(used)
        .join(Quiz, Quiz.id == used.c.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(_another(used, origin), ~carried, edited)
    )
    places, attempts = db.session.execute(query).one()
    return Undecided(int(places), int(attempts))


@dataclass(frozen=True, slots=True)
class Carried:
    """A regrade that carries a decision elsewhere; `going_on` while its job is still to be done or tried again."""

    regrade: Regrade
    going_on: bool

    @property
    def key(self) -> str:
        """The name of its place."""
        return f"{self.regrade.quiz_id}-{self.regrade.question_version_id}"


def carried_from(origin_id: int) -> list[Carried]:
    """Return the regrades that carry a decision elsewhere and were not discarded; one statement."""
    key = literal(CARRIED_BY) + cast(Regrade.id, String)
    query = select(Regrade, jobs.Job.state).outerjoin(jobs.Job, jobs.Job.unique_key == key)
    mine = Regrade.origin_id == origin_id, Regrade.state != DISCARDED
    rows = db.session.execute(query.where(*mine).order_by(Regrade.id)).all()
    return [Carried(regrade, state in (jobs.QUEUED, jobs.RUNNING)) for regrade, state in rows]
