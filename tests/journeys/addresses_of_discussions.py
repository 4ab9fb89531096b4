"""The addresses of discussions: as a learner reads and writes them, and as their moderator looks after them."""

from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base import clock
from academy.base.db import db
from academy.devdata import accounts as demo
from academy.discussions import services
from academy.discussions.models import DiscussionPost, DiscussionThread, PostReport
from academy.discussions.rules import QUESTION
from tests.journeys.prepared import course, first, person

KEY = "cx-measurement"


def _reported() -> DiscussionPost:
    return db.session.get_one(DiscussionPost, first(PostReport, PostReport.decision_id.is_(None)).post_id)


def discussions_to_read() -> list[str]:
    """Return the lists, threads and forms of a learner: an answered question, a talk, something of their own and of others."""
    me = person(demo.EMPLOYEE)
    mine = first(DiscussionThread, DiscussionThread.author_id == me.id)
    other = first(DiscussionThread, DiscussionThread.author_id != me.id)
    own = first(DiscussionPost, DiscussionPost.thread_id == mine.id, DiscussionPost.author_id == me.id)
    reply = first(DiscussionPost, DiscussionPost.thread_id == mine.id, DiscussionPost.author_id != me.id)
    place = "discussions.threads"
    return [
        url_for(place, key=KEY),
        *(url_for(place, key=KEY, show=shown) for shown in ("unanswered", "mine", "subscribed")),
        url_for(place, key=KEY, q="xyzzy"),
        url_for(place, key="cx-foundations"),
        url_for("discussions.new", key=KEY),
        url_for("discussions.thread", thread_id=mine.id, quote=reply.id),
        url_for("discussions.thread", thread_id=other.id),
        url_for("discussions.edit", post_id=own.id),
        url_for("discussions.report", post_id=reply.id),
    ]


def discussions_to_moderate() -> list[str]:
    """Return what the trainer sees: the queue, posts that wait, were hidden and changed, somebody who may not write."""
    trainer, at = person(demo.TRAINER), clock.now()
    waits = _reported()
    thread = db.session.scalars(
        select(DiscussionThread).where(DiscussionThread.kind == QUESTION).order_by(DiscussionThread.id)
    ).first()
    of_others = DiscussionPost.thread_id == thread.id, DiscussionPost.author_id != trainer.id
    hidden = db.session.scalars(
        select(DiscussionPost).where(*of_others, ~DiscussionPost.opening).order_by(DiscussionPost.id)
    ).first()
    services.change(hidden.id, text="نص معدَّل.", title="", revision=hidden.revision, at=at)
    services.decide(hidden.id, "hidden", reason="يذكر اسم مستفيد.", moderator_id=trainer.id, at=at)
    services.stop(
        course(KEY).id, db.session.get_one(Person, waits.author_id), until=clock.today() + timedelta(days=5),
        reason="إعلانات متكررة.", by_id=trainer.id, at=at, today=clock.today(),
    )  # fmt: skip
    return [
        url_for("discussions.reported"),
        url_for("discussions.moderated", post_id=waits.id),
        url_for("discussions.moderated", post_id=hidden.id),
        url_for("discussions.desk", key=KEY),
        url_for("discussions.desk", key="cx-foundations"),
        url_for("discussions.threads", key=KEY),
        url_for("discussions.thread", thread_id=thread.id),
    ]
