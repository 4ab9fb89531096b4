"""Background work of credentials: issuing certificates and drawing their papers.

One job an enrolment and one a paper: a bad one stops no other, and a store that is down stops no certificate.
"""

from academy.base import clock
from academy.base.db import db, settle
from academy.base.i18n import _l
from academy.base.jobs import job
from academy.credentials import papers, services
from academy.credentials.models import Certificate
from academy.credentials.rules import CertificateFacts
from academy.learning.models import Enrolment
from academy.learning.queries.renewals import renewals_earned_by


@job("credentials.issue", _l("Issue a certificate"))
def issue(enrolment_id: int) -> None:
    """Issue the certificate of a completed enrolment; a failure stands in the job list and is tried again."""
    at = clock.now()
    services.issue_for_completion(enrolment_id, at=at)
    place = db.session.get_one(Enrolment, enrolment_id)
    for renewal in renewals_earned_by(enrolment_id):
        if renewal.course_id != place.course_id:
            services.issue_for_shorter_way(renewal.id, at=at)


@job("credentials.draw", _l("Draw a certificate's PDF"))
def draw(certificate_id: int) -> None:
    """Draw the paper of an issued certificate and keep it, so that every download only reads it."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        return
    stated = CertificateFacts.from_json(certificate.facts)
    settle()
    papers.prepare(stated)
