"""What follows when somebody stops to match a rule: they keep the duty, it rests, or their place is withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from academy.base.db import db, lock
from academy.learning.models import (
    ACTIVE,
    COMPLETED,
    WITHDRAWN,
    Duty,
    DutyRule,
    Enrolment,
    ProgrammeEnrolment,
)
from academy.learning.rules.duties import KEEP, WITHDRAW
from academy.learning.services.history import note_duties

OUTCOME = {"keep": "kept", "suspend": "suspended", "withdraw": "withdrawn"}


def end_duties(rule: DutyRule, people: Sequence[int], consequence: str, *, at: datetime) -> dict[int, str]:
    """End what a rule holds people to; return the outcome for each.

    What was done is never lost, what is completed stays, and a due day set by somebody else since is not touched.
    """
    if not people:
        return {}
    rows = db.session.scalars(
        select(Duty).where(Duty.rule_id == rule.id, Duty.person_id.in_(people), Duty.state == ACTIVE).order_by(Duty.id)
    ).all()
    others = _held_by_others(rule, people) if consequence != KEEP else {}
    for duty in rows:
        duty.state, duty.ended_at = OUTCOME[consequence], at
        if consequence != KEEP:
            withdraws = consequence == WITHDRAW and duty.made_place
            _release(duty, others.get(duty.person_id), withdraws, at)
    db.session.flush()
    if consequence != KEEP:
        note_duties([duty.enrolment_id for duty in rows if duty.enrolment_id is not None], at=at)
    return {duty.person_id: duty.state for duty in rows}


def _held_by_others(rule: DutyRule, people: Sequence[int]) -> dict[int, Duty]:
    """Return for each person another rule's duty about the same thing, which then takes over."""
    other = aliased(DutyRule)
    same = other.course_id == rule.course_id if rule.course_id else other.programme_id == rule.programme_id
    query = (
        select(Duty)
        .join(other, other.id == Duty.rule_id)
        .where(same, other.id != rule.id, Duty.person_id.in_(people), Duty.state.in_((ACTIVE, "kept")))
        .order_by(Duty.id)
    )
    return {duty.person_id: duty for duty in db.session.scalars(query)}


def _release(duty: Duty, other: Duty | None, withdraws: bool, at: datetime) -> None:
    if duty.enrolment_id is not None:
        _release_course(duty, other, withdraws, at)
    elif duty.programme_enrolment_id is not None and withdraws and other is None:
        place: ProgrammeEnrolment = lock(ProgrammeEnrolment, duty.programme_enrolment_id)
        if place.state != COMPLETED:
            place.state = WITHDRAWN
    if other is not None and duty.made_place:
        other.made_place, duty.made_place = True, False


def _release_course(duty: Duty, other: Duty | None, withdraws: bool, at: datetime) -> None:
    place: Enrolment = lock(Enrolment, duty.enrolment_id or 0)
    mine = duty.assignment_id is not None and place.assignment_id == duty.assignment_id
    if place.state != ACTIVE or not mine:
        return
    if other is not None:
        place.due_on = other.due_on
        other.assignment_id = place.assignment_id
        return
    place.due_on, place.assignment_id = None, None
    if withdraws:
        place.state, place.last_activity_at = WITHDRAWN, at
