"""Certificates of programmes: issued once for a completed programme, and renewed by taking it anew or by a shorter course."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from academy import facts
from academy.accounts.models import Person
from academy.base import audit, bus
from academy.base.arabic import search_document
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import CourseVersion
from academy.credentials import queries_of_programmes as queries
from academy.credentials.deciding import LONGEST_REASON
from academy.credentials.models import Certificate
from academy.credentials.policies import RENEW_FOR
from academy.credentials.queries import certificate_of_cycle
from academy.credentials.queries_of_choices import place_of, version_chosen
from academy.credentials.queries_of_renewal import cycle_after, renewed_by
from academy.credentials.queries_of_revoking import open_proposal
from academy.credentials.services_of_renewal import TooEarly
from academy.credentials.services_of_revoking import propose
from academy.credentials.stating import Earned, clean, facts_of
from academy.learning.kinds import renews_programmes
from academy.learning.models import (
    COMPLETED,
    Enrolment,
    Exemption,
    Programme,
    ProgrammeEnrolment,
    ProgrammeRenewal,
    ProgrammeVersion,
)
from academy.learning.models.renewals import RENEWED
from academy.learning.queries.programmes import plan_of
from academy.learning.queries.renewals import open_programme_renewal, programme_renewal_earned, renewal_in_place
from academy.learning.services.programmes import ProgrammeCycle, begin_programme_renewal


class ProgrammeNotDone(Conflict):
    """A certificate was asked for a programme that is not completed."""

    sentence = _l("This programme is not completed, so there is no certificate for it.")


@dataclass(frozen=True, slots=True)
class Round:
    """A cycle of a programme that was earned: by whom, in which version, when, in which place, with how many hours."""

    holder_id: int
    version: ProgrammeVersion
    cycle: int
    completed_at: datetime
    place_id: int | None
    hours: Decimal
    continues_from: date | None = None


def issue_for_programme(place_id: int, *, at: datetime) -> Certificate | None:
    """Issue the certificate that a completed programme earns, once however often it is asked.

    None when all of it was exempted, and for a place in which a certificate is renewed: the renewal earns that one.
    """
    place = db.session.get(ProgrammeEnrolment, place_id)
    if place is None:
        raise NotFound
    if place.state != COMPLETED or place.completed_at is None:
        raise ProgrammeNotDone
    if renewal_in_place(place.id) is not None or not queries.learned_in(place.id):
        return None
    version = db.session.get_one(ProgrammeVersion, place.version_id)
    return _issue(
        Round(place.learner_id, version, place.cycle, place.completed_at, place.id, _hours_learned(place)), at
    )


def issue_for_renewal(renewal_id: int, *, at: datetime) -> Certificate | None:
    """Issue the certificate of a completed renewal; None when there is none or the one before was revoked meanwhile.

    By a shorter course, it states what the programme attests today and the hours that were really learned.
    """
    renewal = db.session.get_one(ProgrammeRenewal, renewal_id)
    if renewal.state != RENEWED or renewal.ended_at is None:
        return None
    programme = db.session.get_one(Programme, renewal.programme_id)
    before = renewed_by(renewal.learner_id, queries.credential_of(programme), renewal.cycle, begun_at=renewal.begun_at)
    stands = before is not None and before.revoked_at is None
    if renewal.enrolment_id is not None and not stands:
        return None
    continues_from = renewal.continues_from if stands else None
    if renewal.enrolment_id is None:
        place = db.session.get_one(ProgrammeEnrolment, renewal.programme_enrolment_id)
        if not queries.learned_in(place.id):
            return None
        version, hours, place_id = (
            db.session.get_one(ProgrammeVersion, place.version_id),
            _hours_learned(place),
            place.id,
        )
    else:
        newest = queries.newest_programme_version(programme.id)
        assert newest is not None and before is not None
        taken = db.session.get_one(CourseVersion, db.session.get_one(Enrolment, renewal.enrolment_id).version_id)
        version, hours, place_id = newest, taken.hours, before.programme_enrolment_id  # type: ignore[assignment]
    return _issue(
        Round(renewal.learner_id, version, renewal.cycle, renewal.ended_at, place_id, hours, continues_from), at
    )


def propose_after_exemption(place_id: int, exemption_id: int, *, at: datetime) -> None:
    """Propose, in the name of whoever took an exemption back, to take back the certificate that rested on it; another decides.

    The place has lost its completion; a certificate that is revoked, or about which a proposal waits, is left alone.
    """
    exemption = db.session.get_one(Exemption, exemption_id)
    mine = Certificate.programme_enrolment_id == place_id, Certificate.revoked_at.is_(None)
    for certificate in db.session.scalars(select(Certificate).where(*mine).order_by(Certificate.id)):
        if exemption.ended_by_id is not None and open_proposal(certificate.id) is None:
            propose(
                certificate.id, reason_class="error", reason=exemption.end_reason[:LONGEST_REASON],
                actor_id=exemption.ended_by_id, at=at,
            )  # fmt: skip


def _hours_learned(place: ProgrammeEnrolment) -> Decimal:
    """Return the hours of the programme without those of its steps that were exempted."""
    version = db.session.get_one(ProgrammeVersion, place.version_id)
    plan = plan_of(version.id, in_order=version.in_order, learner_id=place.learner_id, enrolment_id=place.id)
    left_out = sum((step.hours or Decimal(0) for step in plan.steps if step.exempted), Decimal(0))
    return max(version.hours - left_out, Decimal(0))


def _issue(earned: Round, at: datetime) -> Certificate:
    programme = db.session.get_one(Programme, earned.version.programme_id)
    earned = replace(earned, cycle=_cycle_earned(earned, queries.credential_of(programme)))
    certificate, made = insert_once(
        lambda: _certificate(earned, programme, at),
        lambda: certificate_of_cycle(earned.holder_id, queries.credential_of(programme), earned.cycle),
    )
    if made:
        bus.publish(facts.CertificateIssued(certificate.id))
    return certificate


def _cycle_earned(earned: Round, credential: str) -> int:
    """Return the cycle of the certificate: that of the place, or one after the revoked ones of an earlier completion."""
    cycle = earned.cycle
    while (held := certificate_of_cycle(earned.holder_id, credential, cycle)) is not None:
        if held.revoked_at is None or held.issued_at >= earned.completed_at:
            break
        cycle += 1
    return cycle


def _certificate(earned: Round, programme: Programme, at: datetime) -> Certificate:
    holder, version = db.session.get_one(Person, earned.holder_id), earned.version
    title = clean(version.title) or LocalizedText(en=programme.key)
    stated = facts_of(
        Earned(
            title, programme.organisation_id, earned.completed_at, version.validity_months, earned.hours, earned.continues_from
        ),
        holder,
    )  # fmt: skip
    return Certificate(
        number=stated.number,
        holder_id=holder.id,
        organisation_id=holder.organisation_id,
        issuer_id=programme.organisation_id,
        programme_id=programme.id,
        programme_enrolment_id=earned.place_id,
        credential=queries.credential_of(programme),
        cycle=earned.cycle,
        facts=stated.as_json(),
        search_text=search_document(
            stated.holder_name_ar, stated.holder_name_en, stated.title_ar, stated.title_en, programme.code
        ),
        issued_at=at,
        issued_on=stated.issued_on,
        expires_on=stated.expires_on,
        template_version_id=version_chosen(place_of(programme)),
    )


def renew_programme(certificate_id: int, *, by_id: int | None, at: datetime) -> ProgrammeRenewal:
    """Begin to renew the certificate of a programme, once however often it is asked; until then it stands as it is.

    Raises TooEarly with the day from which it is open, and Conflict when there is nothing to renew or nowhere to do it.
    """
    held: Certificate | None = lock(Certificate, certificate_id)
    if held is None:
        raise NotFound
    if held.revoked_at is not None or held.holder_id is None or held.programme_id is None:
        raise Conflict(_l("This certificate was revoked, so it cannot be renewed."))
    if held.expires_on is None:
        raise Conflict(_l("This certificate has no time limit, so there is nothing to renew."))
    newest = queries.current_of_programme(held.holder_id, held.programme_id)
    if newest is not None and newest.id != held.id:
        raise Conflict(_l("There is a newer certificate of this programme already."))
    if programme_renewal_earned(held.holder_id, held.programme_id, cycle_after(held)) is not None:
        raise Conflict(_l("You have completed the renewal. The new certificate appears within minutes."))
    return begin_programme_renewal(_cycle(held, at), by_id=by_id, at=at)


def renew_for(held: Certificate, *, by_id: int, at: datetime) -> ProgrammeRenewal:
    """Begin to renew the certificate of somebody of whom the actor is the manager; it stands in the trail."""
    renewal = renew_programme(held.id, by_id=by_id, at=at)
    audit.record(
        RENEW_FOR, at=at, actor_id=by_id, subject=("certificate", held.id, held.number), organisation_id=held.organisation_id,
        after={"renewal": renewal.id},
    )  # fmt: skip
    return renewal


def _cycle(held: Certificate, at: datetime) -> ProgrammeCycle:
    assert held.holder_id is not None and held.programme_id is not None and held.expires_on is not None
    today, found = riyadh_day(at), queries.offer_of(held.programme_id)
    going_on = open_programme_renewal(held.holder_id, held.programme_id)
    if going_on is None and (found is None or not queries.is_open(found)):
        raise Conflict(_l("This programme is no longer offered, so its certificate cannot be renewed."))
    terms = queries.terms_said(found.renewal, found.path_id)
    if going_on is None and today < terms.opens_on(held.expires_on):
        raise TooEarly(terms.opens_on(held.expires_on))
    home = db.session.get_one(Person, held.holder_id).organisation_id
    on_course_id = queries.on_course(found, terms, held.expires_on, home, today)
    until = terms.path_until(held.expires_on) if on_course_id is not None else None
    return ProgrammeCycle(
        held.holder_id, held.programme_id, on_course_id, cycle_after(held), held.expires_on, until,
        queries.hours_asked(found.renewal), held.issued_at,
    )  # fmt: skip


def begin_quietly(held: Certificate, *, at: datetime) -> ProgrammeRenewal | None:
    """Begin to renew a certificate by itself; None where it is refused, which stops nobody else."""
    try:
        with db.session.begin_nested():
            return renew_programme(held.id, by_id=None, at=at)
    except Conflict:
        return None


@renews_programmes
def renew_as_duty(programme_id: int, people: list[int], at: datetime) -> dict[int, int]:
    """Begin to renew the certificates of people of whom a programme is made a duty, where the time has come."""
    begun: dict[int, int] = {}
    for person_id in people:
        held = queries.current_of_programme(person_id, programme_id)
        if held is not None and (renewal := begin_quietly(held, at=at)) is not None:
            begun[person_id] = renewal.id
    return begun
