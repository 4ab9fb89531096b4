"""Holding a thread, or a post with its thread, until the transaction ends: always the thread first."""

from academy.base.db import db, lock
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.discussions.models import DiscussionPost, DiscussionThread


def hold_post(post_id: int) -> DiscussionPost:
    """Return a post as it is now with its thread held, so that nobody answers, marks or hides it meanwhile. Raises Conflict when it is gone."""
    row = db.session.get(DiscussionPost, post_id)
    if row is not None:
        lock(DiscussionThread, row.thread_id)
    found: DiscussionPost | None = lock(DiscussionPost, post_id)
    if found is None:
        raise Conflict(_l("This post is gone."))
    return found


def hold_thread(thread_id: int) -> DiscussionThread:
    """Return a thread as it is now, held. Raises Conflict when it is gone."""
    found: DiscussionThread | None = lock(DiscussionThread, thread_id)
    if found is None:
        raise Conflict(_l("This post is gone."))
    return found
