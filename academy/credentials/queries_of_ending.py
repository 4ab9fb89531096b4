"""The certificates of one person that end soon or have just ended, and how far the renewal of each is, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from academy.base.db import db
from academy.catalogue.models import PUBLISHED as COURSE_PUBLISHED
from academy.catalogue.models import Course, CourseVersion
from academy.credentials.models import Certificate, RecertificationRule
from academy.credentials.queries import CertificateRow, is_current, is_held, row_of
from academy.credentials.queries_of_programmes import terms_said
from academy.credentials.queries_of_renewal import next_cycle_of_row
from academy.credentials.rules_of_renewal import LONGEST, Stage, Terms
from academy.learning.models import PUBLISHED, Enrolment, Programme, ProgrammeRenewal, ProgrammeVersion, Renewal
from academy.learning.models.renewals import RENEWED, RENEWING

SOON, LATELY = timedelta(days=60), timedelta(days=30)
LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate that ends soon or has just ended; begun, its renewal goes on in a course or a programme."""

    certificate: CertificateRow
    expires_on: date
    stage: Stage
    opens_on: date
    course_key: str = ""
    programme_key: str = ""


def ending_of(person_id: int, *, today: date, most: int) -> list[Ending]:
    """Return a person's certificates that end within sixty days, can be renewed now, or ended within thirty, the first to end first.

    Left out are those replaced, revoked or suspended, and those whose renewal is completed.
    """
    asked = {"person_id": person_id, "since": today - LATELY, "until": today + timedelta(days=LONGEST)}
    rows = db.session.execute(_standing(), asked).all()
    found = [_ending(row, today) for row in rows]
    shown = [
        each
        for each in found
        if each.stage is not Stage.EARNED
        and (each.expires_on <= today + SOON or each.stage in (Stage.OPEN, Stage.BEGUN))
    ]
    return shown[:most]


@cache
def _standing() -> Select[Any]:
    """Return the query of `ending_of`, built once for everybody: to build it costs more than to ask it."""
    version, on = aliased(ProgrammeVersion), aliased(Course)
    of_course = and_(
        Renewal.learner_id == Certificate.holder_id, Renewal.course_id == Certificate.course_id,
        Renewal.cycle == next_cycle_of_row(), Renewal.state.in_((RENEWING, RENEWED)),
    )  # fmt: skip
    of_programme = and_(
        ProgrammeRenewal.learner_id == Certificate.holder_id, ProgrammeRenewal.programme_id == Certificate.programme_id,
        ProgrammeRenewal.cycle == next_cycle_of_row(), ProgrammeRenewal.state.in_((RENEWING, RENEWED)),
    )  # fmt: skip
    query = select(
        Certificate, RecertificationRule.window_days, version.renewal.label("said"), version.state.label("version_state"),
        Programme.retired_at, Programme.key.label("programme_key"), on.key.label("course_key"), _course_offered().label("offered"),
        func.coalesce(Renewal.state, ProgrammeRenewal.state).label("renewing"),
    ).select_from(Certificate)  # fmt: skip
    query = query.outerjoin(RecertificationRule, RecertificationRule.course_id == Certificate.course_id)
    query = query.outerjoin(Programme, Programme.id == Certificate.programme_id)
    query = query.outerjoin(version, and_(version.programme_id == Programme.id, version.number == _newest()))
    query = query.outerjoin(Renewal, of_course).outerjoin(ProgrammeRenewal, of_programme)
    place = Enrolment.id == func.coalesce(Renewal.enrolment_id, ProgrammeRenewal.enrolment_id)
    query = query.outerjoin(Enrolment, place).outerjoin(on, on.id == Enrolment.course_id)
    near = Certificate.expires_on.between(bindparam("since"), bindparam("until"))
    of_something = or_(Certificate.course_id.is_not(None), Certificate.programme_id.is_not(None))
    mine = Certificate.holder_id == bindparam("person_id"), is_current(), ~is_held(), near, of_something
    return query.where(*mine).order_by(Certificate.expires_on, Certificate.id).limit(LOOKED_AT)


def _newest() -> Any:
    """The number of the version of a programme that was published last."""
    later = aliased(ProgrammeVersion)
    published = select(func.max(later.number)).where(later.programme_id == Programme.id, later.state != "draft")
    return published.correlate(Programme).scalar_subquery()


def _course_offered() -> ColumnElement[bool]:
    """Whether the course of a certificate takes people and gives a certificate."""
    return exists().where(
        Course.id == Certificate.course_id, Course.retired_at.is_(None), CourseVersion.course_id == Course.id,
        CourseVersion.state == COURSE_PUBLISHED, CourseVersion.gives_certificate,
    )  # fmt: skip


def _ending(row: Any, today: date) -> Ending:
    found = row_of(row.Certificate)
    assert found.expires_on is not None
    opens_on = _terms(found, row.window_days, row.said).opens_on(found.expires_on)
    if row.renewing == RENEWED:
        return Ending(found, found.expires_on, Stage.EARNED, opens_on)
    if row.renewing == RENEWING:
        key = row.course_key or ""
        return Ending(found, found.expires_on, Stage.BEGUN, opens_on, key, "" if key else row.programme_key or "")
    if found.programme_id is not None:
        offered = row.retired_at is None and row.version_state == PUBLISHED
    else:
        offered = bool(row.offered)
    stage = Stage.CLOSED if not offered else Stage.EARLY if today < opens_on else Stage.OPEN
    return Ending(found, found.expires_on, stage, opens_on)


def _terms(found: CertificateRow, window_days: int | None, said: Mapping[str, Any] | None) -> Terms:
    if found.programme_id is not None:
        return terms_said(said or {})
    return Terms() if window_days is None else Terms(window_days=window_days)
