"""Changing how a partner looks and whom to reach there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from academy.accounts.models import Organisation
from academy.accounts.services import checked_colour, checked_logo
from academy.base import audit, storage
from academy.base.db import db, lock
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.partners import queries
from academy.partners.models import PartnerContact, PartnerProfile
from academy.partners.policies import EDIT_PARTNER

NAMELESS = {
    "service": _l("Enter the name of the contact for the service."),
    "incidents": _l("Enter the name of the contact for incidents."),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to reach; the e-mail address and the mobile number are sound or absent."""

    name: str
    email: str | None = None
    mobile: str | None = None


def change_profile(
    partner: Organisation,
    *,
    colour: str | None,
    contacts: Mapping[str, Contact],
    logo: tuple[bytes, str] | None = None,
    without_logo: bool = False,
    actor_id: int | None,
    at: datetime,
) -> None:
    """Change a partner's colour, logo and contacts. The colour must be dark enough for white text (4.5 to 1, WCAG 2.2)."""
    chosen = checked_colour(colour)
    lock(Organisation, partner.id)
    row = queries.profile(partner.id)
    if row is None:
        row = PartnerProfile(organisation_id=partner.id, changed_at=at)
        db.session.add(row)
    before = _as_json(row, _present(partner.id))
    if logo is not None:
        row.logo_key = storage.keep(checked_logo(*logo), at=at, by=actor_id, audience="public").key
    elif without_logo:
        row.logo_key = None
    row.colour = chosen
    _write_contacts(partner.id, contacts)
    db.session.flush()
    after = _as_json(row, _present(partner.id))
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return
    row.changed_at = at
    audit.record(
        EDIT_PARTNER, at=at, actor_id=actor_id, subject=("organisation", partner.id, partner.name.show("ar")),
        organisation_id=partner.id, before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )  # fmt: skip


def _present(organisation_id: int) -> dict[str, Contact]:
    return {
        purpose: Contact(row.name, row.email, row.mobile) for purpose, row in queries.contacts(organisation_id).items()
    }


def _write_contacts(organisation_id: int, contacts: Mapping[str, Contact]) -> None:
    for purpose, said in contacts.items():
        if not said.name and (said.email or said.mobile):
            raise Invalid(NAMELESS[purpose], field=f"{purpose}_name")
    db.session.execute(delete(PartnerContact).where(PartnerContact.organisation_id == organisation_id))
    db.session.add_all(
        PartnerContact(
            organisation_id=organisation_id, purpose=purpose, name=said.name, email=said.email, mobile=said.mobile
        )
        for purpose, said in contacts.items()
        if said.name
    )


def _as_json(row: PartnerProfile, contacts: Mapping[str, Contact]) -> dict[str, object]:
    return {
        "colour": row.colour,
        "logo_key": row.logo_key,
        **{purpose: [said.name, said.email, said.mobile] for purpose, said in sorted(contacts.items())},
        **{purpose: None for purpose in ("service", "incidents") if purpose not in contacts},
    }
