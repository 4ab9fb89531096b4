"""Background work of accounts: invitations to many people at once."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from academy import facts
from academy.accounts import queries_of_anonymising, services
from academy.accounts.models import Person
from academy.base import bus, clock, erasing, storage, throttle, trail
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.jobs import job

INVITE_PEOPLE = "accounts.invite_people"
KEEP_TRIES = timedelta(days=7)


@job(INVITE_PEOPLE, _l("Invite imported people"))
def invite_people(person_ids: Sequence[int], actor_id: int) -> None:
    """Invite these people; whoever has accepted or was suspended meanwhile is passed over."""
    query = select(Person).where(Person.id.in_(person_ids), Person.state == "invited").order_by(Person.id)
    for person in db.session.scalars(query).all():
        services.invite(person, at=clock.now(), actor_id=actor_id)


@job("accounts.sweep", _l("Delete sessions and links that have ended"), every=timedelta(days=1))
def sweep() -> None:
    """Forget counted tries and changes of addresses, once no limit looks back that far and no link works."""
    throttle.sweep(db.session(), before=clock.now() - KEEP_TRIES)
    services.forget_changes(at=clock.now())


@job(services.FORGET, _l("Find what is left of somebody who was anonymised"))
def forget(anonymisation_id: int) -> None:
    """Let every slice forget a person, and replace their name wherever it was copied to. Done twice it is done once."""
    row = services.unfinished_anonymising(anonymisation_id)
    if row is None:
        return
    bus.publish(facts.PersonAnonymised(row.person_id))
    erasing.replace_everywhere(
        queries_of_anonymising.own_words(row), spare=queries_of_anonymising.rows_of_nobody_else()
    )
    services.close_anonymising(row, at=clock.now())


@job(erasing.FORGET_BYTES, _l("Delete a file that nothing shows"))
def forget_bytes(key: str) -> None:
    """Delete the bytes of a file whose row is gone."""
    storage.forget_bytes(key)


@job("accounts.check_trail", _l("Check that the audit trail is unbroken"), every=timedelta(days=1))
def check_trail() -> None:
    """Go through the chain of the audit trail and keep what was found, for the page of the trail."""
    trail.check(at=clock.now())
