"""Who may see and change whom. The same scopes guard pages and filter queries."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, or_, select, true, union
from sqlalchemy.orm import aliased

from academy.accounts.models import Deputyship, ImportPlan, MatrixLine, Organisation, OrgUnit, Person, RoleGrant
from academy.accounts.models_of_anonymising import Anonymisation
from academy.base.access import (
    ADMINISTRATOR,
    MANAGER,
    OFFICER,
    Actor,
    academy_administrator,
    any_administrator,
    anyone_signed_in,
    permit,
)
from academy.base.db import db
from academy.base.sets import among

OWN_ACCOUNT = permit("accounts:self:edit", anyone_signed_in, "Everyone edits their own preferences and sessions.")
OPEN_ADMINISTRATION = permit(
    "accounts:administration:open",
    lambda actor, thing: actor.has(ADMINISTRATOR) or actor.has(OFFICER),
    "Administrators and credential officers open the administration, each with what is theirs in it.",
)
MANAGE_PEOPLE = permit(
    "accounts:person:list", any_administrator, "Administrators list the people of their organisations."
)
MANAGE_ACADEMY = permit("accounts:academy:edit", academy_administrator, "Academy administrators change its settings.")
MANAGE_ORGANISATIONS = permit(
    "accounts:organisation:edit", academy_administrator, "Academy administrators create and change organisations."
)
LOCK_SETTINGS = permit(
    "accounts:setting:lock",
    academy_administrator,
    "Academy administrators say which settings of an organisation the academy keeps for itself.",
)
SEE_AUDIT = permit("accounts:audit:see", any_administrator, "Administrators read the trail of their organisations.")
PROVE_AUDIT = permit(
    "accounts:audit:prove", academy_administrator, "Academy administrators take the whole trail away with its proof."
)
SEE_JOBS = permit(
    "accounts:job:manage", academy_administrator, "Academy administrators see jobs and retry failed ones."
)


DEEPEST = 40
_first, _next_level = aliased(Person), aliased(Person)  # made once: pages ask for the lines below many managers


def reports_of(manager_id: int) -> ColumnElement[bool]:
    """Return the filter on Person for everyone below a manager, direct and indirect, `DEEPEST` levels down."""
    below = select(_first.id, literal(1).label("depth")).where(_first.manager_id == manager_id).cte(recursive=True)
    # Said as a range, PostgreSQL looks the next level up in the index; for an equation it would read all people at once.
    next_level = _next_level.manager_id.between(below.c.id, below.c.id)
    deeper = select(_next_level.id, below.c.depth + 1).join(below, next_level)
    below = below.union(deeper.where(below.c.depth < DEEPEST))
    return Person.id.in_(select(below.c.id))


def matrix_of(manager_id: int) -> ColumnElement[bool]:
    """Return the filter on Person for those whose matrix manager somebody is; not for those below these."""
    return Person.id.in_(select(MatrixLine.person_id).where(MatrixLine.manager_id == manager_id))


def people_of_units(unit_ids: set[int]) -> ColumnElement[bool]:
    """Return the filter on Person for everyone in these units and their sub-units."""
    roots = select(OrgUnit.path).where(OrgUnit.id.in_(unit_ids)).subquery()
    inside = select(OrgUnit.id).join(roots, OrgUnit.path.startswith(roots.c.path))
    return Person.org_unit_id.in_(inside)


def people_administered(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for those whom an administrator looks after."""
    organisations = actor.organisations_as(ADMINISTRATOR)
    if organisations is None:
        return true()
    return Person.organisation_id.in_(organisations) if organisations else false()


def people_managed(actor: Actor, *, alone: bool = False) -> ColumnElement[bool]:
    """Return the filter on Person for the actor's team; never themself. `alone`: no OR stands beside it (`base.sets`).

    Their reporting line, direct and indirect, and whose matrix manager they are, both in their own organisation; the people
    of units (with sub-units) and organisations in which they hold a manager's role; and as a deputy the same of the manager
    whom they stand in for, as far as it lies in their organisation, without that manager, and without what that manager
    has as somebody's deputy.
    """
    whole = {g.organisation_id for g in actor.grants if g.role == MANAGER and g.org_unit_id is None}
    if None in whole:
        return Person.id != actor.person_id
    wide = [Person.organisation_id.in_(whole)] if whole else []
    units = {g.org_unit_id for g in actor.grants if g.role == MANAGER and g.org_unit_id is not None}
    parts = [people_of_units(units)] if units else []
    if actor.organisation_id not in whole:
        home = Person.organisation_id == actor.organisation_id
        parts += [and_(reports_of(actor.person_id), home), and_(matrix_of(actor.person_id), home)]
        parts += [and_(home, reach_lent(manager_id)) for manager_id in actor.deputy_for]
    # One set of ids, so that the database walks from the team to its rows and never over everybody else.
    ids = _ids(parts) if parts else None
    found = (
        [] if ids is None else [among(Person.id, ids.scalar_subquery()) if alone and not wide else Person.id.in_(ids)]
    )
    return and_(or_(*wide, *found), Person.id != actor.person_id)


def reach_lent(manager_id: int) -> ColumnElement[bool]:
    """Return the filter on Person for whom a manager's deputy may see, before it is held to the deputy's organisation."""
    granted = RoleGrant.person_id == manager_id, RoleGrant.role == MANAGER
    root = aliased(OrgUnit)
    units = (
        select(OrgUnit.id)
        .join(root, OrgUnit.path.startswith(root.path))
        .join(RoleGrant, RoleGrant.org_unit_id == root.id)
        .where(*granted)
    )
    owner = or_(RoleGrant.organisation_id.is_(None), RoleGrant.organisation_id == Person.organisation_id)
    whole = select(RoleGrant.id).where(*granted, RoleGrant.org_unit_id.is_(None), owner).correlate(Person).exists()
    reach = or_(reports_of(manager_id), matrix_of(manager_id), Person.org_unit_id.in_(units), whole)
    return and_(reach, Person.id != manager_id)


def _ids(parts: Sequence[ColumnElement[bool]]) -> Any:
    """Return the ids of the people whom any of the filters lets through, each filter asked by itself."""
    asked = [select(Person.id).where(part).correlate(None) for part in parts]
    return asked[0] if len(asked) == 1 else union(*asked)


def people_visible(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for everyone whose record the actor may open: self, team, administered."""
    return or_(Person.id == actor.person_id, people_managed(actor), people_administered(actor))


def _administers(actor: Actor, person: Person) -> bool:
    return actor.has(ADMINISTRATOR, person.organisation_id)


def _leads(actor: Actor, thing: object) -> bool:
    return actor.leads


def people_overseen(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for those whom the actor manages or administers; never themself."""
    return and_(or_(people_managed(actor), people_administered(actor)), Person.id != actor.person_id)


def manages(actor: Actor, person: Person) -> bool:
    """Whether the person is in the actor's team."""
    found = db.session.scalar(select(Person.id).where(Person.id == person.id, people_managed(actor)))
    return found is not None


def sees(actor: Actor, person: Person) -> bool:
    """Whether the actor may open the person's record."""
    return actor.person_id == person.id or _administers(actor, person) or manages(actor, person)


EDIT_PERSON = permit("accounts:person:edit", _administers, "Administrators change people of their organisations.")
SEE_PERSON = permit("accounts:person:see", sees, "People see themselves; managers their team; administrators theirs.")
LEAD_TEAM = permit(
    "accounts:team:lead", _leads, "Managers, their deputies, and everyone to whom somebody reports, lead a team."
)
NAME_DEPUTY = permit(
    "accounts:deputy:name",
    lambda actor, thing: actor.has(MANAGER) or actor.manages_people,
    "Whoever leads a team in their own right names a deputy; a deputy names nobody.",
)
EDIT_UNITS = permit(
    "accounts:org_unit:edit",
    lambda actor, organisation: actor.has(ADMINISTRATOR, organisation.id),
    "Administrators change the units of their organisations.",
)


def organisations_administered(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Organisation for those an administrator looks after."""
    organisations = actor.organisations_as(ADMINISTRATOR)
    if organisations is None:
        return true()
    return Organisation.id.in_(organisations) if organisations else false()


def holds_everywhere(person_id: int) -> bool:
    """Whether a person holds any role in the whole academy."""
    query = select(RoleGrant.id).where(RoleGrant.person_id == person_id, RoleGrant.organisation_id.is_(None)).limit(1)
    return db.session.scalar(query) is not None


def _changes(actor: Actor, person: Person) -> bool:
    # Else an organisation's administrator could change the e-mail of an academy administrator and reset the password.
    # Whoever is anonymised is nobody's to change.
    if person.anonymised_at is not None:
        return False
    return actor.holds_everywhere(ADMINISTRATOR) or (_administers(actor, person) and not holds_everywhere(person.id))


def _administers_unit(actor: Actor, unit: OrgUnit) -> bool:
    return actor.has(ADMINISTRATOR, unit.organisation_id)


def _owns_plan(actor: Actor, plan: ImportPlan) -> bool:
    return plan.owner_id == actor.person_id and actor.has(ADMINISTRATOR, plan.organisation_id)


CHANGE_PERSON = permit(
    "accounts:person:change",
    _changes,
    "Administrators change their people; holders of academy-wide roles only each other.",
)


def _changes_whom_it_is_about(actor: Actor, proposal: Anonymisation) -> bool:
    about = db.session.get(Person, proposal.person_id)
    return about is not None and _changes(actor, about)


ANONYMISE = permit(
    "accounts:person:anonymise",
    _changes,
    "Administrators propose to anonymise suspended people of theirs; another administrator confirms.",
)
DECIDE_ANONYMISATION = permit(
    "accounts:anonymisation:decide",
    _changes_whom_it_is_about,
    "Administrators who look after the person confirm or decline what another proposed, and withdraw their own.",
)
HOLD_PERSON = permit(
    "accounts:person:hold", _changes, "Administrators place and lift a legal hold on people of theirs."
)


def _one_of_two(actor: Actor, deputyship: Deputyship) -> bool:
    return actor.person_id in (deputyship.manager_id, deputyship.deputy_id)


def _changes_manager(actor: Actor, thing: Any) -> bool:
    """Whether the actor may change the person whose reach it is about."""
    about = db.session.get(Person, thing.manager_id if isinstance(thing, Deputyship) else thing.person_id)
    return about is not None and _changes(actor, about)


END_DEPUTYSHIP = permit(
    "accounts:deputy:end", _one_of_two, "A manager and the deputy may each end it before its last day."
)
STOP_DEPUTYSHIP = permit(
    "accounts:deputy:stop", _changes_manager, "Administrators end what deputies of their people may do."
)
REMOVE_MATRIX = permit(
    "accounts:matrix:remove", _changes_manager, "Administrators take a matrix manager from their people."
)
EDIT_UNIT = permit(
    "accounts:org_unit:change", _administers_unit, "Administrators change the units of their organisations."
)
IMPORT_PEOPLE = permit(
    "accounts:person:import", _owns_plan, "Administrators decide about the files they uploaded themselves."
)


def _same_human(actor: Actor, person: Person | None) -> bool:
    return actor.account_id is not None and person is not None and person.account_id == actor.account_id


END_SESSION = permit(
    "accounts:session:end",
    lambda actor, session: (
        session.person_id == actor.person_id or _same_human(actor, db.session.get(Person, session.person_id))
    ),
    "Everyone ends their own sessions, in all their organisations.",
)
SWITCH = permit(
    "accounts:membership:switch", _same_human, "Whoever belongs to several organisations goes from one to another."
)


def _withdraws(actor: Actor, granted: RoleGrant) -> bool:
    if actor.holds_everywhere(ADMINISTRATOR):
        return True
    mine = granted.organisation_id is not None and actor.has(ADMINISTRATOR, granted.organisation_id)
    return mine and not holds_everywhere(granted.person_id)


REVOKE_ROLE = permit("accounts:role:revoke", _withdraws, "Administrators withdraw roles in their organisations.")
RENAME_ORGANISATION = permit(
    "accounts:organisation:change",
    academy_administrator,
    "Academy administrators rename, close and open organisations.",
)
