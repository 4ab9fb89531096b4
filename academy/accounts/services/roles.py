"""Giving and withdrawing roles."""

from datetime import datetime

from sqlalchemy import select

from academy.accounts.models import Organisation, OrgUnit, Person, RoleGrant
from academy.accounts.services.administrators import keep_an_administrator
from academy.base import audit
from academy.base.access import ADMINISTRATOR, AUDITOR, COMMITTEE, MANAGER, ROLES, Actor
from academy.base.db import db, insert_once, lock
from academy.base.errors import Invalid, NotAllowed
from academy.base.i18n import _l


def grant_role(
    person: Person,
    role: str,
    *,
    at: datetime,
    organisation_id: int | None = None,
    org_unit_id: int | None = None,
    actor: Actor | None = None,
) -> RoleGrant:
    """Give a role in the whole academy (no ids), the person's organisation, or one of its units with its sub-units.

    Asking twice gives the same grant. Without an actor (commands, the seed) nobody's reach is asked for.
    """
    organisation_id = _checked_scope(person, role, organisation_id, org_unit_id)
    _check_reach(actor, organisation_id)
    _keep_auditors_apart(person, role)

    def find() -> RoleGrant | None:
        here = (RoleGrant.person_id == person.id, RoleGrant.role == role)
        scope = (
            RoleGrant.organisation_id.is_not_distinct_from(organisation_id),
            RoleGrant.org_unit_id.is_not_distinct_from(org_unit_id),
        )
        return db.session.scalar(select(RoleGrant).where(*here, *scope))

    def make() -> RoleGrant:
        by = actor.person_id if actor else None
        return RoleGrant(
            person_id=person.id,
            role=role,
            organisation_id=organisation_id,
            org_unit_id=org_unit_id,
            granted_by_id=by,
            granted_at=at,
        )

    granted, made = insert_once(make, find)
    if made:
        _note("accounts:role:grant", person, granted, actor, at)
    return granted


def revoke_role(granted: RoleGrant, *, at: datetime, actor: Actor | None = None) -> None:
    """Withdraw a role. The academy's last administrator stays one."""
    _check_reach(actor, granted.organisation_id)
    if granted.role == ADMINISTRATOR and granted.organisation_id is None:
        keep_an_administrator(without_grant=granted.id)
    person = db.session.get_one(Person, granted.person_id)
    _note("accounts:role:revoke", person, granted, actor, at)
    db.session.delete(granted)
    db.session.flush()


def _checked_scope(person: Person, role: str, organisation_id: int | None, org_unit_id: int | None) -> int | None:
    """Return the organisation of the scope; None is the whole academy."""
    if role not in ROLES:
        raise Invalid(_l("Choose a role."), field="role")
    if org_unit_id is not None:
        if role != MANAGER:
            raise Invalid(
                _l("Only managers are responsible for a single unit. Choose the organisation."), field="scope"
            )
        unit = db.session.get(OrgUnit, org_unit_id)
        organisation_id = unit.organisation_id if unit else 0
    if organisation_id is not None and organisation_id != person.organisation_id:
        raise Invalid(_l("Choose a place in the person's own organisation."), field="scope")
    if role == COMMITTEE:
        _check_committee(person, organisation_id)
    return organisation_id


def _check_committee(person: Person, organisation_id: int | None) -> None:
    """The committee decides about partners for the whole academy, so nobody of a partner sits on it."""
    if organisation_id is not None:
        raise Invalid(_l("The committee decides for the whole academy. Choose the whole academy."), field="scope")
    if db.session.get_one(Organisation, person.organisation_id).kind == "partner":
        raise Invalid(_l("Nobody of a partner sits on the committee that accredits partners."), field="role")


def _keep_auditors_apart(person: Person, role: str) -> None:
    """Whoever reads everything decides nothing: an auditor holds no other role, as two grants at once must not bring about.

    The database holds it too: every grant refers to the side on which its person stands.
    """
    lock(Person, person.id)
    other = RoleGrant.role != AUDITOR if role == AUDITOR else RoleGrant.role == AUDITOR
    if db.session.scalar(select(RoleGrant.id).where(RoleGrant.person_id == person.id, other).limit(1)) is None:
        person.audits = role == AUDITOR
        db.session.flush()
        return
    if role == AUDITOR:
        raise Invalid(_l("An auditor holds no other role. Withdraw this person's other roles first."), field="role")
    raise Invalid(_l("This person is an auditor, who holds no other role. Withdraw that first."), field="role")


def _check_reach(actor: Actor | None, organisation_id: int | None) -> None:
    if actor is None or actor.holds_everywhere(ADMINISTRATOR):
        return
    if organisation_id is None or not actor.has(ADMINISTRATOR, organisation_id):
        raise NotAllowed(_l("You can give and withdraw roles in your own organisation only."), field="scope")


def _note(act: str, person: Person, granted: RoleGrant, actor: Actor | None, at: datetime) -> None:
    what = {"role": granted.role, "organisation_id": granted.organisation_id, "org_unit_id": granted.org_unit_id}
    audit.record(
        act,
        at=at,
        actor_id=actor.person_id if actor else None,
        subject=("person", person.id, person.name.show("ar")),
        organisation_id=person.organisation_id,
        before=what if act.endswith("revoke") else None,
        after=what if act.endswith("grant") else None,
    )
