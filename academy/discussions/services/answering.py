"""Marking the one reply that answers a question."""

from datetime import datetime

from sqlalchemy import delete

from academy.base import jobs
from academy.base.db import db
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.discussions.models import DiscussionThread, MarkedAnswer
from academy.discussions.rules import QUESTION
from academy.discussions.services.holding import hold_post


def mark_answer(post_id: int, *, by_id: int, at: datetime) -> None:
    """Mark a reply as the answer, in place of the one that was marked before. Marking it again changes nothing."""
    row = hold_post(post_id)
    thread = db.session.get_one(DiscussionThread, row.thread_id)
    if thread.kind != QUESTION or row.opening:
        raise Conflict(_l("Only a reply to a question can be its answer."))
    if row.removed_at is not None or row.hidden_at is not None:
        raise Conflict(_l("This reply is not shown any more, so it cannot be the answer."))
    marked = db.session.get(MarkedAnswer, thread.id, populate_existing=True)
    if marked is not None and marked.post_id == post_id:
        return
    if marked is None:
        db.session.add(MarkedAnswer(thread_id=thread.id, post_id=post_id, marked_by_id=by_id, marked_at=at))
    else:
        marked.post_id, marked.marked_by_id, marked.marked_at = post_id, by_id, at
    db.session.flush()
    jobs.enqueue("discussions.tell_answer", unique_key=f"answer:{thread.id}:{post_id}", post_id=post_id, by_id=by_id)


def take_mark(post_id: int) -> None:
    """Take the mark from a reply, if it still has it."""
    db.session.execute(delete(MarkedAnswer).where(MarkedAnswer.post_id == post_id))
