"""Completed courses and the certificates they earn, for tests."""

from datetime import UTC, datetime, timedelta

from academy.accounts.models import Organisation, Person
from academy.base.db import db
from academy.catalogue.models import Course
from academy.catalogue.queries import published_version
from academy.credentials import services, services_of_imports, services_of_keys
from academy.credentials.models import Certificate, CertificateImport
from academy.learning.models import Enrolment
from academy.learning.services import note_duties
from tests.factories import accounts as people
from tests.factories import catalogue

DONE_AT = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)


def completed(holder: Person | None = None, of: Course | None = None, *, at: datetime = DONE_AT, **given) -> Enrolment:
    """An enrolment whose course is completed; `given` goes into the course (gives_certificate, validity_months …)."""
    holder = holder or people.person()
    of = of or catalogue.course(**{"validity_months": 24, "hours": 3, **given})
    row = Enrolment(
        learner_id=holder.id,
        course_id=of.id,
        version_id=published_version(of.id).id,
        state="completed",
        enrolled_at=at - timedelta(days=9),
        completed_at=at,
        done=1,
        required=1,
    )
    db.session.add(row)
    db.session.flush()
    note_duties([row.id], at=at)
    return row


def certificate(
    holder: Person | None = None, of: Course | None = None, *, at: datetime = DONE_AT, **given
) -> Certificate:
    """A certificate issued for a completed course."""
    return services.issue_for_completion(completed(holder, of, at=at, **given).id, at=at)


def revoked(
    row: Certificate, *, at: datetime = DONE_AT + timedelta(days=3), reason_class: str = "error"
) -> Certificate:
    """The certificate, taken back."""
    return services.revoke(row.id, reason_class=reason_class, reason="CANARY سبب داخلي", actor_id=1, at=at)


def earlier_file(owner: Person, of: Organisation, *rows: str, at: datetime, name: str = "old.csv") -> CertificateImport:
    """A file of earlier certificates that somebody has uploaded for the people of an organisation; nothing is decided yet."""
    data = "\n".join(["email,key,issued on,valid until,former number", *rows]).encode()
    return services_of_imports.keep_file(data, name, organisation_id=of.id, owner_id=owner.id, givers=None, at=at)


def rotate(seen: str, because: str, *, at, by: int = 1, second: int = 2):
    """Replace the key in use as two people do; returns the new one."""
    proposal = services_of_keys.propose(seen=seen, because=because, actor_id=by, at=at)
    return services_of_keys.confirm(proposal.id, actor_id=second, at=at)
