"""Whose figures a manager sees. The filter is the accounts slice's `people_managed`; nothing here widens it."""

from typing import Protocol

from sqlalchemy import select

from academy.accounts.models import Person
from academy.accounts.policies import LEAD_TEAM, people_managed
from academy.base.access import ADMINISTRATOR, TRAINER, Actor, permit
from academy.base.db import db

__all__ = ["ASSIGN", "EXPORT", "LEAD_TEAM", "REMIND", "SEE_ASSIGNMENT", "SEE_MEMBER", "SEE_TEACHING", "UNDO"]


class HasPerson(Protocol):
    """Something about one person: their record, an enrolment of theirs."""

    @property
    def person_id(self) -> int: ...


def _leads(actor: Actor, thing: object) -> bool:
    return actor.leads


def _in_team(actor: Actor, thing: HasPerson) -> bool:
    found = select(Person.id).where(Person.id == thing.person_id, people_managed(actor, alone=True))
    return db.session.scalar(found) is not None


class MadeByPerson(Protocol):
    """Something that one person made."""

    @property
    def assigned_by_id(self) -> int | None: ...


def _made_it(actor: Actor, made: MadeByPerson) -> bool:
    return actor.leads and made.assigned_by_id == actor.person_id


SEE_MEMBER = permit("insights:person:see", _in_team, "Managers open the record of the people in their team.")
REMIND = permit("insights:team:remind", _leads, "Managers remind the people of their team, each at most once a day.")
ASSIGN = permit("insights:team:assign", _leads, "Managers make a course due from the people of their team.")
EXPORT = permit("insights:team:export", _leads, "Managers take the follow-up of their team away as a file.")
SEE_ASSIGNMENT = permit(
    "insights:assignment:see", _made_it, "Managers look up what they have assigned and what came of it."
)
UNDO = permit("insights:assignment:undo", _made_it, "Managers take back, for a day, what they assigned themselves.")
SEE_TEACHING = permit(
    "insights:teaching:see",
    lambda actor, thing: actor.has(TRAINER) or actor.has(ADMINISTRATOR),
    "Trainers and administrators see at a glance what calls for them in the courses they may edit.",
)
