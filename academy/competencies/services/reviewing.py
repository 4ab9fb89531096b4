"""Reviews of competencies of a plan: asked for, begun as an observation, passed on, declined, withdrawn, reminded of."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update

from academy.accounts.models import Person
from academy.accounts.queries_of_leading import leaders_of
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import change, db, insert_once, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.competencies import kinds, rules
from academy.competencies.models import Competency, DevelopmentPlan, Observation, PlanReview
from academy.competencies.models.development import APPROVED
from academy.competencies.models.reviews import ASKED, DECLINED, WITHDRAWN
from academy.competencies.queries import competency_ids, development, standing_of
from academy.competencies.queries import reviews as found
from academy.competencies.queries.standing import PersonStanding
from academy.competencies.services.observing import start_observation
from academy.competencies.services.planning import hold_plan
from academy.learning.queries.due_days import administrators_of
from academy.notices import services as notices

BATCH = 200


def reviewable(items: Iterable[development.Item], standing: PersonStanding) -> dict[str, int]:
    """Return the competencies of a plan's items that are not proven yet, with the level that the plan aims at."""
    aims: dict[str, int] = {}
    for item in items:
        served = (
            [(line["key"], int(line["level"])) for line in item.serves]
            if item.level is None
            else [(item.key, item.level)]
        )
        for key, level in served:
            aims[key] = max(level, aims.get(key, 0))
    proven = {each.key: each.level or 0 for domain in standing.domains for each in domain.competencies}
    return {key: level for key, level in aims.items() if proven.get(key, 0) < level}


def ask_review(plan: DevelopmentPlan, key: str, note: str, *, at: datetime) -> PlanReview:
    """Ask that a competency of an approved plan is looked at; asking twice gives the same review."""
    hold_plan(plan, (APPROVED,))
    standing = standing_of(plan.person_id)
    level = reviewable(development.items_of(plan, standing), standing).get(key)
    if level is None:
        raise Invalid(_l("Choose a competency of your plan that is not proven yet."), field="competency")
    number = competency_ids([key])[key]
    row, made = insert_once(
        lambda: PlanReview(plan_id=plan.id, competency_id=number, level=level, note=note, asked_at=at, told_at=at),
        lambda: next(
            (each.row for each in found.reviews_of(plan.id) if each.key == key and each.row.state == ASKED), None
        ),
    )
    if made:
        _record("competencies:review:ask", row, plan.person_id, at)
        _tell(row, _reviewers(row, at), "asked", at)
    return row


def begin_review(row: PlanReview, *, by_id: int, at: datetime) -> Observation:
    """Begin the observation that answers a review, or go on with the one that was begun."""
    _hold(row)
    plan = db.session.get_one(DevelopmentPlan, row.plan_id)
    if row.observation_id is not None:
        begun = db.session.get_one(Observation, row.observation_id)
        if begun.observer_id != by_id:
            raise Conflict(_l("Somebody else has begun to observe for this review."))
        return begun
    observation = start_observation(
        plan.person_id, by_id, {row.competency_id: row.level}, observed_on=riyadh_day(at), at=at
    )
    row.observation_id = observation.id
    db.session.flush()
    return observation


def pass_review_on(row: PlanReview, email: str, *, by_id: int, at: datetime) -> None:
    """Name an assessor of the same organisation for a review; they observe for it, and for nothing else."""
    _hold(row)
    plan = db.session.get_one(DevelopmentPlan, row.plan_id)
    person = db.session.get_one(Person, plan.person_id)
    theirs = Person.organisation_id == person.organisation_id, Person.state == "active", Person.id != person.id
    reviewer = db.session.scalar(select(Person).where(Person.email == email.strip().lower(), *theirs))
    if reviewer is None:
        raise Invalid(_l("Nobody else in this organisation has this e-mail."), field="email")
    if row.observation_id is not None:
        raise Conflict(_l("Somebody else has begun to observe for this review."))
    row.reviewer_id, row.told_at, row.reminders = reviewer.id, at, 0
    db.session.flush()
    _record("competencies:review:pass_on", row, by_id, at)
    _tell(row, [reviewer.id], f"named:{reviewer.id}", at)


def decline_review(row: PlanReview, reason: str, *, by_id: int, at: datetime) -> None:
    """Say that it is too early or not to be seen, and why; nothing is recorded of the competency."""
    if not reason.strip():
        raise Invalid(_l("Say why: the person reads it."), field="reason")
    _settle(row, DECLINED, reason, by_id, at)
    plan, by = db.session.get_one(DevelopmentPlan, row.plan_id), db.session.get_one(Person, by_id)
    competency = db.session.get_one(Competency, row.competency_id)
    notices.tell(
        plan.person_id, kinds.REVIEW_DECLINED, f"review:{row.id}:declined", at=at, address=f"/development/reviews/{row.id}",
        by=by.name, competency=competency.name, reason=reason,
    )  # fmt: skip


def withdraw_review(row: PlanReview, *, by_id: int, at: datetime) -> None:
    """The person no longer asks."""
    _settle(row, WITHDRAWN, "", by_id, at)


def remind_reviewers(at: datetime) -> int:
    """Remind of reviews without an answer: the reviewers once, from then on the administrators too."""
    late = found.silent_reviews(at, patience=rules.ANSWER_PLAN_WITHIN, most=BATCH)
    for number in late:
        silent = PlanReview.id == number, PlanReview.told_at <= at - rules.ANSWER_PLAN_WITHIN
        values = {"told_at": at, "reminders": PlanReview.reminders + 1}
        if not change(update(PlanReview).where(*silent, PlanReview.state == ASKED).values(values)):
            continue
        row = db.session.get_one(PlanReview, number, populate_existing=True)
        _tell(row, _reviewers(row, at, more=row.reminders > 1), f"reminded:{row.reminders}", at)
    return len(late)


def _settle(row: PlanReview, state: str, reason: str, by_id: int, at: datetime) -> None:
    _hold(row)
    if row.observation_id is not None:
        raise Conflict(_l("Somebody has begun to observe for this review. The observation answers it."))
    row.state, row.reason, row.settled_at, row.settled_by_id = state, reason, at, by_id
    db.session.flush()
    _record(f"competencies:review:{'decline' if state == DECLINED else 'withdraw'}", row, by_id, at)


def _hold(row: PlanReview) -> None:
    if lock(PlanReview, row.id) is None or row.state != ASKED:
        raise Conflict(_l("This review has been answered in the meantime. Look at it as it stands now."))


def _reviewers(row: PlanReview, at: datetime, *, more: bool = False) -> list[int]:
    person = db.session.get_one(Person, db.session.get_one(DevelopmentPlan, row.plan_id).person_id)
    administrators = administrators_of(person.organisation_id)
    named = [row.reviewer_id] if row.reviewer_id else leaders_of(person.id, today=riyadh_day(at)) or administrators
    return [number for number in dict.fromkeys((*named, *(administrators if more else ()))) if number != person.id]


def _tell(row: PlanReview, people: Collection[int], cause: str, at: datetime) -> None:
    person = db.session.get_one(Person, db.session.get_one(DevelopmentPlan, row.plan_id).person_id)
    competency = db.session.get_one(Competency, row.competency_id)
    for number in people:
        notices.tell(
            number, kinds.REVIEW_ASKED, f"review:{row.id}:{cause}", at=at, address=f"/development/reviews/{row.id}",
            about_id=row.id, person=person.name, competency=competency.name,
            since=riyadh_day(row.asked_at) if row.reminders else None,
        )  # fmt: skip


def _record(act: str, row: PlanReview, actor_id: int, at: datetime) -> None:
    person = db.session.get_one(Person, db.session.get_one(DevelopmentPlan, row.plan_id).person_id)
    audit.record(
        act, at=at, actor_id=actor_id, organisation_id=person.organisation_id,
        subject=("plan_review", row.id, person.name.show("ar")),
        after={"state": row.state, "person_id": person.id, "reason": row.reason},
    )  # fmt: skip
