"""Reads of self-registration: whether it is open, and the requests to join a partner."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from academy.accounts.models import Account, Organisation, OrgUnit, Person, RoleGrant
from academy.base import ids
from academy.base.access import ADMINISTRATOR
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.partners.models import PARTNER, JoinRequest, SelfRegistration
from academy.partners.queries import administrators_of
from academy.partners.rules_of_joining import is_open

UNCONFIRMED, WAITING, APPROVED, REFUSED = "unconfirmed", "waiting", "approved", "refused"
MOST_SHOWN = 200


def registration(organisation_id: int) -> SelfRegistration | None:
    """Return what a partner has said of its self-registration."""
    return db.session.get(SelfRegistration, organisation_id)


def open_registration(organisation_key: str, today: date) -> tuple[Organisation, SelfRegistration] | None:
    """Return the partner with this key that strangers may ask to join today, and on which terms."""
    query = (
        select(Organisation, SelfRegistration)
        .join(SelfRegistration, SelfRegistration.organisation_id == Organisation.id)
        .where(Organisation.key == organisation_key, Organisation.kind == PARTNER, Organisation.active)
    )
    found = db.session.execute(query).first()
    if found is None or not is_open(found[1].open, found[1].ends_on, today):
        return None
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to join as its partner's administrator sees it."""

    id: int
    organisation_id: int
    name: LocalizedText
    email: str
    unit: LocalizedText | None
    statement: str
    state: str
    asked_at: datetime
    confirmed_at: datetime | None
    decided_at: datetime | None
    decided_by: LocalizedText | None
    reason: str | None
    person_id: int | None


def requests(organisation_id: int) -> list[Asked]:
    """Return a partner's requests whose address is confirmed: those that wait, the oldest first, then the decided, the newest first."""
    decider, mine = aliased(Person), JoinRequest.organisation_id == organisation_id
    waits = JoinRequest.state == WAITING
    query = (
        select(
            JoinRequest.id, JoinRequest.organisation_id, JoinRequest.name, JoinRequest.email, OrgUnit.name.label("unit"),
            JoinRequest.statement, JoinRequest.state, JoinRequest.asked_at, JoinRequest.confirmed_at,
            JoinRequest.decided_at, decider.name.label("decided_by"), JoinRequest.reason, JoinRequest.person_id,
        )
        .outerjoin(OrgUnit, OrgUnit.id == JoinRequest.org_unit_id)
        .outerjoin(decider, decider.id == JoinRequest.decided_by_id)
    )  # fmt: skip
    first = query.where(mine, waits).order_by(JoinRequest.confirmed_at, JoinRequest.id).limit(MOST_SHOWN)
    then = (
        query.where(mine, JoinRequest.decided_at.is_not(None)).order_by(JoinRequest.decided_at.desc()).limit(MOST_SHOWN)
    )
    return [Asked(**row._mapping) for part in (first, then) for row in db.session.execute(part)]


def asked(join_request_id: int) -> JoinRequest | None:
    """Return a request whose address is confirmed; nobody knows of others."""
    found = db.session.get(JoinRequest, join_request_id)
    return found if found is not None and found.state != UNCONFIRMED else None


def unconfirmed(token: str, *, organisation_id: int, after: datetime) -> JoinRequest | None:
    """Return the request that a link confirms, if it was asked after a moment; each link works once."""
    mine = JoinRequest.token_digest == ids.digest(token), JoinRequest.organisation_id == organisation_id
    return db.session.scalar(select(JoinRequest).where(*mine, JoinRequest.asked_at > after))


def belongs(email: str, organisation_id: int) -> bool:
    """Whether an address is one of an organisation's people, by what it writes to or by what they sign in with."""
    mine = select(Person.id).outerjoin(Account, Account.id == Person.account_id)
    known = (Person.email == email) | (Account.email == email)
    return db.session.scalar(mine.where(Person.organisation_id == organisation_id, known).limit(1)) is not None


def deciders_of(organisation_id: int) -> list[int]:
    """Return who is told of a request: the partner's administrators, without any the academy's."""
    own = administrators_of(organisation_id)
    if own:
        return own
    query = select(Person.id).join(RoleGrant, RoleGrant.person_id == Person.id)
    everywhere = RoleGrant.role == ADMINISTRATOR, RoleGrant.organisation_id.is_(None), RoleGrant.org_unit_id.is_(None)
    return list(db.session.scalars(query.where(*everywhere, Person.state == "active").order_by(Person.id)))
