"""The datasets of people, of their places on courses, and of what is due from them."""

from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from academy.accounts.models import Person
from academy.accounts.queries_of_administration import shown_state
from academy.base.dates import span_of_year, year_of
from academy.base.i18n import _l
from academy.catalogue.models import Course, CourseVersion
from academy.competencies.models import Requirement
from academy.credentials.models import Certificate
from academy.credentials.queries import is_held
from academy.insights.reports.queries.datasets.columns import (
    ABOUT_PERSON,
    PERSON_STATES,
    Column,
    Dataset,
    flag,
    percent,
    plain,
    with_person,
    with_role,
)
from academy.insights.reports.queries.datasets.sql import riyadh_date
from academy.insights.reports.rules import kinds
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, Assignment, Enrolment
from academy.learning.queries import counted_share
from academy.learning.queries.enrolments import latest
from academy.learning.queries.ledger import (
    hours_of_person,
    hours_of_person_between,
    hours_of_place,
    in_minutes,
    time_of_person,
    time_of_place,
)

STATES = {
    "not_started": _l("Not started"), "in_progress": _l("In progress"), "completed": _l("Completed"), "exempted": _l("Exempted"),
    "withdrawn": _l("Left the course"),
}  # fmt: skip
PERCENT, COURSES, ACTIVITIES, HOURS = _l("per cent"), _l("courses"), _l("activities"), _l("hours")
MINUTES = _l("minutes")


def _enrolments_that(*conditions: Any) -> Any:
    mine = Enrolment.learner_id == Person.id, Enrolment.state != WITHDRAWN, latest()
    return select(func.count()).select_from(Enrolment).where(*mine, *conditions).correlate(Person).scalar_subquery()


def _valid_certificates(today: date) -> Any:
    valid = Certificate.revoked_at.is_(None), or_(Certificate.expires_on.is_(None), Certificate.expires_on >= today)
    mine = select(func.count()).select_from(Certificate).where(Certificate.holder_id == Person.id, *valid, ~is_held())
    return mine.correlate(Person).scalar_subquery()


def _hours_of_year(today: date, calendar: str, later: int = 0) -> Any:
    span = span_of_year(year_of(today, calendar) + later, calendar) or (today, today)
    return hours_of_person_between(Person.id, *span)


def _people() -> Any:
    return with_role(with_person(Person.__table__))


PEOPLE = Dataset(
    "people",
    _l("People"),
    _l("One row for each person."),
    (
        *ABOUT_PERSON,
        Column("state", kinds.CHOICE, _l("State of the account"), _l("Whether the person can sign in now."), plain(shown_state(Person)), choices=PERSON_STATES),
        Column("profile", kinds.NAME, _l("Role profile"), _l("The role profile that applies to the person."), plain(Requirement.name)),
        Column("joined_on", kinds.DAY, _l("Joined on"), _l("The day the person joined the organisation."), plain(Person.joined_on)),
        Column("last_seen", kinds.MOMENT, _l("Last seen"), _l("When the person last used the academy."), plain(Person.last_seen_at)),
        Column("open", kinds.NUMBER, _l("Open courses"), _l("Courses begun or assigned and not yet completed."), lambda _today: _enrolments_that(Enrolment.state == ACTIVE), COURSES),
        Column("done", kinds.NUMBER, _l("Completed courses"), _l("Courses whose latest cycle is completed, exempted ones among them."), lambda _today: _enrolments_that(Enrolment.state == COMPLETED), COURSES),
        Column("exempted", kinds.NUMBER, _l("Exempted courses"), _l("Completed courses that count by an exemption and not by learning."), lambda _today: _enrolments_that(Enrolment.exempted), COURSES),
        Column("overdue", kinds.NUMBER, _l("Overdue courses"), _l("Open courses whose due day has passed."), lambda today: _enrolments_that(Enrolment.state == ACTIVE, Enrolment.due_on < today), COURSES),
        Column("time_spent", kinds.NUMBER, _l("Time spent"), _l("The minutes counted on all the courses of the person, earlier rounds and courses that were left among them."), lambda _today: in_minutes(time_of_person(Person.id)), MINUTES),
        Column("hours_credited", kinds.NUMBER, _l("Credited hours"), _l("The hours of the courses the person completed, each round anew; exemptions credit none."), lambda _today: hours_of_person(Person.id), HOURS),
        Column("hours_this_year", kinds.NUMBER, _l("Credited hours this year"), _l("The hours credited in the present Gregorian year."), lambda today: _hours_of_year(today, "gregorian"), HOURS),
        Column("hours_last_year", kinds.NUMBER, _l("Credited hours last year"), _l("The hours credited in the Gregorian year before the present one."), lambda today: _hours_of_year(today, "gregorian", -1), HOURS),
        Column("hours_this_hijri_year", kinds.NUMBER, _l("Credited hours this Hijri year"), _l("The hours credited in the present Hijri year."), lambda today: _hours_of_year(today, "hijri"), HOURS),
        Column("hours_last_hijri_year", kinds.NUMBER, _l("Credited hours last Hijri year"), _l("The hours credited in the Hijri year before the present one."), lambda today: _hours_of_year(today, "hijri", -1), HOURS),
        Column("certificates", kinds.NUMBER, _l("Valid certificates"), _l("Certificates neither revoked nor expired nor suspended today."), _valid_certificates, _l("certificates")),
    ),
    _people,
    Person.id,
    ("person", "unit", "job", "open", "done", "overdue"),
)  # fmt: skip

STATE = case((Enrolment.exempted, "exempted"), (and_(Enrolment.state == ACTIVE, Enrolment.started_at.is_(None)), "not_started"), (Enrolment.state == ACTIVE, "in_progress"), else_=Enrolment.state)  # fmt: skip
OF_COURSE = (
    Column("course", kinds.NAME, _l("Course"), _l("The course, as titled in the version the person takes."), plain(CourseVersion.title)),
    Column("course_code", kinds.TEXT, _l("Course code"), _l("The short code of the course."), plain(Course.code)),
    Column("state", kinds.CHOICE, _l("State"), _l("How far the person is with the course now."), plain(STATE), choices=STATES),
    Column("due_on", kinds.DAY, _l("Due on"), _l("The day by which the course is due."), plain(Enrolment.due_on)),
    Column("overdue", kinds.FLAG, _l("Overdue"), _l("Whether it is still open after its due day."), lambda today: case((and_(Enrolment.state == ACTIVE, Enrolment.due_on < today), True), else_=False)),
    Column("completed", kinds.FLAG, _l("Completed"), _l("Whether every completion rule is met, or an exemption is in force."), flag(Enrolment.state == COMPLETED)),
    Column("exempted", kinds.FLAG, _l("Exempted"), _l("Whether it counts as completed by an exemption."), flag(Enrolment.exempted.is_(True))),
    Column("completed_at", kinds.MOMENT, _l("Completed on"), _l("When the last completion rule was met, or the exemption began."), plain(Enrolment.completed_at)),
)  # fmt: skip


def _enrolments() -> Any:
    places = Person.__table__.join(Enrolment.__table__, Enrolment.learner_id == Person.id)
    courses = places.join(Course, Course.id == Enrolment.course_id)
    return with_person(courses.join(CourseVersion, CourseVersion.id == Enrolment.version_id))


ENROLMENTS = Dataset(
    "enrolments",
    _l("Enrolments"),
    _l("One row for each place of a person on a course; a recertification is a new row."),
    (
        *ABOUT_PERSON,
        *OF_COURSE,
        Column("mandatory", kinds.FLAG, _l("Mandatory"), _l("Whether somebody assigned the course."), flag(Enrolment.assignment_id.is_not(None))),
        Column("current", kinds.FLAG, _l("Latest cycle"), _l("Whether it is the latest cycle of the person on the course."), lambda _today: case((latest(), True), else_=False)),
        Column("cycle", kinds.NUMBER, _l("Cycle"), _l("1 for the first time, 2 for the first recertification, and so on."), plain(Enrolment.cycle), adds_up=False),
        Column("progress", kinds.SHARE, _l("Progress"), _l("Required activities that are completed, of all required ones."), plain(percent(Enrolment.done, Enrolment.required)), PERCENT),
        Column("done", kinds.NUMBER, _l("Completed activities"), _l("Required activities that are completed."), plain(Enrolment.done), ACTIVITIES),
        Column("result", kinds.SHARE, _l("Quiz result"), _l("The best of the results that count at the quizzes of the course; empty where learners never see their score."), lambda _today: counted_share() * 100.0, PERCENT, score=True),
        Column("hours", kinds.NUMBER, _l("Training hours"), _l("The hours that the version of the course is worth."), plain(CourseVersion.hours), HOURS),
        Column("time_spent", kinds.NUMBER, _l("Time spent"), _l("The minutes counted on the activities of this place."), lambda _today: in_minutes(time_of_place()), MINUTES),
        Column("hours_credited", kinds.NUMBER, _l("Credited hours"), _l("The hours that the version of the course says, once it is completed; an exemption credits none."), lambda _today: hours_of_place(), HOURS),
        Column("enrolled_at", kinds.MOMENT, _l("Enrolled on"), _l("When the person got the place."), plain(Enrolment.enrolled_at)),
        Column("started_at", kinds.MOMENT, _l("Started on"), _l("When the person first opened an activity."), plain(Enrolment.started_at)),
        Column("last_activity", kinds.MOMENT, _l("Last activity"), _l("When the person last did something in the course."), plain(Enrolment.last_activity_at)),
    ),
    _enrolments,
    Enrolment.id,
    ("person", "unit", "course", "state", "due_on", "progress"),
)  # fmt: skip

_done_on = riyadh_date(Enrolment.completed_at)


def _on_time(today: date) -> Any:
    """Yes or no once it is known, nothing while the due day is still to come."""
    return case(
        (Enrolment.due_on.is_(None), None),
        (Enrolment.state == COMPLETED, case((_done_on <= Enrolment.due_on, True), else_=False)),
        (Enrolment.due_on < today, False),
    )


ASSIGNMENTS = Dataset(
    "assignments",
    _l("Assignments"),
    _l("One row for each course that is due from a person because somebody assigned it."),
    (
        *ABOUT_PERSON,
        *OF_COURSE,
        Column("on_time", kinds.FLAG, _l("On time"), _l("Completed by the due day; empty while the day is still to come."), _on_time),
        Column("assigned_at", kinds.MOMENT, _l("Assigned on"), _l("When the latest assignment was made."), plain(Assignment.assigned_at)),
        Column("reminded_on", kinds.DAY, _l("Last reminder"), _l("The day of the last reminder by a manager."), plain(Enrolment.reminded_on)),
    ),
    lambda: _enrolments().join(Assignment, Assignment.id == Enrolment.assignment_id),
    Enrolment.id,
    ("person", "unit", "course", "due_on", "state", "on_time"),
    lambda: (Enrolment.state != WITHDRAWN,),
)  # fmt: skip
