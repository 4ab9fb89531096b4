"""Renewals of certificates, as far as places on courses know of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists, select

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, CourseVersion
from academy.learning.models import COMPLETED, Enrolment, ProgrammeRenewal, Renewal
from academy.learning.models.renewals import RENEWED, RENEWING


@dataclass(frozen=True, slots=True)
class Round:
    """An earlier round of a course: its number and when it was completed."""

    cycle: int
    completed_at: datetime


def renewal(renewal_id: int) -> Renewal | None:
    """Return a renewal by id."""
    return db.session.get(Renewal, renewal_id)


def open_renewal(learner_id: int, course_id: int) -> Renewal | None:
    """Return the renewal of a course's certificate that a person is in."""
    mine = Renewal.learner_id == learner_id, Renewal.course_id == course_id, Renewal.state == RENEWING
    return db.session.scalar(select(Renewal).where(*mine))


def completed_renewal(learner_id: int, course_id: int, cycle: int) -> Renewal | None:
    """Return the renewal by which a person has earned a cycle of a course's certificate."""
    mine = Renewal.learner_id == learner_id, Renewal.course_id == course_id, Renewal.cycle == cycle
    return db.session.scalar(select(Renewal).where(*mine, Renewal.state == RENEWED))


def renewals_earned_by(enrolment_id: int) -> list[Renewal]:
    """Return the renewals that completing a place has earned: of the same course, of others, or none."""
    mine = Renewal.enrolment_id == enrolment_id, Renewal.state == RENEWED
    return list(db.session.scalars(select(Renewal).where(*mine).order_by(Renewal.id)))


def renewals_of(learner_id: int, course_ids: Collection[int]) -> dict[Renewal, int]:
    """Return a person's renewals of some courses with the course on which each is earned, lapsed ones left out."""
    mine = Renewal.learner_id == learner_id, Renewal.course_id.in_(course_ids), Renewal.state.in_((RENEWING, RENEWED))
    place = Enrolment.id == Renewal.enrolment_id
    rows = db.session.execute(select(Renewal, Enrolment.course_id).join(Enrolment, place).where(*mine))
    return {renewal: on for renewal, on in rows}


def is_renewing() -> ColumnElement[bool]:
    """Return the filter on Enrolment for those whose course's certificate is being renewed, wherever that is done."""
    return exists().where(
        Renewal.learner_id == Enrolment.learner_id, Renewal.course_id == Enrolment.course_id, Renewal.state == RENEWING
    )


def renewed_title() -> ScalarSelect[LocalizedText]:
    """Return the title of the course whose certificate a place renews, as a column beside Enrolment."""
    query = (
        select(CourseVersion.title)
        .join(Renewal, Renewal.course_id == CourseVersion.course_id)
        .where(Renewal.enrolment_id == Enrolment.id, Renewal.state == RENEWING, CourseVersion.state == PUBLISHED)
        .order_by(Renewal.id)
        .limit(1)
    )
    return query.correlate(Enrolment).scalar_subquery()


def overdue_renewals(today: date, *, most: int) -> list[int]:
    """Return the open renewals whose shorter way counts no longer."""
    query = select(Renewal.id).where(Renewal.state == RENEWING, Renewal.until < today)
    return list(db.session.scalars(query.order_by(Renewal.id).limit(most)))


def earlier_rounds(learner_id: int, course_id: int, before: int) -> list[Round]:
    """Return the completed rounds of a course before one, the latest first."""
    mine = (
        Enrolment.learner_id == learner_id,
        Enrolment.course_id == course_id,
        Enrolment.state == COMPLETED,
        ~Enrolment.exempted,
    )
    query = select(Enrolment.cycle, Enrolment.completed_at).where(*mine, Enrolment.cycle < before)
    return [Round(row.cycle, row.completed_at) for row in db.session.execute(query.order_by(Enrolment.cycle.desc()))]


def programme_renewal(renewal_id: int) -> ProgrammeRenewal | None:
    """Return the renewal of a programme's certificate by id."""
    return db.session.get(ProgrammeRenewal, renewal_id)


def open_programme_renewal(learner_id: int, programme_id: int) -> ProgrammeRenewal | None:
    """Return the renewal of a programme's certificate that a person is in."""
    mine = ProgrammeRenewal.learner_id == learner_id, ProgrammeRenewal.programme_id == programme_id
    return db.session.scalar(select(ProgrammeRenewal).where(*mine, ProgrammeRenewal.state == RENEWING))


def open_programme_renewals(learner_id: int) -> list[int]:
    """Return the renewals of programmes' certificates that a person is in."""
    mine = ProgrammeRenewal.learner_id == learner_id, ProgrammeRenewal.state == RENEWING
    return list(db.session.scalars(select(ProgrammeRenewal.id).where(*mine).order_by(ProgrammeRenewal.id)))


def programme_renewal_earned(learner_id: int, programme_id: int, cycle: int) -> ProgrammeRenewal | None:
    """Return the renewal by which a person has earned a cycle of a programme's certificate."""
    mine = ProgrammeRenewal.learner_id == learner_id, ProgrammeRenewal.programme_id == programme_id
    this = ProgrammeRenewal.cycle == cycle, ProgrammeRenewal.state == RENEWED
    return db.session.scalar(select(ProgrammeRenewal).where(*mine, *this))


def renewal_in_place(programme_enrolment_id: int) -> ProgrammeRenewal | None:
    """Return the renewal for which a place in a programme was taken."""
    mine = ProgrammeRenewal.programme_enrolment_id == programme_enrolment_id
    return db.session.scalar(select(ProgrammeRenewal).where(mine).order_by(ProgrammeRenewal.id.desc()).limit(1))


def overdue_programme_renewals(today: date, *, most: int) -> list[int]:
    """Return the open renewals of programmes' certificates whose shorter way counts no longer."""
    query = select(ProgrammeRenewal.id).where(ProgrammeRenewal.state == RENEWING, ProgrammeRenewal.until < today)
    return list(db.session.scalars(query.order_by(ProgrammeRenewal.id).limit(most)))


def courses_renewed(learner_id: int, course_ids: Collection[int], since: datetime) -> list[Renewal]:
    """Return the renewals of courses' certificates that a person has completed since a moment, whichever way."""
    mine = Renewal.learner_id == learner_id, Renewal.course_id.in_(course_ids), Renewal.state == RENEWED
    return list(db.session.scalars(select(Renewal).where(*mine, Renewal.ended_at >= since).order_by(Renewal.ended_at)))
