"""What people were granted: for the rules of an attempt, for its pages, and for those who grant it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from academy.accounts.models import Organisation, OrgUnit, Person, RoleGrant
from academy.assessment.models import Accommodation, AccommodationDate, AccommodationGroup, Quiz, QuizVersion
from academy.assessment.queries_of_groups import FREE_BROWSER, comforts, holds_at, is_reached
from academy.assessment.rules import Granted, GroupName, GroupShare, Limits, accommodated, holds
from academy.assessment.rules.safe_browser import NONE, Exam
from academy.base import place
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion


@dataclass(frozen=True, slots=True)
class GrantedDates:
    """Other dates of one person for one quiz, as they are listed."""

    id: int
    quiz_id: int
    person_id: int
    course_key: str
    opens_at: datetime | None
    closes_at: datetime | None
    ends_at: datetime | None
    granted_at: datetime
    granted_by: LocalizedText | None
    person: LocalizedText
    organisation: LocalizedText
    course: Course
    quiz: LocalizedText | None = None


@dataclass(frozen=True, slots=True)
class PersonGranted:
    """A person with what they were granted for every quiz, and who granted it.

    `academy_wide`: they hold a role in the whole academy, so that only an academy administrator changes anything of them.
    """

    person: Person
    accommodation: Accommodation | None
    granted_by: LocalizedText | None
    academy_wide: bool

    def holds(self, at: datetime) -> bool:
        """Whether it still holds."""
        return self.accommodation is not None and holds(self.accommodation.valid_until, at)


def granted_to(person_id: int, quiz_id: int, at: datetime) -> Granted | None:
    """Return what a person was granted at a quiz, by themselves and with groups; one statement."""
    return granted_to_all([(person_id, quiz_id)], at).get((person_id, quiz_id))


def granted_to_all(pairs: Collection[tuple[int, int]], at: datetime) -> dict[tuple[int, int], Granted]:
    """Return what people were granted at quizzes, of the pairs of both that are asked for; one statement."""
    group = AccommodationGroup
    columns: tuple[Any, ...] = (
        Person.id, Quiz.id, Accommodation.extra_percent, Accommodation.extra_attempts, Accommodation.valid_until,
        AccommodationDate.opens_at, AccommodationDate.closes_at, AccommodationDate.ends_at,
        group.scope, OrgUnit.name, Organisation.name, group.extra_percent, group.extra_attempts, group.opens_at,
        group.closes_at, group.ends_at,
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(Person)
        .join(Quiz, Quiz.id.in_({quiz_id for _person, quiz_id in pairs}))
        .outerjoin(Accommodation, Accommodation.person_id == Person.id)
        .outerjoin(AccommodationDate, dates_at(Person.id, Quiz.id))
        .outerjoin(group, and_(is_reached(group, Person), holds_at(group, Quiz.id, at)))
        .outerjoin(OrgUnit, OrgUnit.id == group.org_unit_id)
        .outerjoin(Organisation, Organisation.id == group.organisation_id)
        .where(
            Person.id.in_({person_id for person_id, _quiz in pairs}),
            or_(Accommodation.id.is_not(None), AccommodationDate.id.is_not(None), group.id.is_not(None)),
        )
        .order_by(group.id)
    )
    found: dict[tuple[int, int], Granted] = {}
    for row in db.session.execute(query).all():
        own = found.get((row[0], row[1])) or Granted(row[2] or 0, row[3] or 0, *row[4:8])
        if row[8] is not None:
            own = replace(own, groups=(*own.groups, GroupShare(GroupName(row[8], row[9] or row[10]), *row[11:])))
        found[row[0], row[1]] = own
    return found


def dates_for(person_id: int, rows: Sequence[Any], at: datetime) -> list[tuple[datetime | None, datetime | None]]:
    """Return when quizzes open and close for a person, row by row of those that hold `quiz_id` and dates; one statement."""
    granted = granted_to_all([(person_id, row.quiz_id) for row in rows], at) if rows else {}
    own = [Limits(opens_at=row.opens_at, closes_at=row.closes_at) for row in rows]
    mine = [accommodated(each, granted.get((person_id, row.quiz_id)), at) for each, row in zip(own, rows, strict=True)]
    return [(each.opens_at, each.closes_at) for each in mine]


def excused(person_id: int, quiz_id: int, *, at: datetime) -> bool:
    """Whether somebody may take a quiz in any browser at a moment; one statement."""
    query = (
        select(Accommodation.any_browser, Accommodation.valid_until, comforts(Person.id, quiz_id, at))
        .select_from(Person)
        .outerjoin(Accommodation, Accommodation.person_id == Person.id)
        .where(Person.id == person_id)
    )
    row = db.session.execute(query).one_or_none()
    return row is not None and ((bool(row[0]) and holds(row[1], at)) or bool((row[2] or 0) & FREE_BROWSER))


def exam_of(version: Any) -> Exam | None:
    """Return what a quiz version, or a row with its columns, asks of the browser; None when any browser will do."""
    if version.secure_browser == NONE:
        return None
    return Exam(version.secure_browser, version.secure, place.base_url(), version.quiz_id)


def dates_at(person_id: Any, quiz_id: Any) -> ColumnElement[bool]:
    """Return the condition that joins the dates of a person at a quiz."""
    return and_(AccommodationDate.person_id == person_id, AccommodationDate.quiz_id == quiz_id)


def own_limits(version: Any) -> Limits:
    """Return the limits of a quiz version, or of a row that holds the same columns, for somebody who was granted nothing."""
    return Limits(
        minutes=version.minutes,
        attempts_allowed=version.attempts_allowed,
        opens_at=version.opens_at,
        closes_at=version.closes_at,
        cooling_minutes=version.cooling_minutes,
    )


def limits_of(version: Any, person_id: int, at: datetime) -> Limits:
    """Return what holds for a person at a quiz: the one place where its rules meet what they were granted; one statement.

    `version` is a quiz version, or a row that holds the same columns.
    """
    limits = accommodated(own_limits(version), granted_to(person_id, version.quiz_id, at), at)
    return limits.of_survey() if version.anonymous else limits


def person_granted(person_id: int) -> PersonGranted | None:
    """Return a person with their accommodation; one statement."""
    giver = aliased(Person)
    everywhere = exists().where(RoleGrant.person_id == Person.id, RoleGrant.organisation_id.is_(None))
    query = (
        select(Person, Accommodation, giver.name, everywhere)
        .outerjoin(Accommodation, Accommodation.person_id == Person.id)
        .outerjoin(giver, giver.id == Accommodation.granted_by_id)
        .where(Person.id == person_id)
        .options(joinedload(Person.organisation))
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else PersonGranted(*row)


def dates() -> Select[Any]:
    """Return the query of granted dates, latest first, with the columns of `GrantedDates` up to the course."""
    giver = aliased(Person)
    columns: tuple[Any, ...] = (
        AccommodationDate.id, AccommodationDate.quiz_id, AccommodationDate.person_id, Course.key,
        AccommodationDate.opens_at, AccommodationDate.closes_at, AccommodationDate.ends_at, AccommodationDate.granted_at,
        giver.name, Person.name, Organisation.name, Course,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Person, Person.id == AccommodationDate.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(Quiz, Quiz.id == AccommodationDate.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .outerjoin(giver, giver.id == AccommodationDate.granted_by_id)
        .order_by(AccommodationDate.granted_at.desc(), AccommodationDate.id.desc())
    )


def dates_of_person(person_id: int) -> list[GrantedDates]:
    """Return the dates granted to a person, with the titles of the quizzes; two statements."""
    rows = db.session.execute(dates().where(AccommodationDate.person_id == person_id)).all()
    titles = _titles({row[1] for row in rows})
    return [replace(GrantedDates(*row), quiz=titles.get(row[1])) for row in rows]


def dates_of_course(course_id: int, seen: ColumnElement[bool]) -> list[GrantedDates]:
    """Return the dates granted for the quizzes of a course to the people whom the filter on Person lets through."""
    return [GrantedDates(*row) for row in db.session.execute(dates().where(Quiz.course_id == course_id, seen))]


def granted_dates(date_id: int) -> GrantedDates | None:
    """Return granted dates by id."""
    row = db.session.execute(dates().where(AccommodationDate.id == date_id)).one_or_none()
    return None if row is None else GrantedDates(*row)


def quizzes_of_course(course_id: int) -> dict[int, LocalizedText]:
    """Return the titles of a course's published quizzes by quiz, in order; one statement."""
    query = (
        select(QuizVersion.quiz_id, QuizVersion.title)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .where(Quiz.course_id == course_id, QuizVersion.frozen_at.is_not(None))
        .order_by(QuizVersion.quiz_id, QuizVersion.number)
    )
    return {row.quiz_id: row.title for row in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class QuizChoice:
    """A published quiz, to choose from."""

    quiz_id: int
    title: LocalizedText
    course: LocalizedText


def quizzes_for(organisation_id: int) -> list[QuizChoice]:
    """Return the published quizzes of the courses that people of an organisation may take; one statement."""
    query = (
        select(QuizVersion.quiz_id, QuizVersion.title, CourseVersion.title.label("course"))
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .where(
            QuizVersion.frozen_at.is_not(None),
            or_(Course.audience == "everyone", Course.organisation_id == organisation_id),
        )
        .order_by(Quiz.course_id, Quiz.id, QuizVersion.number)
    )
    return list({row.quiz_id: QuizChoice(*row) for row in db.session.execute(query)}.values())


def _titles(quiz_ids: set[int]) -> dict[int, LocalizedText]:
    if not quiz_ids:
        return {}
    query = select(QuizVersion.quiz_id, QuizVersion.title).where(QuizVersion.quiz_id.in_(quiz_ids))
    return {row.quiz_id: row.title for row in db.session.execute(query.order_by(QuizVersion.number))}
