"""Who reads: the people whose rows they may see, the smallest group they are shown, and who they are when no browser asks."""

import hashlib

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from academy.accounts.models import MatrixLine, Organisation, Person, RoleGrant
from academy.accounts.policies import people_administered, people_managed
from academy.accounts.queries_of_leading import managers_lent_to
from academy.base import clock
from academy.base.access import ADMINISTRATOR, MANAGER, Actor, Grant
from academy.base.db import db
from academy.competencies.kinds import small_groups
from academy.insights.reports.models import Report, ReportShare, SmallGroup
from academy.insights.reports.rules.hiding import USUAL


def readable(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for whose rows a report may show: the actor's team and whom they administer."""
    if actor.organisations_as(ADMINISTRATOR) == set():
        return people_managed(actor, alone=True)
    return or_(people_managed(actor), people_administered(actor))


def builds(actor: Actor) -> bool:
    """Whether there is anybody the actor could report on."""
    return actor.leads or actor.has(ADMINISTRATOR)


def actor_of(person_id: int) -> Actor | None:
    """Return a person as policies see them now, for what is done in their name; None when they may not enter."""
    query = (
        select(Person)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person_id, Person.state == "active", Organisation.active)
    )
    person = db.session.scalar(query)
    if person is None:
        return None
    rows = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id).order_by(RoleGrant.id))
    grants = tuple(Grant(row.role, row.organisation_id, row.org_unit_id) for row in rows)
    leads = select(Person.id).where(Person.manager_id == person_id).exists()
    matrix = select(MatrixLine.id).where(MatrixLine.manager_id == person_id).exists()
    leading, crossing = db.session.execute(select(leads, matrix)).one()
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        organisation_id=person.organisation_id,
        org_unit_id=person.org_unit_id,
        language=person.language,
        digits=person.digits,
        calendar=person.calendar,
        grants=grants,
        manages_people=bool(leading or crossing),
        matrix=bool(crossing),
        deputy_for=managers_lent_to(person.id, person.organisation_id, today=clock.today()),
    )


def rights_of(actor: Actor) -> str:
    """Return a digest of what an actor may see; it changes with their roles, their organisation and whom they stand in for."""
    held = sorted(f"{grant.role}/{grant.organisation_id}/{grant.org_unit_id}" for grant in actor.grants)
    lent = [f"deputy/{manager_id}" for manager_id in actor.deputy_for]
    said = "|".join([str(actor.person_id), str(actor.organisation_id), str(actor.manages_people), *held, *lent])
    return hashlib.sha256(said.encode()).hexdigest()


@small_groups
def threshold_for(actor: Actor) -> int:
    """Return the fewest people a group must have for this reader: the strictest rule of the organisations they look into."""
    mine = _organisations(actor)
    within = true() if mine is None else SmallGroup.organisation_id.in_(mine)
    query = select(SmallGroup.threshold).where(or_(SmallGroup.organisation_id.is_(None), within))
    return max([USUAL, *db.session.scalars(query)])


def smallest_group(organisations: Select[tuple[int]]) -> int:
    """Return the fewest people a group from these organisations must have: the strictest of their rules and the academy's."""
    query = select(SmallGroup.threshold).where(
        or_(SmallGroup.organisation_id.is_(None), SmallGroup.organisation_id.in_(organisations))
    )
    return max([USUAL, *db.session.scalars(query)])


def _organisations(actor: Actor) -> set[int] | None:
    """The organisations whose people the actor may see, None for all."""
    led, run = actor.organisations_as(MANAGER), actor.organisations_as(ADMINISTRATOR)
    if led is None and any(
        g.role == MANAGER and g.organisation_id is None and g.org_unit_id is None for g in actor.grants
    ):
        return None
    return None if run is None else {actor.organisation_id, *run, *(led or ())}


def thresholds(organisation_ids: list[int]) -> dict[int, int]:
    """Return the rules there are: 0 is the academy's own."""
    wanted = or_(SmallGroup.organisation_id.is_(None), SmallGroup.organisation_id.in_(organisation_ids))
    rows = db.session.execute(select(SmallGroup.organisation_id, SmallGroup.threshold).where(wanted))
    return {organisation_id or 0: threshold for organisation_id, threshold in rows}


def colleague(organisation_id: int, email: str) -> int | None:
    """Return the id of an active person of an organisation by their e-mail."""
    query = select(Person.id).where(
        Person.email == email.strip().lower(), Person.organisation_id == organisation_id, Person.state == "active"
    )
    return db.session.scalar(query)


def roles_of(actor: Actor) -> set[str]:
    """Return the roles a report may be shared with that the actor holds in their own organisation."""
    leads = actor.manages_people or bool(actor.deputy_for) or actor.has(MANAGER, actor.organisation_id)
    runs = actor.has(ADMINISTRATOR, actor.organisation_id)
    return {role for role, held in ((MANAGER, leads), (ADMINISTRATOR, runs)) if held}


def shared_with(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Report for what others of the own organisation share with the actor."""
    to_me = or_(ReportShare.person_id == actor.person_id, ReportShare.role.in_(roles_of(actor)))
    shares = select(ReportShare.report_id).where(to_me)
    return and_(Report.organisation_id == actor.organisation_id, Report.id.in_(shares))


def sees(actor: Actor, thing: Report) -> bool:
    """Whether the actor may open a report: their own, or one that is shared with them."""
    if not builds(actor):
        return False
    if thing.owner_id == actor.person_id:
        return True
    return db.session.scalar(select(Report.id).where(Report.id == thing.id, shared_with(actor))) is not None
