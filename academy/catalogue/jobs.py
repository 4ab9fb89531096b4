"""Telling reviewers and trainers of reviews, each once."""

from academy.base import clock
from academy.base.i18n import _l
from academy.base.jobs import job
from academy.catalogue import queries
from academy.catalogue.messages import DRAFT_APPROVED, DRAFT_RETURNED, REVIEW_ASKED
from academy.catalogue.models_of_review import APPROVED, RETURNED
from academy.notices import services as notices


@job("catalogue.tell_asked", _l("Tell reviewers that a draft waits for them"))
def tell_asked(review_id: int) -> None:
    """Tell everybody who may decide, unless somebody has decided already."""
    found = queries.reviewed(review_id)
    if found is None or not found.open:
        return
    for person_id in queries.reviewers_of(found.course):
        if person_id != found.review.asked_by_id:
            notices.tell(
                person_id, REVIEW_ASKED, f"course_review_asked:{review_id}", at=clock.now(),
                address=f"/reviews/{review_id}", course=found.version.title, by=found.asked_by,
                note=found.review.note or None,
            )  # fmt: skip


@job("catalogue.tell_decided", _l("Tell the trainer who asked what a reviewer has decided"))
def tell_decided(review_id: int) -> None:
    """Tell whoever asked for the review that it was approved, or returned and why."""
    found = queries.reviewed(review_id)
    if found is None or found.review.state not in (APPROVED, RETURNED):
        return
    approved = found.review.state == APPROVED
    notices.tell(
        found.review.asked_by_id, DRAFT_APPROVED if approved else DRAFT_RETURNED, f"course_review_decided:{review_id}",
        at=clock.now(), address=f"/teach/{found.course.key}/publish" if approved else f"/reviews/{review_id}",
        course=found.version.title, by=found.decided_by, note=found.review.reason or None,
    )  # fmt: skip
