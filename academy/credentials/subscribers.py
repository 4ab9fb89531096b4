"""What credentials hears: completed courses earn certificates; issued ones are drawn, signed, and told to their holders."""

from academy import facts
from academy.accounts.queries_of_anonymising import names_of
from academy.base import bus, clock, jobs
from academy.base.db import db
from academy.credentials import services, services_of_retention
from academy.credentials.deciding import tell_holder
from academy.credentials.jobs import SEAL
from academy.credentials.jobs_of_programmes import key_of
from academy.credentials.kinds import CERTIFICATE_IMPORTED
from academy.credentials.models import Certificate
from academy.credentials.queries import row_of
from academy.credentials.queries_of_programmes import completed_since
from academy.credentials.services_of_programmes import propose_after_exemption
from academy.learning.models import Enrolment
from academy.notices import services as notices


@bus.on(facts.CourseCompleted)
def course_completed(fact: facts.CourseCompleted) -> None:
    """Queue the issue of the certificate in the transaction of the completion: once per enrolment and cycle."""
    enrolment = db.session.get_one(Enrolment, fact.enrolment_id)
    key = f"credentials.issue:{enrolment.id}:{enrolment.cycle}"
    jobs.enqueue("credentials.issue", unique_key=key, enrolment_id=enrolment.id)


@bus.on(facts.ProgrammeCompleted)
def programme_completed(fact: facts.ProgrammeCompleted) -> None:
    """Queue the issue of a programme's certificate in the transaction of its completion, once a place."""
    jobs.enqueue("credentials.issue_programme", unique_key=key_of(fact.enrolment_id), place_id=fact.enrolment_id)


@bus.on(facts.ProgrammeReopened)
def programme_reopened(fact: facts.ProgrammeReopened) -> None:
    """Propose to take back the certificate of a programme whose completion rested on an exemption that was taken back.

    When it is completed once more, its certificate is looked at once more.
    """
    jobs.free_key(key_of(fact.enrolment_id))
    propose_after_exemption(fact.enrolment_id, fact.exemption_id, at=clock.now())


@bus.on(facts.RevocationConfirmed)
def programme_earned_since(fact: facts.RevocationConfirmed) -> None:
    """Look once more at a programme that was completed again while the revocation of its certificate waited: only that one is taken back."""
    for place_id in completed_since(fact.proposal_id):
        jobs.free_key(key_of(place_id))
        jobs.enqueue("credentials.issue_programme", unique_key=key_of(place_id), place_id=place_id)


@bus.on(facts.ProgrammeRenewalEnded)
def programme_renewed(fact: facts.ProgrammeRenewalEnded) -> None:
    """Queue the issue of the renewed certificate, and telling the holder when the shorter way counts no longer."""
    for name in ("issue_programme_renewal", "tell_programme_renewal"):
        key = f"credentials.{name}:ended:{fact.renewal_id}"
        jobs.enqueue(f"credentials.{name}", unique_key=key, renewal_id=fact.renewal_id)


@bus.on(facts.ProgrammeRenewalBegan)
def programme_renewal_began(fact: facts.ProgrammeRenewalBegan) -> None:
    """Queue telling the holder of a renewal that a rule began for them."""
    key = f"credentials.tell_programme_renewal:began:{fact.renewal_id}"
    jobs.enqueue("credentials.tell_programme_renewal", unique_key=key, renewal_id=fact.renewal_id)


@bus.on(facts.AttemptRegraded)
def attempt_regraded(fact: facts.AttemptRegraded) -> None:
    """Note certificates that lost their basis, for a person to decide."""
    services.doubt_after_regrade(fact.effect_id, at=clock.now())


@bus.on(facts.CertificateIssued)
def certificate_without_basis(fact: facts.CertificateIssued) -> None:
    """Note one whose basis fell before it was issued: the job waited, or somebody decided to issue it later."""
    services.doubt_when_issued(fact.certificate_id, at=clock.now())


@bus.on(facts.CertificateIssued)
def certificate_to_draw(fact: facts.CertificateIssued) -> None:
    """Queue the drawing of its paper, in the transaction of the issue but as work of its own."""
    jobs.enqueue(
        "credentials.draw", unique_key=f"credentials.draw:{fact.certificate_id}", certificate_id=fact.certificate_id
    )


@bus.on(facts.CertificateIssued)
def certificate_to_seal(fact: facts.CertificateIssued) -> None:
    """Queue its signing as a badge, as work of its own too: no key, no badge, but the certificate stands."""
    jobs.enqueue("credentials.seal", unique_key=f"{SEAL}{fact.certificate_id}", certificate_id=fact.certificate_id)


@bus.on(facts.CertificateIssued)
def certificate_issued(fact: facts.CertificateIssued) -> None:
    """Tell the holder, with the address of the page where the certificate can be fetched; of imported ones only what has not ended."""
    certificate = db.session.get_one(Certificate, fact.certificate_id)
    if certificate.replaces_id is not None:
        return  # told by whoever corrected it
    if certificate.imported_on is not None:
        if certificate.expires_on is None or certificate.expires_on >= clock.today():
            tell_holder(certificate, CERTIFICATE_IMPORTED, str(certificate.id), clock.now())
    elif certificate.holder_id is not None:
        notices.tell(
            certificate.holder_id, "certificate_issued", f"certificate:{certificate.id}", at=certificate.issued_at,
            address="/certificates", course=row_of(certificate).title, number=certificate.number,
        )  # fmt: skip


@bus.on(facts.RenewalBegan)
def renewal_began(fact: facts.RenewalBegan) -> None:
    """Queue telling the holder of a renewal that a rule began for them."""
    key = f"renewal:began:{fact.renewal_id}"
    jobs.enqueue("credentials.tell_renewal", unique_key=key, renewal_id=fact.renewal_id)


@bus.on(facts.RenewalEnded)
def renewal_ended(fact: facts.RenewalEnded) -> None:
    """Queue telling the holder when the shorter way counts no longer."""
    key = f"renewal:ended:{fact.renewal_id}"
    jobs.enqueue("credentials.tell_renewal", unique_key=key, renewal_id=fact.renewal_id)


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Let nobody find somebody's certificates by their name, and forget lines of files about them."""
    services_of_retention.leave_lists(fact.person_id)
    services_of_retention.forget_corrections(fact.person_id, at=clock.now())
    services_of_retention.forget_rows(list(names_of(fact.person_id)))
