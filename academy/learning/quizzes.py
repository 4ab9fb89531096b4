"""All that learning knows of quizzes: this thin module is the one place that asks assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from academy.assessment.models import GRADED, SUBMITTED, Attempt, Quiz, QuizVersion
from academy.assessment.queries_of_safe_browser import Door, door_of
from academy.assessment.queries_of_standing import QuizState as QuizState
from academy.assessment.queries_of_standing import by_round, counted_outcome, passing_attempt, quiz_state
from academy.assessment.services import TooManyPasswords as TooManyPasswords
from academy.assessment.services import WrongPassword as WrongPassword
from academy.assessment.services import start_attempt
from academy.base.browser import Browser
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.catalogue.models import Activity, CourseUnit, CourseVersion
from academy.learning.models import COMPLETED, ActivityState, Enrolment
from academy.learning.queries.counting import LIVE


@dataclass(frozen=True, slots=True)
class GradedAttempt:
    """A graded attempt as learning hears of it; `version_ids` are all versions of its quiz.

    `passed` says whether the quiz is passed by what counts (best, last, average or first), now that this one is graded.
    """

    learner_id: int
    course_id: int
    cycle: int
    version_ids: frozenset[int]
    passed: bool
    at: datetime


def graded_attempt(attempt_id: int) -> GradedAttempt | None:
    """Return a graded attempt; None when it is not graded. One statement for its quiz."""
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.state != GRADED or attempt.graded_at is None:
        return None
    versions = select(Quiz.course_id, QuizVersion.id).join(QuizVersion, QuizVersion.quiz_id == Quiz.id)
    found = db.session.execute(versions.where(Quiz.id == attempt.quiz_id)).all()
    passed = counted_outcome(attempt.quiz_version_id, attempt.learner_id, attempt.cycle).passed
    return GradedAttempt(
        attempt.learner_id, found[0].course_id, attempt.cycle, frozenset(row.id for row in found), passed,
        attempt.graded_at,
    )  # fmt: skip


def completed_by(attempt_id: int) -> bool | None:
    """Return whether the course that an attempt completed as it was graded gives a certificate; None when it completed none."""
    query = (
        select(CourseVersion.gives_certificate)
        .join(Enrolment, Enrolment.version_id == CourseVersion.id)
        .join(Quiz, Quiz.course_id == Enrolment.course_id)
        .join(Attempt, Attempt.quiz_id == Quiz.id)
        .where(
            Attempt.id == attempt_id, Enrolment.learner_id == Attempt.learner_id, Enrolment.cycle == Attempt.cycle,
            Enrolment.state == COMPLETED, Enrolment.completed_at == Attempt.graded_at,
        )
    )  # fmt: skip
    return db.session.scalar(query)


def is_passed(content: Mapping[str, Any], learner_id: int, cycle: int) -> bool:
    """Whether the learner has passed the quiz of an activity by what counts there, whatever version was attempted."""
    return counted_outcome(int(content.get("quiz_version_id") or 0), learner_id, cycle).passed


def passing_attempts(learner_id: int, bars: Mapping[int, int | None], since: datetime | None) -> list[Attempt]:
    """Return the attempts with which a learner first passed quizzes by what counts there, since a moment; the earliest first.

    `bars`: quiz → the percentage that is asked for beside its pass mark. One statement; each round of a course by itself.
    """
    mine = Attempt.learner_id == learner_id, Attempt.quiz_id.in_(list(bars))
    lately = () if since is None else (Attempt.submitted_at >= since,)
    rounds = by_round(*mine, *lately) if bars else {}
    found = [passing_attempt(attempts, bars[quiz_id]) for (_learner, quiz_id, _cycle), attempts in rounds.items()]
    return sorted((each for each in found if each is not None), key=lambda each: (each.submitted_at, each.id))


def handed_in_on(place: Enrolment, completed_at: datetime) -> date:
    """Return the day in Riyadh on which a completed place was earned; answers that people marked were in on the day they came."""
    marked = select(func.max(Attempt.submitted_at)).where(*_attempts_in(place), Attempt.graded_at == completed_at)
    handed_in = db.session.scalar(marked)
    if handed_in is None:
        return riyadh_day(completed_at)
    before = ActivityState.enrolment_id == place.id, ActivityState.completed_at < completed_at
    others = db.session.scalar(select(func.max(ActivityState.completed_at)).where(*before))
    return riyadh_day(max(handed_in, others or handed_in))


def waits_for_marks(place: Enrolment, *, until: date) -> bool:
    """Whether answers that a learner handed in by a day, in a place on a course, are still to be marked."""
    waiting = select(Attempt.submitted_at).where(*_attempts_in(place), Attempt.state == SUBMITTED)
    return any(riyadh_day(each) <= until for each in db.session.scalars(waiting) if each is not None)


def handed_in_all(due: Mapping[int, date]) -> set[int]:
    """Return the enrolments, of those due on a day each, of which all that is missing was handed in by then and waits for marks.

    Three statements, and one where nobody's answers wait.
    """
    places = (
        select(Enrolment.id, Attempt.quiz_id, Attempt.submitted_at)
        .join(Attempt, and_(Attempt.learner_id == Enrolment.learner_id, Attempt.cycle == Enrolment.cycle))
        .join(Quiz, and_(Quiz.id == Attempt.quiz_id, Quiz.course_id == Enrolment.course_id))
        .where(Enrolment.id.in_(list(due)), Attempt.state == SUBMITTED)
    )
    waiting: dict[int, set[int]] = {}
    for row in db.session.execute(places) if due else ():
        if row.submitted_at is not None and riyadh_day(row.submitted_at) <= due[row.id]:
            waiting.setdefault(row.id, set()).add(row.quiz_id)
    if not waiting:
        return set()
    done = and_(
        ActivityState.activity_id == Activity.id, ActivityState.enrolment_id == Enrolment.id,
        ActivityState.state == COMPLETED,
    )  # fmt: skip
    numbers = select(QuizVersion.id, QuizVersion.quiz_id).where(QuizVersion.quiz_id.in_(set().union(*waiting.values())))
    quiz_of = {row.id: row.quiz_id for row in db.session.execute(numbers)}
    missing = (
        select(Enrolment.id, Activity.content)
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .outerjoin(ActivityState, done)
        .where(Enrolment.id.in_(list(waiting)), Activity.required, LIVE, ActivityState.id.is_(None))
    )
    owed = [(row.id, quiz_of.get(row.content.get("quiz_version_id"))) for row in db.session.execute(missing)]
    left = {number for number, quiz_id in owed if quiz_id not in waiting[number]}
    return set(waiting) - left


def _attempts_in(place: Enrolment) -> tuple[ColumnElement[bool], ...]:
    of_course = Attempt.quiz_id.in_(select(Quiz.id).where(Quiz.course_id == place.course_id))
    return Attempt.learner_id == place.learner_id, Attempt.cycle == place.cycle, of_course


def activity_of_quiz(version_id: int, quiz_id: int) -> str | None:
    """Return the key of the activity that holds a quiz in a course version."""
    held = select(QuizVersion.id).where(QuizVersion.quiz_id == quiz_id)
    numbers = set(db.session.scalars(held))
    mine = Activity.version_id == version_id, Activity.kind == "quiz", Activity.removed_at.is_(None)
    rows = db.session.execute(select(Activity.key, Activity.content).where(*mine).order_by(Activity.id))
    return next((row.key for row in rows if row.content.get("quiz_version_id") in numbers), None)


def panel(content: Mapping[str, Any], learner_id: int, cycle: int, *, now: datetime) -> QuizState | None:
    """Return the rules of an activity's quiz and how the learner stands with it (three statements)."""
    return quiz_state(int(content.get("quiz_version_id") or 0), learner_id, cycle, now=now)


def door(quiz: QuizState, learner_id: int, browser: Browser, *, now: datetime) -> Door | None:
    """Return how a learner opens a quiz in Safe Exam Browser; None when it asks for none."""
    return door_of(quiz.version, quiz.version.id, learner_id, now, browser)


def of_course(quiz_id: int) -> int | None:
    """Return the course that a quiz belongs to."""
    return db.session.scalar(select(Quiz.course_id).where(Quiz.id == quiz_id))


def start(
    content: Mapping[str, Any],
    learner_id: int,
    cycle: int,
    *,
    at: datetime,
    language: str,
    address: str | None,
    browser: Browser | None = None,
    password: str = "",
) -> int:
    """Begin an attempt at an activity's quiz, or return the open one; its id. Raises Refusal when none may begin."""
    version_id = int(content["quiz_version_id"])
    return start_attempt(
        version_id,
        learner_id,
        cycle=cycle,
        at=at,
        language=language,
        address=address,
        browser=browser,
        password=password,
    ).id
