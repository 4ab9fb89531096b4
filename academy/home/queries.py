"""What the home page asks for itself: the learner's role and latest certificate, and the courses to recommend from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from academy.accounts.models import Person
from academy.base.access import ADMINISTRATOR, TRAINER, Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseVersion
from academy.catalogue.policies import courses_visible
from academy.catalogue.queries import count_in_review
from academy.catalogue.queries.courses import parts_counted
from academy.competencies.models import PersonRequirement, Requirement
from academy.competencies.queries.goals import count_owed
from academy.credentials.models import Certificate
from academy.credentials.queries import CertificateRow, row_of
from academy.discussions.queries_of_moderation import count_reported
from academy.learning.queries.ledger import Hours, hours_of_person, hours_row, time_of_person
from academy.learning.queries.programmes import MyProgramme, programme_of, with_programmes
from academy.messages.queries import count_reports, unread_conversations


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of others waits: `appraisals` for the actor as who leads people, `drafts` of courses of theirs for a reviewer,
    `reported` posts in discussions for them as a moderator, `reports` about messages for an administrator.
    """

    appraisals: int = 0
    drafts: int = 0
    reported: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody's role with its targets (None and empty without one), their newest certificate that was not revoked, their programmes and hours.

    `unread`: how many conversations hold something they have not read; `waiting`: what waits of a manager's, an author's and
    an administrator's work.
    """

    role: LocalizedText | None
    targets: dict[str, Any]
    certificate: CertificateRow | None
    programmes: tuple[MyProgramme, ...]
    hours: Hours
    unread: int
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Offer:
    """A published course that could be recommended; `competencies` are {"key", "level"}, `prerequisites` ids of courses."""

    id: int
    key: str
    title: LocalizedText
    summary: LocalizedText
    level: int
    hours: Decimal
    competencies: Sequence[Mapping[str, Any]]
    prerequisites: Sequence[int]
    gives_certificate: bool
    lessons: int


def learner(actor: Actor, *, at: datetime) -> Learner:
    """Return the actor's role, newest certificate, open programmes and hours, and what waits for them, in one statement."""
    counts = _waiting(actor, at)
    query = _learner()
    if counts:
        query = query.add_columns(*(count.correlate(None).label(name) for name, count in counts.items()))
    rows = db.session.execute(query, {"person_id": actor.person_id}).all()
    role, targets, certificate, unread, *hours = rows[0][:6]
    programmes = tuple(found for row in rows if (found := programme_of(row)))
    waiting = Waiting(**{name: rows[0]._mapping[name] for name in counts})
    newest = row_of(certificate) if certificate else None
    return Learner(role or None, targets or {}, newest, programmes, hours_row(*hours), unread, waiting)


@cache
def _learner() -> Select[Any]:
    """Return what `learner` asks of everybody, built once: to build it costs more than to ask it."""
    person_id: Any = bindparam("person_id")
    newest = (
        select(Certificate.id)
        .where(Certificate.holder_id == person_id, Certificate.revoked_at.is_(None))
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            Requirement.name,
            Requirement.targets,
            Certificate,
            unread_conversations(person_id).label("unread"),
            time_of_person(person_id),
            hours_of_person(person_id),
        )
        .select_from(Person)
        .outerjoin(PersonRequirement, PersonRequirement.person_id == Person.id)
        .outerjoin(Requirement, Requirement.id == PersonRequirement.requirement_id)
        .outerjoin(Certificate, Certificate.id == newest)
        .where(Person.id == person_id)
    )
    return with_programmes(query)


def _waiting(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the counts of `Waiting` that concern the actor, for a statement over Person."""
    counts = {
        "appraisals": count_owed(actor, at) if actor.leads else None,
        "drafts": count_in_review(actor) if actor.has(TRAINER) else None,
        "reported": count_reported(actor) if actor.has(TRAINER) else None,
        "reports": count_reports(actor) if actor.has(ADMINISTRATOR) else None,
    }
    return {name: query for name, query in counts.items() if query is not None}


def offers(actor: Actor) -> list[Offer]:
    """Return the courses that the actor may enrol on now, the easiest first, in one statement."""
    query = (
        select(
            Course.id, Course.key, CourseVersion.title, CourseVersion.summary, CourseVersion.level, CourseVersion.hours,
            CourseVersion.competencies, CourseVersion.prerequisites, CourseVersion.gives_certificate,
            parts_counted(CourseVersion.id, "lesson"),
        )
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == PUBLISHED, Course.retired_at.is_(None), courses_visible(actor))
        .order_by(CourseVersion.level, Course.code, Course.id)
    )  # fmt: skip
    return [Offer(*row) for row in db.session.execute(query)]
