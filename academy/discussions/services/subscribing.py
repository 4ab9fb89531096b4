"""Subscribing to threads and discussions, and noting what somebody has seen."""

from datetime import datetime

from sqlalchemy import select

from academy.base.db import db, insert_once
from academy.discussions.models import DiscussionReader, DiscussionThread


def subscribe(course_id: int, person_id: int, subscribed: bool, *, thread_id: int | None = None) -> None:
    """Subscribe to a thread, or to all discussions of a course, or end that. Asking twice changes nothing."""
    _reader(course_id, person_id, thread_id).subscribed = subscribed
    db.session.flush()


def see_thread(thread: DiscussionThread, person_id: int, *, at: datetime) -> None:
    """Note that somebody has seen a thread as it is."""
    _see(_reader(thread.course_id, person_id, thread.id), at)


def see_all(course_id: int, person_id: int, *, at: datetime) -> None:
    """Note that to somebody nothing in the discussions of a course is new any more."""
    _see(_reader(course_id, person_id, None), at)


def _see(row: DiscussionReader, at: datetime) -> None:
    row.seen_at = max(at, row.seen_at) if row.seen_at else at
    db.session.flush()


def _reader(course_id: int, person_id: int, thread_id: int | None) -> DiscussionReader:
    mine = DiscussionReader.person_id == person_id, DiscussionReader.course_id == course_id
    there = DiscussionReader.thread_id.is_(None) if thread_id is None else DiscussionReader.thread_id == thread_id

    def find() -> DiscussionReader | None:
        return db.session.scalar(select(DiscussionReader).where(*mine, there))

    def make() -> DiscussionReader:
        return DiscussionReader(person_id=person_id, course_id=course_id, thread_id=thread_id, subscribed=False)

    return insert_once(make, find)[0]
