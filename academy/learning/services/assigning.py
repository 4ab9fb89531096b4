"""Making a course the duty of people, and reminding them of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from academy import facts
from academy.accounts.models import Person
from academy.base import bus
from academy.base.clock import RIYADH
from academy.base.db import db, insert_missing, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.catalogue.models import Course
from academy.catalogue.queries import published_version
from academy.learning.models import ACTIVE, COMPLETED, WITHDRAWN, AssignedPlace, Assignment, Enrolment
from academy.learning.queries import latest_enrolments, required_count
from academy.learning.queries.undoing import before as places_before

BATCH = 500


@dataclass(frozen=True, slots=True)
class Assigned:
    """What came of an assignment, in people: newly enrolled, already there and now due, already completed, left out.

    Left out are those who are suspended or may not see the course.
    """

    assignment_id: int
    enrolled: int
    updated: int
    completed: int
    left_out: int

    @property
    def due(self) -> int:
        """How many people the course is now due from."""
        return self.enrolled + self.updated


def assign(
    course_id: int,
    learner_ids: Iterable[int],
    *,
    by_id: int | None,
    due_on: date | None,
    note: str = "",
    at: datetime,
    undoable: bool = False,
) -> Assigned:
    """Make a course due from people by a day; who is not enrolled is enrolled, who has completed it is left in peace.

    Prerequisites do not stop it: the manager decides. `undoable`: how each place stood is kept, so that it can be taken back. A constant number of statements for every 500 people.
    """
    course, version = db.session.get(Course, course_id), published_version(course_id)
    if course is None or course.retired_at is not None or version is None:
        raise Conflict(_l("This course is not open for enrolment at the moment."))
    assignment = Assignment(course_id=course_id, assigned_by_id=by_id, assigned_at=at, due_on=due_on, note=note)
    db.session.add(assignment)
    db.session.flush()
    place = {
        "course_id": course_id, "version_id": version.id, "cycle": 1, "state": ACTIVE, "enrolled_at": at,
        "required": required_count(version.id), "done": 0,
    }  # fmt: skip
    counts = [0, 0, 0, 0]
    for batch in _batches(dict.fromkeys(learner_ids)):
        outcome = _assign_batch(course, batch, place, assignment, undoable)
        counts = [total + more for total, more in zip(counts, outcome, strict=True)]
    bus.publish(facts.AssignmentMade(assignment.id))
    return Assigned(assignment.id, *counts)


def remind(enrolment_id: int, *, by_id: int, at: datetime) -> bool:
    """Ask that a learner be reminded of a course; at most once a day in Riyadh. Returns whether it was asked now."""
    enrolment: Enrolment | None = lock(Enrolment, enrolment_id)
    today = at.astimezone(RIYADH).date()
    if enrolment is None or enrolment.state != ACTIVE or enrolment.reminded_on == today:
        return False
    enrolment.reminded_on = today
    db.session.flush()
    bus.publish(facts.ReminderAsked(enrolment_id, by_id))
    return True


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _assign_batch(
    course: Course, asked: Sequence[int], place: dict[str, object], assignment: Assignment, undoable: bool
) -> tuple[int, int, int, int]:
    learners = _who_may(course, asked)
    before = {row.learner_id: row.state for row in latest_enrolments(course.id, learners)}
    fresh = [learner_id for learner_id in learners if learner_id not in before]
    if fresh:
        _insert_missing([{**place, "learner_id": learner_id} for learner_id in fresh])
    now = latest_enrolments(course.id, learners)
    due = [row for row in now if row.state != COMPLETED]
    _take_newest([row.id for row in due if row.state == WITHDRAWN], place)
    if undoable:
        _keep([row.id for row in due if row.learner_id in before], [row.id for row in due], assignment)
    _make_due([row.id for row in due], assignment)
    for row in due:
        if before.get(row.learner_id) in (None, WITHDRAWN):
            bus.publish(facts.LearnerEnrolled(row.id))
        bus.publish(facts.CourseAssigned(row.id))
    enrolled = sum(1 for row in due if before.get(row.learner_id) != ACTIVE)
    return enrolled, len(due) - enrolled, len(now) - len(due), len(asked) - len(learners)


def _who_may(course: Course, ids: Sequence[int]) -> list[int]:
    """Return those of the people who may come in and see the course."""
    query = select(Person.id).where(Person.id.in_(ids), Person.state != "suspended").order_by(Person.id)
    if course.audience != "everyone":
        query = query.where(Person.organisation_id == course.organisation_id)
    return list(db.session.scalars(query))


def _insert_missing(rows: list[dict[str, object]]) -> None:
    """Add places in one statement; where another transaction was first, theirs stays."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(Enrolment).on_conflict_do_nothing(), rows)


def _keep(standing: list[int], all_of_them: list[int], assignment: Assignment) -> None:
    """Keep how each place stood; of one that was made just now, that there was none."""
    was = {row.id: row for row in places_before(standing)}
    rows: list[dict[str, object]] = [
        {
            "assignment_id": assignment.id,
            "enrolment_id": place,
            "state_before": was[place].state if place in was else None,
            "assignment_before_id": was[place].assignment_id if place in was else None,
            "due_before": was[place].due_on if place in was else None,
            "undone": False,
        }
        for place in all_of_them
    ]
    insert_missing(AssignedPlace, rows)


def _take_newest(withdrawn: list[int], place: dict[str, object]) -> None:
    """Let whoever comes back take the version that newcomers take, unless something was completed in the former one."""
    values = {name: place[name] for name in ("version_id", "required")} | {"last_activity_id": None}
    chosen = Enrolment.id.in_(withdrawn), Enrolment.done == 0, Enrolment.version_id != place["version_id"]
    if withdrawn:
        db.session.execute(update(Enrolment).where(*chosen).values(values))


def _make_due(enrolment_ids: list[int], assignment: Assignment) -> None:
    values = {"assignment_id": assignment.id, "due_on": assignment.due_on, "state": ACTIVE}
    chosen = Enrolment.id.in_(enrolment_ids), Enrolment.state != COMPLETED
    db.session.execute(update(Enrolment).where(*chosen).values(values))
