"""What managers do to their team: assign and remind, always held to the people they manage, always on the trail."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from academy.accounts.policies import people_managed
from academy.base import audit
from academy.base.access import Actor
from academy.base.dates import riyadh_day
from academy.base.errors import NotFound
from academy.insights import policies, queries
from academy.insights.queries import Scope
from academy.insights.queries.figures import MOST_REMINDED
from academy.learning import services as learning
from academy.learning.models import Assignment, AssignmentUndoing
from academy.learning.services import Assigned


def assign_course(
    actor: Actor, course_id: int, person_ids: Collection[int], *, due_on: date, note: str, title: str, at: datetime
) -> Assigned:
    """Make a course due from people of the actor's team. Raises NotFound when anyone of them is not in it."""
    if not person_ids or queries.within(actor, person_ids) != set(person_ids):
        raise NotFound
    outcome = learning.assign(
        course_id, person_ids, by_id=actor.person_id, due_on=due_on, note=note, at=at, undoable=True
    )
    audit.record(
        policies.ASSIGN,
        at=at,
        actor_id=actor.person_id,
        organisation_id=actor.organisation_id,
        subject=("course", course_id, title),
        after={
            "due_on": due_on.isoformat(),
            "people": len(set(person_ids)),
            "enrolled": outcome.enrolled,
            "updated": outcome.updated,
            "completed": outcome.completed,
            "left_out": outcome.left_out,
        },
    )
    return outcome


def take_back(actor: Actor, assignment: Assignment, *, title: str, at: datetime) -> AssignmentUndoing:
    """Take an assignment of the actor's back from the people of their team who have not begun. Raises Conflict."""
    undoing = learning.undo_assignment(
        assignment.id, people=people_managed(actor, alone=True), by_id=actor.person_id, at=at
    )
    audit.record(
        policies.UNDO, at=at, actor_id=actor.person_id, organisation_id=actor.organisation_id,
        subject=("course", assignment.course_id, title), after={"assignment": assignment.id, **undoing.counts},
    )  # fmt: skip
    return undoing


def remind_one(actor: Actor, enrolment_id: int, *, at: datetime) -> bool:
    """Remind somebody of the actor's team of a course; False when that was done today already.

    Raises NotFound when the enrolment is not one of the team's, or is completed.
    """
    found = queries.enrolment_in(people_managed(actor, alone=True), enrolment_id)
    if found is None:
        raise NotFound
    return _remind(actor, [found], at) == 1


def remind_overdue(actor: Actor, scope: Scope, *, at: datetime) -> int:
    """Remind everyone of a scope of the actor's team of what is overdue; return how many reminders that was.

    At most `MOST_REMINDED` at a time, each at most once a day.
    """
    return _remind(actor, queries.overdue_unreminded(scope.people, today=riyadh_day(at), most=MOST_REMINDED), at)


def _remind(actor: Actor, enrolment_ids: Sequence[int], at: datetime) -> int:
    asked = sum(learning.remind(enrolment_id, by_id=actor.person_id, at=at) for enrolment_id in enrolment_ids)
    if asked:
        audit.record(
            policies.REMIND,
            at=at,
            actor_id=actor.person_id,
            organisation_id=actor.organisation_id,
            subject=("enrolment", enrolment_ids[0] if len(enrolment_ids) == 1 else None, ""),
            after={"reminded": asked},
        )
    return asked
