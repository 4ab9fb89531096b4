"""Giving somebody more time for a course."""

from datetime import date, datetime

from academy import facts
from academy.accounts.models import Person
from academy.base import audit, bus
from academy.base.dates import riyadh_day
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_block
from academy.learning.models import ACTIVE, DueExtension, Enrolment
from academy.learning.services.history import note_duties

LONGEST_REASON = 500


def extend(enrolment_id: int, to_day: date, *, reason: str, by_id: int, at: datetime) -> DueExtension:
    """Move a due day to a later one that has not passed, with a reason; whoever was late is in time again."""
    place: Enrolment | None = lock(Enrolment, enrolment_id)
    if place is None:
        raise NotFound
    said = clean_block(reason)
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(_l("Say why, in at most %(most)s characters."), field="reason", most=LONGEST_REASON)
    if place.state != ACTIVE or place.due_on is None:
        raise Conflict(_l("This course is not due: there is nothing to extend."), field="to_day")
    if to_day <= place.due_on or to_day < riyadh_day(at):
        raise Invalid(_l("Choose a day that is later than the due date and has not passed."), field="to_day")
    row = DueExtension(
        enrolment_id=place.id, from_day=place.due_on, to_day=to_day, reason=said, by_id=by_id, at=at
    )  # fmt: skip
    db.session.add(row)
    before, place.due_on = place.due_on, to_day
    db.session.flush()
    learner = db.session.get_one(Person, place.learner_id)
    audit.record(
        "learning:due_day:extend", at=at, actor_id=by_id, organisation_id=learner.organisation_id,
        subject=("person", learner.id, learner.name.show("ar")), before={"due_on": before.isoformat()},
        after={"due_on": to_day.isoformat(), "enrolment": place.id, "reason": said},
    )  # fmt: skip
    note_duties([place.id], at=at)
    bus.publish(facts.DueDayExtended(row.id))
    return row
