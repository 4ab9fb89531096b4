"""Reviews of competencies of a plan: of one plan, those that wait for somebody, one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.accounts.policies import people_administered, people_managed
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies.models import Competency, DevelopmentPlan, Observation, PlanReview
from academy.competencies.models.reviews import ASKED

MOST = 100


@dataclass(frozen=True, slots=True)
class FoundReview:
    """A review with whose plan it is about, the competency, the reviewer who was named, and the observation begun for it."""

    row: PlanReview
    person: Person
    key: str
    name: LocalizedText
    reviewer: LocalizedText | None
    observed: str | None
    observer_id: int | None

    @property
    def id(self) -> int:
        """The number of the review."""
        return self.row.id

    @property
    def person_id(self) -> int:
        """Whose competency is reviewed."""
        return self.person.id


def review(plan_review_id: int) -> FoundReview | None:
    """Return a review by id; one statement."""
    row = db.session.execute(_reviews(PlanReview.id == plan_review_id)).one_or_none()
    return FoundReview(*row) if row else None


def reviews_of(plan_id: int) -> list[FoundReview]:
    """Return the reviews of a plan, the newest first; one statement."""
    query = _reviews(PlanReview.plan_id == plan_id).order_by(PlanReview.id.desc()).limit(MOST)
    return [FoundReview(*row) for row in db.session.execute(query)]


def reviews_waiting(actor: Actor) -> list[FoundReview]:
    """Return the reviews that wait for the actor: named for them, or of whom they lead while nobody is named."""
    theirs = and_(Person.id != actor.person_id, or_(people_managed(actor), people_administered(actor)))
    mine = or_(PlanReview.reviewer_id == actor.person_id, and_(PlanReview.reviewer_id.is_(None), theirs))
    query = _reviews(PlanReview.state == ASKED, Person.state == "active", mine)
    return [FoundReview(*row) for row in db.session.execute(query.order_by(PlanReview.asked_at).limit(MOST))]


def names(person_id: int) -> bool:
    """Whether somebody is named for a review that waits."""
    mine = PlanReview.reviewer_id == person_id, PlanReview.state == ASKED
    return db.session.scalar(select(PlanReview.id).where(*mine).limit(1)) is not None


def silent_reviews(at: datetime, *, patience: timedelta, most: int) -> list[int]:
    """Return the reviews whose reviewers were told so long ago and have not answered."""
    silent = PlanReview.state == ASKED, PlanReview.told_at <= at - patience
    return list(db.session.scalars(select(PlanReview.id).where(*silent).order_by(PlanReview.id).limit(most)))


def reviews_still_waiting(ids: Collection[int]) -> set[int]:
    """Return those of some reviews that still wait."""
    return set(db.session.scalars(select(PlanReview.id).where(PlanReview.id.in_(ids), PlanReview.state == ASKED)))


def _reviews(*where: ColumnElement[bool]) -> Any:
    reviewer = aliased(Person)
    return (
        select(
            PlanReview,
            Person,
            Competency.key,
            Competency.name,
            reviewer.name,
            Observation.state,
            Observation.observer_id,
        )
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanReview.plan_id)
        .join(Person, Person.id == DevelopmentPlan.person_id)
        .join(Competency, Competency.id == PlanReview.competency_id)
        .outerjoin(reviewer, reviewer.id == PlanReview.reviewer_id)
        .outerjoin(Observation, Observation.id == PlanReview.observation_id)
        .where(*where)
    )
