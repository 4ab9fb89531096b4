"""What moderators see: the posts that were reported, what is known about one, who may not write, how much waits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, exists, func, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person
from academy.base.access import Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.discussions import policies
from academy.discussions.models import (
    DiscussionPost,
    DiscussionThread,
    FormerText,
    PostDecision,
    PostReport,
    WritingStop,
)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of a post; `waits` until a moderator has decided."""

    reason: str
    note: str
    reporter: LocalizedText
    at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision about a post."""

    outcome: str
    reason: str
    moderator: LocalizedText
    at: datetime


@dataclass(frozen=True, slots=True)
class StopHere:
    """A stop of writing with its course, as a page finds it."""

    row: WritingStop
    course: Course
    person: Person

    @property
    def organisation_id(self) -> int:
        """The organisation of whoever was stopped."""
        return self.person.organisation_id


def _waiting() -> Any:
    return exists().where(PostReport.post_id == DiscussionPost.id, PostReport.decision_id.is_(None))


def reported(actor: Actor, course_id: int | None = None) -> Select[Any]:
    """Return the query of the posts with reports that wait, in the threads that the actor moderates, oldest report first."""
    of_post = PostReport.post_id == DiscussionPost.id, PostReport.decision_id.is_(None)
    count = select(func.count()).where(*of_post).correlate(DiscussionPost).scalar_subquery()
    since = select(func.min(PostReport.at)).where(*of_post).correlate(DiscussionPost).scalar_subquery()
    columns: tuple[Any, ...] = (
        DiscussionPost.id, DiscussionPost.text, DiscussionPost.language, DiscussionPost.author_id, DiscussionPost.hidden_at,
        DiscussionPost.removed_at, DiscussionThread.title, DiscussionThread.course_id, Person.name.label("author"),
        Organisation.name.label("organisation"), count.label("reports"), since.label("since"),
    )  # fmt: skip
    query = (
        select(*columns)
        .join(DiscussionThread, DiscussionThread.id == DiscussionPost.thread_id)
        .join(Course, Course.id == DiscussionThread.course_id)
        .join(Person, Person.id == DiscussionPost.author_id)
        .join(Organisation, Organisation.id == DiscussionThread.organisation_id)
        .where(_waiting(), policies.organisations_moderated(actor))
        .order_by(since, DiscussionPost.id)
    )
    return query if course_id is None else query.where(DiscussionThread.course_id == course_id)


def count_reported(actor: Actor) -> ScalarSelect[int]:
    """Return the subquery that counts the posts of others that wait for the actor as a moderator."""
    query = (
        select(func.count())
        .select_from(DiscussionPost)
        .join(DiscussionThread, DiscussionThread.id == DiscussionPost.thread_id)
        .join(Course, Course.id == DiscussionThread.course_id)
        .where(_waiting(), policies.organisations_moderated(actor), DiscussionPost.author_id != actor.person_id)
    )
    return query.scalar_subquery()


def reports_of(post_id: int) -> list[ReportLine]:
    """Return the reports of a post, newest first."""
    query = (
        select(PostReport.reason, PostReport.note, Person.name, PostReport.at, PostReport.decision_id.is_(None))
        .join(Person, Person.id == PostReport.reporter_id)
        .where(PostReport.post_id == post_id)
        .order_by(PostReport.at.desc(), PostReport.id.desc())
        .limit(50)
    )
    return [ReportLine(*row) for row in db.session.execute(query)]


def decisions_of(post_id: int) -> list[DecisionLine]:
    """Return what was decided about a post, newest first."""
    query = (
        select(PostDecision.outcome, PostDecision.reason, Person.name, PostDecision.at)
        .join(Person, Person.id == PostDecision.moderator_id)
        .where(PostDecision.post_id == post_id)
        .order_by(PostDecision.id.desc())
    )
    return [DecisionLine(*row) for row in db.session.execute(query)]


def reason_of_hiding(post_ids: list[int]) -> dict[int, str]:
    """Return why posts are hidden (one statement, none for no posts)."""
    if not post_ids:
        return {}
    query = (
        select(PostDecision.post_id, PostDecision.reason)
        .where(PostDecision.post_id.in_(post_ids), PostDecision.outcome == "hidden")
        .order_by(PostDecision.id)
    )
    return {post_id: reason for post_id, reason in db.session.execute(query)}


def former_texts(post_id: int) -> list[FormerText]:
    """Return how a post read before, newest first."""
    query = select(FormerText).where(FormerText.post_id == post_id).order_by(FormerText.revision.desc()).limit(20)
    return list(db.session.scalars(query))


def stops_of(course_id: int, within: set[int] | None, today: date) -> list[Any]:
    """Return who may not write in a course now, of these organisations (None: all)."""
    by = aliased(Person)
    query = (
        select(
            WritingStop.id,
            Person.name,
            Person.id.label("person_id"),
            WritingStop.until,
            WritingStop.reason,
            by.name.label("by"),
        )
        .join(Person, Person.id == WritingStop.person_id)
        .join(by, by.id == WritingStop.by_id)
        .where(WritingStop.course_id == course_id, WritingStop.ended_at.is_(None), WritingStop.until >= today)
        .order_by(WritingStop.until, WritingStop.id)
    )
    if within is not None:
        query = query.where(Person.organisation_id.in_(within))
    return list(db.session.execute(query))


def stop_here(stop_id: int) -> StopHere | None:
    """Return a stop with its course and whom it concerns."""
    query = (
        select(WritingStop, Course, Person)
        .join(Course, Course.id == WritingStop.course_id)
        .join(Person, Person.id == WritingStop.person_id)
        .where(WritingStop.id == stop_id)
    )
    row = db.session.execute(query).one_or_none()
    return StopHere(*row) if row else None


def stop_of(course_id: int, person_id: int, today: date) -> WritingStop | None:
    """Return the stop that keeps somebody from writing in a course now."""
    lasting = WritingStop.course_id == course_id, WritingStop.person_id == person_id, WritingStop.ended_at.is_(None)
    return db.session.scalar(select(WritingStop).where(*lasting, WritingStop.until >= today))
