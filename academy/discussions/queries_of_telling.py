"""Whom posts are told to, and whether that still stands when a letter goes out. Each reads no more than their pages would show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.catalogue.queries import titles
from academy.discussions import policies
from academy.discussions.models import (
    DiscussionPost,
    DiscussionReader,
    DiscussionRule,
    DiscussionThread,
    MarkedAnswer,
    PostDecision,
    PostReport,
    WritingStop,
)
from academy.discussions.rules import OFF


@dataclass(frozen=True, slots=True)
class Told:
    """A post in the words of a notice."""

    thread_id: int
    post_id: int
    kind: str
    title: str
    text: str
    author_id: int
    author: LocalizedText
    asker_id: int
    course_id: int
    course_key: str
    course: LocalizedText
    hidden: bool
    removed: bool

    @property
    def shown(self) -> bool:
        """Whether everybody who reads the thread reads it."""
        return not self.hidden and not self.removed


def told(post_id: int) -> Told | None:
    """Return what a notice about a post says."""
    query = (
        select(DiscussionPost, DiscussionThread, Person.name, Course.key)
        .join(DiscussionThread, DiscussionThread.id == DiscussionPost.thread_id)
        .join(Person, Person.id == DiscussionPost.author_id)
        .join(Course, Course.id == DiscussionThread.course_id)
        .where(DiscussionPost.id == post_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    post, thread, author, key = row
    course = titles([thread.course_id])[thread.course_id]
    return Told(
        thread.id, post.id, thread.kind, thread.title, post.text, post.author_id, author, thread.author_id,
        thread.course_id, key, course, post.hidden_at is not None, post.removed_at is not None,
    )  # fmt: skip


def opening_of(thread_id: int) -> Told | None:
    """Return what a notice about a thread that was begun says."""
    query = select(DiscussionPost.id).where(DiscussionPost.thread_id == thread_id, DiscussionPost.opening)
    found = db.session.scalar(query)
    return told(found) if found else None


def _readable() -> ColumnElement[bool]:
    """Return the condition on Person, DiscussionThread and Course that somebody reads the thread now."""
    off = exists().where(DiscussionRule.course_id == Course.id, DiscussionRule.state == OFF).correlate(Course)
    return or_(and_(policies.taking_part(), ~off), policies.moderators())


def subscribers(thread_id: int, *, whole: bool, but: int, after_id: int, most: int) -> list[int]:
    """Return the next people who are subscribed to a thread (`whole`: the course's discussions) and read it, its writer left out."""
    there = DiscussionReader.thread_id.is_(None) if whole else DiscussionReader.thread_id == DiscussionThread.id
    query = (
        select(Person.id)
        .select_from(DiscussionThread)
        .join(Course, Course.id == DiscussionThread.course_id)
        .join(DiscussionReader, and_(DiscussionReader.course_id == Course.id, there, DiscussionReader.subscribed))
        .join(Person, Person.id == DiscussionReader.person_id)
        .where(DiscussionThread.id == thread_id, Person.id != but, Person.id > after_id, _readable())
        .order_by(Person.id)
        .limit(most)
    )
    return list(db.session.scalars(query))


def trainers(thread_id: int, *, but: int) -> list[int]:
    """Return the course's trainers who moderate a thread, its writer left out."""
    query = (
        select(Person.id)
        .select_from(DiscussionThread)
        .join(Course, Course.id == DiscussionThread.course_id)
        .join(Person, Person.id != but)
        .where(DiscussionThread.id == thread_id, policies.trainers_of_thread())
        .order_by(Person.id)
    )
    return list(db.session.scalars(query))


def reporters(decision_id: int, *, after_id: int, most: int) -> list[int]:
    """Return the next people whose reports a decision answered and who read the post, whoever decided left out."""
    query = (
        _of_posts(PostReport.reporter_id)
        .join(PostReport, PostReport.post_id == DiscussionPost.id)
        .join(PostDecision, PostDecision.id == PostReport.decision_id)
        .join(Person, Person.id == PostReport.reporter_id)
        .where(
            PostDecision.id == decision_id, Person.id != PostDecision.moderator_id, Person.id > after_id, _readable()
        )
        .order_by(Person.id)
        .limit(most)
    )
    return list(db.session.scalars(query))


def _of_posts(column: Any) -> Select[Any]:
    """Return the query of something of posts, with their threads and courses."""
    return (
        select(column)
        .select_from(DiscussionPost)
        .join(DiscussionThread, DiscussionThread.id == DiscussionPost.thread_id)
        .join(Course, Course.id == DiscussionThread.course_id)
    )


def readers_among(thread_id: int, person_ids: Collection[int]) -> set[int]:
    """Return which of these people read a thread now."""
    query = (
        select(Person.id)
        .select_from(DiscussionThread)
        .join(Course, Course.id == DiscussionThread.course_id)
        .join(Person, Person.id.in_(person_ids))
        .where(DiscussionThread.id == thread_id, _readable())
    )
    return set(db.session.scalars(query))


def still_shown(post_ids: Collection[int]) -> set[int]:
    """Return which of these posts are still there for everybody to read."""
    query = select(DiscussionPost.id).where(
        DiscussionPost.id.in_(post_ids), DiscussionPost.removed_at.is_(None), DiscussionPost.hidden_at.is_(None)
    )
    return set(db.session.scalars(query))


def still_answers(post_ids: Collection[int]) -> set[int]:
    """Return which of these posts are still marked as answers."""
    return set(db.session.scalars(select(MarkedAnswer.post_id).where(MarkedAnswer.post_id.in_(post_ids))))


def still_read(person_id: int, post_ids: Collection[int]) -> set[int]:
    """Return which of these posts somebody still reads: who has left a course is sent no letter about it."""
    query = _of_posts(DiscussionPost.id).join(Person, Person.id == person_id)
    return set(db.session.scalars(query.where(DiscussionPost.id.in_(post_ids), _readable())))


def still_taught(person_id: int, post_ids: Collection[int]) -> set[int]:
    """Return which of these posts are still in threads that somebody moderates."""
    query = _of_posts(DiscussionPost.id).join(Person, Person.id == person_id)
    return set(db.session.scalars(query.where(DiscussionPost.id.in_(post_ids), policies.moderators())))


def still_decided(decision_ids: Collection[int], hidden: bool) -> set[int]:
    """Return which of these decisions still stand: their post is hidden, or is not, as they said."""
    query = (
        select(PostDecision.id)
        .join(DiscussionPost, DiscussionPost.id == PostDecision.post_id)
        .where(PostDecision.id.in_(decision_ids), DiscussionPost.hidden_at.is_not(None) == hidden, ~_overruled())
    )
    return set(db.session.scalars(query))


def not_overruled(decision_ids: Collection[int]) -> set[int]:
    """Return which of these decisions no later one has changed."""
    return set(db.session.scalars(select(PostDecision.id).where(PostDecision.id.in_(decision_ids), ~_overruled())))


def still_read_decided(person_id: int, decision_ids: Collection[int]) -> set[int]:
    """Return which of these decisions are about posts that somebody still reads."""
    query = _of_posts(PostDecision.id).join(PostDecision, PostDecision.post_id == DiscussionPost.id)
    readable = query.join(Person, Person.id == person_id).where(PostDecision.id.in_(decision_ids), _readable())
    return set(db.session.scalars(readable))


def _overruled() -> ColumnElement[bool]:
    newer = aliased(PostDecision)
    return exists().where(newer.post_id == PostDecision.post_id, newer.id > PostDecision.id, newer.outcome != "kept")


def still_stopped(stop_ids: Collection[int], today: date) -> set[int]:
    """Return which of these stops are still in force."""
    lasting = WritingStop.id.in_(stop_ids), WritingStop.ended_at.is_(None), WritingStop.until >= today
    return set(db.session.scalars(select(WritingStop.id).where(*lasting)))


def decision(decision_id: int) -> PostDecision | None:
    """Return a decision by id."""
    return db.session.get(PostDecision, decision_id)


def stop(stop_id: int) -> WritingStop | None:
    """Return a stop by id."""
    return db.session.get(WritingStop, stop_id)
