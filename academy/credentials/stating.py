"""What a certificate states on the day of its issue, whatever it is of."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from academy.accounts.models import Organisation, Person
from academy.accounts.queries import academy
from academy.base import ids, place
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText, clean_line
from academy.credentials.rules import CertificateFacts, renewed_expiry


class NamelessHolder(Invalid):
    """The certificate would be about nobody."""

    sentence = _l("The certificate needs its holder's name. Enter the name, then run this job again.")


@dataclass(frozen=True, slots=True)
class Earned:
    """What was earned, for how long, and from which organisation; `continues_from` is the last day of what it renews.

    What is issued later than it was earned is `dated` by that day, and valid from the completion all the same.
    """

    title: LocalizedText
    issuer_id: int
    completed_at: datetime
    validity_months: int | None
    hours: Decimal | None
    continues_from: date | None = None
    dated: date | None = None


def verify_url(number: str) -> str:
    """Return the public address of a certificate; without dashes, which keeps its QR code coarse."""
    return f"{place.base_url()}/verify/{number.replace('-', '')}"


def facts_of(earned: Earned, holder: Person) -> CertificateFacts:
    """Return the facts of a new certificate. Raises NamelessHolder."""
    own, name = academy(), clean(holder.name)
    if not name:
        raise NamelessHolder
    house = clean(own.name if own else None)
    signer, role = clean(own.signer_name if own else None), clean(own.signer_role if own else None)
    issuer = clean(db.session.get_one(Organisation, earned.issuer_id).name)
    number = ids.random_number()
    earned_on = riyadh_day(earned.completed_at)
    return CertificateFacts(
        number=number,
        verify_url=verify_url(number),
        academy_ar=house.ar,
        academy_en=house.en,
        holder_name_ar=name.ar,
        holder_name_en=name.en,
        title_ar=earned.title.ar,
        title_en=earned.title.en,
        issuer_ar=issuer.ar,
        issuer_en=issuer.en,
        signer_name_ar=signer.ar,
        signer_name_en=signer.en,
        signer_role_ar=role.ar,
        signer_role_en=role.en,
        hours=earned.hours or None,
        issued_on=earned.dated or earned_on,
        expires_on=renewed_expiry(earned_on, earned.continues_from, earned.validity_months),
    )


def clean(text: LocalizedText | None) -> LocalizedText:
    """Return a text as it is printed, each language in one line."""
    return LocalizedText(clean_line(text.ar), clean_line(text.en)) if text else LocalizedText()
