"""Attesting a certificate from before the academy: one of the academy's own that names the earlier one and says when it was entered."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from academy import facts
from academy.accounts.models import Person
from academy.accounts.queries import academy
from academy.base import audit, bus, ids
from academy.base.arabic import search_document
from academy.base.dates import RIYADH, riyadh_day
from academy.base.db import db, insert_once
from academy.base.text import LocalizedText, clean_line
from academy.credentials.models import Certificate
from academy.credentials.queries_of_imports import Attestable
from academy.credentials.rules import ATTESTATION, CertificateFacts
from academy.credentials.rules_of_imports import comparable
from academy.credentials.services import verify_url


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of a certificate from before: whose, of what, its days and number, and who had issued it if not the same."""

    person_id: int
    of: Attestable
    cycle: int
    issued_on: date
    expires_on: date | None
    former_number: str
    former_issuer: LocalizedText
    imported_by_id: int


def attest(earlier: Earlier, *, at: datetime) -> tuple[Certificate, bool]:
    """Enter an earlier certificate into the register, once however often it is asked. Returns it and whether it is new.

    It keeps its days; nobody signs it, and it credits no hours, as nothing was learned here.
    """
    certificate, made = insert_once(lambda: _certificate(earlier, at), lambda: _entered(earlier))
    if made:
        audit.record(
            "credentials:certificate:import", at=at, actor_id=earlier.imported_by_id,
            subject=("certificate", certificate.id, certificate.number), organisation_id=certificate.organisation_id,
            after={
                "person_id": earlier.person_id, "credential": earlier.of.credential, "former_number": earlier.former_number,
                "issued_on": earlier.issued_on.isoformat(),
                "valid_until": earlier.expires_on.isoformat() if earlier.expires_on else None,
            },
        )  # fmt: skip
        bus.publish(facts.CertificateIssued(certificate.id))
    return certificate, made


def _entered(earlier: Earlier) -> Certificate | None:
    query = select(Certificate).where(
        Certificate.holder_id == earlier.person_id,
        Certificate.credential == earlier.of.credential,
        Certificate.former_key == comparable(earlier.former_number),
        Certificate.revoked_at.is_(None),
    )
    return db.session.scalar(query)


def _certificate(earlier: Earlier, at: datetime) -> Certificate:
    holder = db.session.get_one(Person, earlier.person_id)
    stated = _facts(earlier, holder, at)
    return Certificate(
        number=stated.number, holder_id=holder.id, organisation_id=holder.organisation_id,
        issuer_id=earlier.of.organisation_id, course_id=earlier.of.course_id,
        programme_id=earlier.of.programme_id, credential=earlier.of.credential,
        cycle=earlier.cycle, facts=stated.as_json(),
        search_text=search_document(
            stated.holder_name_ar, stated.holder_name_en, stated.title_ar, stated.title_en, earlier.of.code,
            earlier.former_number,
        ),
        # As of its day: among the holder's certificates it stands where it belongs, and past days count it.
        issued_at=datetime.combine(stated.issued_on, time(), tzinfo=RIYADH),
        issued_on=stated.issued_on, expires_on=stated.expires_on, imported_on=stated.imported_on,
        imported_by_id=earlier.imported_by_id, former_number=stated.former_number,
        former_key=comparable(earlier.former_number),
    )  # fmt: skip


def _facts(earlier: Earlier, holder: Person, at: datetime) -> CertificateFacts:
    own = academy()
    name, title, house, issuer, former = (
        _clean(text)
        for text in (holder.name, earlier.of.title, own.name if own else None, earlier.of.issuer, earlier.former_issuer)
    )
    number = ids.random_number()
    return CertificateFacts(
        number=number, verify_url=verify_url(number),
        academy_ar=house.ar, academy_en=house.en, holder_name_ar=name.ar, holder_name_en=name.en, title_ar=title.ar,
        title_en=title.en, issuer_ar=issuer.ar, issuer_en=issuer.en, kind_ar=ATTESTATION[0], kind_en=ATTESTATION[1],
        issued_on=earlier.issued_on, expires_on=earlier.expires_on, imported_on=riyadh_day(at),
        former_number=clean_line(earlier.former_number), former_issuer_ar=(former or issuer).ar,
        former_issuer_en=(former or issuer).en,
    )  # fmt: skip


def _clean(text: LocalizedText | None) -> LocalizedText:
    return LocalizedText(clean_line(text.ar), clean_line(text.en)) if text else LocalizedText()
