"""Telling learners, in the background, what was assigned to them, that they are reminded, that they have completed."""

from typing import Any

from academy.base import clock
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.learning.models import DueExtension
from academy.learning.queries import ToTell, name_of, newly_assigned, still_due, still_learning, to_tell
from academy.learning.queries.undoing import told_in_vain
from academy.notices import kinds
from academy.notices.services import tell

BATCH = 200

kinds.stands_while(kinds.COURSE_ASSIGNED, still_due)
kinds.stands_while(kinds.REMINDER, still_due)
kinds.stands_while(kinds.DUE_SOON, still_due)
kinds.stands_while(kinds.DUE_EXTENDED, still_due)
kinds.stands_while(kinds.OVERDUE, still_due)
kinds.stands_while(kinds.COURSE_COMPLETED, still_learning)


@job("learning.tell_assigned", _l("Tell a learner of an assigned course"))
def tell_assigned(assignment_id: int, after_id: int) -> None:
    """Tell the next 200 people of an assignment, then queue the rest."""
    batch = newly_assigned(assignment_id, after_id=after_id, most=BATCH)
    for about in batch:
        _tell(
            about,
            kinds.COURSE_ASSIGNED,
            f"assignment:{assignment_id}:{about.enrolment_id}",
            by=about.by,
            note=about.note or None,
        )
    if len(batch) == BATCH:
        queue_assigned(assignment_id, batch[-1].enrolment_id)


def queue_assigned(assignment_id: int, after_id: int = 0) -> None:
    """Queue telling the people of an assignment, those after an enrolment."""
    key = f"assigned:{assignment_id}:{after_id}"
    enqueue("learning.tell_assigned", unique_key=key, assignment_id=assignment_id, after_id=after_id)


@job("learning.tell_undone", _l("Tell a learner that an assignment was taken back"))
def tell_undone(assignment_id: int, after_id: int) -> None:
    """Tell the next 200 people that a course is no longer asked of them, then queue the rest."""
    batch = told_in_vain(assignment_id, after_id=after_id, most=BATCH)
    for place in batch:
        tell(
            place.learner_id, kinds.DUTY_ENDED, f"undone:{assignment_id}:{place.id}", at=clock.now(),
            address=f"/courses/{place.key}", thing=place.title,
        )  # fmt: skip
    if len(batch) == BATCH:
        queue_undone(assignment_id, batch[-1].id)


def queue_undone(assignment_id: int, after_id: int = 0) -> None:
    """Queue telling the people from whom an assignment was taken back, those after a place."""
    key = f"undone:{assignment_id}:{after_id}"
    enqueue("learning.tell_undone", unique_key=key, assignment_id=assignment_id, after_id=after_id)


@job("learning.tell_reminder", _l("Send a manager's reminder"))
def tell_reminder(enrolment_id: int, by_id: int | None, day: str) -> None:
    """Tell a learner that somebody reminds them of a course; once a day."""
    if (about := to_tell(enrolment_id)) is not None:
        _tell(about, kinds.REMINDER, f"reminder:{enrolment_id}:{day}", by=name_of(by_id), done=about.done)


@job("learning.tell_completed", _l("Tell a learner of a completed course"))
def tell_completed(enrolment_id: int) -> None:
    """Congratulate a learner on completing a course; once."""
    if (about := to_tell(enrolment_id)) is not None:
        address = f"/courses/{about.course_key}"
        tell(
            about.learner_id,
            kinds.COURSE_COMPLETED,
            f"completed:{enrolment_id}",
            at=clock.now(),
            address=address,
            about_id=enrolment_id,
            course=about.course,
        )


@job("learning.tell_extended", _l("Tell a learner of a later due day"))
def tell_extended(extension_id: int) -> None:
    """Tell a learner that they have more time, and why; once for each time it is given."""
    given = db.session.get_one(DueExtension, extension_id)
    if (about := to_tell(given.enrolment_id)) is not None:
        _tell(about, kinds.DUE_EXTENDED, f"extended:{extension_id}", reason=given.reason)


def _tell(about: ToTell, kind: str, cause: str, **values: Any) -> None:
    address = f"/courses/{about.course_key}"
    tell(
        about.learner_id, kind, cause, at=clock.now(), address=address, about_id=about.enrolment_id,
        course=about.course, due=about.due_on, **values,
    )  # fmt: skip
