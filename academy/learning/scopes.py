"""Which requests somebody may decide: the same scope guards pages and filters queries."""

from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Deputyship, Person, RoleGrant
from academy.base import clock
from academy.base.access import ADMINISTRATOR
from academy.base.db import db
from academy.learning.models import PlaceRequest, RequestTurn

HIGHEST = 8  # so many managers above somebody are asked at most


def was_asked(person_id: Any, today: Any = None) -> ColumnElement[bool]:
    """Return the filter on PlaceRequest (joined with its learner as Person) for those that somebody may decide.

    It was their turn once, and they still are what they were asked as: a manager above the learner in the same organisation, or
    an administrator of it. Who stands in for such a manager today decides in their place. Silence lets a request go on; it does
    not take the decision from whoever had it. Nobody decides what they proposed themselves. Both may be bound parameters; without a day it is today.
    """
    today = clock.today() if today is None else today
    me, turn, granted = aliased(Person), aliased(RequestTurn), aliased(RoleGrant)
    here = exists().where(me.id == person_id, me.state == "active", me.organisation_id == Person.organisation_id)
    mine = exists().where(turn.request_id == PlaceRequest.id, _acts_as(turn.decider_id, person_id, today))
    offices = exists().where(turn.request_id == PlaceRequest.id, turn.decider_id.is_(None))
    scope = or_(granted.organisation_id == Person.organisation_id, granted.organisation_id.is_(None))
    holds = exists().where(granted.person_id == person_id, granted.role == ADMINISTRATOR, scope)
    asked = or_(and_(mine, here, _is_above(person_id, today)), and_(offices, holds))
    another = or_(PlaceRequest.by_id.is_(None), PlaceRequest.by_id != person_id)
    return and_(PlaceRequest.learner_id != person_id, another, asked)


def _is_above(person_id: Any, today: Any) -> ColumnElement[bool]:
    """Whether somebody is one of the managers above a request's learner: few rows upwards, where all below could be many."""
    levels = [aliased(Person) for _level in range(HIGHEST)]
    query = select(levels[0].id).where(levels[0].id == PlaceRequest.learner_id)
    for lower, upper in pairwise(levels):
        query = query.outerjoin(upper, upper.id == lower.manager_id)
    reached = or_(*(_acts_as(level.manager_id, person_id, today) for level in levels))
    return query.where(reached).correlate(PlaceRequest).exists()


def _acts_as(manager: Any, person_id: Any, today: Any) -> ColumnElement[bool]:
    """Whether somebody is this manager (a column of ids), or stands in for them today."""
    absent = aliased(Person)
    stood_in_for = (
        select(Deputyship.manager_id)
        .join(absent, and_(absent.id == Deputyship.manager_id, absent.state != "suspended"))
        .where(Deputyship.deputy_id == person_id, Deputyship.holds_on(today))
    )
    return or_(manager == person_id, manager.in_(stood_in_for))


def may_decide(person_id: int, request_id: int) -> bool:
    """Whether somebody may decide a request, as `was_asked` says."""
    asked = {"request_id": request_id, "decider_id": person_id, "today": clock.today()}
    return db.session.scalar(_to_be_decided(), asked) is not None


@cache
def _to_be_decided() -> Select[int]:
    """Return the query of `may_decide`, put together once: that takes longer than to answer it."""
    decider, today = bindparam("decider_id", type_=Integer), bindparam("today", type_=Date)
    query = select(PlaceRequest.id).join(Person, Person.id == PlaceRequest.learner_id)
    return query.where(PlaceRequest.id == bindparam("request_id"), was_asked(decider, today))
