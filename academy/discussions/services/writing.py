"""Beginning a thread, replying, changing and removing what one wrote. Sent twice, a post is written once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from academy.accounts.services import Limit, throttling
from academy.base import jobs
from academy.base.arabic import search_document
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid, Stale
from academy.base.i18n import _l
from academy.discussions import queries, rules
from academy.discussions.models import DiscussionPost, DiscussionThread, FormerText, MarkedAnswer
from academy.discussions.services.holding import hold_post
from academy.discussions.services.subscribing import see_thread, subscribe

POSTS = Limit(rules.MOST_POSTS, rules.WITHIN)
TOO_MUCH = _l("You have written much in a short time. Wait a few minutes, then post this.")


class Shut(Conflict):
    """Nobody may write here any more, or not this person; since the form was opened."""

    sentence = _l("Nothing can be written here now. What you typed is below and has not been posted.")


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody typed. `token` was in the form; `quoted_id` is the post that a reply quotes."""

    text: str
    token: str
    title: str = ""
    kind: str = rules.QUESTION
    activity_key: str = ""
    quoted_id: int | None = None


def begin(course_id: int, organisation_id: int, said: Written, *, author_id: int, at: datetime) -> DiscussionThread:
    """Begin a thread among the people of an organisation; its author subscribed it. Sent twice, it is begun once."""
    if (found := _sent(author_id, said.token)) is not None:
        return db.session.get_one(DiscussionThread, found.thread_id)
    _check(said, author_id, at, title=said.title)

    def make() -> DiscussionThread:
        thread = DiscussionThread(
            course_id=course_id, organisation_id=organisation_id, kind=said.kind, title=said.title,
            activity_key=said.activity_key, author_id=author_id, created_at=at, last_post_at=at,
        )  # fmt: skip
        db.session.add(thread)
        db.session.flush()
        db.session.add(_post(thread, said, author_id, at, opening=True))
        return thread

    def find() -> DiscussionThread | None:
        row = _sent(author_id, said.token)
        return db.session.get_one(DiscussionThread, row.thread_id) if row else None

    thread, made = insert_once(make, find)
    if made:
        subscribe(course_id, author_id, True, thread_id=thread.id)
        see_thread(thread, author_id, at=at)
        jobs.enqueue("discussions.tell_thread", unique_key=f"thread:{thread.id}:0", thread_id=thread.id, after_id=0)
    return thread


def reply(thread_id: int, said: Written, *, author_id: int, moderates: bool, at: datetime) -> DiscussionPost:
    """Reply in a thread. Sent twice, it is written once. Raises Shut where the thread was locked meanwhile."""
    thread: DiscussionThread | None = lock(DiscussionThread, thread_id)
    if (found := _sent(author_id, said.token)) is not None:
        return found
    if thread is None or (thread.locked and not moderates):
        raise Shut
    _check(said, author_id, at)
    quoted = queries.post(said.quoted_id) if said.quoted_id else None
    if quoted is not None and quoted.thread_id != thread_id:
        quoted = None

    def make() -> DiscussionPost:
        return _post(thread, said, author_id, at, quoted_id=quoted.id if quoted else None)

    row, made = insert_once(make, lambda: _sent(author_id, said.token))
    if made:
        thread.last_post_at = at
        see_thread(thread, author_id, at=at)
        jobs.enqueue("discussions.tell_reply", unique_key=f"reply:{row.id}:0", post_id=row.id, after_id=0)
    return row


def change(post_id: int, *, text: str, title: str, revision: int, at: datetime) -> None:
    """Change a post of one's own; how it read before is kept for moderators. Raises Stale when it was changed meanwhile."""
    row = hold_post(post_id)
    thread = db.session.get_one(DiscussionThread, row.thread_id)
    if row.removed_at is not None or row.hidden_at is not None:
        raise Conflict(_l("This post can no longer be changed."), field="text")
    if row.revision != revision:
        raise Stale(field="text")
    _check_words(text, title if row.opening else None)
    if (text, title if row.opening else thread.title) == (row.text, thread.title):
        return
    _keep_former(row, thread, at)
    if row.opening:
        thread.title = title
    row.text, row.language, row.edited_at, row.revision = text, rules.language_of(text), at, row.revision + 1
    row.search_text = search_document(thread.title if row.opening else "", text)
    db.session.flush()


def remove(post_id: int, *, revision: int, at: datetime) -> bool:
    """Remove a post of one's own: without a trace while nobody has answered, else a placeholder stays. Returns whether it is gone.

    What was reported is kept for moderators; of anything else the text is gone, in its former versions too.
    """
    row = hold_post(post_id)
    if row.hidden_at is not None:
        raise Conflict(_l("A moderator has hidden this post; it stays until they decide otherwise."))
    if row.removed_at is not None:
        return False
    if row.revision != revision:
        raise Stale
    reported = queries.is_reported(post_id)
    if rules.vanishes(answered=queries.is_answered(row), reported=reported):
        _vanish(row)
        return True
    if reported:
        _keep_former(row, db.session.get_one(DiscussionThread, row.thread_id), at)
    else:
        db.session.execute(delete(FormerText).where(FormerText.post_id == post_id))
    db.session.execute(delete(MarkedAnswer).where(MarkedAnswer.post_id == post_id))
    row.text, row.search_text, row.removed_at, row.revision = "", " ", at, row.revision + 1
    db.session.flush()
    return False


def _vanish(row: DiscussionPost) -> None:
    if row.opening:
        db.session.execute(delete(DiscussionThread).where(DiscussionThread.id == row.thread_id))
        return
    thread = db.session.get_one(DiscussionThread, row.thread_id)
    db.session.execute(delete(DiscussionPost).where(DiscussionPost.id == row.id))
    before = select(DiscussionPost.created_at).where(DiscussionPost.thread_id == thread.id)
    thread.last_post_at = db.session.scalar(before.order_by(DiscussionPost.id.desc()).limit(1)) or thread.created_at
    db.session.flush()


def _keep_former(row: DiscussionPost, thread: DiscussionThread, at: datetime) -> None:
    title = thread.title if row.opening else ""
    db.session.add(FormerText(post_id=row.id, revision=row.revision, title=title, text=row.text, until=at))


def _sent(author_id: int, token: str) -> DiscussionPost | None:
    mine = DiscussionPost.author_id == author_id, DiscussionPost.token == token
    return db.session.scalar(select(DiscussionPost).where(*mine))


def _check(said: Written, author_id: int, at: datetime, *, title: str | None = None) -> None:
    _check_words(said.text, title)
    throttling.count(((f"discussions:{author_id}", POSTS),), at=at, sentence=TOO_MUCH, field="text")


def _check_words(text: str, title: str | None) -> None:
    if title is not None and not title:
        raise Invalid(_l("Enter a title."), field="title")
    if not text:
        raise Invalid(_l("Write something."), field="text")


def _post(
    thread: DiscussionThread, said: Written, author_id: int, at: datetime, *, opening: bool = False, quoted_id: int | None = None
) -> DiscussionPost:  # fmt: skip
    return DiscussionPost(
        thread_id=thread.id, author_id=author_id, opening=opening, text=said.text, language=rules.language_of(said.text),
        search_text=search_document(said.title if opening else "", said.text), quoted_id=quoted_id, token=said.token,
        created_at=at,
    )  # fmt: skip
