"""Who may ask for an exemption from a course, propose one, see it and take it back."""

from typing import Any

from sqlalchemy import ColumnElement, or_

from academy.accounts.models import Person
from academy.accounts.policies import manages, people_administered, people_managed
from academy.base.access import ADMINISTRATOR, Actor, allowed, permit
from academy.learning.policies import ENROL


def _proposes(actor: Actor, person: Person) -> bool:
    return person.id != actor.person_id and (actor.has(ADMINISTRATOR, person.organisation_id) or manages(actor, person))


def _sees(actor: Actor, thing: Any) -> bool:
    return thing.person.id == actor.person_id or _proposes(actor, thing.person)


def _revokes(actor: Actor, thing: Any) -> bool:
    person: Person = thing.person
    if person.id == actor.person_id:
        return False
    return actor.has(ADMINISTRATOR, person.organisation_id) or (thing.by_managers and manages(actor, person))


def exempted_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for those whose exemptions the actor keeps an eye on; never themself."""
    return or_(people_managed(actor), people_administered(actor)) & (Person.id != actor.person_id)


ASK_EXEMPTION = permit(
    "learning:exemption:ask",
    lambda actor, course: allowed(ENROL, actor, course),
    "Everyone asks to be exempted from the courses they can see.",
)
PROPOSE_EXEMPTION = permit(
    "learning:exemption:propose",
    _proposes,
    "Managers propose exemptions for the people of their team, administrators for those of their organisations; never their own.",
)
KEEP_EXEMPTIONS = permit(
    "learning:exemption:list",
    lambda actor, thing: actor.leads or actor.has(ADMINISTRATOR),
    "Managers list the exemptions of their team, administrators those of their organisations.",
)
SEE_EXEMPTION = permit(
    "learning:exemption:see",
    _sees,
    "People see their own exemptions, managers those of their team, administrators those of their organisations.",
)
REVOKE_EXEMPTION = permit(
    "learning:exemption:revoke",
    _revokes,
    "Administrators take exemptions of their organisations back, and where a course lets managers decide, they of their team.",
)
