"""Who is how far with which course: the rows behind the follow-up table, the export and a person's record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from academy.accounts.models import OrgUnit, Person
from academy.base.clock import RIYADH
from academy.base.db import db
from academy.base.sets import among
from academy.base.text import LocalizedText
from academy.catalogue.models import Activity, Course, CourseVersion
from academy.credentials.models import Certificate
from academy.insights.queries.figures import certificate_of_enrolment, completed_lately, expiring_on, overdue_on
from academy.insights.queries.searching import named_or_taught, one_page
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, Enrolment
from academy.learning.queries import counted_share
from academy.learning.queries.enrolments import latest
from academy.learning.queries.ledger import NO_HOURS, Hours, hours_of_place, hours_row, time_of_place
from academy.learning.queries.renewals import is_renewing

MANDATORY, OPEN, EXCUSED, OVERDUE, DUE_SOON, NOT_STARTED, DONE, LATELY, EXEMPTED, EXPIRING, STUCK = (
    "mandatory", "open", "excused", "overdue", "due_soon", "not_started", "completed", "lately", "exempted", "expiring", "stuck",
)  # fmt: skip
STATES = (OVERDUE, DUE_SOON, STUCK, NOT_STARTED, MANDATORY, OPEN, EXCUSED, DONE, LATELY, EXEMPTED, EXPIRING)
SOON, STUCK_AFTER = timedelta(days=7), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """How one person stands in one course; `best`, the share of the quiz result that counts, `hours` and `completed_before`, the end of an earlier round, are read for files and for one person only."""

    enrolment_id: int
    person_id: int
    name: LocalizedText
    email: str
    employee_number: str | None
    org_unit: LocalizedText | None
    course_key: str
    course_code: str
    course: LocalizedText
    state: str
    assigned: bool
    done: int
    required: int
    due_on: date | None
    reminded_on: date | None
    enrolled_at: datetime
    started_at: datetime | None
    last_activity_at: datetime | None
    completed_at: datetime | None
    certificate: str | None
    valid_until: date | None
    best: float | None
    stopped_at: LocalizedText | None = None
    stopped_kind: str | None = None
    renewing: bool = False
    exempted: bool = False
    hours: Hours = NO_HOURS
    completed_before: datetime | None = None

    def stuck_on(self, today: date) -> str:
        """Say why a place stands still: "" when it does not, else not_begun, at_quiz or stopped."""
        if self.state != ACTIVE or (self.last_activity_at or self.enrolled_at) >= _still_since(today):
            return ""
        if self.started_at is None:
            return "not_begun"
        return "at_quiz" if self.stopped_kind == "quiz" else "stopped"

    @property
    def fraction(self) -> float:
        """The share done, from 0 to 1."""
        return self.done / self.required if self.required else 0.0

    def standing_on(self, today: date) -> str:
        """Name how it stands: completed, exempted, overdue, due_soon, in_progress or not_started."""
        if self.exempted:
            return EXEMPTED
        if self.state != ACTIVE:
            return self.state
        if self.due_on is not None and self.due_on < today:
            return OVERDUE
        if self.due_on is not None and self.due_on <= today + SOON:
            return DUE_SOON
        return "in_progress" if self.started_at else NOT_STARTED


def follow_up(
    people: ColumnElement[bool], *, state: str = "", terms: Sequence[str] = (), today: date, whole: bool = False
) -> Select[Any]:
    """Return the query of a team's enrolments: overdue, then by due date, then the undated, then the completed.

    `whole` reads the quiz result and the hours too.
    """
    wanted = people, *_in_state(state, today), *named_or_taught(terms)
    return _rows(whole=whole).where(*wanted).order_by(*_order())


def follow_up_page(
    people: ColumnElement[bool], *, state: str = "", terms: Sequence[str] = (), today: date, size: int, number: int
) -> tuple[Sequence[Any], int, int]:
    """Return the rows of one page of `follow_up`, its number and the total, in one statement; past the end it is the first.

    The places of the page are found first; all that is told of them is looked up for these alone, not for a whole team.
    """
    query = select(Enrolment.id).join(Person, Person.id == Enrolment.learner_id)
    if terms:
        query = query.join(Course, Course.id == Enrolment.course_id)
    if state == EXPIRING:
        query = query.join(Certificate, certificate_of_enrolment())
    wanted = people, *_in_state(state, today), *named_or_taught(terms)
    return one_page(query.where(*wanted).order_by(*_order()), size=size, number=number, finish=_finished)


def _finished(keys: Any) -> Select[Any]:
    # As an array: joined, PostgreSQL would read what is told of all places and keep those of the page at the end.
    of_page = among(Enrolment.id, select(keys.c.id).scalar_subquery())
    total = select(func.max(keys.c.total)).scalar_subquery().label("total")
    return _rows().add_columns(total).where(of_page).order_by(*_order())


def _order() -> tuple[Any, ...]:
    active = Enrolment.state == ACTIVE
    rank = case((and_(active, Enrolment.due_on.is_not(None)), 0), (active, 1), else_=2)
    return rank, case((active, Enrolment.due_on)), Enrolment.completed_at.desc(), Person.search_text, Enrolment.id


def _rows(*, whole: bool = False) -> Select[Any]:
    columns = (
        Enrolment.id, Person.id.label("person_id"), Person.name, Person.email, Person.employee_number,
        OrgUnit.name.label("org_unit"), Course.key, Course.code, CourseVersion.title, Enrolment.state,
        Enrolment.assignment_id, Enrolment.done, Enrolment.required, Enrolment.due_on, Enrolment.reminded_on,
        Enrolment.enrolled_at, Enrolment.started_at, Enrolment.last_activity_at, Enrolment.completed_at,
        Certificate.number, Certificate.expires_on, Activity.title.label("stopped_at"), Activity.kind.label("stopped_kind"),
        is_renewing().label("renewing"), Enrolment.exempted,
        *(_whole() if whole else ()),
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.learner_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(Certificate, certificate_of_enrolment())
        .outerjoin(Activity, Activity.id == Enrolment.last_activity_id)
    )


def _whole() -> tuple[Any, ...]:
    before = aliased(Enrolment)
    same = before.learner_id == Enrolment.learner_id, before.course_id == Enrolment.course_id
    earlier = select(func.max(before.completed_at)).where(*same, before.cycle < Enrolment.cycle, ~before.exempted)
    return (
        counted_share().label("best"), time_of_place().label("seconds"), hours_of_place().label("credited"),
        earlier.correlate(Enrolment).scalar_subquery().label("completed_before"),
    )  # fmt: skip


def row_of(row: Any) -> FollowUpRow:
    """Turn a fetched row of `follow_up` into what pages and files show."""
    best = getattr(row, "best", None)
    hours = hours_row(getattr(row, "seconds", 0), getattr(row, "credited", 0))
    return FollowUpRow(
        enrolment_id=row.id,
        person_id=row.person_id,
        name=row.name,
        email=row.email,
        employee_number=row.employee_number,
        org_unit=row.org_unit,
        course_key=row.key,
        course_code=row.code,
        course=row.title,
        state=row.state,
        assigned=row.assignment_id is not None,
        done=row.done,
        required=row.required,
        due_on=row.due_on,
        reminded_on=row.reminded_on,
        enrolled_at=row.enrolled_at,
        started_at=row.started_at,
        last_activity_at=row.last_activity_at,
        completed_at=row.completed_at,
        certificate=row.number,
        valid_until=row.expires_on,
        best=float(best) if best is not None else None,
        stopped_at=row.stopped_at,
        stopped_kind=row.stopped_kind,
        renewing=bool(row.renewing),
        exempted=row.exempted,
        hours=hours,
        completed_before=getattr(row, "completed_before", None),
    )


def overdue_unreminded(people: ColumnElement[bool], *, today: date, most: int) -> Sequence[int]:
    """Return the enrolments of a team that are overdue and were not reminded of today, the longest overdue first."""
    query = (
        select(Enrolment.id)
        .join(Person, Person.id == Enrolment.learner_id)
        .where(people, latest(), overdue_on(today), func.coalesce(Enrolment.reminded_on, date.min) < today)
        .order_by(Enrolment.due_on, Enrolment.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def enrolment_in(people: ColumnElement[bool], enrolment_id: int) -> int | None:
    """Return an enrolment's id if it is one of these people's and not yet completed, else None."""
    mine = Enrolment.id == enrolment_id, Enrolment.state == ACTIVE, people
    return db.session.scalar(select(Enrolment.id).join(Person, Person.id == Enrolment.learner_id).where(*mine))


def _still_since(today: date) -> datetime:
    """Return the moment since which nothing has happened on a place that is stuck."""
    return datetime.combine(today - STUCK_AFTER, time(), RIYADH)


def _in_state(state: str, today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the filters of a state: on each learner's latest round of a course, but for what was completed lately."""
    if state == LATELY:
        return (completed_lately(today),)
    filters: dict[str, tuple[ColumnElement[bool], ...]] = {
        MANDATORY: (Enrolment.assignment_id.is_not(None),),
        OPEN: (Enrolment.state == ACTIVE, Enrolment.assignment_id.is_not(None)),
        EXCUSED: (Enrolment.assignment_id.is_not(None), Enrolment.exempted.is_(True)),
        OVERDUE: (overdue_on(today),),
        DUE_SOON: (Enrolment.state == ACTIVE, Enrolment.due_on.between(today, today + SOON)),
        NOT_STARTED: (Enrolment.state == ACTIVE, Enrolment.started_at.is_(None)),
        DONE: (Enrolment.state == COMPLETED,),
        EXEMPTED: (Enrolment.exempted.is_(True),),
        EXPIRING: (expiring_on(today),),
        STUCK: (
            Enrolment.state == ACTIVE,
            func.coalesce(Enrolment.last_activity_at, Enrolment.enrolled_at, type_=Enrolment.enrolled_at.type)
            < _still_since(today),
        ),
    }
    return Enrolment.state != WITHDRAWN, latest(), *filters.get(state, ())
