"""What the page of one partner asks for itself."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from academy.accounts.models import Organisation, OrgUnit
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.partners.models import JoinRequest, PartnerContact, PartnerProfile
from academy.partners.queries import taken
from academy.partners.queries_of_joining import WAITING


@dataclass(frozen=True, slots=True)
class Desk:
    """How a partner looks, if it has said so, its contacts by purpose, the seats taken, how many requests to join wait, its open units."""

    profile: PartnerProfile | None
    contacts: dict[str, PartnerContact]
    taken: int
    joins: int
    units: dict[int, LocalizedText]


def desk(organisation_id: int) -> Desk:
    """Return what the page of a partner shows beside agreements and people, in one statement."""
    waiting = JoinRequest.organisation_id == Organisation.id, JoinRequest.state == WAITING
    joins = select(func.count()).where(*waiting).scalar_subquery()
    query = (
        select(PartnerProfile, PartnerContact, taken().label("taken"), joins.label("joins"), OrgUnit.id, OrgUnit.name)
        .select_from(Organisation)
        .outerjoin(PartnerProfile, PartnerProfile.organisation_id == Organisation.id)
        .outerjoin(PartnerContact, PartnerContact.organisation_id == Organisation.id)
        .outerjoin(OrgUnit, and_(OrgUnit.organisation_id == Organisation.id, OrgUnit.active))
        .where(Organisation.id == organisation_id)
        .order_by(PartnerContact.purpose.desc())
    )
    rows = db.session.execute(query).all()
    contacts = {row.PartnerContact.purpose: row.PartnerContact for row in rows if row.PartnerContact}
    units = sorted({row.id: row.name for row in rows if row.id}.items(), key=lambda unit: (unit[1].show("ar"), unit[0]))
    return Desk(rows[0].PartnerProfile, contacts, rows[0].taken, rows[0].joins, dict(units))
