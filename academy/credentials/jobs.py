"""Background work of credentials: issuing certificates, drawing their papers, telling who may decide about those in doubt.

One job an enrolment and one a paper: a bad one stops no other, and a store that is down stops no certificate.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from academy.assessment.queries_of_regrading import still_telling
from academy.base import clock, storage
from academy.base.dates import riyadh_day
from academy.base.db import db, settle
from academy.base.i18n import _l
from academy.base.jobs import enqueue, free_key, job
from academy.credentials import (
    papers,
    queries_of_asking,
    queries_of_badges,
    queries_of_correcting,
    queries_of_revoking,
    queries_of_transcripts,
    services,
    services_of_badges,
    services_of_imports,
    services_of_retention,
    services_of_transcripts,
)
from academy.credentials import queries_of_doubts as doubts
from academy.credentials.kinds import (
    CERTIFICATES_IN_DOUBT,
    CORRECTION_ASKED,
    CORRECTION_WAITS,
    DOUBTS_WAIT,
    REVOCATION_WAITS,
)
from academy.credentials.models import Certificate, Transcript
from academy.credentials.queries_of_templates import design_of
from academy.credentials.rules import CertificateFacts
from academy.learning.models import Enrolment
from academy.learning.queries.renewals import renewals_earned_by
from academy.notices import kinds
from academy.notices import services as notices

REMIND_AFTER = timedelta(days=7)
MOST_SEALED = 500
SEAL = "credentials.seal:"  # and the number of the certificate: the key of the one job that signs it
ADDRESS = "/admin/certificates/doubts"

for kind in (CERTIFICATES_IN_DOUBT, DOUBTS_WAIT):
    kinds.stands_while(kind, doubts.standing)
kinds.stands_while(REVOCATION_WAITS, queries_of_revoking.standing)
kinds.stands_while(CORRECTION_WAITS, queries_of_correcting.standing)
kinds.stands_while(CORRECTION_ASKED, queries_of_asking.waiting_among)


@job("credentials.issue", _l("Issue a certificate"))
def issue(enrolment_id: int, later: bool = False) -> None:
    """Issue the certificate of a completed enrolment; a failure stands in the job list and is tried again."""
    at = clock.now()
    services.issue_for_completion(enrolment_id, at=at, later=later)
    place = db.session.get_one(Enrolment, enrolment_id)
    for renewal in renewals_earned_by(enrolment_id):
        if renewal.course_id != place.course_id:
            services.issue_for_shorter_way(renewal.id, at=at)


@job("credentials.issue_many", _l("Queue certificates that are issued later"))
def issue_many(enrolment_ids: list[int], version_id: int) -> None:
    """Queue the certificates that somebody has decided to issue, each by the job that issues single ones."""
    for enrolment_id in enrolment_ids:
        key = f"credentials.issue:{enrolment_id}:later:{version_id}"
        enqueue("credentials.issue", unique_key=key, enrolment_id=enrolment_id, later=True)


@job("credentials.import", _l("Import earlier certificates"))
def import_certificates(import_id: int) -> None:
    """Import the next rows of a file of earlier certificates, and queue those after them."""
    services_of_imports.import_batch(import_id, at=clock.now())


@job("credentials.sweep_imports", _l("Forget old files of earlier certificates"), every=timedelta(days=1))
def sweep_imports() -> None:
    """Forget files that nobody decided about, and the rows of those that were imported a month ago."""
    services_of_imports.sweep(clock.now())


@job("credentials.draw", _l("Draw a certificate's PDF"))
def draw(certificate_id: int) -> None:
    """Draw the paper of an issued certificate and keep it, so that every download only reads it."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        return
    stated, design = CertificateFacts.from_json(certificate.facts), design_of(certificate.template_version_id)
    settle()
    papers.prepare(stated, design)
    services_of_badges.PAPERS.note(certificate_id, papers.paper(stated, "pdf", design), at=clock.now())


@job("credentials.draw_transcript", _l("Draw a transcript's PDF"))
def draw_transcript(transcript_id: int) -> None:
    """Draw the paper of a transcript and keep it, so that every download only reads it."""
    row = db.session.get(Transcript, transcript_id)
    if row is None:
        return
    stated = queries_of_transcripts.facts_of(row)
    settle()
    paper = papers.transcript(stated)
    services_of_transcripts.PAPERS.note(transcript_id, paper, at=clock.now())


@job("credentials.seal", _l("Sign a certificate as a badge"))
def seal(certificate_id: int) -> None:
    """Sign an issued certificate as a badge; of one that cannot be signed the certificate knows nothing."""
    if db.session.get(Certificate, certificate_id) is not None:
        services_of_badges.seal(certificate_id, at=clock.now())


@job("credentials.seal_missing", _l("Find certificates without a badge"), every=timedelta(hours=1))
def seal_missing() -> None:
    """Queue the signing of certificates from before there were badges; those that wait or failed stay as they are."""
    for certificate_id in queries_of_badges.unsealed(SEAL, most=MOST_SEALED):
        enqueue("credentials.seal", unique_key=f"{SEAL}{certificate_id}", certificate_id=certificate_id)


@job("credentials.tell_doubts", _l("Tell administrators of certificates in doubt"))
def tell_doubts(regrade_id: int) -> None:
    """Tell those who may decide how many certificates a regrade left in doubt, once, when all of its attempts are told."""
    at = clock.now()
    if still_telling(regrade_id):
        key = f"credentials.tell_doubts:{regrade_id}"
        free_key(key)
        enqueue("credentials.tell_doubts", unique_key=key, run_after=at + services.GATHER, regrade_id=regrade_id)
        return
    found = doubts.to_decide(regrade_id)
    if found is None:
        return
    for person_id, count in found.waiting.items():
        notices.tell(
            person_id, CERTIFICATES_IN_DOUBT, f"doubts:{regrade_id}", at=at, address=ADDRESS, about_id=regrade_id,
            count=count, course=found.course or None, reason=found.reason,
        )  # fmt: skip


@job("credentials.remind_doubts", _l("Remind administrators of certificates in doubt"), every=timedelta(days=1))
def remind_doubts() -> None:
    """Remind of what nobody has decided for seven days, and again after each seven more."""
    at = clock.now()
    for regrade_id in doubts.undecided_since(at - REMIND_AFTER):
        found = doubts.to_decide(regrade_id)
        if found is not None:
            _remind(regrade_id, found, at)


def _remind(regrade_id: int, found: doubts.ToDecide, at: datetime) -> None:
    week = (at - found.since) // REMIND_AFTER
    for person_id, count in found.waiting.items():
        notices.tell(
            person_id, DOUBTS_WAIT, f"doubts:{regrade_id}:week:{week}", at=at, address=ADDRESS, about_id=regrade_id,
            count=count, course=found.course or None, since=riyadh_day(found.since),
        )  # fmt: skip


@job("credentials.close_register", _l("Close certificates whose time in the register is over"), every=timedelta(days=1))
def close_register() -> None:
    """Forget the names on certificates of people who were anonymised, once their retention has ended."""
    day = clock.today()
    closing = db.session.scalars(select(Certificate).where(Certificate.id.in_(services_of_retention.due(day)))).all()
    kept = [
        papers.name_of(CertificateFacts.from_json(row.facts), form, design_of(row.template_version_id))
        for row in closing
        for form in papers.FORMS
    ]
    services_of_retention.close(day, at=clock.now())
    settle()
    for name in kept:
        storage.forget_made(name)
