"""Taking a place in a programme, and leaving it."""

from datetime import datetime

from sqlalchemy import select

from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.learning.models import (
    COMPLETED,
    PENDING,
    WITHDRAWN,
    Duty,
    Programme,
    ProgrammeEnrolment,
    ProgrammeStepDone,
    ProgrammeVersion,
)
from academy.learning.queries import programmes as queries
from academy.learning.refusals import NotOpen
from academy.learning.services import entry
from academy.learning.services.programmes.advancing import advance, hold_courses


def join_programme(learner_id: int, programme_id: int, *, at: datetime, approved: bool = False) -> ProgrammeEnrolment:
    """Give a learner a place in the published version, once however often it is asked; a given up place is revived.

    What they completed before counts. The place stays pending until every prerequisite is met. `approved`: somebody decided
    about a request, so the learner need not ask again. Raises NotOpen, AskFirst.
    """
    found = queries.programme_enrolment_of(learner_id, programme_id)
    if found is None or found.state == WITHDRAWN:
        version = open_programme(programme_id)
        entry.check_door(entry.hold_rule(programme_id=programme_id), approved=approved, at=at)
        hold_courses(learner_id, (step.course_id for step in queries.steps_of(version.id) if step.course_id))
        place, _made = insert_once(
            lambda: _new_place(learner_id, version, at),
            lambda: queries.programme_enrolment_of(learner_id, programme_id),
        )
        _revive(place.id, version, at)
        return advance(place.id, at=at)
    return advance(found.id, at=at)


def join_again(learner_id: int, programme_id: int, *, at: datetime) -> ProgrammeEnrolment:
    """Give a place in which nothing is done yet to somebody who renews: the open one, one given up, or that of the next cycle.

    Raises NotOpen when the programme takes nobody.
    """
    found = queries.programme_enrolment_of(learner_id, programme_id)
    if found is not None and found.state != COMPLETED:
        return join_programme(learner_id, programme_id, at=at, approved=True)
    # Whoever renews a certificate from before the academy has no place yet; only what is done from now on counts for it.
    version, cycle = open_programme(programme_id), (found.cycle if found else 1) + 1
    this = ProgrammeEnrolment.learner_id == learner_id, ProgrammeEnrolment.programme_id == programme_id
    place, _made = insert_once(
        lambda: _new_place(learner_id, version, at, cycle=cycle),
        lambda: db.session.scalar(select(ProgrammeEnrolment).where(*this, ProgrammeEnrolment.cycle == cycle)),
    )
    return advance(place.id, at=at)


def leave_programme(enrolment_id: int, *, at: datetime) -> ProgrammeEnrolment:
    """Give up a place. What was done is kept for a return; a completed programme is not left."""
    place: ProgrammeEnrolment = lock(ProgrammeEnrolment, enrolment_id)
    if place.state == COMPLETED:
        raise Conflict(_l("You have completed this programme, so there is nothing to leave."))
    duty = select(Duty.id).where(Duty.programme_enrolment_id == place.id, Duty.state.in_(("active", "kept")))
    if db.session.scalar(duty.limit(1)) is not None:
        raise Conflict(_l("This programme is your duty. Ask your manager to release you."))
    place.state = WITHDRAWN
    db.session.flush()
    return place


def open_programme(programme_id: int) -> ProgrammeVersion:
    """Return the version that new participants take. Raises NotOpen when the programme takes nobody."""
    programme = db.session.get(Programme, programme_id)
    version = queries.published_programme(programme_id)
    if programme is None or programme.retired_at is not None or version is None:
        raise NotOpen
    return version


def _new_place(learner_id: int, version: ProgrammeVersion, at: datetime, *, cycle: int = 1) -> ProgrammeEnrolment:
    plan = queries.plan_of(version.id, in_order=version.in_order)
    return ProgrammeEnrolment(
        learner_id=learner_id,
        programme_id=version.programme_id,
        version_id=version.id,
        cycle=cycle,
        joined_at=at,
        needed=plan.tally.required,
    )


def _revive(enrolment_id: int, version: ProgrammeVersion, at: datetime) -> None:
    """Bring a given up place back; whoever had done something goes on in the same version."""
    held: ProgrammeEnrolment = lock(ProgrammeEnrolment, enrolment_id)
    if held.state != WITHDRAWN:
        return
    held.state, held.joined_at, held.started_at = PENDING, at, None
    begun = db.session.scalar(select(ProgrammeStepDone.id).where(ProgrammeStepDone.enrolment_id == held.id).limit(1))
    if begun is None and held.version_id != version.id:
        held.version_id, held.next_step_id, held.done = version.id, None, 0
        held.needed = queries.plan_of(version.id, in_order=version.in_order).tally.required
    db.session.flush()
