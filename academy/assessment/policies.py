"""Who may open an attempt, and who may grant people other limits."""

from typing import Any

from academy.accounts.models import Person
from academy.assessment.policies_of_results import sees_learner, shows_learners_of
from academy.base.access import ADMINISTRATOR, Actor, any_administrator, anyone_signed_in, permit
from academy.base.db import db
from academy.catalogue.policies import edits


def _own(actor: Actor, attempt: Any) -> bool:
    return bool(attempt.learner_id == actor.person_id)


TAKE_ATTEMPT = permit("assessment:attempt:take", _own, "Learners open their own attempts and nobody else's.")


PROVE_BROWSER = permit(
    "assessment:browser:prove", anyone_signed_in, "Everyone signed in shows for themselves what browser they use."
)


def _grants(actor: Actor, thing: Any) -> bool:
    person = thing.person
    if person.id == actor.person_id:
        return False
    local = actor.has(ADMINISTRATOR, person.organisation_id) and not thing.academy_wide
    return local or actor.holds_everywhere(ADMINISTRATOR)


def _withdraws(actor: Actor, dates: Any) -> bool:
    person = db.session.get_one(Person, dates.person_id)
    if person.id == actor.person_id:
        return False
    if actor.has(ADMINISTRATOR, person.organisation_id):
        return True
    return sees_learner(actor, person) and edits(actor, dates.course)


ACCOMMODATE = permit(
    "assessment:accommodation:grant",
    _grants,
    "Administrators grant accommodations to their people, never to themselves; holders of academy-wide roles only each other.",
)
WITHDRAW_DATES = permit(
    "assessment:accommodation:dates",
    _withdraws,
    "Those who may edit the course and the person's administrators withdraw other dates for its quizzes.",
)


def _withdraws_from_group(actor: Actor, granted: Any) -> bool:
    if actor.has(ADMINISTRATOR, granted.group.organisation_id):
        return True
    seen = granted.course is not None and edits(actor, granted.course)
    return seen and granted.dates_alone and shows_learners_of(actor, granted.group.organisation_id)


GRANT_GROUPS = permit(
    "assessment:accommodation:groups",
    any_administrator,
    "Administrators grant accommodations to groups of their people.",
)
SEE_GROUP = permit(
    "assessment:accommodation:group",
    _withdraws_from_group,
    "The group's administrators, and for other dates of a quiz those who may edit its course, see and withdraw a group's accommodations.",
)
