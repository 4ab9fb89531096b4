"""Reads of sealed badges: by certificate, by what they attest; which certificates lack one; which do not count."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, or_, select

from academy.base.db import db
from academy.base.jobs import asked_for
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, CourseVersion
from academy.catalogue.queries import published_version
from academy.competencies.queries.framework import competency_choices
from academy.credentials.badges import status
from academy.credentials.badges.documents import Achievement
from academy.credentials.models import Certificate, CertificateHold, SealedBadge, SigningKey
from academy.credentials.queries_of_programmes import newest_programme_version
from academy.learning.models import Enrolment, ProgrammeStep, ProgrammeVersion


def badge_of(certificate_id: int) -> SealedBadge | None:
    """Return the badge of a certificate; None as long as it is not sealed."""
    return db.session.scalar(select(SealedBadge).where(SealedBadge.certificate_id == certificate_id))


def multikey_of(badge: SealedBadge) -> str:
    """Return the public key by which a badge was sealed."""
    return db.session.scalars(select(SigningKey.multikey).where(SigningKey.id == badge.key_id)).one()


def sealed_achievement(credential: str) -> dict[str, Any] | None:
    """Return what is achieved as the newest badge of its kind says it; None when there never was one."""
    query = select(SealedBadge.document).where(SealedBadge.credential == credential).order_by(SealedBadge.id.desc())
    found = db.session.scalar(query.limit(1))
    return json.loads(found)["credentialSubject"]["achievement"] if found else None


def achieved(certificate: Certificate) -> Achievement:
    """Return what a certificate attests, by the version that was learned; by nothing when the course is gone."""
    if certificate.programme_id is not None:
        programme = newest_programme_version(certificate.programme_id)
        if programme is None:
            return Achievement(certificate.credential, LocalizedText())
        return Achievement(certificate.credential, programme.summary, _named(_taught_in(programme)))
    version = _version(certificate)
    if version is None:
        return Achievement(certificate.credential, LocalizedText())
    return Achievement(certificate.credential, version.summary, _named([version]))


def unsealed(jobs: str, *, most: int) -> Sequence[int]:
    """Return certificates without a badge and without a job for it (the beginning of its key), the oldest first."""
    has = exists().where(SealedBadge.certificate_id == Certificate.id)
    query = select(Certificate.id).where(~has, Certificate.closed_on.is_(None), ~asked_for(jobs, Certificate.id))
    return db.session.scalars(query.order_by(Certificate.id).limit(most)).all()


def not_counting(list_number: int) -> list[int] | None:
    """Return the revoked and the suspended certificates of a list; None for a list that has no certificate yet."""
    first = list_number * status.LENGTH
    inside = Certificate.id.between(first, first + status.LENGTH - 1)
    if db.session.scalar(select(Certificate.id).where(inside).limit(1)) is None:
        return None
    held = exists().where(CertificateHold.certificate_id == Certificate.id, CertificateHold.released_at.is_(None))
    stopped = or_(Certificate.revoked_at.is_not(None), held)
    return list(db.session.scalars(select(Certificate.id).where(inside, stopped).order_by(Certificate.id)))


def _taught_in(programme: ProgrammeVersion) -> Sequence[CourseVersion]:
    """Return what is taught today in the courses that are steps of a programme."""
    taught = select(ProgrammeStep.course_id).where(
        ProgrammeStep.version_id == programme.id, ProgrammeStep.kind == "course"
    )
    published = CourseVersion.course_id.in_(taught), CourseVersion.state == PUBLISHED
    return db.session.scalars(select(CourseVersion).where(*published)).all()


def _named(versions: Sequence[CourseVersion]) -> tuple[tuple[str, LocalizedText], ...]:
    """Return code and name of each competency at which courses aim, once, in the order of the frameworks."""
    aims = {str(aim["key"]) for version in versions for aim in version.competencies}
    return tuple(competency_choices(aims)) if aims else ()


def _version(certificate: Certificate) -> CourseVersion | None:
    if certificate.enrolment_id is not None:
        place = db.session.get(Enrolment, certificate.enrolment_id)
        if place is not None and place.course_id == certificate.course_id:
            return db.session.get(CourseVersion, place.version_id)
    return published_version(certificate.course_id) if certificate.course_id is not None else None
