"""Issuing certificates to many who completed a course: what would happen to each, and then exactly that."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from academy.accounts.models import Person
from academy.base import audit, jobs
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.credentials.models import Certificate
from academy.credentials.policies import ISSUE_CERTIFICATES
from academy.credentials.queries_of_renewal import newest_version
from academy.credentials.rules import renewed_expiry
from academy.learning.models import COMPLETED, WITHDRAWN, Enrolment, Renewal
from academy.learning.models.renewals import RENEWED
from academy.learning.queries.enrolments import latest

GETS, COMING, STUCK, HAS = "gets", "coming", "stuck", "has"
OPEN, EXEMPTED, SUSPENDED, ENDED = "open", "exempted", "suspended", "ended"
FATES = (GETS, COMING, STUCK, HAS, OPEN, EXEMPTED, SUSPENDED, ENDED)
PART = 1_000  # people a job and a row of the audit trail


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with a place on the course, and what issuing would mean for them."""

    enrolment_id: int
    name: LocalizedText
    email: str
    completed_on: date | None
    expires_on: date | None
    fate: str


def candidates(course: Course, people: ColumnElement[bool], *, today: date) -> list[Candidate]:
    """Return everybody of the filter on Person who has a place on a course, with their fate today (three statements)."""
    newest = newest_version(course.id)
    if newest is None or not newest.gives_certificate:
        return []
    issued = exists().where(
        Certificate.holder_id == Enrolment.learner_id, Certificate.credential == f"course:{course.key}",
        Certificate.cycle >= Enrolment.cycle,
    )  # fmt: skip
    renewed = Renewal.enrolment_id == Enrolment.id, Renewal.course_id == course.id, Renewal.state == RENEWED
    continues = select(Renewal.continues_from).where(*renewed).limit(1).scalar_subquery()
    query = (
        select(
            Enrolment.id, Person.name, Person.email, Person.state.label("person_state"), Enrolment.state, Enrolment.exempted,
            Enrolment.completed_at, CourseVersion.gives_certificate, CourseVersion.validity_months, issued.label("issued"),
            continues.label("continues_from"),
        )
        .join(Person, Person.id == Enrolment.learner_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.course_id == course.id, Enrolment.state != WITHDRAWN, latest(), people)
        .order_by(Person.search_text, Person.id)
    )  # fmt: skip
    coming = _coming(newest.id)
    found = [_candidate(row, newest, today, coming.get(row.id)) for row in db.session.execute(query)]
    return sorted(found, key=lambda each: FATES.index(each.fate))  # those of one fate together, each by name


def _coming(version_id: int) -> dict[int, str]:
    """Return the enrolments for which a certificate was decided and is not issued yet: COMING, or STUCK when its job has failed."""
    names, undone = ("credentials.issue", "credentials.issue_many"), ("queued", "running", "failed")
    query = select(jobs.Job.arguments, jobs.Job.state).where(jobs.Job.name.in_(names), jobs.Job.state.in_(undone))
    found = {}
    for arguments, state in db.session.execute(query):
        if arguments.get("version_id", version_id) != version_id:
            continue
        for enrolment_id in arguments.get("enrolment_ids") or [arguments["enrolment_id"]]:
            found[enrolment_id] = STUCK if state == "failed" else COMING
    return found


def _candidate(row: Any, newest: CourseVersion, today: date, coming: str | None) -> Candidate:
    done = riyadh_day(row.completed_at) if row.state == COMPLETED and row.completed_at else None
    months = row.validity_months if row.gives_certificate else newest.validity_months
    expires_on = renewed_expiry(done, row.continues_from, months) if done else None
    fate = GETS
    if row.issued:
        fate = HAS
    elif done is None:
        fate = OPEN
    elif row.exempted:
        fate = EXEMPTED
    elif row.person_state == "suspended":
        fate = SUSPENDED
    elif expires_on is not None and expires_on <= today:
        fate = ENDED
    elif coming is not None:
        fate = coming
    return Candidate(row.id, row.name, row.email, done, expires_on if fate == GETS else None, fate)


def digest_of(found: Sequence[Candidate]) -> str:
    """Return a digest of who would get one, and until when it would be valid."""
    gets = [[each.enrolment_id, str(each.expires_on)] for each in found if each.fate == GETS]
    return hashlib.sha256(json.dumps(gets).encode()).hexdigest()


def issue_to(
    course: Course, people: ColumnElement[bool], chosen: Collection[int] | None, digest: str, *, label: str, actor_id: int, at: datetime
) -> int:  # fmt: skip
    """Issue to the chosen of those who would get one, or to all, as the page with this digest showed. Returns to how many."""
    found, newest = candidates(course, people, today=riyadh_day(at)), newest_version(course.id)
    if newest is None or digest_of(found) != digest:
        raise Conflict(_l("Something has changed since the preview. Check the new preview below."))
    gets = [
        each.enrolment_id for each in found if each.fate == GETS and (chosen is None or each.enrolment_id in chosen)
    ]
    if not gets:
        raise Invalid(_l("Choose at least one person who would get a certificate."))
    for first in range(0, len(gets), PART):
        part = gets[first : first + PART]
        jobs.enqueue("credentials.issue_many", enrolment_ids=part, version_id=newest.id)
        audit.record(
            ISSUE_CERTIFICATES, at=at, actor_id=actor_id, subject=("course", course.id, label),
            organisation_id=course.organisation_id, after={"people": len(part), "of": len(gets), "enrolment": part},
        )  # fmt: skip
    return len(gets)
