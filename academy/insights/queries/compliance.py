"""Who was compliant at the end of a day: from the history of duties, certificates and places, never from today's state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from academy.accounts.models import Organisation, OrgUnit, Person, PersonPlace
from academy.base.clock import RIYADH
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.credentials.models import Certificate, CertificateHold
from academy.insights.queries.scopes import team
from academy.learning.models import ACTIVE, COMPLETED, Duty, DutyEvent, DutyRule, Enrolment

COMPLIANT, EXEMPTED, OVERDUE, EXPIRED, DUE, NOT_ASKED = (
    "compliant",
    "exempted",
    "overdue",
    "expired",
    "due",
    "not_asked",
)
Units = Sequence[int] | Select[int] | None
STATUSES = (COMPLIANT, EXEMPTED, OVERDUE, EXPIRED, DUE)


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of a day in Riyadh; of today, the present."""

    day: date
    end: datetime


def end_of(day: date, *, now: datetime) -> Moment:
    """Return the moment that tells how things stood on a day."""
    midnight = datetime.combine(day + timedelta(days=1), time(), RIYADH)
    return Moment(day, min(midnight, now))


@dataclass(frozen=True, slots=True)
class Total:
    """How many duties of the people of a unit stand how, in one course."""

    unit_id: int | None
    unit: LocalizedText | None
    course_id: int
    status: str
    count: int


@dataclass(frozen=True, slots=True)
class Duties:
    """One person of the matrix: their unit then, and their status in each course (not_asked where there is none)."""

    person_id: int
    name: LocalizedText
    unit: LocalizedText | None
    statuses: dict[int, str]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty of one person, with what its status rests on."""

    person_id: int
    name: LocalizedText
    email: str
    employee_number: str | None
    unit: LocalizedText | None
    course: LocalizedText
    course_code: str
    status: str
    due_on: date | None
    completed_at: datetime | None
    certificate: str | None
    valid_until: date | None


def places(people: ColumnElement[bool], when: Moment, units: Units = None) -> Any:
    """Return (person_id, org_unit_id) of those of the people who could enter then, in the unit where they stood then.

    Who belonged to another organisation then stood in none of this one's units, and its units are nobody else's to see.
    """
    # Found first, so that the history of nobody else is read and sorted.
    whom = team(people).prefix_with("MATERIALIZED")
    newest = func.row_number().over(
        partition_by=PersonPlace.person_id, order_by=(PersonPlace.at.desc(), PersonPlace.id.desc())
    )
    ranked = (
        select(
            PersonPlace.person_id, PersonPlace.org_unit_id, PersonPlace.state, newest.label("place"),
            (PersonPlace.organisation_id == Person.organisation_id).label("here"),
        )
        .join(whom, whom.c.id == PersonPlace.person_id)
        .join(Person, Person.id == PersonPlace.person_id)
        .where(PersonPlace.at < when.end)
        .subquery()
    )  # fmt: skip
    stood = ranked.c.place == 1, ranked.c.state != "suspended", ranked.c.here
    here = select(ranked.c.person_id, ranked.c.org_unit_id).where(*stood)
    return (here if units is None else here.where(ranked.c.org_unit_id.in_(units))).cte("places")


def cells(standing: Any, when: Moment) -> Any:
    """Return one row for each person and course that was asked or completed: its status (an index of `STATUSES`) and basis.

    What nobody asked for counts while its completion holds; once that has expired, it is nobody's duty and left out, but for
    a partner's people, who serve by their certificates.
    """
    newest = func.row_number().over(
        partition_by=DutyEvent.enrolment_id, order_by=(DutyEvent.at.desc(), DutyEvent.id.desc())
    )
    events = (
        select(
            DutyEvent.enrolment_id, DutyEvent.learner_id, DutyEvent.course_id, DutyEvent.state, DutyEvent.asked,
            DutyEvent.due_on, DutyEvent.at, DutyEvent.exempted, standing.c.org_unit_id, newest.label("place"),
        )
        .join(standing, standing.c.person_id == DutyEvent.learner_id)
        .where(DutyEvent.at < when.end)
        .subquery()
    )  # fmt: skip
    paper = and_(Certificate.enrolment_id == events.c.enrolment_id, Certificate.issued_at < when.end)
    held = exists().where(
        CertificateHold.certificate_id == Certificate.id, CertificateHold.held_at < when.end,
        or_(CertificateHold.released_at.is_(None), CertificateHold.released_at >= when.end),
    )  # fmt: skip
    ended = or_(Certificate.expires_on < when.day, Certificate.revoked_at < when.end, held)
    done, waits = events.c.state == COMPLETED, and_(events.c.state == ACTIVE, events.c.asked)
    status = case(
        (events.c.exempted, 1),
        (and_(done, or_(Certificate.id.is_(None), func.coalesce(ended, False).is_(False))), 0),
        (and_(waits, events.c.due_on < when.day), 2),
        (done, 3),
        (waits, 4),
    )
    best = func.row_number().over(
        partition_by=(events.c.learner_id, events.c.course_id),
        order_by=(status, events.c.enrolment_id.desc(), Certificate.id.desc()),
    )
    ranked = (
        select(
            events.c.learner_id, events.c.course_id, events.c.enrolment_id, events.c.org_unit_id, events.c.due_on,
            case((done, events.c.at)).label("completed_at"), Certificate.number, Certificate.expires_on,
            status.label("status"), best.label("best"),
            func.max(case((events.c.asked, 1), else_=0)).over(partition_by=(events.c.learner_id, events.c.course_id)).label("asked"),
        )
        .outerjoin(Certificate, paper)
        .where(events.c.place == 1, status.is_not(None))
        .subquery()
    )  # fmt: skip
    ended = ranked.c.status == STATUSES.index(EXPIRED)
    is_duty = or_(~ended, ranked.c.asked == 1, _by_rule(ranked, when), _of_partner(ranked))
    return select(ranked).where(ranked.c.best == 1, is_duty).subquery("cells")


def _by_rule(cell: Any, when: Moment) -> ColumnElement[bool]:
    """Whether a rule asked for the course then; of who had completed it, the rule alone knows."""
    return (
        exists()
        .where(
            Duty.rule_id == DutyRule.id, Duty.person_id == cell.c.learner_id, DutyRule.course_id == cell.c.course_id,
            Duty.since < when.end, or_(Duty.ended_at.is_(None), Duty.ended_at >= when.end),
        )
        .correlate(cell)
    )  # fmt: skip


def _of_partner(cell: Any) -> ColumnElement[bool]:
    """Whether they are a partner's: agreements ask for their certificates, whoever enrolled them."""
    mine = Person.id == cell.c.learner_id, Organisation.id == Person.organisation_id, Organisation.kind == "partner"
    return exists().where(*mine).correlate(cell)


def totals(people: ColumnElement[bool], when: Moment, units: Units = None) -> list[Total]:
    """Return how many duties stand how, by unit and course (one statement)."""
    found = cells(places(people, when, units), when)
    query = (
        select(found.c.org_unit_id, OrgUnit.name, found.c.course_id, found.c.status, func.count())
        .outerjoin(OrgUnit, OrgUnit.id == found.c.org_unit_id)
        .group_by(found.c.org_unit_id, OrgUnit.id, OrgUnit.name, found.c.course_id, found.c.status)
    )
    rows = db.session.execute(query)
    return [Total(unit, name, course, STATUSES[status], count) for unit, name, course, status, count in rows]


def name_of_place(people: ColumnElement[bool], when: Moment, place: int) -> LocalizedText | None:
    """Return the name of a unit where any of these people stood then; None when nobody did."""
    here = places(people, when, [place])
    return db.session.scalar(select(OrgUnit.name).join(here, here.c.org_unit_id == OrgUnit.id).limit(1))


def titles(course_ids: Sequence[int]) -> dict[int, LocalizedText]:
    """Return the titles of courses, in the order of their codes (one statement)."""
    newest = select(func.max(CourseVersion.id)).where(
        CourseVersion.course_id == Course.id, CourseVersion.state != "draft"
    )
    query = (
        select(Course.id, CourseVersion.title)
        .join(CourseVersion, CourseVersion.id == newest.correlate(Course).scalar_subquery())
        .where(Course.id.in_(course_ids))
        .order_by(Course.code, Course.id)
    )
    return {row.id: row.title for row in db.session.execute(query)}


def standing_query(people: ColumnElement[bool], when: Moment, units: Units) -> Any:
    """Return the query of the people who could enter then: id, name, unit then; in the order of names."""
    here = places(people, when, units)
    return (
        select(Person.id, Person.name, OrgUnit.name.label("unit"))
        .join(here, here.c.person_id == Person.id)
        .outerjoin(OrgUnit, OrgUnit.id == here.c.org_unit_id)
        .order_by(Person.search_text, Person.id)
    )


def matrix(rows: Sequence[Any], when: Moment) -> list[Duties]:
    """Return the statuses of the people of one page (one statement)."""
    found = cells(places(Person.id.in_([row.id for row in rows]), when), when)
    statuses: dict[int, dict[int, str]] = {}
    for cell in db.session.execute(select(found.c.learner_id, found.c.course_id, found.c.status)):
        statuses.setdefault(cell.learner_id, {})[cell.course_id] = STATUSES[cell.status]
    return [Duties(row.id, row.name, row.unit, statuses.get(row.id, {})) for row in rows]


def duty_rows(
    people: ColumnElement[bool],
    when: Moment,
    units: Units,
    *,
    status: str = "",
    course_id: int = 0,
    place: int | None = None,
) -> Select[Any]:
    """Return the query of single duties, in the order of names, of one status, course or place if asked for.

    `place` is the id of the very unit where people stood then, without those below it; 0 is in no unit.
    """
    found = cells(places(people, when, units), when)
    query = (
        select(
            Person.id, Person.name, Person.email, Person.employee_number, OrgUnit.name.label("unit"), CourseVersion.title,
            Course.code, found.c.status, found.c.due_on, found.c.completed_at, found.c.number, found.c.expires_on,
        )
        .join(Person, Person.id == found.c.learner_id)
        .join(Course, Course.id == found.c.course_id)
        .join(Enrolment, Enrolment.id == found.c.enrolment_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .outerjoin(OrgUnit, OrgUnit.id == found.c.org_unit_id)
        .order_by(Person.search_text, Person.id, Course.code, Course.id)
    )  # fmt: skip
    if status in STATUSES:
        query = query.where(found.c.status == STATUSES.index(status))
    if place is not None:
        query = query.where(found.c.org_unit_id == place if place else found.c.org_unit_id.is_(None))
    return query.where(found.c.course_id == course_id) if course_id else query


def duty_of(row: Any) -> DutyRow:
    """Turn a fetched row of `duty_rows` into what pages and files show."""
    return DutyRow(
        row.id, row.name, row.email, row.employee_number, row.unit, row.title, row.code, STATUSES[row.status], row.due_on,
        row.completed_at, row.number, row.expires_on,
    )  # fmt: skip
