"""Giving people the places that a rule makes their duty."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from academy.base.db import db
from academy.learning.kinds import begin_programme_renewals, begin_renewals
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, Enrolment, ProgrammeEnrolment, ProgrammeRenewal
from academy.learning.queries.enrolments import latest
from academy.learning.services.assigning import assign
from academy.learning.services.programmes import join_programme


@dataclass(frozen=True, slots=True)
class Granted:
    """What became of one person: a new due day, an earlier one that stays, or nothing as they are done."""

    outcome: str
    due_on: date | None = None
    enrolment_id: int | None = None
    assignment_id: int | None = None
    programme_enrolment_id: int | None = None
    made_place: bool = False


def grant_course(course_id: int, people: list[int], *, due_on: date | None, at: datetime) -> dict[int, Granted]:
    """Make a course due from people. An earlier due day that a manager set stays; who has completed it is left in peace.

    Those whose certificate of it ends or has ended renew it instead: anew on the course, or on the shorter one.
    """
    completed = [person_id for person_id, row in _places(course_id, people).items() if row.state == COMPLETED]
    renewing = begin_renewals(course_id, completed, at=at)
    granted = _grant(course_id, [person_id for person_id in people if person_id not in renewing], due_on, at)
    for on_course_id in sorted(set(renewing.values())):
        theirs = [person_id for person_id in people if renewing.get(person_id) == on_course_id]
        granted |= _grant(on_course_id, theirs, due_on, at)
    return granted


def _grant(course_id: int, people: list[int], due_on: date | None, at: datetime) -> dict[int, Granted]:
    before = _places(course_id, people)
    theirs = {person_id for person_id, row in before.items() if _is_due_earlier(row, due_on)}
    done = {person_id for person_id, row in before.items() if row.state == COMPLETED}
    fresh = [person_id for person_id in people if person_id not in theirs | done]
    assignment_id = assign(course_id, fresh, by_id=None, due_on=due_on, at=at).assignment_id if fresh else None
    now, granted = _places(course_id, people), {}
    for person_id in people:
        row, had = now.get(person_id), before.get(person_id)
        if row is None:
            continue
        outcome = "completed" if person_id in done else "already_due" if person_id in theirs else "assigned"
        mine = outcome == "assigned"
        made = mine and (had is None or had.state == WITHDRAWN)
        granted[person_id] = Granted(outcome, row.due_on, row.id, assignment_id if mine else None, made_place=made)
    return granted


def _is_due_earlier(row: Any, due_on: date | None) -> bool:
    """Whether somebody must do it already, and not later than the rule would have it."""
    duty = row.state == ACTIVE and row.assignment_id is not None
    return duty and (due_on is None or (row.due_on is not None and row.due_on <= due_on))


def _places(course_id: int, people: list[int]) -> dict[int, Any]:
    columns = Enrolment.id, Enrolment.learner_id, Enrolment.state, Enrolment.assignment_id, Enrolment.due_on
    mine = Enrolment.course_id == course_id, Enrolment.learner_id.in_(people), latest()
    return {row.learner_id: row for row in db.session.execute(select(*columns).where(*mine))}


def grant_programme(programme_id: int, people: list[int], *, due_on: date | None, at: datetime) -> dict[int, Granted]:
    """Give people a place in a programme. Those whose certificate of it ends or has ended renew it instead."""
    mine = ProgrammeEnrolment.programme_id == programme_id, ProgrammeEnrolment.learner_id.in_(people)
    columns = ProgrammeEnrolment.learner_id, ProgrammeEnrolment.state
    rows = db.session.execute(select(*columns).where(*mine).order_by(ProgrammeEnrolment.cycle))
    before = {row.learner_id: row.state for row in rows}
    completed = [person_id for person_id in people if before.get(person_id) == COMPLETED]
    renewing = begin_programme_renewals(programme_id, completed, at=at)
    granted = {}
    for person_id in people:
        if person_id in renewing:
            granted[person_id] = _renewed(renewing[person_id], due_on, at)
            continue
        place = join_programme(person_id, programme_id, at=at)
        outcome = "completed" if place.state == COMPLETED else "assigned"
        granted[person_id] = Granted(
            outcome, due_on if outcome == "assigned" else None, programme_enrolment_id=place.id,
            made_place=before.get(person_id) in (None, WITHDRAWN),
        )  # fmt: skip
    return granted


def _renewed(renewal_id: int, due_on: date | None, at: datetime) -> Granted:
    """Say what the renewal of a programme's certificate has given: a place of the next cycle, or a duty on a shorter course."""
    renewal = db.session.get_one(ProgrammeRenewal, renewal_id)
    if renewal.enrolment_id is None:
        return Granted("assigned", due_on, programme_enrolment_id=renewal.programme_enrolment_id)
    course_id = db.session.get_one(Enrolment, renewal.enrolment_id).course_id
    return _grant(course_id, [renewal.learner_id], due_on, at)[renewal.learner_id]
