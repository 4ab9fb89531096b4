"""Exempting somebody from a course or a step of a programme, and what follows when that ends: it is asked of them again.

A place that is exempted counts as completed and says so; nothing is learned by it, so no certificate and no evidence follow.
The place is held before the exemption, as by whoever completes an activity in it.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from academy import facts
from academy.accounts.models import Person
from academy.base import audit, bus
from academy.base.clock import RIYADH
from academy.base.dates import riyadh_day
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_block
from academy.learning.models import (
    ACTIVE,
    COMPLETED,
    PENDING,
    WITHDRAWN,
    Duty,
    Enrolment,
    Exemption,
    PlaceRequest,
    ProgrammeEnrolment,
    ProgrammeStep,
)
from academy.learning.models.exemptions import ENDED, IN_FORCE, OVERTAKEN, REVOKED
from academy.learning.queries import place_of
from academy.learning.queries.programmes import StepRow, plan_in, programme_enrolment_of
from academy.learning.rules.programmes import COURSE
from academy.learning.services.enrolling import give_place, open_version
from academy.learning.services.history import note_duties
from academy.learning.services.programmes import exempt_step, undo_steps

LONGEST_REASON = 500


def check_not_done(learner_id: int, course_id: int) -> Enrolment | None:
    """Refuse an exemption from what is completed or exempted already; return the place that stands, if there is one."""
    place = place_of(learner_id, course_id)
    if place is not None and place.exempted:
        raise Conflict(_l("There is an exemption from this course already."))
    if place is not None and place.state == COMPLETED:
        raise Conflict(_l("This course is completed already, so there is nothing to be exempted from."))
    return place


def exempt(request: PlaceRequest, *, by_id: int, reason: str, ends_on: date | None, at: datetime) -> Exemption:
    """Grant what a request asked for: the place, made if there is none, counts as completed until its last day."""
    course_id = request.course_id
    if ends_on is not None and ends_on < riyadh_day(at):
        raise Invalid(_l("Choose a day that has not passed."), field="ends_on")
    if course_id is None:
        return _exempt_step(request, by_id, reason, ends_on, at)
    found = check_not_done(request.learner_id, course_id)
    held = found is not None and found.state == ACTIVE
    if found is None or found.state == WITHDRAWN:
        found = give_place(request.learner_id, open_version(course_id), at=at)
    place: Enrolment = lock(Enrolment, found.id)
    check_not_done(request.learner_id, course_id)
    row = Exemption(
        request_id=request.id, enrolment_id=place.id, learner_id=place.learner_id, course_id=course_id, reason=reason,
        began_at=at, by_id=by_id, ends_on=ends_on, held_place=held,
        days_left=(place.due_on - riyadh_day(at)).days if place.due_on else None,
    )  # fmt: skip
    db.session.add(row)
    place.state, place.completed_at, place.exempted = COMPLETED, at, True
    db.session.flush()
    note_duties([place.id], at=at)
    _record("learning:exemption:grant", row, by_id, at, {"until": ends_on.isoformat() if ends_on else None})
    bus.publish(facts.ExemptionGranted(row.id))
    return row


def check_step(learner_id: int, programme_id: int, step_key: str) -> tuple[ProgrammeEnrolment, StepRow]:
    """Return a learner's place in a programme with a step that they may be exempted from; refuse any other."""
    place = programme_enrolment_of(learner_id, programme_id)
    if place is None or place.state not in (PENDING, ACTIVE):
        raise Conflict(_l("Only in an open programme can somebody be exempted from a step."))
    step = plan_in(place).by_key.get(step_key)
    if step is None:
        raise NotFound
    if step.kind == COURSE:
        raise Conflict(_l("This step is a course: the exemption is asked for on the page of the course."))
    if step.done_at is not None:
        raise Conflict(_l("This step is done already, so there is nothing to be exempted from."))
    return place, step


def _exempt_step(request: PlaceRequest, by_id: int, reason: str, ends_on: date | None, at: datetime) -> Exemption:
    asked = db.session.get_one(ProgrammeStep, request.step_id)
    found, _step = check_step(request.learner_id, request.programme_id or 0, asked.key)
    place: ProgrammeEnrolment = lock(ProgrammeEnrolment, found.id)
    _place, step = check_step(request.learner_id, request.programme_id or 0, asked.key)
    row = Exemption(
        request_id=request.id, programme_enrolment_id=place.id, step_id=step.id, learner_id=place.learner_id, reason=reason,
        began_at=at, by_id=by_id, ends_on=ends_on, held_place=True,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    exempt_step(place, row, at=at)
    _record("learning:exemption:grant", row, by_id, at, {"until": ends_on.isoformat() if ends_on else None})
    bus.publish(facts.ExemptionGranted(row.id))
    return row


def revoke(exemption_id: int, *, reason: str, by_id: int, at: datetime) -> Exemption:
    """Take an exemption back, with a reason that the learner reads; the duty is there again at once."""
    said = clean_block(reason).strip()
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(_l("Say why, in at most %(most)s characters."), field="reason", most=LONGEST_REASON)
    place, row = _hold(exemption_id)
    if row is None or row.state != IN_FORCE:
        raise Conflict(_l("This exemption is no longer in force."))
    row.state, row.ended_at, row.ended_by_id, row.end_reason = REVOKED, at, by_id, said
    if place is not None:
        _revive(row, place, at)
    undo_steps(row, at=at, reopen=True)
    _record("learning:exemption:revoke", row, by_id, at, {"reason": said})
    bus.publish(facts.ExemptionEnded(row.id))
    return row


def end(exemption_id: int, *, at: datetime) -> bool:
    """End an exemption whose last day has passed, from the moment after that day. Returns whether it did."""
    place, row = _hold(exemption_id)
    if row is None or row.state != IN_FORCE or row.ends_on is None or row.ends_on >= riyadh_day(at):
        return False
    over = datetime.combine(row.ends_on + timedelta(days=1), time(), RIYADH)
    row.state, row.ended_at = ENDED, over
    if place is not None:
        _revive(row, place, over)
    undo_steps(row, at=at, reopen=False)
    _record("learning:exemption:end", row, None, at, {"until": row.ends_on.isoformat()})
    bus.publish(facts.ExemptionEnded(row.id))
    return True


def overtake(place: Enrolment, *, at: datetime) -> None:
    """End the exemption of a place, held, whose learner has completed the course after all."""
    place.exempted = False
    mine = Exemption.enrolment_id == place.id, Exemption.state == IN_FORCE
    db.session.execute(update(Exemption).where(*mine).values(state=OVERTAKEN, ended_at=at))


def _hold(exemption_id: int) -> tuple[Enrolment | None, Exemption | None]:
    """Hold an exemption after its place, on a course or in a programme; return the place on the course, if it is one."""
    row = db.session.get(Exemption, exemption_id)
    if row is None:
        raise NotFound
    if row.enrolment_id is not None:
        return lock(Enrolment, row.enrolment_id), lock(Exemption, exemption_id)
    lock(ProgrammeEnrolment, row.programme_enrolment_id or 0)
    return None, lock(Exemption, exemption_id)


def _revive(row: Exemption, place: Enrolment, at: datetime) -> None:
    """Open the place again with the days that were left; who was only exempted there has no place any more.

    Nor has who takes the course anew since then: that round is what is asked of them. Rules of duties that found nothing
    left to assign are to look again.
    """
    later = (
        Enrolment.learner_id == place.learner_id,
        Enrolment.course_id == place.course_id,
        Enrolment.cycle > place.cycle,
    )
    anew = db.session.scalar(select(Enrolment.id).where(*later, Enrolment.state != WITHDRAWN).limit(1)) is not None
    asked = not anew and (row.held_place or place.assignment_id is not None)
    place.state, place.completed_at, place.exempted = (ACTIVE if asked else WITHDRAWN), None, False
    if place.due_on is not None and row.days_left is not None and row.days_left >= 0:
        place.due_on = max(place.due_on, riyadh_day(at) + timedelta(days=row.days_left))
    idle = Duty.enrolment_id == place.id, Duty.assignment_id.is_(None), Duty.state == "active"
    db.session.execute(update(Duty).where(*idle).values(state="suspended", ended_at=at))
    db.session.flush()
    note_duties([place.id], at=at)


def _record(act: str, row: Exemption, actor_id: int | None, at: datetime, after: dict[str, Any]) -> None:
    learner = db.session.get_one(Person, row.learner_id)
    of = {"course": row.course_id} if row.course_id is not None else {"step": row.step_id}
    audit.record(
        act, at=at, actor_id=actor_id, subject=("person", learner.id, learner.name.show("ar")),
        organisation_id=learner.organisation_id, after={"exemption": row.id, **of, **after},
    )  # fmt: skip
