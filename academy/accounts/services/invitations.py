"""Inviting a person, and their accepting it by choosing a password; with one they have already, see `memberships`."""

from datetime import datetime

from academy import facts
from academy.accounts import rules
from academy.accounts.models import Person
from academy.accounts.queries_of_memberships import account_of
from academy.accounts.services import one_time_links
from academy.accounts.services.memberships import accepted
from academy.accounts.services.passwords import HasAccount, set_password
from academy.base import audit, bus
from academy.base.errors import Conflict
from academy.base.i18n import _l


def invite(person: Person, *, at: datetime, actor_id: int | None = None) -> str:
    """Invite a person who has no password yet, or once more; earlier links stop working. Returns the link's token.

    The letter is written by whoever hears PersonInvited; callers only need the token to show it on a terminal.
    """
    if person.state != "invited":
        raise Conflict(_l("Only people who have not yet accepted an invitation can be invited."))
    token = one_time_links.make(person, lives=rules.INVITATION_LIVES, at=at)
    _record("accounts:person:invite", person, at=at, actor_id=actor_id)
    bus.publish(facts.PersonInvited(person.id, token))
    return token


def accept_invitation(token: str, password: str, *, at: datetime) -> Person:
    """Use an invitation: the person chooses a password and may enter. Raises LinkDead, WeakPassword or HasAccount."""
    person = one_time_links.use_invitation(token, at=at)
    if account_of(person.email) is not None:
        raise HasAccount
    set_password(person, password)
    return accepted(person, at=at)


def _record(act: str, person: Person, *, at: datetime, actor_id: int | None) -> None:
    subject = ("person", person.id, person.name.show("ar"))
    audit.record(act, at=at, actor_id=actor_id, subject=subject, organisation_id=person.organisation_id)
