"""The review of a draft: asking for it, taking that back, approving exactly what was read, returning it, comments."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from academy.accounts.queries import academy
from academy.base import audit, jobs
from academy.base.db import db, insert_once, lock
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import clean_block
from academy.catalogue import queries
from academy.catalogue.models import Course, CourseVersion
from academy.catalogue.models_of_review import (
    APPROVED,
    ASKED,
    RETURNED,
    WITHDRAWN,
    CourseComment,
    CourseReview,
)
from academy.catalogue.queries import reviews
from academy.catalogue.refusals import ChangedSinceRead, NoDraft, NoReview, NotReviewed, OwnDraft
from academy.catalogue.services.drafting import hold_draft

LONGEST_WORDS = 2000


def reviewed_first() -> bool:
    """Whether the academy asks for a second person before a version is published."""
    own = academy()
    return own is not None and own.review_before_publishing


def ask_review(course: Course, *, note: str = "", actor_id: int, at: datetime) -> CourseReview:
    """Ask the content reviewers to look at the draft, and tell them. Asking twice gives the same review."""
    said = _short(note, "note")
    draft = _held(course)
    row, made = insert_once(
        lambda: CourseReview(version_id=draft.id, asked_by_id=actor_id, asked_at=at, note=said, state=ASKED),
        lambda: reviews.waiting_review(draft.id),
    )
    if made:
        _record("ask", course, draft, actor_id, at, None, {"version": draft.number, "note": said})
        jobs.enqueue("catalogue.tell_asked", unique_key=f"catalogue.tell_asked:{row.id}", review_id=row.id)
    return row


def withdraw_review(course: Course, *, actor_id: int, at: datetime) -> bool:
    """Take back that a review was asked for. Returns whether one was waiting."""
    draft = _held(course)
    row = reviews.waiting_review(draft.id)
    if row is None:
        return False
    row.state = WITHDRAWN
    _record("ask", course, draft, actor_id, at, {"state": ASKED}, {"version": draft.number, "state": WITHDRAWN})
    return True


def approve(review_id: int, *, seen: str, actor_id: int, at: datetime) -> CourseReview:
    """Approve the draft as it was read: `seen` is its fingerprint then. A draft that changed since is refused.

    Raises OwnDraft for whoever asked for a review of it, NoReview when nothing waits any more.
    """
    row, course, draft = _waiting(review_id, actor_id)
    if (now := queries.print_of(draft)) != seen:
        raise ChangedSinceRead
    row.fingerprint = now
    _decide(row, course, draft, APPROVED, actor_id, at, {"fingerprint": now})
    return row


def return_draft(review_id: int, *, reason: str, actor_id: int, at: datetime) -> CourseReview:
    """Give the draft back to its trainers with what should be changed."""
    said = _short(reason, "reason")
    if not said:
        raise Invalid(_l("Say what should be changed."), field="reason")
    row, course, draft = _waiting(review_id, actor_id)
    row.reason = said
    _decide(row, course, draft, RETURNED, actor_id, at, {"reason": said})
    return row


def refuse_unreviewed(draft: CourseVersion) -> None:
    """Raise NotReviewed unless the draft, exactly as it is now, was approved; nothing where no review is asked for."""
    if reviewed_first() and not reviews.is_approved(draft.id, queries.print_of(draft)):
        raise NotReviewed


def close_reviews(draft: CourseVersion) -> None:
    """Let no review of a version wait that is being published without one."""
    waits = CourseReview.version_id == draft.id, CourseReview.state == ASKED
    db.session.execute(update(CourseReview).where(*waits).values(state=WITHDRAWN))


def add_comment(version_id: int, text: str, *, activity_key: str = "", actor_id: int, at: datetime) -> CourseComment:
    """Say something about a draft, or about one activity of it."""
    said = _short(text, "text")
    if not said:
        raise Invalid(_l("Write a comment."), field="text")
    draft = hold_draft(version_id)
    if activity_key and activity_key not in {each.key for each in queries.outline(draft.id).activities}:
        raise Invalid(_l("Choose a part of the course from the list."), field="about")
    row = CourseComment(
        version_id=draft.id, activity_key=activity_key, author_id=actor_id, text=said, created_at=at
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def settle_comment(comment: CourseComment, *, resolved: bool, actor_id: int, at: datetime) -> None:
    """Settle a comment, or open it again; doing so twice changes nothing."""
    held: CourseComment = lock(CourseComment, comment.id)
    if resolved != (held.resolved_at is not None):
        held.resolved_at, held.resolved_by_id = (at, actor_id) if resolved else (None, None)
        db.session.flush()


def _held(course: Course) -> CourseVersion:
    """Lock the course and its draft, as publishing does."""
    lock(Course, course.id)
    found = queries.draft_version(course.id)
    if found is None:
        raise NoDraft
    return hold_draft(found.id)


def _waiting(review_id: int, actor_id: int) -> tuple[CourseReview, Course, CourseVersion]:
    found = reviews.reviewed(review_id)
    if found is None or not found.open:
        raise NoReview
    draft = _held(found.course)
    row: CourseReview = lock(CourseReview, review_id)
    if row.state != ASKED or row.version_id != draft.id:
        raise NoReview
    if reviews.asked_by(draft.id, actor_id):
        raise OwnDraft
    return row, found.course, draft


def _decide(
    row: CourseReview,
    course: Course,
    draft: CourseVersion,
    state: str,
    actor_id: int,
    at: datetime,
    told: dict[str, Any],
) -> None:
    row.state, row.decided_by_id, row.decided_at = state, actor_id, at
    _record("decide", course, draft, actor_id, at, {"state": ASKED}, {"version": draft.number, "state": state, **told})
    jobs.enqueue("catalogue.tell_decided", unique_key=f"catalogue.tell_decided:{row.id}", review_id=row.id)


def _record(
    act: str,
    course: Course,
    draft: CourseVersion,
    actor_id: int,
    at: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    audit.record(
        f"catalogue:review:{act}",
        at=at,
        actor_id=actor_id,
        subject=("course", course.id, course.key),
        organisation_id=course.organisation_id,
        before=before,
        after={name: value for name, value in after.items() if value not in (None, "")},
    )
    db.session.flush()


def _short(text: str, field: str) -> str:
    said = clean_block(text)
    if len(said) > LONGEST_WORDS:
        raise Invalid(_l("This text is too long."), field=field)
    return said
