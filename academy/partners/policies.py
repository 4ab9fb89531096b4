"""Who may see and change a partner: its own administrators and the academy's; never another partner's."""

from sqlalchemy import ColumnElement, and_

from academy.accounts.kinds import add_setting
from academy.accounts.models import Organisation, Person
from academy.accounts.policies import organisations_administered
from academy.base.access import ADMINISTRATOR, Actor, UnlessLocked, academy_administrator, any_administrator, permit
from academy.base.db import db
from academy.base.i18n import _l
from academy.partners.models import PARTNER, Agreement, AgreementDocument, JoinRequest, PartnerToken, ServingRoster


def partners_administered(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Organisation for the partners that an administrator looks after."""
    return and_(Organisation.kind == PARTNER, organisations_administered(actor))


def _organisation_id(thing: object) -> int | None:
    """Return the partner that something belongs to."""
    if isinstance(thing, Organisation):
        return thing.id
    if isinstance(thing, AgreementDocument):
        return db.session.get_one(Agreement, thing.agreement_id).organisation_id
    if isinstance(thing, Agreement | JoinRequest | PartnerToken | ServingRoster | Person):
        return thing.organisation_id
    return None


def _looks_after(actor: Actor, thing: object) -> bool:
    organisation_id = _organisation_id(thing)
    return organisation_id is not None and actor.has(ADMINISTRATOR, organisation_id)


LIST_PARTNERS = permit(
    "partners:partner:list", any_administrator, "Administrators list the partners that they look after."
)
SEE_PARTNER = permit(
    "partners:partner:see", _looks_after, "A partner is seen by its own administrators and by the academy's."
)
LOOK = add_setting("look", _l("Look and contacts"), of=PARTNER)
REGISTRATION = add_setting("registration", _l("Self-registration"), of=PARTNER)
EDIT_PARTNER = permit(
    "partners:partner:edit",
    UnlessLocked(LOOK, _looks_after),
    "A partner's administrators and the academy's change its look and contacts, unless the academy keeps that for itself.",
)
SET_SEATS = permit("partners:partner:seats", academy_administrator, "Academy administrators set a partner's seats.")
MAKE_AGREEMENT = permit(
    "partners:agreement:make",
    academy_administrator,
    "Academy administrators add agreements with partners, their documents, and end them early.",
)
SEE_AGREEMENT = permit(
    "partners:agreement:see",
    _looks_after,
    "Agreements and documents are for the partner's administrators and the academy's.",
)
END_MEMBERSHIP = permit(
    "partners:membership:end", _looks_after, "A partner's administrators end the membership of their own people only."
)
MOVE_PERSON = permit(
    "partners:membership:move",
    academy_administrator,
    "Academy administrators let somebody who left join another partner.",
)
SEE_ROSTER = permit(
    "partners:roster:see", _looks_after, "Who may serve is seen by the partner's administrators and the academy's."
)
SIGN_ROSTER = permit(
    "partners:roster:sign", _looks_after, "The same administrators have the roster of a day signed, and fetch it."
)
MAKE_TOKEN = permit(
    "partners:token:make",
    _looks_after,
    "A partner's administrators and the academy's make tokens with which its machines ask who may serve.",
)
REVOKE_TOKEN = permit("partners:token:revoke", _looks_after, "The same administrators revoke them.")
OPEN_REGISTRATION = permit(
    "partners:registration:open",
    UnlessLocked(REGISTRATION, _looks_after),
    "A partner's administrators and the academy's open its self-registration, for which addresses and until when, unless the academy keeps that for itself.",
)
SEE_REQUESTS = permit(
    "partners:join_request:see", _looks_after, "Requests to join a partner are seen by the same administrators."
)
DECIDE_REQUEST = permit(
    "partners:join_request:decide",
    _looks_after,
    "The same administrators approve requests within the seats, or refuse them.",
)
