"""Setting goals, agreeing on them, check-ins (CM9). Nothing here touches evidence or levels."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update

from academy.accounts.models import Person
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import change, db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.competencies import kinds_of_goals as kinds
from academy.competencies.models import Appraisal, Goal, GoalCheckIn
from academy.competencies.models.goals import AGREED, DRAFT, OPEN, RETURNED, SENT
from academy.competencies.queries.goals import FoundAppraisal, FoundGoal
from academy.competencies.rules.goals import MOST_GOALS
from academy.competencies.services.cycles import leading, note, tell

WRITABLE = (DRAFT, RETURNED)
SENT_ALREADY = _l("This goal was sent to the manager meanwhile; it is changed only once it comes back.")
OVER = _l("This cycle is not open: nothing of it can be changed.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to reach."""

    title: str
    success: str
    due_on: date
    competency_id: int | None = None


def set_goal(found: FoundAppraisal, said: Wanted, *, at: datetime, row: Goal | None = None) -> Goal:
    """Write a goal down as a draft, or write a draft or a returned goal anew."""
    _writable(found, at)
    if not found.cycle.opens_on <= said.due_on <= found.cycle.closes_on:
        raise Invalid(_l("Choose a day within the cycle."), field="due_on")
    if row is None:
        count = db.session.scalar(select(func.count()).where(Goal.appraisal_id == found.appraisal.id)) or 0
        if count >= MOST_GOALS:
            raise Invalid(_l("At most %(most)s goals: nobody follows more of them."), field="title", most=MOST_GOALS)
        row = Goal(
            appraisal_id=found.appraisal.id, made_at=at, title=said.title, success=said.success, due_on=said.due_on
        )
        db.session.add(row)
    else:
        _hold(row, *WRITABLE)
    row.title, row.success, row.due_on, row.competency_id = said.title, said.success, said.due_on, said.competency_id
    db.session.flush()
    return row


def remove_goal(found: FoundGoal, *, at: datetime) -> None:
    """Throw a goal away that the manager has never seen."""
    _writable(found.of, at)
    if not change(delete(Goal).where(Goal.id == found.goal.id, Goal.state == DRAFT)):
        raise Conflict(SENT_ALREADY)


def send_goals(found: FoundAppraisal, *, at: datetime) -> int:
    """Send all drafts and returned goals to the manager. Returns how many."""
    _writable(found, at)
    mine = Goal.appraisal_id == found.appraisal.id, Goal.state.in_(WRITABLE)
    rows = db.session.scalars(select(Goal).where(*mine).order_by(Goal.id)).all()
    if not rows:
        raise Invalid(_l("There is no goal to send. Write one first."))
    for row in rows:
        row.state, row.reason = SENT, ""
    note(found, "sent", found.person.id, at, "\n\n".join(_words(row) for row in rows))
    tell(found, leading(found, at), kinds.GOALS_SENT, f"sent:{at.isoformat()}", at)
    return len(rows)


def _words(row: Goal) -> str:
    return f"{row.title} ({row.due_on.isoformat()})\n{row.success}"


def agree_goal(found: FoundGoal, *, by_id: int, at: datetime) -> None:
    """The manager agrees to a goal that was sent."""
    _decide(found, (SENT,), AGREED, "", by_id, at)


def return_goal(found: FoundGoal, reason: str, *, by_id: int, at: datetime) -> None:
    """The manager returns a goal with a reason, also one that was agreed: the person may write it anew."""
    if not reason.strip():
        raise Invalid(_l("Say why you return the goal, so that it can be changed."), field="reason")
    _decide(found, (SENT, AGREED), RETURNED, reason, by_id, at)


def _decide(found: FoundGoal, before: tuple[str, ...], state: str, reason: str, by_id: int, at: datetime) -> None:
    _writable(found.of, at)
    row = found.goal
    decided = update(Goal).where(Goal.id == row.id, Goal.state.in_(before)).values(state=state, reason=reason)
    if not change(decided):
        raise Conflict(_l("This goal has been decided already."))
    db.session.refresh(row)
    note(found.of, state, by_id, at, f"{_words(row)}\n{reason}".strip())
    audit.record(
        "competencies:goal:decide", at=at, actor_id=by_id, organisation_id=found.person.organisation_id,
        subject=("goal", row.id, found.person.name.show("ar")), after={"state": state, "person_id": found.person.id},
    )  # fmt: skip
    by = db.session.get_one(Person, by_id)
    tell(found.of, [found.person.id], kinds.GOALS_DECIDED, f"decided:{riyadh_day(at)}", at, by=by.name)


def check_in(found: FoundGoal, progress: int, words: str, *, by_id: int, at: datetime) -> None:
    """Write a dated note about an agreed goal with its progress; the other side is told once a day at most."""
    _writable(found.of, at)
    if not words.strip():
        raise Invalid(_l("Write what has happened since the last check-in."), field="note")
    moved = update(Goal).where(Goal.id == found.goal.id, Goal.state == AGREED).values(progress=progress)
    if not change(moved):
        raise Conflict(_l("Check-ins are written about goals that both have agreed on."))
    db.session.add(GoalCheckIn(goal_id=found.goal.id, by_id=by_id, at=at, progress=progress, note=words))
    db.session.flush()
    own = by_id == found.person.id
    by = db.session.get_one(Person, by_id)
    whom = leading(found.of, at) if own else [found.person.id]
    tell(found.of, whom, kinds.CHECKED_IN, f"check-in:{by_id}:{riyadh_day(at)}", at, by=by.name)


def _writable(found: FoundAppraisal, at: datetime) -> None:
    """Take the appraisal for this transaction; refuse once it was signed or when its cycle is not open."""
    row = lock(Appraisal, found.appraisal.id)
    if row is None or row.state != OPEN or not found.is_open(at):
        raise Conflict(OVER)


def _hold(row: Goal, *states: str) -> None:
    if not change(update(Goal).where(Goal.id == row.id, Goal.state.in_(states)).values(state=Goal.state)):
        raise Conflict(SENT_ALREADY)
    db.session.refresh(row)
