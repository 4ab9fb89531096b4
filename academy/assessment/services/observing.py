"""What is noted beside the answers: when a question was opened, what was refused, how an attempt is taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from academy.assessment.models import (
    OPEN,
    Attempt,
    AttemptItem,
    IntegrityEvent,
    IntegrityNote,
    SaveRefusal,
)
from academy.assessment.models.integrity import ADDRESS, AWAY
from academy.assessment.rules import SEQUENTIAL
from academy.base.db import change, db
from academy.base.errors import Invalid
from academy.base.i18n import _l

MOST_EVENTS, MOST_REFUSALS = 100, 100
LONGEST_AWAY = 24 * 3600
KEPT_FOR = timedelta(days=180)
OUTCOMES = ("dismissed", "noted")


def note_opened(attempt: Attempt, position: int, *, at: datetime) -> None:
    """Note that a question's page is about to be shown, if it is for the first time. `attempt` is held."""
    if attempt.quiz_version.navigation == SEQUENTIAL:
        return  # there, moving on is what opens a question
    mine = AttemptItem.attempt_id == attempt.id, AttemptItem.position == position, AttemptItem.opened_at.is_(None)
    db.session.execute(update(AttemptItem).where(*mine).values(opened_at=at))


def note_refusals(
    attempt: Attempt, positions: Sequence[int], reason: str, *, client_key: str, client_sequence: int, at: datetime
) -> None:
    """Log answers that were not kept, without what they said; of one attempt at most `MOST_REFUSALS`.

    An anonymous survey leaves no such trace: an answer that comes late must not stand beside who sent it.
    """
    if not positions or attempt.quiz_version.anonymous:
        return
    counted = select(func.count()).where(SaveRefusal.attempt_id == attempt.id)
    room = MOST_REFUSALS - (db.session.scalar(counted) or 0)
    rows = [
        {"attempt_id": attempt.id, "position": position, "reason": reason, "client_key": client_key,
         "client_sequence": client_sequence, "at": at}
        for position in positions[:max(0, room)]
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(SaveRefusal), rows)


def observe(attempt: Attempt, *, away: Sequence[int], network: str | None, at: datetime) -> None:
    """Note how an attempt with an end is taken: each time its page was left (seconds), another network.

    `attempt` is held. Nothing is noted of an attempt without an end or at an anonymous survey, nor more than `MOST_EVENTS` of one attempt; nothing
    here ever refuses anything.
    """
    if attempt.state != OPEN or attempt.deadline is None or attempt.quiz_version.anonymous:
        return
    events = [(AWAY, min(seconds, LONGEST_AWAY)) for seconds in away]
    if network is not None and network != attempt.network:
        if attempt.network is not None:
            events.append((ADDRESS, 0))
        attempt.network = network
    if not events:
        return
    counted = select(func.count()).where(IntegrityEvent.attempt_id == attempt.id)
    room = MOST_EVENTS - (db.session.scalar(counted) or 0)
    db.session.add_all(
        IntegrityEvent(attempt_id=attempt.id, kind=kind, seconds=seconds, at=at, detail={})
        for kind, seconds in events[: max(0, room)]
    )


def note_review(attempt_id: int, outcome: str, note: str, *, by_id: int, at: datetime) -> IntegrityNote:
    """Record what a reviewer made of an attempt's hints. Raises Invalid for an outcome that is none or no words."""
    if outcome not in OUTCOMES:
        raise Invalid(field="outcome")
    if not note:
        raise Invalid(_l("Write what you found."), field="note")
    row = IntegrityNote(attempt_id=attempt_id, outcome=outcome, note=note, by_id=by_id, at=at)
    db.session.add(row)
    db.session.flush()
    return row


def forget_old(at: datetime) -> int:
    """Delete hints of attempts that ended long ago, and the network marks of all that have ended; return how many."""
    over = select(Attempt.id).where(Attempt.state != OPEN, Attempt.submitted_at < at - KEPT_FOR)
    gone = change(delete(IntegrityEvent).where(IntegrityEvent.attempt_id.in_(over)))
    ended = update(Attempt).where(Attempt.state != OPEN, Attempt.network.is_not(None))
    return gone + change(ended.values(network=None))
