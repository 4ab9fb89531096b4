"""What competencies forget of somebody who was anonymised: words, files and photographs. Levels and evidence stay."""

from datetime import datetime

from sqlalchemy import select, update

from academy.base import erasing, storage
from academy.base.db import db
from academy.competencies.models import (
    Appraisal,
    AppraisalEvent,
    Claim,
    DevelopmentPlan,
    Goal,
    GoalCheckIn,
    Observation,
    PersonTarget,
    PlanReview,
    Rating,
    RatingAgreement,
    RatingAnswer,
    RatingLine,
    RatingVoice,
)

GONE = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"

erasing.keep_names("framework_version", "what was published never changes")
erasing.keep_names("framework", "what was published never changes")
erasing.keep_names("competency", "what was published never changes")


def forget(person_id: int, *, at: datetime) -> None:
    """Take from claims, observations, ratings, plans and appraisals what a person wrote and what others wrote about them.

    What they wrote about others is the others' record, and stays.
    """
    _forget_files(person_id, at)
    erasing.wipe(Claim.person_id == person_id, Claim.title, Claim.note, Claim.reason)
    erasing.wipe(Observation.person_id == person_id, Observation.place, Observation.note, Observation.answer)
    erasing.wipe(Rating.person_id == person_id, Rating.objection)
    mine = select(Rating.id).where(Rating.person_id == person_id)
    voices = select(RatingVoice.id).where(RatingVoice.rating_id.in_(mine))
    erasing.wipe(RatingAnswer.voice_id.in_(voices), RatingAnswer.note)
    lines = select(RatingLine.id).where(RatingLine.rating_id.in_(mine))
    erasing.wipe(RatingAgreement.line_id.in_(lines), RatingAgreement.note)
    erasing.wipe(DevelopmentPlan.person_id == person_id, DevelopmentPlan.reason)
    plans = select(DevelopmentPlan.id).where(DevelopmentPlan.person_id == person_id)
    erasing.wipe(PlanReview.plan_id.in_(plans), PlanReview.note, PlanReview.reason)
    erasing.wipe(PersonTarget.person_id == person_id, PersonTarget.reason)
    _forget_goals(person_id)


def _forget_goals(person_id: int) -> None:
    texts = Appraisal.self_part, Appraisal.manager_part, Appraisal.talk_note, Appraisal.answer
    erasing.wipe(Appraisal.person_id == person_id, *texts)
    mine = select(Appraisal.id).where(Appraisal.person_id == person_id)
    erasing.wipe(AppraisalEvent.appraisal_id.in_(mine), AppraisalEvent.said)
    goals = select(Goal.id).where(Goal.appraisal_id.in_(mine))
    erasing.wipe(GoalCheckIn.goal_id.in_(goals), GoalCheckIn.note)
    erasing.wipe(Goal.appraisal_id.in_(mine), Goal.title, Goal.success, Goal.reason)


def _forget_files(person_id: int, at: datetime) -> None:
    photos = list(db.session.scalars(select(Observation.photo_id).where(Observation.person_id == person_id)))
    db.session.execute(update(Observation).where(Observation.person_id == person_id).values(photo_id=None))
    proofs = list(db.session.scalars(select(Claim.file_id).where(Claim.person_id == person_id)))
    if proofs:
        empty = storage.keep(storage.check(GONE, "-.pdf", most=10_000), at=at, by=None, audience="nobody")
        db.session.execute(update(Claim).where(Claim.person_id == person_id).values(file_id=empty.id))
    erasing.drop_files([number for number in (*photos, *proofs) if number is not None])
