"""Who prepares, reviews, votes on and sees accreditations: the partner its own alone; the reviewers and the committee never their own house's."""

from sqlalchemy import ColumnElement, false, true

from academy.accounts.models import Organisation
from academy.base.access import ADMINISTRATOR, COMMITTEE, Actor, academy_administrator, permit
from academy.base.db import db
from academy.partners.accreditation.kinds import APPLY, PROPOSE_WITHDRAWAL, SEND, VOTE
from academy.partners.accreditation.models import Accreditation, AccreditationApplication, ApplicationDocument
from academy.partners.accreditation.rules import State
from academy.partners.models import PARTNER

SEEN_BY_COMMITTEE = (State.COMMITTEE, State.GRANTED, State.REFUSED)


def _application(thing: object) -> AccreditationApplication | None:
    if isinstance(thing, ApplicationDocument):
        return db.session.get(AccreditationApplication, thing.application_id)
    return thing if isinstance(thing, AccreditationApplication) else None


def _owner(thing: object) -> int | None:
    """Return the partner that something belongs to."""
    if isinstance(thing, Organisation):
        return thing.id
    if isinstance(thing, ApplicationDocument):
        found = _application(thing)
        return found.organisation_id if found else None
    return thing.organisation_id if isinstance(thing, AccreditationApplication | Accreditation) else None


def _looks_after(actor: Actor, thing: object) -> bool:
    owner = _owner(thing)
    return owner is not None and actor.has(ADMINISTRATOR, owner)


def _own_house(actor: Actor, thing: object) -> bool:
    """The administrators whom a partner has itself; those of the whole academy review, and never apply for one."""
    return _looks_after(actor, thing) and not actor.holds_everywhere(ADMINISTRATOR)


def _reviews(actor: Actor, thing: object) -> bool:
    return actor.holds_everywhere(ADMINISTRATOR) and actor.organisation_id != _owner(thing)


def _sits(actor: Actor, thing: object) -> bool:
    """Whether they sit on the committee. Nobody of a partner does, whatever they were given before they joined it."""
    return actor.holds_everywhere(COMMITTEE) and actor.organisation_kind not in ("", PARTNER)


def _votes(actor: Actor, thing: object) -> bool:
    return _sits(actor, thing) and _owner(thing) not in (None, actor.organisation_id)


def _sees(actor: Actor, thing: object) -> bool:
    if _looks_after(actor, thing):
        return True
    found = _application(thing)
    return found is not None and found.state in SEEN_BY_COMMITTEE and _votes(actor, thing)


def applications_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on applications for the list: all but drafts for the reviewers, those before it for the committee."""
    if actor.holds_everywhere(ADMINISTRATOR):
        return true()
    return AccreditationApplication.state.in_(SEEN_BY_COMMITTEE) if _sits(actor, None) else false()


SEE_ACCREDITATION = permit(
    "partners:accreditation:see",
    _looks_after,
    "A partner's accreditation is seen by its own administrators and by the academy's; by others in the public register.",
)
MAKE_APPLICATION = permit(
    APPLY, _own_house, "A partner's own administrators apply for its accreditation and hand in its documents."
)
LIST_APPLICATIONS = permit(
    "partners:accreditation:list",
    lambda actor, thing: academy_administrator(actor, thing) or _sits(actor, thing),
    "Academy administrators and the committee list the applications for accreditation.",
)
SEE_APPLICATION = permit(
    "partners:accreditation:read",
    _sees,
    "An application is read by the partner's administrators, the academy's, and the committee once it is before it.",
)
REVIEW_APPLICATION = permit(
    SEND, _reviews, "Academy administrators who are not of the partner review its documents, enter its measures and ask the committee."
)  # fmt: skip
VOTE_ON_APPLICATION = permit(
    VOTE, _votes, "The committee votes on accreditations and closes its votes; nobody who is of a partner does."
)
END_ACCREDITATION = permit(
    PROPOSE_WITHDRAWAL,
    _reviews,
    "Academy administrators ask the committee to withdraw an accreditation; they cannot do it.",
)
