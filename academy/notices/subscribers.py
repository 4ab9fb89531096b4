"""What notices hears from the slices below."""

from typing import Any

from academy import facts
from academy.accounts import queries as people
from academy.accounts import queries_of_addresses as addresses
from academy.accounts import queries_of_anonymising as anonymising
from academy.accounts import queries_of_leading as leading
from academy.accounts import queries_of_memberships as memberships
from academy.accounts import services as accounts
from academy.accounts.models import Deputyship
from academy.base import bus, clock, ids
from academy.notices import kinds, services
from academy.notices import kinds_of_access as access


@bus.on(facts.PersonInvited)
def invitation(fact: facts.PersonInvited) -> None:
    """Write the letter with the link of an invitation; who has an account already keeps its password.

    Whoever invites sees nothing of the difference: only the owner of the address may know where else they belong.
    """
    person, at = people.person(fact.person_id), clock.now()
    if person is None:
        return
    known = memberships.account_of(person.email) is not None
    said: dict[str, Any] = {"organisation": person.organisation.name} if known else {}
    services.tell(
        person.id,
        access.JOIN if known else access.INVITATION,
        _cause(fact.token),
        at=at,
        address=f"/invitation/{fact.token}",
        until=at + accounts.INVITATION_LIVES,
        **said,
    )


@bus.on(facts.PasswordResetAsked)
def password_reset(fact: facts.PasswordResetAsked) -> None:
    """Write the letter with the link to a new password."""
    at, address = clock.now(), f"/password/reset/{fact.token}"
    services.tell(
        fact.person_id,
        access.PASSWORD_RESET,
        _cause(fact.token),
        at=at,
        address=address,
        until=at + accounts.RESET_LIVES,
    )


@bus.on(facts.PasswordChanged)
def password_changed(fact: facts.PasswordChanged) -> None:
    """Tell the owner that their password is another one now."""
    at = clock.now()
    cause = f"password_changed:{at.isoformat()}"
    services.tell(fact.person_id, access.PASSWORD_CHANGED, cause, at=at, address="/account", moment=at)


@bus.on(facts.AddressChangeAsked)
def address_asked(fact: facts.AddressChangeAsked) -> None:
    """Write the link that confirms to the new address, and to the present one how to stop it.

    To an address that signs in to another account goes a letter without a link: nobody else learns of it.
    """
    row, at = addresses.address_change(fact.change_id), clock.now()
    person = people.person(row.person_id) if row else None
    assert row is not None and person is not None
    language, cause = person.language, _cause(fact.token)
    if addresses.signs_in_elsewhere(row.email, row.account_id):
        services.write_to(row.email, language, access.ADDRESS_KNOWN, cause, at=at, path="/sign-in", about_id=row.id)
    else:
        services.write_to(
            row.email, language, access.CONFIRM_ADDRESS, cause, at=at, path=f"/address/confirm/{fact.token}",
            about_id=row.id, until=row.expires_at,
        )  # fmt: skip
    services.tell(
        person.id, access.ADDRESS_ASKED, _cause(fact.stop), at=at, address="/account/address",
        letter_address=f"/address/stop/{fact.stop}", moment=at, until=row.stop_until,
    )  # fmt: skip


@bus.on(facts.AddressChanged)
def address_changed(fact: facts.AddressChanged) -> None:
    """Tell the owner, at the address from before, that they sign in with another one now."""
    row, at = addresses.address_change(fact.change_id), clock.now()
    assert row is not None
    services.tell(
        row.person_id, access.ADDRESS_CHANGED, f"address:{row.id}", at=at, address="/account/address", moment=at
    )


@bus.on(facts.DeputyNamed)
def deputy_named(fact: facts.DeputyNamed) -> None:
    """Tell the deputy and the manager."""
    row, said = _deputyship(fact.deputyship_id, made=True)
    at, cause = clock.now(), f"deputy:{row.id}"
    team = f"/team?scope=d{row.manager_id}" if row.starts_on <= clock.today() else "/account/deputy"
    services.tell(row.deputy_id, kinds.DEPUTY, cause, at=at, address=team, **said)
    services.tell(row.manager_id, kinds.DEPUTY_OF_MINE, cause, at=at, address="/account/deputy", **said)


@bus.on(facts.DeputyEnded)
def deputy_ended(fact: facts.DeputyEnded) -> None:
    """Tell the deputy and the manager that it ended, by somebody's word or with its last day."""
    row, said = _deputyship(fact.deputyship_id, made=False)
    if row.ended_at is not None:
        said["last"] = None
    for person_id in (row.deputy_id, row.manager_id):
        services.tell(
            person_id, kinds.DEPUTY_ENDED, f"deputy_ended:{row.id}", at=clock.now(), address="/account/deputy", **said
        )


def _deputyship(deputyship_id: int, *, made: bool) -> tuple[Deputyship, dict[str, Any]]:
    """Return a deputyship and what is told of it; who made or ended it is named where they are of the same organisation."""
    row = leading.deputyship(deputyship_id)
    assert row is not None
    manager, deputy = people.person(row.manager_id), people.person(row.deputy_id)
    by = people.person((row.made_by_id if made else row.ended_by_id) or 0)
    assert manager is not None and deputy is not None
    named = by.name if by is not None and by.organisation_id == manager.organisation_id else None
    said: dict[str, Any] = {
        "manager": manager.name,
        "deputy": deputy.name,
        "by": named,
        "first": row.starts_on,
        "last": row.ends_on,
    }
    return row, said


def _cause(token: str) -> str:
    """A cause that names the link without telling it."""
    return f"link:{ids.digest(token)[:40]}"


@bus.on(facts.AnonymisingProposed)
def anonymising_proposed(fact: facts.AnonymisingProposed) -> None:
    """Tell every administrator who may confirm it."""
    row = anonymising.anonymisation(fact.anonymisation_id)
    person, by = people.person(row.person_id if row else 0), people.person(row.proposed_by_id if row else 0)
    if row is None or person is None:
        return
    for second in anonymising.seconds(person, row.proposed_by_id):
        services.tell(
            second, access.ANONYMISING, f"anonymise:{row.id}", at=clock.now(), address=f"/admin/people/{person.id}/anonymise",
            person=person.name, by=by.name if by else None, reason=row.reason,
        )  # fmt: skip


@bus.on(facts.PersonAnonymised)
def person_anonymised(fact: facts.PersonAnonymised) -> None:
    """Delete the letters to somebody, their notices and their choices."""
    services.forget_person(fact.person_id)
