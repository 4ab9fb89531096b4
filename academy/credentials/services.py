"""The verbs of credentials: issuing a certificate for a completed course, once; its address; what a regrade left in doubt."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select

from academy import facts
from academy.accounts.models import Person
from academy.assessment.queries_of_regrading import lowering_effects, regraded_attempt
from academy.base import audit, bus, jobs
from academy.base.arabic import search_document
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_missing, insert_once, lock
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.credentials.deciding import LONGEST_REASON as LONGEST_REASON
from academy.credentials.deciding import said_reason, tell_holder
from academy.credentials.kinds import CERTIFICATE_KEPT
from academy.credentials.models import Certificate, CertificateDoubt
from academy.credentials.policies import DECIDE_DOUBT
from academy.credentials.queries import certificate_of_cycle
from academy.credentials.queries_of_choices import chosen_version
from academy.credentials.queries_of_renewal import bars_of, newest_version, renewed_by, without_basis
from academy.credentials.rules import CertificateFacts, renewed_expiry
from academy.credentials.services_of_holds import hold_certificates as hold_certificates
from academy.credentials.services_of_holds import release_certificates as release_certificates
from academy.credentials.services_of_revoking import revoke as revoke
from academy.credentials.stating import Earned, clean, facts_of
from academy.credentials.stating import NamelessHolder as NamelessHolder
from academy.credentials.stating import verify_url as verify_url
from academy.learning.models import COMPLETED, Enrolment, Renewal
from academy.learning.models.renewals import RENEWED
from academy.learning.queries.renewals import renewals_earned_by

GATHER = timedelta(minutes=1)  # a regrade is told attempt by attempt; those who decide hear of it once


@dataclass(frozen=True, slots=True)
class Basis:
    """What a certificate rests on: the place in which it was earned, and the version of the course that it attests.

    `place_id` is the holder's place on the attested course; `continues_from` the last day of the certificate it renews.
    One issued later than it was earned is `dated` by that day, and valid from the completion all the same.
    """

    earned: Enrolment
    version: CourseVersion
    course: Course
    cycle: int
    place_id: int | None
    continues_from: date | None = None
    dated: date | None = None

    @property
    def earned_on(self) -> date:
        """The day in Riyadh on which it was earned."""
        return riyadh_day(self.earned.completed_at)  # type: ignore[arg-type]

    @property
    def expires_on(self) -> date | None:
        """The last valid day."""
        return renewed_expiry(self.earned_on, self.continues_from, self.version.validity_months)


class NotYetEarned(Conflict):
    """A certificate was asked for a course that is not completed."""

    sentence = _l("This course is not completed, so there is no certificate for it.")


def issue_for_completion(enrolment_id: int, *, at: datetime, later: bool = False) -> Certificate | None:
    """Issue the certificate that a completed enrolment earns, once however often it is asked.

    Dated by the day of completion in Riyadh. None when the course gives none. Raises NotYetEarned and NamelessHolder.
    `later`: by somebody's decision, dated today; of a version that gave none, as the newest one gives it; not when it would have ended.
    """
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound
    if enrolment.state != COMPLETED or enrolment.completed_at is None or enrolment.exempted:
        raise NotYetEarned
    version = db.session.get_one(CourseVersion, enrolment.version_id)
    course = db.session.get_one(Course, enrolment.course_id)
    if later and not version.gives_certificate:
        version = newest_version(course.id) or version
    dated = riyadh_day(at) if later else None
    renewal = next((each for each in renewals_earned_by(enrolment.id) if each.course_id == course.id), None)
    if renewal is None:
        cycle = _cycle_of(enrolment, _credential(course))
        return _issue(Basis(enrolment, version, course, cycle, enrolment.id, dated=dated), at)
    before = renewed_by(enrolment.learner_id, _credential(course), renewal.cycle, begun_at=renewal.begun_at)
    stands = before is not None and before.revoked_at is None
    continues_from = renewal.continues_from if stands else None
    return _issue(Basis(enrolment, version, course, renewal.cycle, enrolment.id, continues_from, dated), at)


def issue_for_shorter_way(renewal_id: int, *, at: datetime) -> Certificate | None:
    """Issue the certificate that was renewed by completing another course; None when the one before was revoked meanwhile.

    It states what the course attests today, and the hours that were really learned.
    """
    renewal = db.session.get_one(Renewal, renewal_id)
    enrolment = db.session.get_one(Enrolment, renewal.enrolment_id)
    course = db.session.get_one(Course, renewal.course_id)
    version = newest_version(course.id)
    before = renewed_by(renewal.learner_id, _credential(course), renewal.cycle, begun_at=renewal.begun_at)
    if renewal.state != RENEWED or version is None or before is None or before.revoked_at is not None:
        return None
    return _issue(Basis(enrolment, version, course, renewal.cycle, before.enrolment_id, renewal.continues_from), at)


def _issue(basis: Basis, at: datetime) -> Certificate | None:
    over = basis.dated is not None and basis.expires_on is not None and basis.expires_on <= basis.dated
    if over or not basis.version.gives_certificate:
        return None
    certificate, made = insert_once(
        lambda: _certificate(basis, at),
        lambda: certificate_of_cycle(basis.earned.learner_id, _credential(basis.course), basis.cycle),
    )
    if made:
        bus.publish(facts.CertificateIssued(certificate.id))
    return certificate


def doubt_when_issued(certificate_id: int, *, at: datetime) -> None:
    """Note that a certificate was issued for what a regrade had left without its basis meanwhile, for a person to decide."""
    issued = db.session.get_one(Certificate, certificate_id)
    if issued.holder_id is not None and issued.replaces_id is None and issued.imported_on is None:
        for effect_id in lowering_effects(issued.holder_id):
            doubt_after_regrade(effect_id, at=at, only=issued.id)


def doubt_after_regrade(effect_id: int, *, at: datetime, only: int | None = None) -> int:
    """Note the certificates that a regrade left without their basis, for a person to decide; none is withdrawn by itself.

    When the quiz is passed again, the undecided doubts of its round are gone. Returns how many certificates are in doubt by this effect.
    `only`: of one certificate, which was not there when the effect was told.
    """
    told = regraded_attempt(effect_id)
    if told is None:
        return 0
    bars = bars_of(told.quiz_id)
    if told.passes():
        out = without_basis(told, [bar for bar in bars if not told.passes(bar)])
        undecided = CertificateDoubt.attempt_id.in_(told.attempt_ids), CertificateDoubt.decided_at.is_(None)
        stands = CertificateDoubt.certificate_id.not_in(select(Certificate.id).where(out))
        db.session.execute(delete(CertificateDoubt).where(*undecided, stands))
    lost = without_basis(told, [bar for bar in bars if told.passed(bar) and not told.passes(bar)])
    held = select(Certificate.id).where(lost, Certificate.revoked_at.is_(None))
    held = held if only is None else held.where(Certificate.id == only)
    rows = [
        {"certificate_id": key, "regrade_id": told.regrade_id, "attempt_id": told.attempt_id, "raised_at": at}
        for key in db.session.scalars(held)
    ]
    insert_missing(CertificateDoubt, rows)
    if rows:
        jobs.enqueue(
            "credentials.tell_doubts", unique_key=f"credentials.tell_doubts:{told.regrade_id}",
            run_after=at + GATHER, regrade_id=told.regrade_id,
        )  # fmt: skip
    return len(rows)


def keep_certificate(doubt_id: int, *, reason: str, actor_id: int, at: datetime) -> CertificateDoubt:
    """Decide that a certificate stands although a regrade took its basis, and why."""
    said = said_reason(reason)
    found: CertificateDoubt | None = lock(CertificateDoubt, doubt_id)
    if found is None:
        raise NotFound
    if found.decided_at is not None:
        raise Conflict(_l("This has been decided already."))
    found.decided_at, found.decided_by_id, found.reason = at, actor_id, said
    db.session.flush()
    certificate = db.session.get_one(Certificate, found.certificate_id)
    audit.record(
        DECIDE_DOUBT,
        at=at,
        actor_id=actor_id,
        subject=("certificate", certificate.id, certificate.number),
        organisation_id=certificate.organisation_id,
        before={"state": "in doubt"},
        after={"state": "kept", "reason": said},
    )
    if certificate.revoked_at is None:
        tell_holder(certificate, CERTIFICATE_KEPT, f"kept:{found.id}", at)
    return found


def _cycle_of(place: Enrolment, credential: str) -> int:
    """Return the cycle of what a place earns by itself: its own, or where that was earned in another place the next free one.

    A shorter course, and renewing one from before the academy, bring certificates further than places.
    """
    held = certificate_of_cycle(place.learner_id, credential, place.cycle)
    if held is None or held.enrolment_id in (None, place.id):
        return place.cycle
    mine = Certificate.holder_id == place.learner_id, Certificate.credential == credential
    own = select(Certificate.cycle).where(*mine, Certificate.enrolment_id == place.id, ~Certificate.replaced).limit(1)
    newest = select(func.max(Certificate.cycle)).where(*mine)
    return db.session.scalar(own) or (db.session.scalar(newest) or place.cycle) + 1


def _credential(course: Course) -> str:
    return f"course:{course.key}"


def _certificate(basis: Basis, at: datetime) -> Certificate:
    """Make the row with everything it states frozen in its facts."""
    holder, course = db.session.get_one(Person, basis.earned.learner_id), basis.course
    stated = _facts(basis, holder)
    return Certificate(
        number=stated.number,
        holder_id=holder.id,
        organisation_id=holder.organisation_id,
        issuer_id=course.organisation_id,
        course_id=course.id,
        enrolment_id=basis.place_id,
        credential=_credential(course),
        cycle=basis.cycle,
        facts=stated.as_json(),
        search_text=search_document(
            stated.holder_name_ar, stated.holder_name_en, stated.title_ar, stated.title_en, course.code
        ),
        issued_at=at,
        issued_on=stated.issued_on,
        expires_on=stated.expires_on,
        template_version_id=chosen_version(course),
    )


def _facts(basis: Basis, holder: Person) -> CertificateFacts:
    earned, version, course = basis.earned, basis.version, basis.course
    hours = db.session.get_one(CourseVersion, earned.version_id).hours
    assert earned.completed_at is not None
    return facts_of(
        Earned(
            clean(version.title) or LocalizedText(en=course.key), course.organisation_id, earned.completed_at,
            version.validity_months, hours, basis.continues_from, basis.dated,
        ),
        holder,
    )  # fmt: skip
