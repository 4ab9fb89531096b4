"""Remembering how duties stand whenever that changes, in the transaction of the change."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, insert, literal, select

from academy.base.db import db
from academy.learning.models import ACTIVE, Assignment, DutyEvent, Enrolment

COLUMNS = ("enrolment_id", "learner_id", "course_id", "at", "state", "asked", "due_on", "exempted")
BATCH = 5_000


def note_duties(enrolment_ids: Sequence[int], *, at: datetime) -> None:
    """Add how these enrolments stand from a moment on: after every change of state, obligation or due day."""
    for start in range(0, len(enrolment_ids), BATCH):
        _note(Enrolment.id.in_(enrolment_ids[start : start + BATCH]), at)


def note_assignment(assignment_id: int) -> None:
    """Add how the enrolments stand that an assignment has made due, in one statement however many they are."""
    assignment = db.session.get_one(Assignment, assignment_id)
    _note((Enrolment.assignment_id == assignment_id) & (Enrolment.state == ACTIVE), assignment.assigned_at)


def note_completion(enrolment_id: int) -> None:
    """Add that a course is completed, from the moment of completion.

    An attempt that ran out of time is closed later than it ended, and its course is completed as of its end: what was asked
    in between stands before it in the history, not after.
    """
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    if enrolment.completed_at is not None:
        of_it = select(func.max(DutyEvent.at)).where(DutyEvent.enrolment_id == enrolment_id).scalar_subquery()
        done = literal(enrolment.completed_at, DutyEvent.at.type)
        _insert(Enrolment.id == enrolment_id, case((of_it > done, of_it), else_=done))


def _note(which: ColumnElement[bool], at: datetime) -> None:
    _insert(which, literal(at, DutyEvent.at.type))


def _insert(which: ColumnElement[bool], at: ColumnElement[datetime]) -> None:
    standing = select(
        Enrolment.id, Enrolment.learner_id, Enrolment.course_id, at, Enrolment.state,
        Enrolment.assignment_id.is_not(None), Enrolment.due_on, Enrolment.exempted,
    ).where(which)  # fmt: skip
    db.session.execute(insert(DutyEvent).from_select(COLUMNS, standing))
