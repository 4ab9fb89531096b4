"""The academy never loses its last administrator."""

from sqlalchemy import select

from academy.accounts.models import Academy, Organisation, Person, RoleGrant
from academy.base.access import ADMINISTRATOR
from academy.base.db import db, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l


def keep_an_administrator(
    *, without_person: int | None = None, without_grant: int | None = None, without_organisation: int | None = None
) -> None:
    """Refuse an act that would leave no active administrator of the whole academy.

    Two administrators removing each other at once wait for one another at the academy's row.
    """
    lock(Academy, 1)
    query = (
        select(RoleGrant.id, Person.id.label("person_id"), Person.organisation_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(RoleGrant.role == ADMINISTRATOR, RoleGrant.organisation_id.is_(None))
        .where(Person.state == "active", Organisation.active)
    )
    holders = db.session.execute(query).all()
    left = [
        row
        for row in holders
        if row.id != without_grant and row.person_id != without_person and row.organisation_id != without_organisation
    ]
    if holders and not left:
        raise Conflict(_l("The academy needs an administrator. Give this role to somebody else first."))
