"""Reads of transcripts: what a person has learned so far, and what was issued."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from academy.accounts.models import Organisation
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.documents import unpacked
from academy.base.noting import digest_of
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.credentials.models import IssuedPaper, Transcript
from academy.credentials.queries import certificates_of
from academy.credentials.rules_of_transcripts import Attested, Learned, TranscriptFacts, credited, shown_hours
from academy.learning.models import COMPLETED, Enrolment, Programme, ProgrammeEnrolment, ProgrammeVersion


def courses_of(person_id: int) -> tuple[Learned, ...]:
    """Return every completed round of every course of a person, the first first; exemptions are marked and credit no hours."""
    query = (
        select(Enrolment.completed_at, Enrolment.exempted, CourseVersion.title, CourseVersion.hours, Organisation.name)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Organisation, Organisation.id == Course.organisation_id)
        .where(Enrolment.learner_id == person_id, Enrolment.state == COMPLETED)
        .order_by(Enrolment.completed_at, Enrolment.id)
    )
    return tuple(
        Learned(row.title, row.name, _day(row), shown_hours(credited(row.hours, exempted=row.exempted)), row.exempted)
        for row in db.session.execute(query)
    )


def programmes_of(person_id: int) -> tuple[Learned, ...]:
    """Return the programmes that a person has completed, the first first. Their hours are those of their courses."""
    query = (
        select(ProgrammeEnrolment.completed_at, ProgrammeVersion.title, Organisation.name)
        .join(ProgrammeVersion, ProgrammeVersion.id == ProgrammeEnrolment.version_id)
        .join(Programme, Programme.id == ProgrammeEnrolment.programme_id)
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .where(ProgrammeEnrolment.learner_id == person_id, ProgrammeEnrolment.state == COMPLETED)
        .order_by(ProgrammeEnrolment.completed_at, ProgrammeEnrolment.id)
    )
    return tuple(Learned(row.title, row.name, _day(row), "", False) for row in db.session.execute(query))


def attested(person_id: int, *, today: date) -> tuple[Attested, ...]:
    """Return all certificates of a person with their state today, the first first."""
    rows = reversed(certificates_of(person_id))
    return tuple(
        Attested(row.title, row.given_by, row.number, row.issued_on, row.expires_on, row.state_on(today).value)
        for row in rows
    )


def organisation_name(organisation_id: int) -> LocalizedText:
    """Return how an organisation is called."""
    return db.session.get_one(Organisation, organisation_id).name


def transcript(number: str) -> Transcript | None:
    """Return the transcript with this number, written as it is stored."""
    return db.session.scalar(select(Transcript).where(Transcript.number == number))


def transcripts_of(person_id: int) -> Sequence[Transcript]:
    """Return the transcripts that were issued of a person, the newest first."""
    query = select(Transcript).where(Transcript.holder_id == person_id)
    return db.session.scalars(query.order_by(Transcript.id.desc())).all()


def transcript_in(data: bytes) -> Transcript | None:
    """Return the transcript of which a file is a paper that was given out, byte for byte."""
    papers = select(Transcript).join(IssuedPaper, IssuedPaper.transcript_id == Transcript.id)
    return db.session.scalar(papers.where(IssuedPaper.sha256 == digest_of(data)))


def facts_of(row: Transcript) -> TranscriptFacts:
    """Return what a transcript states. Raises `Unreadable`."""
    return unpacked(TranscriptFacts, row.facts)


def _day(row: Any) -> date:
    return riyadh_day(row.completed_at)
