"""What partners forget of somebody who was anonymised: their request, why they left, their name on signed rosters."""

from typing import Any

from sqlalchemy import Text, cast, delete, or_, select, update

from academy.accounts.models import PersonPlace
from academy.accounts.queries_of_anonymising import names_of
from academy.accounts.services import pseudonym
from academy.base import erasing
from academy.base.db import db
from academy.partners.models import JoinRequest, Leaving, ServingRoster
from academy.partners.services.rosters import signature

erasing.keep_names("serving_roster", "signed rosters are signed again under the pseudonym, each by itself")
erasing.keep_names("partner_join_request", "what others asked is theirs, and their own goes with them")
erasing.keep_names("accreditation", "what was granted never changes")


def forget_person(person_id: int) -> None:
    """Delete a person's request to join, wipe notes about their leaving, and sign anew the rosters that name them."""
    db.session.execute(delete(JoinRequest).where(JoinRequest.person_id == person_id))
    erasing.wipe(Leaving.person_id == person_id, Leaving.note)
    names = [name for name in names_of(person_id) if "@" not in name]
    places = select(PersonPlace.organisation_id).where(PersonPlace.person_id == person_id)
    holding = or_(*(cast(ServingRoster.facts, Text).contains(name, autoescape=True) for name in names))
    query = select(ServingRoster).where(ServingRoster.organisation_id.in_(places))
    for roster in db.session.scalars(query.where(holding)).all() if names else ():
        facts = {**roster.facts, "lines": [_nameless(line, names, person_id) for line in roster.facts["lines"]]}
        values = {"facts": facts, "digest": signature(roster.number, roster.on_day, facts)}
        db.session.execute(
            update(ServingRoster)
            .where(ServingRoster.id == roster.id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()


def _nameless(line: dict[str, Any], names: list[str], person_id: int) -> dict[str, Any]:
    if not set(names) & set(line["name"].values()):
        return line
    return {**line, "name": pseudonym(person_id).as_dict(), "employee_number": None}
