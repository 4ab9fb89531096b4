"""What the verbs of accreditation share: reasons, rows in the state that is asked for, the trail, telling administrators."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from academy.accounts.models import Organisation
from academy.base import audit
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.notices import services as notices
from academy.partners.accreditation.models import AccreditationApplication


def said_reason(reason: str, *, field: str, most: int = 500) -> str:
    """Return a reason, cleaned. Raises Invalid when there is none or too much of it."""
    said = clean_line(reason)
    if not said or len(said) > most:
        raise Invalid(_l("Give the reason in at most %(most)s characters."), field=field, most=most)
    return said


def held(application_id: int, *states: str) -> AccreditationApplication:
    """Hold an application that must be in one of these states."""
    row: AccreditationApplication | None = lock(AccreditationApplication, application_id)
    if row is None:
        raise NotFound
    if row.state not in states:
        raise Conflict(_l("The application is not in this state any more. Look at its page again."))
    return row


def partner_of(row: Any) -> Organisation:
    """Return the partner of an application or an accreditation."""
    return db.session.get_one(Organisation, row.organisation_id)


def note(
    act: str, row: Any, actor_id: int | None, at: datetime, *, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> None:  # fmt: skip
    """Write an act into the trail of the partner."""
    partner = partner_of(row)
    kind = "accreditation_application" if isinstance(row, AccreditationApplication) else "accreditation"
    audit.record(
        act, at=at, actor_id=actor_id, subject=(kind, row.id, partner.name.show("ar")), organisation_id=partner.id,
        before=before, after=after,
    )  # fmt: skip


def tell_all(people: Iterable[int], kind: str, cause: str, *, at: datetime, address: str, **values: Any) -> None:
    """Tell several people the same."""
    for person_id in people:
        notices.tell(person_id, kind, cause, at=at, address=address, **values)


def page_of(row: AccreditationApplication) -> str:
    """Return the path of an application's page."""
    return f"/admin/accreditation/applications/{row.id}"


def page_of_partner(organisation_id: int) -> str:
    """Return the path of the page on which a partner's accreditation stands."""
    return f"/admin/partners/{organisation_id}/accreditation"
