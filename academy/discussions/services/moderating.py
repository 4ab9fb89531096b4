"""Reporting posts, deciding about them, stopping people from writing, pinning and locking threads, closing discussions."""

from datetime import date, datetime

from sqlalchemy import delete, select, update

from academy.accounts.models import Person
from academy.base import audit, jobs
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.discussions import rules
from academy.discussions.models import (
    DiscussionRule,
    DiscussionThread,
    MarkedAnswer,
    PostDecision,
    PostReport,
    WritingStop,
)
from academy.discussions.services.holding import hold_post, hold_thread


def report(post_id: int, *, reporter_id: int, reason: str, note: str, at: datetime) -> bool:
    """Report a post of somebody else; each reader once. Returns whether this call did it."""

    def make() -> PostReport:
        return PostReport(post_id=post_id, reporter_id=reporter_id, reason=reason, note=note, at=at)

    def find() -> PostReport | None:
        mine = PostReport.post_id == post_id, PostReport.reporter_id == reporter_id
        return db.session.scalar(select(PostReport).where(*mine))

    return insert_once(make, find)[1]


def decide(post_id: int, outcome: str, *, reason: str, moderator_id: int, at: datetime) -> None:
    """Hide a post, keep it, or show it again, with a reason; that answers every report of it. Nobody decides about their own."""
    post = hold_post(post_id)
    if not reason:
        raise Invalid(_l("Write the reason; the author reads it."), field="reason")
    if outcome not in rules.outcomes(hidden=post.hidden_at is not None):
        raise Conflict(_l("Another moderator has decided about this post meanwhile."), field="outcome")
    thread = db.session.get_one(DiscussionThread, post.thread_id)
    row = PostDecision(
        post_id=post_id, author_id=post.author_id, moderator_id=moderator_id, outcome=outcome, reason=reason, at=at
    )
    db.session.add(row)
    db.session.flush()
    waiting = PostReport.post_id == post_id, PostReport.decision_id.is_(None)
    answered = db.session.scalars(
        update(PostReport).where(*waiting).values(decision_id=row.id).returning(PostReport.id)
    ).all()
    before = "hidden" if post.hidden_at else "shown"
    if outcome == rules.HIDDEN:
        post.hidden_at = at
        db.session.execute(delete(MarkedAnswer).where(MarkedAnswer.post_id == post_id))
    elif outcome == rules.SHOWN:
        post.hidden_at = None
    db.session.flush()
    audit.record(
        "discussions:post:decide", at=at, actor_id=moderator_id, subject=("discussion_post", post_id, thread.title),
        organisation_id=thread.organisation_id, before={"state": before},
        after={"outcome": outcome, "reason": reason, "author_id": post.author_id},
    )  # fmt: skip
    if outcome != rules.KEPT:
        jobs.enqueue("discussions.tell_decision", unique_key=f"decision:{row.id}", decision_id=row.id)
    if answered:
        key = f"reporters:{row.id}:0"
        jobs.enqueue("discussions.tell_reporters", unique_key=key, decision_id=row.id, after_id=0)


def stop(course_id: int, person: Person, *, until: date, reason: str, by_id: int, at: datetime, today: date) -> None:
    """Stop somebody from writing in the discussions of a course until a day; a later stop takes the place of an earlier one."""
    if not reason:
        raise Invalid(_l("Write the reason; the person reads it."), field="stop_reason")
    if not today <= until <= today + rules.LONGEST_STOP:
        raise Invalid(_l("Choose a day from today on, at most a year away."), field="until")
    lock(Person, person.id)
    _end(course_id, person.id, at)
    row = WritingStop(course_id=course_id, person_id=person.id, until=until, reason=reason, by_id=by_id, at=at)
    db.session.add(row)
    db.session.flush()
    audit.record(
        "discussions:person:stop", at=at, actor_id=by_id, subject=("person", person.id, person.name.show("ar")),
        organisation_id=person.organisation_id,
        after={"course_id": course_id, "until": until.isoformat(), "reason": reason},
    )  # fmt: skip
    jobs.enqueue("discussions.tell_stop", unique_key=f"stop:{row.id}", stop_id=row.id)


def end_stop(row: WritingStop, *, by_id: int, at: datetime) -> None:
    """Let somebody write again before the last day of a stop. Ending it twice changes nothing."""
    if not _end(row.course_id, row.person_id, at):
        return
    person = db.session.get_one(Person, row.person_id)
    audit.record(
        "discussions:person:end_stop", at=at, actor_id=by_id, subject=("person", person.id, person.name.show("ar")),
        organisation_id=person.organisation_id, before={"until": row.until.isoformat()},
        after={"course_id": row.course_id},
    )  # fmt: skip


def _end(course_id: int, person_id: int, at: datetime) -> bool:
    lasting = WritingStop.course_id == course_id, WritingStop.person_id == person_id, WritingStop.ended_at.is_(None)
    found = db.session.scalars(select(WritingStop).where(*lasting).with_for_update()).all()
    for each in found:
        each.ended_at = at
    db.session.flush()
    return bool(found)


def arrange(thread_id: int, act: str, *, actor_id: int, at: datetime) -> None:
    """Pin or lock a thread, or take that back: pin, unpin, lock, unlock."""
    thread = hold_thread(thread_id)
    before = {"pinned": thread.pinned, "locked": thread.locked}
    if act in ("pin", "unpin"):
        thread.pinned = act == "pin"
    elif act in ("lock", "unlock"):
        thread.locked = act == "lock"
    after = {"pinned": thread.pinned, "locked": thread.locked}
    db.session.flush()
    if after != before:
        audit.record(
            "discussions:thread:arrange", at=at, actor_id=actor_id,
            subject=("discussion_thread", thread_id, thread.title), organisation_id=thread.organisation_id,
            before=before, after=after,
        )  # fmt: skip


def rule(course_id: int, state: str, *, organisation_id: int, label: str, actor_id: int, at: datetime) -> None:
    """Open the discussions of a course, close them, or switch them off."""

    def make() -> DiscussionRule:
        return DiscussionRule(course_id=course_id, state=rules.OPEN, changed_by_id=actor_id, changed_at=at)

    row = insert_once(make, lambda: db.session.get(DiscussionRule, course_id, with_for_update=True))[0]
    if (before := row.state) == state:
        return
    row.state, row.changed_by_id, row.changed_at = state, actor_id, at
    db.session.flush()
    audit.record(
        "discussions:course:rule", at=at, actor_id=actor_id, subject=("course", course_id, label),
        organisation_id=organisation_id, before={"state": before}, after={"state": state},
    )  # fmt: skip
