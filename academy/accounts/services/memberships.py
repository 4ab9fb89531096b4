"""Belonging to several organisations with one account: joining another, declining, going from one to the other."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from academy import facts
from academy.accounts.models import Account, Organisation, Person, PersonSession
from academy.accounts.queries_of_memberships import person_to_write_to, spread_over
from academy.accounts.services import one_time_links
from academy.accounts.services.addresses import overtake_changes
from academy.accounts.services.places import note_place
from academy.accounts.services.preferences import set_preferences
from academy.accounts.services.sessions import end_session, start_session
from academy.base import audit, bus
from academy.base.db import db, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l

ACCEPT, DECLINE, SWITCH = "accounts:invitation:accept", "accounts:invitation:decline", "accounts:membership:switch"
BELONGS = _l("You belong to this organisation already.")


def join(token: str, account: Account, *, at: datetime) -> Person:
    """Use an invitation with an account that its owner has proven: it opens this organisation too. Raises LinkDead.

    The pages there speak the language, digits and calendar that the owner reads where they entered last.
    """
    person = one_time_links.use_invitation(token, at=at)
    if person.email != account.email:
        raise one_time_links.LinkDead
    if (elsewhere := person_to_write_to(account)) is not None:
        set_preferences(person, language=elsewhere.language, digits=elsewhere.digits, calendar=elsewhere.calendar)
    try:
        with db.session.begin_nested():
            person.account = account
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(BELONGS) from error
    return accepted(person, at=at)


def accepted(person: Person, *, at: datetime) -> Person:
    """Let in a person who has an account now, as the one who is entered last."""
    person.state, person.last_seen_at = "active", at
    _record(ACCEPT, person, at)
    db.session.flush()
    note_place(person, at)
    return person


def decline_invitation(token: str, *, at: datetime) -> Person:
    """Use an invitation by saying no: the seat is free, and the organisation learns that it was declined. Raises LinkDead."""
    person = one_time_links.use_invitation(token, at=at)
    person.state = "suspended"
    _record(DECLINE, person, at)
    db.session.flush()
    note_place(person, at)
    bus.publish(facts.PersonSuspended(person.id))
    return person


def switch(session_id: int, person: Person, *, at: datetime, address: str | None, browser: str) -> str:
    """Go on as who one is in another organisation: the present session ends, and the token of a new one is returned.

    The new session began when the present one did. Only the academy's own trail says so: neither organisation learns of the other.
    """
    present: PersonSession = lock(PersonSession, session_id)
    before = db.session.get_one(Person, present.person_id)
    row: Person = lock(Person, person.id)
    home = db.session.get_one(Organisation, row.organisation_id)
    mine = row.account_id is not None and row.account_id == before.account_id
    if not mine or row.state != "active" or not home.active or present.ended_at is not None:
        raise Conflict(_l("This organisation cannot be entered any more."))
    end_session(present.id, person_id=before.id, at=at)
    row.last_seen_at = at
    audit.record(
        SWITCH, at=at, actor_id=row.id, subject=("account", row.account_id or 0, row.email),
        before={"organisation_id": before.organisation_id}, after={"organisation_id": row.organisation_id},
    )  # fmt: skip
    return start_session(row.id, at=at, address=address, browser=browser, begun_at=present.created_at)


def follow_address(person: Person, *, at: datetime) -> None:
    """Let an account be signed in to with a new address once every organisation of its owner writes to that one.

    Until then it keeps the old: else one organisation's administrator could take what belongs to the others over.
    """
    account: Account | None = lock(Account, person.account_id) if person.account_id else None
    if account is None or spread_over(account.id) != {person.email} or account.email == person.email:
        return
    try:
        with db.session.begin_nested():
            account.email = person.email
            db.session.flush()
        overtake_changes(account.id, at=at)
    except IntegrityError:
        db.session.refresh(account)  # somebody else signs in with it: nobody who may not know of them is told


def _record(act: str, person: Person, at: datetime) -> None:
    subject = ("person", person.id, person.name.show("ar"))
    audit.record(act, at=at, actor_id=person.id, subject=subject, organisation_id=person.organisation_id)
