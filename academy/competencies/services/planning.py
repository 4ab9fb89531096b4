"""Making a development plan from a person's gaps, and changing what stands in it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from academy.accounts.models import Person
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies import rules
from academy.competencies.models import Competency, DevelopmentItem, DevelopmentPlan
from academy.competencies.models.development import CLAIM, CLOSED, COURSE, DRAFT, OBSERVATION, REPLACED, RETURNED
from academy.competencies.queries import development, planning, standing_of
from academy.competencies.queries.planning import Takeable
from academy.competencies.queries.standing import PersonStanding

CHANGEABLE = (DRAFT, RETURNED)


def start_plan(person: Person, *, at: datetime) -> DevelopmentPlan:
    """Propose the shortest plan for a person's gaps, as a draft of theirs. Asking twice gives the same plan."""
    standing = standing_of(person.id)
    if not planning.lines_of(standing):
        raise Conflict(_l("There is no gap to close at the moment."))
    plan, made = insert_once(
        lambda: DevelopmentPlan(person_id=person.id, basis=basis_now(standing), made_at=at),
        lambda: development.open_plan(person.id),
    )
    if made:
        _fill(plan, person, standing, (), at)
    return plan


def plan_anew(person: Person, *, at: datetime) -> DevelopmentPlan | None:
    """Replace a person's plan by one for what is asked and proven now. What they chose themselves is taken over while it is open.

    The new plan keeps what has changed. Returns None when no gap is left: then the old plan is closed and none begins.
    """
    old = development.open_plan(person.id)
    if old is None:
        return start_plan(person, at=at)
    if lock(DevelopmentPlan, old.id) is None or old.state == CLOSED:  # somebody was faster, as in another tab
        return start_plan(person, at=at)
    standing = standing_of(person.id)
    changes = development.changes_since(old, standing)
    kept = [each for each in development.items_of(old, standing) if each.chosen and not each.is_done]
    end_plan(old, REPLACED, at=at)
    if not planning.lines_of(standing):
        return None
    plan = DevelopmentPlan(
        person_id=person.id, basis=basis_now(standing), made_at=at,
        changes=[{"key": each.key, "how": each.how, "before": each.before, "after": each.after} for each in changes],
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    _fill(plan, person, standing, kept, at)
    return plan


def end_plan(plan: DevelopmentPlan, how: str, *, at: datetime) -> None:
    """Close a plan, or forget it when nobody but the person has seen it."""
    if development.unsent(plan):
        db.session.execute(delete(DevelopmentPlan).where(DevelopmentPlan.id == plan.id))
    else:
        plan.state, plan.closed_as, plan.closed_at = CLOSED, how, at
    db.session.flush()


def add_course(plan: DevelopmentPlan, person: Person, course_id: int, *, at: datetime) -> None:
    """Put a course into a plan, behind what must be completed before it and is not in the plan."""
    hold_plan(plan, CHANGEABLE)
    courses = {each.id: each for each in planning.takeable(person, at=at)}
    there = set(db.session.scalars(_of(plan, DevelopmentItem.course_id)))
    if course_id in there:
        raise Invalid(_l("This course is in your plan already."), field="course")
    way = rules.ways([rules.Offer(each.id, each.hours, each.begun, each.needs, {}) for each in courses.values()])
    if course_id not in way:
        raise Invalid(_l("Choose a course that you can take and have not completed."), field="course")
    standing = standing_of(plan.person_id)
    gaps, held = planning.gaps_to_close(plan.person_id, standing, at=at)
    brings = {offer.id: offer.brings for offer in planning.offers_for(gaps, list(courses.values()), held)}
    for number in _before_first(way[course_id] - there, courses):
        serves = [gap for gap in gaps if brings[number].get(gap.key)]
        _add_course(plan, courses[number], serves, chosen=number == course_id)
    db.session.flush()


def add_evidence(plan: DevelopmentPlan, kind: str, key: str, *, at: datetime) -> None:
    """Put an observation at work, or proof from elsewhere, into a plan, for the level that is asked for."""
    hold_plan(plan, CHANGEABLE)
    target = {each.key: each.target for each in planning.lines_of(standing_of(plan.person_id))}.get(key)
    if target is None or kind not in (OBSERVATION, CLAIM):
        raise Invalid(_l("Choose a competency in which something is missing."), field="competency")
    if kind == CLAIM and target > rules.CLAIMABLE:
        raise Invalid(
            _l("Proof from elsewhere supports level %(level)s at most: ask for an observation at work."),
            field="competency", level=rules.CLAIMABLE,
        )  # fmt: skip
    competency_id = _ids([key])[key]
    same = _of(plan, DevelopmentItem.id).where(
        DevelopmentItem.kind == kind, DevelopmentItem.competency_id == competency_id
    )
    if db.session.scalar(same) is not None:
        raise Invalid(_l("This is in your plan already."), field="competency")
    _add(plan, kind=kind, competency_id=competency_id, level=target, chosen=True)
    db.session.flush()


def put_evidence(
    plan: DevelopmentPlan, kind: str, competency_id: int, level: int, practice: LocalizedText | None
) -> None:
    """Put evidence into a plan as a template asks for it, whatever the person's role asks."""
    _add(plan, kind=kind, competency_id=competency_id, level=level, practice=practice, chosen=True)


def remove_item(plan: DevelopmentPlan, item_id: int, person: Person, *, at: datetime) -> None:
    """Take something out of a plan; not a course that another one in the plan builds on."""
    hold_plan(plan, CHANGEABLE)
    item = db.session.scalar(
        select(DevelopmentItem).where(DevelopmentItem.plan_id == plan.id, DevelopmentItem.id == item_id)
    )
    if item is None:
        raise NotFound
    there = set(db.session.scalars(_of(plan, DevelopmentItem.course_id)))
    if item.course_id is not None and any(
        item.course_id in each.needs for each in planning.takeable(person, at=at) if each.id in there
    ):
        raise Conflict(_l("Another course of the plan builds on this one. Take that one out first."))
    db.session.delete(item)
    db.session.flush()


def hold_plan(plan: DevelopmentPlan, states: Collection[str]) -> None:
    """Hold a plan for this transaction; refuse when it is not in one of these states any more."""
    if lock(DevelopmentPlan, plan.id) is None or plan.state not in states:
        raise Conflict(_l("This plan has moved on in the meantime. Look at it as it stands now."))


def basis_now(standing: PersonStanding) -> dict[str, Any]:
    """Return what is asked and proven now, as a plan keeps it."""
    return {key: list(said) for key, said in planning.basis_of(standing).items()}


def _fill(
    plan: DevelopmentPlan, person: Person, standing: PersonStanding, kept: Sequence[development.Item], at: datetime
) -> None:
    courses = {each.id: each for each in planning.takeable(person, at=at)}
    gaps, held = planning.gaps_to_close(plan.person_id, standing, at=at)
    offers = planning.offers_for(gaps, list(courses.values()), held)
    steps = rules.propose(gaps, offers)
    ids = _ids([gap.key for step in steps for gap in step.serves])
    for step in steps:
        if step.course_id is not None:
            _add_course(plan, courses[step.course_id], step.serves)
        else:
            _add(plan, kind=OBSERVATION, competency_id=ids[step.serves[0].key], level=step.serves[0].needed)
    db.session.flush()
    _take_over(plan, person, kept, at)


def _take_over(plan: DevelopmentPlan, person: Person, kept: Sequence[development.Item], at: datetime) -> None:
    for each in kept:
        try:
            if each.course_id is not None:
                add_course(plan, person, each.course_id, at=at)
            else:
                add_evidence(plan, each.kind, each.key, at=at)
        except Invalid:  # it is there already, or has lost its use
            continue


def _before_first(numbers: Collection[int], courses: Mapping[int, Takeable]) -> list[int]:
    ordered: list[int] = []

    def take(number: int) -> None:
        if number in numbers and number not in ordered:
            for need in courses[number].needs:
                take(need)
            ordered.append(number)

    for number in sorted(numbers):
        take(number)
    return ordered


def _add_course(plan: DevelopmentPlan, course: Takeable, serves: Sequence[rules.Gap], *, chosen: bool = False) -> None:
    said = [{"key": gap.key, "level": gap.needed} for gap in serves]
    _add(plan, kind=COURSE, course_id=course.id, hours=course.hours, serves=said, chosen=chosen)


def _add(plan: DevelopmentPlan, **values: Any) -> None:
    last = db.session.scalar(select(func.max(DevelopmentItem.position)).where(DevelopmentItem.plan_id == plan.id)) or 0
    db.session.add(DevelopmentItem(plan_id=plan.id, position=last + 1, **values))
    db.session.flush()


def _of(plan: DevelopmentPlan, column: Any) -> Any:
    return select(column).where(DevelopmentItem.plan_id == plan.id)


def _ids(keys: Collection[str]) -> dict[str, int]:
    rows = db.session.execute(select(Competency.key, Competency.id).where(Competency.key.in_(keys)))
    return {key: number for key, number in rows}
