"""Whose results those who may edit a course see one by one."""

from typing import Any

from sqlalchemy import ColumnElement, and_, not_, true

from academy.accounts.models import Person
from academy.accounts.policies import manages, people_managed
from academy.base.access import ADMINISTRATOR, TRAINER, Actor, allowed, permit
from academy.catalogue.policies import EDIT_COURSE


def learners_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for the learners whose attempts the actor may list, in courses they may edit.

    People of their own organisation and of those they train or administer in; everyone, if they do so academy-wide.
    """
    trained, administered = actor.organisations_as(TRAINER), actor.organisations_as(ADMINISTRATOR)
    if trained is None or administered is None:
        return true()
    return Person.organisation_id.in_({actor.organisation_id, *trained, *administered})


def shows_learners_of(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor may know the names of an organisation's learners, as `learners_seen` says for queries."""
    trained, administered = actor.organisations_as(TRAINER), actor.organisations_as(ADMINISTRATOR)
    if trained is None or administered is None:
        return True
    return organisation_id in {actor.organisation_id, *trained, *administered}


def sees_learner(actor: Actor, person: Person) -> bool:
    """Whether a person is among `learners_seen`."""
    return shows_learners_of(actor, person.organisation_id)


def _sees(actor: Actor, thing: Any) -> bool:
    return allowed(EDIT_COURSE, actor, thing) and sees_learner(actor, thing.person)


def _may_see_hints(actor: Actor, thing: Any) -> bool:
    leads = actor.leads
    if thing.person.id == actor.person_id or (leads and manages(actor, thing.person)):
        return False
    return _sees(actor, thing)


def hints_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on Person for the learners of whom the actor sees hints: never their own team, never themself."""
    return and_(learners_seen(actor), not_(people_managed(actor)), Person.id != actor.person_id)


READ_LOG = permit(
    "assessment:log:read",
    _sees,
    "Those who may edit a course read the receipt logs of its learners in the organisations they work for.",
)
SEE_HINTS = permit(
    "assessment:hints:review",
    _may_see_hints,
    "Those who may read an attempt's log review its hints, but nobody those of their own team or their own.",
)
SEE_LEARNER = permit(
    "assessment:learner:see",
    _sees,
    "Those who may edit a course list the attempts of its learners in the organisations they work for.",
)
