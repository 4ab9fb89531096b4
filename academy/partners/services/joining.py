"""Asking to join a partner: opened by its administrator, asked by a stranger, confirmed by their mailbox, decided by somebody."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, OrgUnit
from academy.accounts.queries_of_memberships import account_of
from academy.base import audit, ids
from academy.base.db import change, db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices import services as notices
from academy.partners import queries_of_joining as queries
from academy.partners.kinds_of_joining import CONFIRM_JOINING, JOINING_ASKED, JOINING_KNOWN, JOINING_REFUSED
from academy.partners.models import JoinRequest, SelfRegistration
from academy.partners.policies import DECIDE_REQUEST, OPEN_REGISTRATION
from academy.partners.rules_of_joining import (
    CONFIRM_LIVES,
    KEPT_AFTER_REFUSAL,
    is_allowed,
    read_domains,
)

CONFIRMED = "partners:join_request:confirm"
LETTERS = (CONFIRM_JOINING, JOINING_KNOWN, JOINING_REFUSED)
PER_ADDRESS = accounts.Limit(3, timedelta(hours=1))
# A whole company may sit behind one network address.
PER_NETWORK = accounts.Limit(30, timedelta(hours=1))
NOT_WAITING = _l("This request was decided already.")


def change_registration(
    partner: Organisation, *, opened: bool, domains: str, ends_on: date | None, actor_id: int | None, at: datetime
) -> None:
    """Open or close a partner's self-registration, and say for which addresses and until when."""
    lock(Organisation, partner.id)
    allowed = read_domains(domains)
    if allowed is None:
        raise Invalid(_l("Enter domains such as company.com.sa, one a line, at most 20."), field="domains")
    row = queries.registration(partner.id)
    before = _told(row) if row else {"open": False}
    if row is None:
        row = SelfRegistration(organisation_id=partner.id)
        db.session.add(row)
    row.open, row.domains, row.ends_on, row.changed_at, row.changed_by_id = opened, allowed, ends_on, at, actor_id
    db.session.flush()
    if before != _told(row):
        audit.record(
            OPEN_REGISTRATION, at=at, actor_id=actor_id, organisation_id=partner.id,
            subject=("organisation", partner.id, partner.name.show("ar")), before=before, after=_told(row),
        )  # fmt: skip


def _told(row: SelfRegistration) -> dict[str, Any]:
    return {"open": row.open, "domains": list(row.domains), "ends_on": row.ends_on.isoformat() if row.ends_on else None}


def ask_to_join(
    partner: Organisation, *, email: str, name: LocalizedText, org_unit_id: int | None, statement: str, language: str,
    network: str | None, at: datetime,
) -> None:  # fmt: skip
    """Write to an address that somebody asks to join with. Raises Throttled or Invalid.

    Whoever asks learns nothing: the letter alone says whether its owner is one of the partner's people already.
    """
    address = accounts.parse_email(email)
    terms = queries.registration(partner.id)
    if address is None or terms is None:
        raise Invalid(_l("Enter an e-mail address such as name@agency.gov.sa."), field="email")
    if not is_allowed(address, terms.domains):
        raise Invalid(_l("Give your address at work: %(domains)s."), field="email", domains="، ".join(terms.domains))
    accounts.count_tries(
        ((f"join:{ids.digest(address)}", PER_ADDRESS), (f"join:{accounts.address_key(network)}", PER_NETWORK)), at=at
    )
    said: dict[str, Any] = {"partner": partner.name}
    token = ids.random_token()
    if queries.belongs(address, partner.id):
        notices.write_to(
            address, language, JOINING_KNOWN, ids.digest(token), at=at, path=f"/sign-in/{partner.key}", **said
        )
        return
    row = JoinRequest(
        organisation_id=partner.id, email=address, name=name, org_unit_id=_unit(org_unit_id, partner.id),
        statement=statement, language=language, state=queries.UNCONFIRMED, token_digest=ids.digest(token), asked_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if account_of(address) is not None:
        said["known"] = address
    notices.write_to(
        address, language, CONFIRM_JOINING, ids.digest(token), at=at, path=f"/sign-in/{partner.key}/join/{token}",
        about_id=row.id, until=at + CONFIRM_LIVES, **said,
    )  # fmt: skip


def _unit(unit_id: int | None, organisation_id: int) -> int | None:
    """Return a unit if it is an open one of the organisation; a request does not fail for a unit that was closed meanwhile."""
    unit = db.session.get(OrgUnit, unit_id) if unit_id else None
    return unit.id if unit is not None and unit.organisation_id == organisation_id and unit.active else None


def confirm_request(row: JoinRequest, *, at: datetime) -> None:
    """Take a request up whose owner has opened the link, and tell who decides. Of one address one request waits."""
    row = lock(JoinRequest, row.id)
    if row.state != queries.UNCONFIRMED:
        raise Conflict(_l("This link no longer works."))
    try:
        with db.session.begin_nested():
            row.state, row.token_digest, row.confirmed_at = queries.WAITING, None, at
            db.session.flush()
    except IntegrityError:
        db.session.delete(row)  # an earlier one of the same address waits already
        db.session.flush()
        return
    # What else was asked with this address is answered by this request; links of it work no more.
    others = JoinRequest.organisation_id == row.organisation_id, JoinRequest.email == row.email
    _forget(select(JoinRequest.id).where(*others, JoinRequest.state == queries.UNCONFIRMED))
    partner = db.session.get_one(Organisation, row.organisation_id)
    _record(CONFIRMED, row, actor_id=None, at=at, after={"email": row.email})
    for person_id in queries.deciders_of(row.organisation_id):
        notices.tell(
            person_id, JOINING_ASKED, f"join:{row.id}", at=at, address=f"/admin/partners/joining/{row.id}",
            partner=partner.name, name=row.name,
        )  # fmt: skip


def approve_request(row: JoinRequest, *, actor_id: int, at: datetime) -> None:
    """Make a person of a request that waits, within the partner's seats, and invite them. Raises NoSeatLeft."""
    row = _deciding(row)
    person = accounts.create_person(
        accounts.PersonDetails(email=row.email, name=row.name, org_unit_id=_unit(row.org_unit_id, row.organisation_id)),
        organisation_id=row.organisation_id, at=at, actor_id=actor_id, language=row.language,
    )  # fmt: skip
    row.state, row.decided_at, row.decided_by_id, row.person_id = queries.APPROVED, at, actor_id, person.id
    db.session.flush()
    _record(DECIDE_REQUEST, row, actor_id=actor_id, at=at, after={"state": queries.APPROVED})
    accounts.invite(person, at=at, actor_id=actor_id)


def refuse_request(row: JoinRequest, reason: str, *, actor_id: int, at: datetime) -> None:
    """Refuse a request that waits, with a reason that its owner reads."""
    row = _deciding(row)
    if not reason.strip():
        raise Invalid(_l("Give the reason in one sentence of at most 300 characters."), field="reason")
    row.state, row.decided_at, row.decided_by_id, row.reason = queries.REFUSED, at, actor_id, reason
    db.session.flush()
    _record(DECIDE_REQUEST, row, actor_id=actor_id, at=at, after={"state": queries.REFUSED, "reason": reason})
    partner = db.session.get_one(Organisation, row.organisation_id)
    notices.write_to(
        row.email, row.language, JOINING_REFUSED, f"join:{row.id}:refused", at=at, about_id=row.id,
        partner=partner.name, reason=reason,
    )  # fmt: skip


def _deciding(row: JoinRequest) -> JoinRequest:
    row = lock(JoinRequest, row.id)
    if row.state != queries.WAITING:
        raise Conflict(NOT_WAITING)
    return row


def sweep_requests(*, at: datetime) -> int:
    """Delete what nobody confirmed in time and what was refused long ago, with the letters. Returns how many."""
    stale = (JoinRequest.state == queries.UNCONFIRMED) & (JoinRequest.asked_at <= at - CONFIRM_LIVES)
    old = (JoinRequest.state == queries.REFUSED) & (JoinRequest.decided_at <= at - KEPT_AFTER_REFUSAL)
    gone = _forget(select(JoinRequest.id).where(or_(stale, old)))
    notices.forget_letters((JOINING_KNOWN,), before=at - CONFIRM_LIVES)
    return gone


def _forget(which: Any) -> int:
    found = list(db.session.scalars(which))
    if not found:
        return 0
    notices.forget_letters(LETTERS, about=found)
    return change(delete(JoinRequest).where(JoinRequest.id.in_(found)))


def _record(act: str, row: JoinRequest, *, actor_id: int | None, at: datetime, after: dict[str, Any]) -> None:
    subject = ("partner_join_request", row.id, row.name.show("ar"))
    audit.record(act, at=at, actor_id=actor_id, subject=subject, organisation_id=row.organisation_id, after=after)
