"""Taking an assignment back within a day: only from places in which nothing was learned since, and nobody loses anything."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from academy import facts
from academy.base import bus
from academy.base.db import db, lock
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _l
from academy.learning.models import ACTIVE, WITHDRAWN, AssignedPlace, Assignment, AssignmentUndoing, Enrolment
from academy.learning.queries import undoing as queries
from academy.learning.services.history import note_duties

BATCH = 500


def undo_assignment(assignment_id: int, *, people: ColumnElement[bool], by_id: int, at: datetime) -> AssignmentUndoing:
    """Take an assignment back from those of the people who have not begun; whoever had a place before has it as it was.

    Raises NotFound, and Conflict once it was taken back or a day has passed.
    """
    row: Assignment | None = lock(Assignment, assignment_id)
    if row is None or not queries.can_be_undone(assignment_id):
        raise NotFound
    if db.session.get(AssignmentUndoing, assignment_id) is not None:
        raise Conflict(_l("This assignment was taken back already."))
    if at >= row.assigned_at + queries.UNDONE_WITHIN:
        raise Conflict(_l("An assignment can be taken back for a day. That time is over."))
    # The places are held before they are judged: whoever opens a lesson at this moment was first, or finds no place.
    places = select(AssignedPlace.enrolment_id).where(AssignedPlace.assignment_id == assignment_id)
    db.session.execute(
        select(Enrolment.id).where(Enrolment.id.in_(places)).order_by(Enrolment.id).with_for_update()
    ).all()
    found = queries.fates(assignment_id, people)
    by_fate = {fate: [each.enrolment_id for each in found if each.fate == fate] for fate in queries.TAKEN_BACK}
    _put_back(assignment_id, by_fate[queries.WITHDRAW], WITHDRAWN)
    _put_back(assignment_id, by_fate[queries.RESTORE], ACTIVE)
    note_duties([*by_fate[queries.WITHDRAW], *by_fate[queries.RESTORE]], at=at)
    undoing = AssignmentUndoing(
        assignment_id=assignment_id, by_id=by_id, at=at, counts=dict(Counter(each.fate for each in found))
    )
    db.session.add(undoing)
    db.session.flush()
    for enrolment_id in by_fate[queries.WITHDRAW]:
        bus.publish(facts.LearnerWithdrew(enrolment_id))
    bus.publish(facts.AssignmentUndone(assignment_id))
    return undoing


def _put_back(assignment_id: int, enrolment_ids: Sequence[int], state: str) -> None:
    for start in range(0, len(enrolment_ids), BATCH):
        chunk = enrolment_ids[start : start + BATCH]
        kept = AssignedPlace.assignment_id == assignment_id, AssignedPlace.enrolment_id == Enrolment.id
        values = {
            "state": state,
            "assignment_id": select(AssignedPlace.assignment_before_id).where(*kept).scalar_subquery(),
            "due_on": select(AssignedPlace.due_before).where(*kept).scalar_subquery(),
        }
        db.session.execute(
            update(Enrolment).where(Enrolment.id.in_(chunk)).values(values).execution_options(synchronize_session=False)
        )
        mine = AssignedPlace.assignment_id == assignment_id, AssignedPlace.enrolment_id.in_(chunk)
        db.session.execute(update(AssignedPlace).where(*mine).values(undone=True))
    db.session.expire_all()
