"""What the pages of discussions show: where a visitor is, the list of threads, the posts of one."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Activity, Course, CourseTrainer, CourseUnit, CourseVersion
from academy.discussions.models import (
    DiscussionPost,
    DiscussionReader,
    DiscussionRule,
    DiscussionThread,
    MarkedAnswer,
    PostReport,
    WritingStop,
)
from academy.discussions.places import Discussions, PostHere, ThreadHere
from academy.discussions.rules import OPEN, QUESTION
from academy.learning.models import WITHDRAWN, Enrolment

ALL, UNANSWERED, MINE, SUBSCRIBED = "", "unanswered", "mine", "subscribed"


def _facts(person_id: int) -> tuple[Any, ...]:
    """Return the columns beside Course that say how a visitor stands to its discussions."""
    place = exists().where(
        Enrolment.learner_id == person_id, Enrolment.course_id == Course.id, Enrolment.state != WITHDRAWN
    )
    return (
        CourseVersion.title, CourseVersion.id, func.coalesce(DiscussionRule.state, OPEN), place.correlate(Course),
        WritingStop.until, func.coalesce(WritingStop.reason, ""), func.coalesce(DiscussionReader.subscribed, false()),
        DiscussionReader.seen_at, CourseTrainer,
    )  # fmt: skip


def _with_facts(query: Select[Any], person_id: int) -> Select[Any]:
    version = aliased(CourseVersion)
    order = case((version.state == PUBLISHED, 0), else_=1), version.number.desc()
    newest = select(version.id).where(version.course_id == Course.id).order_by(*order).limit(1).correlate(Course)
    stop = WritingStop.course_id == Course.id, WritingStop.person_id == person_id, WritingStop.ended_at.is_(None)
    mine = DiscussionReader.course_id == Course.id, DiscussionReader.person_id == person_id
    return (
        query.join(CourseVersion, CourseVersion.id == newest.scalar_subquery())
        .outerjoin(DiscussionRule, DiscussionRule.course_id == Course.id)
        .outerjoin(WritingStop, and_(*stop))
        .outerjoin(CourseTrainer, and_(CourseTrainer.course_id == Course.id, CourseTrainer.person_id == person_id))
        .outerjoin(DiscussionReader, and_(*mine, DiscussionReader.thread_id.is_(None)))
    )


def discussions(key: str, person_id: int) -> Discussions | None:
    """Return the discussions of a course as somebody finds them (one statement)."""
    query = select(Course, *_facts(person_id)).select_from(Course).where(Course.key == key)
    row = db.session.execute(_with_facts(query, person_id)).one_or_none()
    return Discussions(*row) if row else None


def thread_here(thread_id: int, person_id: int) -> ThreadHere | None:
    """Return a thread as somebody finds it (one statement)."""
    mine = aliased(DiscussionReader)
    query = (
        select(DiscussionThread, mine.subscribed, mine.seen_at, Course, *_facts(person_id))
        .select_from(DiscussionThread)
        .join(Course, Course.id == DiscussionThread.course_id)
        .outerjoin(mine, and_(mine.thread_id == DiscussionThread.id, mine.person_id == person_id))
        .where(DiscussionThread.id == thread_id)
    )
    row = db.session.execute(_with_facts(query, person_id)).one_or_none()
    return ThreadHere(Discussions(*row[3:]), row[0], bool(row[1]), row[2]) if row else None


def post_here(post_id: int, person_id: int) -> PostHere | None:
    """Return a post in its thread as somebody finds it (one statement)."""
    query = (
        select(DiscussionThread, DiscussionPost, Course, *_facts(person_id))
        .select_from(DiscussionPost)
        .join(DiscussionThread, DiscussionThread.id == DiscussionPost.thread_id)
        .join(Course, Course.id == DiscussionThread.course_id)
        .where(DiscussionPost.id == post_id)
    )
    row = db.session.execute(_with_facts(query, person_id)).one_or_none()
    return PostHere(Discussions(*row[2:]), row[0], row[1]) if row else None


# --- The list of threads ----------------------------------------------------------------------------------------


def threads(
    here: Discussions, *, reader_id: int, within: set[int] | None, shown: str = ALL, about: str = "", terms: list[str]
) -> Select[Any]:
    """Return the query of the threads of a course in these organisations (None: all), pinned ones first, then by the latest post.

    `new` counts what others wrote since the reader last saw a thread; `terms` must all be found in one post that is shown.
    """
    mine = aliased(DiscussionReader)
    reply = and_(DiscussionPost.thread_id == DiscussionThread.id, DiscussionPost.removed_at.is_(None))
    replies = select(func.count()).where(reply, ~DiscussionPost.opening, DiscussionPost.hidden_at.is_(None))
    fresh = [DiscussionPost.author_id != reader_id, DiscussionPost.hidden_at.is_(None)]
    fresh.append(or_(mine.seen_at.is_(None), DiscussionPost.created_at > mine.seen_at))
    if here.seen_at is not None:
        fresh.append(DiscussionPost.created_at > here.seen_at)
    new = select(func.count()).where(reply, *fresh).correlate(DiscussionThread, mine)
    hidden = exists().where(
        DiscussionPost.thread_id == DiscussionThread.id, DiscussionPost.opening, DiscussionPost.hidden_at.is_not(None)
    )
    columns: tuple[Any, ...] = (
        DiscussionThread.id, DiscussionThread.kind, DiscussionThread.title, DiscussionThread.pinned, DiscussionThread.locked,
        DiscussionThread.author_id, DiscussionThread.created_at, DiscussionThread.last_post_at, DiscussionThread.activity_key,
        Person.name.label("author"), Organisation.name.label("organisation"), MarkedAnswer.post_id.label("answer_id"),
        replies.correlate(DiscussionThread).scalar_subquery().label("replies"), new.scalar_subquery().label("new"),
        hidden.correlate(DiscussionThread).label("hidden"), func.coalesce(mine.subscribed, false()).label("subscribed"),
    )  # fmt: skip
    return (
        select(*columns)
        .join(Person, Person.id == DiscussionThread.author_id)
        .join(Organisation, Organisation.id == DiscussionThread.organisation_id)
        .outerjoin(MarkedAnswer, MarkedAnswer.thread_id == DiscussionThread.id)
        .outerjoin(mine, and_(mine.thread_id == DiscussionThread.id, mine.person_id == reader_id))
        .where(
            DiscussionThread.course_id == here.course.id,
            true() if within is None else DiscussionThread.organisation_id.in_(within),
            _chosen(shown, reader_id, mine),
            true() if not about else DiscussionThread.activity_key == about,
            *([_holding(terms)] if terms else []),
        )
        .order_by(DiscussionThread.pinned.desc(), DiscussionThread.last_post_at.desc(), DiscussionThread.id.desc())
    )


def _chosen(shown: str, reader_id: int, mine: Any) -> ColumnElement[bool]:
    if shown == UNANSWERED:
        return and_(DiscussionThread.kind == QUESTION, MarkedAnswer.post_id.is_(None))
    if shown == MINE:
        wrote = exists().where(DiscussionPost.thread_id == DiscussionThread.id, DiscussionPost.author_id == reader_id)
        return wrote.correlate(DiscussionThread)
    return mine.subscribed.is_(True) if shown == SUBSCRIBED else true()


def _holding(terms: list[str]) -> ColumnElement[bool]:
    words = [DiscussionPost.search_text.contains(f" {term} ", autoescape=True) for term in terms]
    found = DiscussionPost.thread_id == DiscussionThread.id, DiscussionPost.hidden_at.is_(None)
    return exists().where(*found, *words).correlate(DiscussionThread)


@dataclass(frozen=True, slots=True)
class AboutActivity:
    """The state of a course's discussions, and how many threads of an organisation are about one of its activities."""

    state: str
    threads: int


def about_activity(course_id: int, activity_key: str, organisation_id: int) -> AboutActivity:
    """Return how much is written about an activity among the people of an organisation (one statement)."""
    where = {"course": course_id, "activity": activity_key, "organisation": organisation_id}
    return AboutActivity(*db.session.execute(_about_activity(), where).one())


@cache  # every page of the player asks it: put together once
def _about_activity() -> Select[str, int]:
    counted = select(func.count()).where(
        DiscussionThread.course_id == bindparam("course"), DiscussionThread.organisation_id == bindparam("organisation"),
        DiscussionThread.activity_key == bindparam("activity"),
    )  # fmt: skip
    return select(state_here(), counted.scalar_subquery())


def state_here() -> ColumnElement[str]:
    """Return the state of a course's discussions, as a column over the parameter `course`."""
    state = select(DiscussionRule.state).where(DiscussionRule.course_id == bindparam("course"))
    return func.coalesce(state.scalar_subquery(), OPEN)


def activity_titles(version_id: int) -> dict[str, LocalizedText]:
    """Return the titles of the activities of a version by their keys, in order."""
    query = (
        select(Activity.key, Activity.title)
        .join(CourseUnit, CourseUnit.id == Activity.unit_id)
        .where(Activity.version_id == version_id, Activity.removed_at.is_(None), CourseUnit.removed_at.is_(None))
        .order_by(CourseUnit.position, CourseUnit.id, Activity.position, Activity.id)
    )
    return {key: title for key, title in db.session.execute(query)}


# --- One thread -------------------------------------------------------------------------------------------------


def posts(thread: DiscussionThread, *, reader_id: int) -> Select[Any]:
    """Return the query of the posts of a thread in order, each with its author, what it quotes and whether the reader reported it."""
    quoted, quoted_author = aliased(DiscussionPost), aliased(Person)
    reported = exists().where(PostReport.post_id == DiscussionPost.id, PostReport.reporter_id == reader_id)
    columns: tuple[Any, ...] = (
        DiscussionPost.id, DiscussionPost.opening, DiscussionPost.text, DiscussionPost.language, DiscussionPost.author_id,
        DiscussionPost.created_at, DiscussionPost.edited_at, DiscussionPost.removed_at, DiscussionPost.hidden_at,
        Person.name.label("author"), MarkedAnswer.marked_at.label("answers_at"), reported.label("reported"),
        quoted.id.label("quoted_id"), quoted.text.label("quoted_text"), quoted.language.label("quoted_language"),
        quoted.hidden_at.label("quoted_hidden_at"), quoted_author.name.label("quoted_author"),
    )  # fmt: skip
    return (
        select(*columns)
        .join(Person, Person.id == DiscussionPost.author_id)
        .outerjoin(MarkedAnswer, MarkedAnswer.post_id == DiscussionPost.id)
        .outerjoin(quoted, quoted.id == DiscussionPost.quoted_id)
        .outerjoin(quoted_author, quoted_author.id == quoted.author_id)
        .where(DiscussionPost.thread_id == thread.id)
        .order_by(DiscussionPost.created_at, DiscussionPost.id)
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """Which reply answers a question, who wrote it, and on which place of the thread it stands (the opening is 0)."""

    post_id: int
    place: int
    author: LocalizedText


def answer_of(thread_id: int) -> Answer | None:
    """Return the reply that answers a question."""
    earlier = aliased(DiscussionPost)
    before = or_(
        earlier.created_at < DiscussionPost.created_at,
        and_(earlier.created_at == DiscussionPost.created_at, earlier.id < DiscussionPost.id),
    )
    place = select(func.count()).where(earlier.thread_id == DiscussionPost.thread_id, before)
    query = (
        select(DiscussionPost.id, place.correlate(DiscussionPost).scalar_subquery(), Person.name)
        .join(MarkedAnswer, MarkedAnswer.post_id == DiscussionPost.id)
        .join(Person, Person.id == DiscussionPost.author_id)
        .where(MarkedAnswer.thread_id == thread_id)
    )
    row = db.session.execute(query).one_or_none()
    return Answer(*row) if row else None


def place_in_thread(post_id: int, thread_id: int) -> int:
    """Return how many posts stand before one in its thread."""
    this = select(DiscussionPost.created_at).where(DiscussionPost.id == post_id).scalar_subquery()
    before = or_(DiscussionPost.created_at < this, and_(DiscussionPost.created_at == this, DiscussionPost.id < post_id))
    query = select(func.count()).where(DiscussionPost.thread_id == thread_id, before)
    return db.session.scalar(query) or 0


def post(post_id: int) -> DiscussionPost | None:
    """Return a post by id."""
    return db.session.get(DiscussionPost, post_id)


def is_answered(row: DiscussionPost) -> bool:
    """Whether anybody wrote in the thread after a post, so that it cannot go without leaving a gap."""
    later = exists().where(DiscussionPost.thread_id == row.thread_id, DiscussionPost.id > row.id)
    return bool(db.session.scalar(select(later)))


def is_reported(post_id: int) -> bool:
    """Whether anybody ever reported a post."""
    return bool(db.session.scalar(select(exists().where(PostReport.post_id == post_id))))


def new_posts() -> ScalarSelect[int]:
    """Return how many posts in a course are new to the `reader`, of the `course` and `organisation`, as a column."""
    mine, whole = aliased(DiscussionReader), aliased(DiscussionReader)
    course, reader = bindparam("course", type_=Integer), bindparam("reader", type_=Integer)
    counted = (
        select(func.count())
        .select_from(DiscussionPost)
        .join(DiscussionThread, DiscussionThread.id == DiscussionPost.thread_id)
        .outerjoin(mine, and_(mine.thread_id == DiscussionThread.id, mine.person_id == reader))
        .outerjoin(whole, and_(whole.course_id == course, whole.thread_id.is_(None), whole.person_id == reader))
        .where(
            DiscussionThread.course_id == course, DiscussionThread.organisation_id == bindparam("organisation"),
            DiscussionPost.author_id != reader, DiscussionPost.removed_at.is_(None), DiscussionPost.hidden_at.is_(None),
            or_(mine.seen_at.is_(None), DiscussionPost.created_at > mine.seen_at),
            or_(whole.seen_at.is_(None), DiscussionPost.created_at > whole.seen_at),
        )
    )  # fmt: skip
    return counted.scalar_subquery()
