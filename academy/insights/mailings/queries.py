"""Reads about targeted letters: who stands in a state within somebody's reach, and what became of a mailing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, func, literal, or_, select

from academy.accounts.models import Organisation, Person
from academy.accounts.policies import people_administered, people_managed
from academy.base.access import Actor, allowed
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.catalogue.policies import EDIT_COURSE, courses_visible
from academy.credentials.models import Certificate
from academy.insights.mailings.models import DRAFT, FINISHED, SENDING, WAITING, Mailing, MailingPerson
from academy.insights.queries.figures import certificate_of_enrolment, overdue_on
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, Enrolment
from academy.learning.policies import learners_visible
from academy.learning.queries import counted_share, fails_a_quiz
from academy.learning.queries.enrolments import latest
from academy.notices.models import Letter
from academy.notices.queries import told_until

KIND = "mailing"


@dataclass(frozen=True, slots=True)
class Whom:
    """A state in a course, with the number that some states ask for."""

    course_id: int
    state: str
    number: int | None


def reach(actor: Actor, course: Course) -> ColumnElement[bool]:
    """Return the filter on Person for those whom the actor may write to about a course; never themself.

    A manager's team, an administrator's organisations, and of a course that one may edit its learners in the roster.
    """
    taught = learners_visible(actor) if allowed(EDIT_COURSE, actor, course) else false()
    return and_(or_(people_managed(actor), people_administered(actor), taught), Person.id != actor.person_id)


def standing_there(whom: Whom, people: ColumnElement[bool], *, at: datetime) -> Select[Any]:
    """Return the query of the people within a filter who stand in a state of a course now: id and name, by name."""
    return (
        select(Person.id, Person.name)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.learner_id)
        .outerjoin(Certificate, certificate_of_enrolment())
        .where(people, Person.state != "suspended", Enrolment.course_id == whom.course_id)
        .where(Enrolment.state != WITHDRAWN, latest(), _in_state(whom, at))
        .order_by(Person.search_text, Person.id)
        .distinct()
        .add_columns(Person.search_text)
    )


def preview(whom: Whom, people: ColumnElement[bool], *, at: datetime, most: int) -> tuple[int, Sequence[Any]]:
    """Return how many people stand there now, and the first of them by name (two statements)."""
    query = standing_there(whom, people, at=at)
    count = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return count, db.session.execute(query.limit(most)).all()


def _in_state(whom: Whom, at: datetime) -> ColumnElement[bool]:
    today, number = riyadh_day(at), whom.number or 0
    active = Enrolment.state == ACTIVE
    states: dict[str, ColumnElement[bool]] = {
        "not_started": and_(active, Enrolment.started_at.is_(None)),
        "idle": and_(
            active, Enrolment.started_at.is_not(None), Enrolment.last_activity_at < at - timedelta(days=number)
        ),
        "failed": and_(active, fails_a_quiz()),
        "below": counted_share() * 100 < number,
        "overdue": overdue_on(today),
        "completed": and_(Enrolment.state == COMPLETED, ~Enrolment.exempted),
        "ending": Certificate.expires_on.between(today, today + timedelta(days=number)),
    }
    return states[whom.state]


def mailing(mailing_id: int) -> Mailing | None:
    """Return a mailing."""
    return db.session.get(Mailing, mailing_id)


def mailings_of(actor: Actor) -> Select[Any]:
    """Return the query of the mailings that somebody wrote, the newest first, with the title of their course and whether letters wait."""
    taught = and_(CourseVersion.course_id == Mailing.course_id, CourseVersion.state == PUBLISHED)
    cause = literal(f"{KIND}:") + cast(Mailing.id, String)
    waits = exists().where(Letter.cause == cause, Letter.state == "queued").label("waits")
    columns: tuple[Any, ...] = Mailing, CourseVersion.title.label("course"), waits
    query = select(*columns).outerjoin(CourseVersion, taught)
    return query.where(Mailing.by_id == actor.person_id).order_by(Mailing.id.desc())


def courses_to_write_about(actor: Actor) -> list[tuple[str, LocalizedText]]:
    """Return (id, title) of the published courses that somebody sees, in the order of their codes."""
    query = (
        select(Course.id, CourseVersion.title)
        .join(CourseVersion, and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED))
        .where(courses_visible(actor), Course.retired_at.is_(None))
        .order_by(Course.code, Course.id)
    )
    return [(str(row.id), row.title) for row in db.session.execute(query)]


def next_waiting(mailing_id: int, *, most: int) -> Sequence[MailingPerson]:
    """Return the next people of a mailing, in order."""
    mine = MailingPerson.mailing_id == mailing_id, MailingPerson.outcome == WAITING
    return db.session.scalars(select(MailingPerson).where(*mine).order_by(MailingPerson.id).limit(most)).all()


def results(mailing_id: int) -> dict[str, int]:
    """Return how many people each outcome has; of the letters that were written, how their sending went."""
    cause = func.coalesce(Letter.state, "notice")
    written = and_(Letter.person_id == MailingPerson.person_id, Letter.cause == f"{KIND}:{mailing_id}")
    query = (
        select(MailingPerson.outcome, cause, func.count())
        .outerjoin(Letter, written)
        .where(MailingPerson.mailing_id == mailing_id)
        .group_by(MailingPerson.outcome, cause)
        .order_by(MailingPerson.outcome, cause)
    )
    found: dict[str, int] = {}
    for outcome, letter, count in db.session.execute(query):
        name = letter if outcome == "told" else outcome
        found[name] = found.get(name, 0) + count
    return found


def first_letter(mailing_id: int) -> datetime | None:
    """Return when the first letter that still waits is sent; None when none waits."""
    return told_until(f"{KIND}:{mailing_id}")


def still_wanted(mailing_ids: Collection[int]) -> set[int]:
    """Return those of some mailings whose waiting letters are still to go: all but stopped ones, and those of who may enter no more."""
    going = Mailing.id.in_(mailing_ids), Mailing.state.in_((SENDING, FINISHED))
    author = and_(Person.id == Mailing.by_id, Person.state == "active")
    query = select(Mailing.id).join(Person, author).join(Organisation, Organisation.id == Person.organisation_id)
    return set(db.session.scalars(query.where(*going, Organisation.active)))


def is_draft(row: Mailing) -> bool:
    """Whether a mailing was not sent yet."""
    return row.state == DRAFT
