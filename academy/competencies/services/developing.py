"""Agreeing on a development plan and following it: sending, deciding, enrolling, asking to be observed, ending."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from academy.accounts.models import Person
from academy.accounts.queries_of_leading import leaders_of
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import change, db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.catalogue.models import Course
from academy.competencies import kinds, rules
from academy.competencies.models import DevelopmentItem, DevelopmentPlan
from academy.competencies.models.development import (
    APPROVED,
    COURSE,
    DRAFT,
    ENDED,
    OBSERVATION,
    REACHED,
    RETURNED,
    SENT,
)
from academy.competencies.queries import development, planning, standing_of
from academy.competencies.queries.planning import open_to
from academy.competencies.queries.templates import origin_of
from academy.competencies.services.planning import CHANGEABLE, end_plan, hold_plan
from academy.learning import services as learning
from academy.learning.queries.due_days import administrators_of
from academy.notices import services as notices

BATCH = 200


def send_plan(plan: DevelopmentPlan, *, at: datetime) -> None:
    """Lay a plan before the person's managers and their deputies; before administrators when there is none."""
    hold_plan(plan, CHANGEABLE)
    if db.session.scalar(select(DevelopmentItem.id).where(DevelopmentItem.plan_id == plan.id).limit(1)) is None:
        raise Conflict(_l("There is nothing in this plan yet. Add a course or evidence first."))
    plan.state, plan.sent_at, plan.told_at, plan.reminders = SENT, at, at, 0
    plan.revision += 1
    db.session.flush()
    _record("competencies:plan:send", plan, plan.person_id, at)
    _tell_deciders(plan, _deciders(plan, at), f"sent:{plan.revision}", at)


def take_back_plan(plan: DevelopmentPlan, *, at: datetime) -> None:
    """Take a plan back, to change it before somebody decides."""
    hold_plan(plan, (SENT,))
    plan.state = DRAFT
    db.session.flush()
    _record("competencies:plan:withdraw", plan, plan.person_id, at)


def approve_plan(plan: DevelopmentPlan, revision: int, note: str, *, by_id: int, at: datetime) -> None:
    """Agree to a plan as it was seen; the person is enrolled on its courses as far as these are open to them."""
    _decide(plan, revision, APPROVED, note, by_id=by_id, at=at)
    go_on(plan, at=at)
    _tell_person(plan, kinds.PLAN_APPROVED, note, by_id, at)


def return_plan(plan: DevelopmentPlan, revision: int, reason: str, *, by_id: int, at: datetime) -> None:
    """Give a plan back to be changed, with the reason."""
    if not reason.strip():
        raise Invalid(_l("Say what is to be changed: the person reads it."), field="reason")
    _decide(plan, revision, RETURNED, reason, by_id=by_id, at=at)
    _tell_person(plan, kinds.PLAN_RETURNED, reason, by_id, at)


def _decide(plan: DevelopmentPlan, revision: int, state: str, reason: str, *, by_id: int, at: datetime) -> None:
    seen = DevelopmentPlan.id == plan.id, DevelopmentPlan.state == SENT, DevelopmentPlan.revision == revision
    values = {"state": state, "reason": reason, "decided_by_id": by_id, "decided_at": at}
    if not change(update(DevelopmentPlan).where(*seen).values(values)):
        raise Conflict(_l("This plan has been decided or changed in the meantime. Look at it as it stands now."))
    db.session.refresh(plan)
    _record("competencies:plan:decide", plan, by_id, at)


def go_on(plan: DevelopmentPlan, *, at: datetime) -> int:
    """Enrol the person on the courses of an approved plan that are open to them by now. Returns how many places they have.

    A course that is asked for, builds on another one or is full stays in the plan; its page says how one comes in.
    """
    person = db.session.get_one(Person, plan.person_id)
    query = (
        select(DevelopmentItem.course_id)
        .join(Course, Course.id == DevelopmentItem.course_id)
        .where(DevelopmentItem.plan_id == plan.id, DevelopmentItem.kind == COURSE, open_to(person))
        .order_by(DevelopmentItem.position)
    )
    return sum(_enrol(person.id, course_id, at) for course_id in db.session.scalars(query).all() if course_id)


def _enrol(person_id: int, course_id: int, at: datetime) -> bool:
    try:
        with db.session.begin_nested():
            learning.enrol(person_id, course_id, at=at)
    except Conflict:
        return False
    return True


def go_on_after(person_id: int, *, at: datetime) -> None:
    """A course was completed: what builds on it in the person's approved plan may be open now."""
    plan = development.open_plan(person_id)
    if plan is not None and plan.state == APPROVED:
        go_on(plan, at=at)


def ask_observation(plan: DevelopmentPlan, *, at: datetime) -> int:
    """Ask the managers to observe what the plan names and is not proven yet; once a day. Returns how many were asked."""
    hold_plan(plan, (APPROVED,))
    items = development.items_of(plan, standing_of(plan.person_id))
    open_items = [each for each in items if each.kind == OBSERVATION and not each.is_done]
    if not open_items:
        raise Conflict(_l("Nothing of this plan waits to be observed."))
    ids = [each.id for each in open_items]
    db.session.execute(update(DevelopmentItem).where(DevelopmentItem.id.in_(ids)).values(asked_at=at))
    person, asked = db.session.get_one(Person, plan.person_id), _deciders(plan, at)
    for number in asked:
        notices.tell(
            number, kinds.OBSERVATION_ASKED, f"plan:{plan.id}:observe:{riyadh_day(at)}", at=at,
            address=f"/people/{person.id}/observe", person=person.name, competency=open_items[0].name,
            others=len(open_items) - 1 or None,
        )  # fmt: skip
    return len(asked)


def close_plan(plan: DevelopmentPlan, *, at: datetime) -> None:
    """End a plan: as reached when nothing of what it was made for is missing any more, else before its time."""
    hold_plan(plan, (APPROVED, RETURNED, DRAFT))
    missing = {each.key for each in planning.lines_of(standing_of(plan.person_id))}
    reached = plan.state == APPROVED and missing.isdisjoint(plan.basis)
    if reached and origin_of(plan.id) is not None:  # a template may ask for more than the role does
        reached = all(each.is_done for each in development.items_of(plan, standing_of(plan.person_id)))
    end_plan(plan, REACHED if reached else ENDED, at=at)


def remind_deciders(at: datetime) -> int:
    """Remind of plans that wait without an answer: the managers once, from then on the administrators too."""
    late = development.silent_plans(at, patience=rules.ANSWER_PLAN_WITHIN, most=BATCH)
    for number in late:
        silent = DevelopmentPlan.id == number, DevelopmentPlan.told_at <= at - rules.ANSWER_PLAN_WITHIN
        values = {"told_at": at, "reminders": DevelopmentPlan.reminders + 1}
        if not change(update(DevelopmentPlan).where(*silent, DevelopmentPlan.state == SENT).values(values)):
            continue
        plan = db.session.get_one(DevelopmentPlan, number, populate_existing=True)
        person = db.session.get_one(Person, plan.person_id)
        told = _deciders(plan, at)
        if plan.reminders > 1:
            told += [each for each in administrators_of(person.organisation_id) if each not in (*told, person.id)]
        _tell_deciders(plan, told, f"reminded:{plan.revision}:{plan.reminders}", at)
    return len(late)


def _deciders(plan: DevelopmentPlan, at: datetime) -> list[int]:
    person = db.session.get_one(Person, plan.person_id)
    found = leaders_of(person.id, today=riyadh_day(at)) or administrators_of(person.organisation_id)
    return [number for number in found if number != person.id]


def _tell_deciders(plan: DevelopmentPlan, people: Collection[int], cause: str, at: datetime) -> None:
    person = db.session.get_one(Person, plan.person_id)
    since = plan.sent_at if plan.reminders else None
    for number in people:
        notices.tell(
            number, kinds.PLAN_WAITS, f"plan:{plan.id}:{cause}", at=at, address=f"/development/plans/{plan.id}",
            about_id=plan.id, person=person.name, since=riyadh_day(since) if since else None,
        )  # fmt: skip


def _tell_person(plan: DevelopmentPlan, kind: str, reason: str, by_id: int, at: datetime) -> None:
    by = db.session.get_one(Person, by_id)
    notices.tell(
        plan.person_id, kind, f"plan:{plan.id}:decided:{plan.revision}", at=at, address=f"/development/plans/{plan.id}",
        by=by.name, reason=reason or None,
    )  # fmt: skip


def _record(act: str, plan: DevelopmentPlan, actor_id: int, at: datetime) -> None:
    person = db.session.get_one(Person, plan.person_id)
    audit.record(
        act, at=at, actor_id=actor_id, organisation_id=person.organisation_id,
        subject=("development_plan", plan.id, person.name.show("ar")),
        after={"state": plan.state, "revision": plan.revision, "reason": plan.reason},
    )  # fmt: skip
