"""Background work of accounts: invitations to many people at once, what ends with its day, what is forgotten."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from academy import facts
from academy.accounts import queries_of_anonymising, queries_of_leading, services
from academy.accounts.models import Person
from academy.base import bus, clock, erasing, storage, throttle, trail
from academy.base.db import db, settle, snapshot
from academy.base.i18n import _l
from academy.base.jobs import job

INVITE_PEOPLE = "accounts.invite_people"
KEEP_TRIES = timedelta(days=7)
MOST_PASSES = 5
CATCH_UP = timedelta(days=7)


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
    # The search reads the whole database: nobody who writes waits for it. What it finds is replaced table by table, and what
    # others wrote meanwhile is found by the next one.
    for _pass in range(MOST_PASSES):
        with snapshot():
            words = queries_of_anonymising.own_words(row)
            found = erasing.find_everywhere(words, spare=queries_of_anonymising.rows_of_nobody_else())
        if not found:
            break
        for table, keys in found.items():
            erasing.replace_in(table, keys, words)
            settle()
    left = services.unfinished_anonymising(anonymisation_id)
    if left is not None:
        services.close_anonymising(left, at=clock.now())


@job("accounts.end_deputyships", _l("Tell of deputies whose last day has passed"), every=timedelta(days=1))
def end_deputyships() -> None:
    """Publish which deputyships are over, each told once; also those of the last days, in case the worker stood still."""
    today = clock.today()
    for deputyship_id in queries_of_leading.deputyships_over(today, since=today - CATCH_UP):
        bus.publish(facts.DeputyEnded(deputyship_id))


@job(erasing.FORGET_BYTES, _l("Delete a file that nothing shows"))
def forget_bytes(key: str) -> None:
    """Delete the bytes of a file whose row is gone."""
    storage.forget_bytes(key)


@job("accounts.check_trail", _l("Check that the audit trail is unbroken"), every=timedelta(days=1))
def check_trail() -> None:
    """Go through the chain of the audit trail and keep what was found, for the page of the trail."""
    trail.check(at=clock.now())
