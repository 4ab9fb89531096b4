"""The learners of a course, for its trainers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, select, true
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person
from academy.assessment.models import GRADED, Attempt, Quiz, QuizVersion
from academy.base.clock import RIYADH
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Activity
from academy.learning import rules
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, Enrolment
from academy.learning.queries.enrolments import latest
from academy.learning.queries.ledger import Hours, hours_of_place, hours_row, time_of_place

STILL_AFTER = timedelta(days=14)
ROUNDED = 0.0001  # of a percentage: scores are kept with six decimals, so that a mean of thirds may fall short by less


@dataclass(frozen=True, slots=True)
class RosterRow:
    """How one learner stands in a course; `best` is the share of its quiz that counts (see `counted_share`)."""

    enrolment_id: int
    person_id: int
    name: LocalizedText
    email: str
    organisation: LocalizedText
    org_unit: LocalizedText | None
    state: str
    standing: str
    done: int
    required: int
    fraction: float
    due_on: date | None
    enrolled_at: datetime
    last_activity_at: datetime | None
    completed_at: datetime | None
    best: float | None
    exempted: bool
    hours: Hours
    still: bool = False
    stopped_at: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class RosterCounts:
    """How many learners a course has (those who left not counted), and how many of all rows fit what was asked for.

    `exempted` are those of the completed who did not learn here.
    """

    all: int
    completed: int
    exempted: int
    overdue: int
    still: int
    matching: int


def roster(
    course_id: int, seen: ColumnElement[bool], *, terms: Sequence[str] = (), state: str = "", today: date
) -> Select[Any]:
    """Return the query of a course's learners whom the filter `seen` on Person lets through; `row_of` reads its rows."""
    columns = (
        Enrolment.id, Person.id.label("person_id"), Person.name, Person.email, Organisation.name.label("organisation"),
        OrgUnit.name.label("org_unit"), Enrolment.state, Enrolment.done, Enrolment.required, Enrolment.due_on,
        Enrolment.enrolled_at, Enrolment.started_at, Enrolment.last_activity_at, Enrolment.completed_at, Enrolment.exempted, counted_share().label("best"),
        time_of_place().label("seconds"), hours_of_place().label("credited"), Activity.title.label("stopped_at"),
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(Activity, Activity.id == Enrolment.last_activity_id)
        .where(*_chosen(course_id, seen), _asked_for(terms, state, today))
        .order_by(Person.search_text, Person.id)
    )


def row_of(row: Any, today: date) -> RosterRow:
    """Turn a fetched row of `roster` into what pages and exports show."""
    return RosterRow(
        enrolment_id=row.id,
        person_id=row.person_id,
        name=row.name,
        email=row.email,
        organisation=row.organisation,
        org_unit=row.org_unit,
        state=row.state,
        standing=rules.standing(row.state, row.due_on, row.started_at is not None, today, exempted=row.exempted),
        done=row.done,
        required=row.required,
        fraction=rules.Tally(row.done, row.required).fraction,
        due_on=row.due_on,
        enrolled_at=row.enrolled_at,
        last_activity_at=row.last_activity_at,
        completed_at=row.completed_at,
        best=float(row.best) if row.best is not None else None,
        exempted=row.exempted,
        hours=hours_row(row.seconds, row.credited),
        still=row.state == ACTIVE and (row.last_activity_at or row.enrolled_at) < _still_since(today),
        stopped_at=row.stopped_at,
    )


def roster_counts(
    course_id: int, seen: ColumnElement[bool], *, terms: Sequence[str] = (), state: str = "", today: date
) -> RosterCounts:
    """Count the learners of a course and those of them who fit what was asked for (one statement)."""
    there, overdue = Enrolment.state != WITHDRAWN, and_(Enrolment.state == ACTIVE, Enrolment.due_on < today)
    query = (
        select(
            func.count().filter(there),
            func.count().filter(Enrolment.state == COMPLETED),
            func.count().filter(Enrolment.exempted),
            func.count().filter(overdue),
            func.count().filter(stands_still(today)),
            func.count().filter(_asked_for(terms, state, today)),
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(*_chosen(course_id, seen))
    )
    return RosterCounts(*db.session.execute(query).one())


def _chosen(course_id: int, seen: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return Enrolment.course_id == course_id, latest(), seen


def _asked_for(terms: Sequence[str], state: str, today: date) -> ColumnElement[bool]:
    words = [Person.search_text.contains(f" {term} ", autoescape=True) for term in terms]
    if state == "overdue":
        return and_(true(), *words, Enrolment.state == ACTIVE, Enrolment.due_on < today)
    if state == "still":
        return and_(true(), *words, stands_still(today))
    if state == "exempted":
        return and_(true(), *words, Enrolment.exempted)
    if state in (ACTIVE, COMPLETED, WITHDRAWN):
        return and_(true(), *words, Enrolment.state == state)
    return and_(true(), *words)


def _still_since(today: date) -> datetime:
    return datetime.combine(today - STILL_AFTER, time(), RIYADH)


def stands_still(today: date) -> ColumnElement[bool]:
    """The filter on Enrolment for places on which nothing has happened for so long that somebody should ask."""
    last = func.coalesce(Enrolment.last_activity_at, Enrolment.enrolled_at, type_=Enrolment.enrolled_at.type)
    return and_(Enrolment.state == ACTIVE, last < _still_since(today))


def counted_share() -> Any:
    """The learner's result at the quizzes of the course, as a share of its points: the best of those that count.

    Of each quiz counts what its method says (best, last, average or first attempt; the rules are those of the version
    attempted last). A quiz whose score learners never see says nothing here either.
    """
    share = Attempt.score / func.nullif(Attempt.max_score, 0)
    at = {name: Attempt.number == _number(edge) for name, edge in (("first", func.min), ("last", func.max))}
    counting = func.max(case((at["last"], QuizVersion.counting)))
    counted = case(
        (counting == "last", func.max(case((at["last"], share)))),
        (counting == "first", func.max(case((at["first"], share)))),
        (counting == "average", func.avg(share)),
        else_=func.max(share),
    )
    return (
        select(counted)
        .select_from(Attempt)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .where(
            Quiz.course_id == Enrolment.course_id,
            Attempt.learner_id == Enrolment.learner_id,
            Attempt.cycle == Enrolment.cycle,
            Attempt.state == GRADED,
            QuizVersion.release != "none",
        )
        .group_by(Attempt.quiz_id)
        # A survey has no points, so no share: PostgreSQL would put its nothing before every number.
        .order_by(counted.desc().nulls_last())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def fails_a_quiz() -> ColumnElement[bool]:
    """The filter on Enrolment for those whose round of the course has a quiz with a result that is not passed by what counts in it."""
    share = func.coalesce(Attempt.score / func.nullif(Attempt.max_score, 0), 0)
    at = {name: Attempt.number == _number(edge) for name, edge in (("first", func.min), ("last", func.max))}
    passed = case((Attempt.passed.is_(True), 1), else_=0)
    floors_met = case((cast(Attempt.shortfalls, Text) == "[]", 1), else_=0)
    counting, percent = (
        func.max(case((at["last"], rule))) for rule in (QuizVersion.counting, QuizVersion.pass_percent)
    )
    enough = and_(func.avg(share) * 100 >= percent - ROUNDED, func.max(Attempt.max_score) > 0)
    by_what_counts = case(
        (counting == "last", func.max(case((at["last"], passed)))),
        (counting == "first", func.max(case((at["first"], passed)))),
        (counting == "average", case((enough, func.max(case((at["last"], floors_met)))), else_=0)),
        else_=func.max(passed),
    )
    return (
        select(Attempt.quiz_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .where(
            Quiz.course_id == Enrolment.course_id, Attempt.learner_id == Enrolment.learner_id,
            Attempt.cycle == Enrolment.cycle, Attempt.state == GRADED,
        )
        .group_by(Attempt.quiz_id)
        .having(by_what_counts == 0)
        .correlate(Enrolment)
        .exists()
    )  # fmt: skip


def _number(edge: Any) -> Any:
    """The number of the first or last graded attempt at the same quiz."""
    other = aliased(Attempt)
    same = other.quiz_id == Attempt.quiz_id, other.learner_id == Attempt.learner_id, other.cycle == Attempt.cycle
    return select(edge(other.number)).where(*same, other.state == GRADED).correlate(Attempt).scalar_subquery()
