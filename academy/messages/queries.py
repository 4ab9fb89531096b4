"""Reads about conversations and reports. Each asks for whom it reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, OrgUnit, Person, RoleGrant
from academy.accounts.policies import organisations_administered
from academy.base.access import ADMINISTRATOR, Actor
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import PUBLISHED, Course, CourseTrainer, CourseVersion
from academy.learning.models import WITHDRAWN, Enrolment
from academy.messages import rules
from academy.messages.models import (
    Conversation,
    ConversationSide,
    DirectMessage,
    MessageReport,
    MessageRules,
    MessageStop,
)
from academy.messages.queries_of_pairs import correspondents, counted_ties, judged
from academy.messages.queries_of_ties import Writer, learners_of
from academy.messages.rules import Verdict


@dataclass(frozen=True, slots=True)
class Own:
    """A conversation as one of the two opens it, with the other one. `home`: both are of one organisation.

    `other_read_to` is None where the other's organisation does not let senders see what was read.
    """

    conversation_id: int
    person_id: int
    other_id: int
    other: LocalizedText
    other_state: str
    job_title: LocalizedText | None
    home: bool
    muted: bool
    read_to: int
    other_read_to: int | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody and whom they would write to: may they, and is there a conversation already.

    `waits`: the other learns with them in another organisation, whose people are not shown before they have written.
    """

    person_id: int
    other_id: int
    other: LocalizedText
    job_title: LocalizedText | None
    home: bool
    waits: bool
    verdict: Verdict
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class Received:
    """A message, and who received it."""

    message: DirectMessage
    recipient_id: int
    author: LocalizedText
    author_organisation_id: int
    reported: bool


def own(conversation_id: int, person_id: int) -> Own | None:
    """Return a conversation for one of the two; None for everybody else."""
    mine, theirs, me = aliased(ConversationSide), aliased(ConversationSide), aliased(Person)
    query = (
        select(
            mine.conversation_id, mine.person_id, mine.other_id, Person.name, Person.state, Person.job_title,
            (Person.organisation_id == me.organisation_id).label("home"), mine.muted, mine.read_to,
            theirs.read_to.label("other_read_to"), MessageRules.shows_read, Conversation.last_at,
        )
        .join(Conversation, Conversation.id == mine.conversation_id)
        .join(theirs, and_(theirs.conversation_id == mine.conversation_id, theirs.person_id == mine.other_id))
        .join(Person, Person.id == mine.other_id)
        .join(me, me.id == mine.person_id)
        .outerjoin(MessageRules, MessageRules.organisation_id == Person.organisation_id)
        .where(mine.conversation_id == conversation_id, mine.person_id == person_id)
    )  # fmt: skip
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    return Own(
        row.conversation_id, row.person_id, row.other_id, row.name, row.state, row.job_title if row.home else None,
        bool(row.home), row.muted, row.read_to, row.other_read_to if row.shows_read else None, row.last_at,
    )  # fmt: skip


def pair(actor: Actor, other_id: int, *, today: date) -> Pair | None:
    """Return the actor and somebody to whom they would write (three statements)."""
    first, second = sorted((actor.person_id, other_id))
    known = select(Conversation.id).where(Conversation.first_id == first, Conversation.second_id == second)
    columns: tuple[Any, ...] = (
        Person.name, Person.job_title, Person.organisation_id, known.scalar_subquery().label("conversation_id"),
        Person.id.in_(learners_of(actor.person_id)).label("learns"),
    )  # fmt: skip
    row = db.session.execute(select(*columns).where(Person.id == other_id)).one_or_none()
    if row is None:
        return None
    home = row.organisation_id == actor.organisation_id
    verdict = judged(actor.person_id, other_id, today=today)
    return Pair(
        actor.person_id, other_id, row.name, row.job_title if home else None, home, bool(row.learns) and not home, verdict,
        row.conversation_id,
    )  # fmt: skip


def conversation_between(one_id: int, other_id: int) -> Conversation | None:
    """Return the one conversation of two people."""
    first, second = sorted((one_id, other_id))
    return db.session.scalar(
        select(Conversation).where(Conversation.first_id == first, Conversation.second_id == second)
    )


def sent_with(author_id: int, token: str) -> DirectMessage | None:
    """Return the message that was sent with a form."""
    mine = DirectMessage.author_id == author_id, DirectMessage.token == token
    return db.session.scalar(select(DirectMessage).where(*mine))


def _unread(side: Any) -> list[ColumnElement[bool]]:
    """Return the filters for the messages that one side has not read yet."""
    return [
        DirectMessage.conversation_id == side.conversation_id, DirectMessage.id > side.read_to,
        DirectMessage.author_id != side.person_id, DirectMessage.hidden_at.is_(None),
    ]  # fmt: skip


def waits_already(side: ConversationSide, *, before_id: int) -> bool:
    """Whether one side has something unread from before a message."""
    return bool(db.session.scalar(select(exists().where(*_unread(side), DirectMessage.id < before_id))))


def unread_conversations(person_id: int) -> Any:
    """Return the column that counts the conversations with something unread, but for muted ones; for another statement."""
    side = aliased(ConversationSide)
    mine = side.person_id == person_id, side.muted.is_(False), exists().where(*_unread(side)).correlate(side)
    return select(func.count()).select_from(side).where(*mine).scalar_subquery()


def inbox(person_id: int, terms: Sequence[str] = ()) -> Select[Any]:
    """Return the query of a person's conversations, the latest first, with the last message and how many are unread.

    Words are looked for in the other's name and in the messages.
    """
    side, last = aliased(ConversationSide), aliased(DirectMessage)
    newest = select(func.max(DirectMessage.id)).where(DirectMessage.conversation_id == side.conversation_id)
    unread = select(func.count()).select_from(DirectMessage).where(*_unread(side)).correlate(side)
    columns: tuple[Any, ...] = (
        side.conversation_id, side.muted, Person.name, Conversation.last_at, last.text, last.author_id,
        last.hidden_at, unread.scalar_subquery().label("unread"),
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(side)
        .join(Conversation, Conversation.id == side.conversation_id)
        .join(Person, Person.id == side.other_id)
        .join(last, last.id == newest.correlate(side).scalar_subquery())
        .where(side.person_id == person_id)
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
    )
    if not terms:
        return query
    named = and_(*(Person.search_text.contains(f" {term} ", autoescape=True) for term in terms))
    said = [DirectMessage.search_text.contains(f" {term} ", autoescape=True) for term in terms]
    there = DirectMessage.conversation_id == side.conversation_id, DirectMessage.hidden_at.is_(None)
    return query.where(or_(named, exists().where(*there, *said).correlate(side)))


def messages_of(conversation_id: int, reader_id: int) -> Select[Any]:
    """Return the query of the messages of a conversation, the oldest first, with what its reader has reported."""
    reported = exists().where(MessageReport.message_id == DirectMessage.id, MessageReport.reporter_id == reader_id)
    columns: tuple[Any, ...] = (
        DirectMessage.id, DirectMessage.author_id, DirectMessage.text, DirectMessage.sent_at, DirectMessage.hidden_at,
        Course.key.label("course_key"), CourseVersion.title.label("course"), reported.label("reported"),
    )  # fmt: skip
    live = and_(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED)
    return (
        select(*columns)
        .outerjoin(Course, Course.id == DirectMessage.course_id)
        .outerjoin(CourseVersion, live)
        .where(DirectMessage.conversation_id == conversation_id)
        .order_by(DirectMessage.id)
    )


def people_to_write_to(me: Writer, terms: Sequence[str], *, today: date) -> Select[Any]:
    """Return the query of those to whom somebody may write now, by name, with the ties that let them.

    Who of other organisations takes a trainer's course is not listed, as on the roster; they write first.
    """
    home = Person.organisation_id == me.organisation_id
    counted = counted_ties(me, today=today)
    columns: tuple[Any, ...] = (
        Person.id, Person.name, Person.job_title, OrgUnit.name.label("org_unit"), home.label("home"),
        *(tied.label(f"by_{tie}") for tie, tied in counted.items()),
    )  # fmt: skip
    named = [Person.search_text.contains(f" {term} ", autoescape=True) for term in terms]
    return (
        select(*columns)
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .where(correspondents(me, today=today), or_(home, Person.id.not_in(learners_of(me.id))), *named)
        .order_by(Person.search_text, Person.id)
    )


def shared_course(one_id: int, other_id: int, key: str) -> Course | None:
    """Return a course by its key if one of the two learns in it and the other trains it."""
    learns = exists().where(
        Enrolment.course_id == Course.id, Enrolment.learner_id.in_((one_id, other_id)), Enrolment.state != WITHDRAWN
    )
    trains = exists().where(CourseTrainer.course_id == Course.id, CourseTrainer.person_id.in_((one_id, other_id)))
    return db.session.scalar(select(Course).where(Course.key == key, learns, trains))


def trainers_of(course_id: int, me: Writer, *, today: date) -> list[Any]:
    """Return the trainers of a course to whom somebody who has a place in it may write: id and name."""
    here = select(CourseTrainer.person_id).where(CourseTrainer.course_id == course_id)
    query = select(Person.id, Person.name).where(Person.id.in_(here), correspondents(me, today=today))
    return list(db.session.execute(query.order_by(Person.search_text, Person.id)).all())


def received(message_id: int) -> Received | None:
    """Return a message with who received it and whether they have reported it."""
    reported = exists().where(
        MessageReport.message_id == DirectMessage.id, MessageReport.reporter_id == ConversationSide.other_id
    )
    query = (
        select(DirectMessage, ConversationSide.other_id, Person.name, Person.organisation_id, reported)
        .join(
            ConversationSide,
            and_(
                ConversationSide.conversation_id == DirectMessage.conversation_id,
                ConversationSide.person_id == DirectMessage.author_id,
            ),
        )
        .join(Person, Person.id == DirectMessage.author_id)
        .where(DirectMessage.id == message_id)
    )
    row = db.session.execute(query).one_or_none()
    return Received(*row) if row else None


def still_to_read(person_id: int, message_ids: Collection[int], *, today: date) -> set[int]:
    """Return which messages are still worth a letter to somebody: unread, not hidden nor muted, and the two may still write."""
    side = aliased(ConversationSide)
    query = (
        select(DirectMessage.id, DirectMessage.author_id)
        .join(side, side.conversation_id == DirectMessage.conversation_id)
        .where(DirectMessage.id.in_(message_ids), side.person_id == person_id, side.muted.is_(False), *_unread(side))
    )
    rows = db.session.execute(query).all()
    open_to = {author: judged(author, person_id, today=today).allowed for author in {row[1] for row in rows}}
    return {message_id for message_id, author in rows if open_to[author]}


# --- Reports ----------------------------------------------------------------


def reports_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the filter on MessageReport for those that the actor decides: of their organisations, never about or by themself."""
    houses = select(Organisation.id).where(organisations_administered(actor))
    third = MessageReport.author_id != actor.person_id, MessageReport.reporter_id != actor.person_id
    return and_(MessageReport.organisation_id.in_(houses), *third)


def report(message_report_id: int) -> MessageReport | None:
    """Return a report by id."""
    return db.session.get(MessageReport, message_report_id)


def report_of(message_id: int, reporter_id: int) -> MessageReport | None:
    """Return what somebody reported about a message."""
    mine = MessageReport.message_id == message_id, MessageReport.reporter_id == reporter_id
    return db.session.scalar(select(MessageReport).where(*mine))


def stop(message_stop_id: int) -> MessageStop | None:
    """Return by id that somebody may not write."""
    return db.session.get(MessageStop, message_stop_id)


def reports(actor: Actor, *, decided: bool) -> Select[Any]:
    """Return the query of the reports that the actor decides, or has to know of, with the names of both."""
    author, reporter = aliased(Person), aliased(Person)
    columns: tuple[Any, ...] = (
        MessageReport.id, MessageReport.reason, MessageReport.made_at, MessageReport.outcome, MessageReport.decided_at,
        author.name.label("author"), reporter.name.label("reporter"), Organisation.name.label("organisation"),
    )  # fmt: skip
    done = MessageReport.outcome.is_not(None) if decided else MessageReport.outcome.is_(None)
    return (
        select(*columns)
        .join(author, author.id == MessageReport.author_id)
        .join(reporter, reporter.id == MessageReport.reporter_id)
        .join(Organisation, Organisation.id == MessageReport.organisation_id)
        .where(reports_seen(actor), done)
        .order_by(MessageReport.made_at.desc() if decided else MessageReport.made_at, MessageReport.id)
    )


def count_reports(actor: Actor) -> Any:
    """Return the column that counts the reports that wait for the actor."""
    waits = reports_seen(actor), MessageReport.outcome.is_(None)
    return select(func.count()).select_from(MessageReport).where(*waits).scalar_subquery()


def excerpt(row: MessageReport) -> list[Any]:
    """Return the reported message and the two before it: all that an administrator sees of a conversation."""
    reported = aliased(DirectMessage)
    author = aliased(Person)
    columns = DirectMessage.id, DirectMessage.author_id, DirectMessage.text, DirectMessage.sent_at, author.name
    query = (
        select(*columns)
        .join(reported, and_(reported.id == row.message_id, reported.conversation_id == DirectMessage.conversation_id))
        .join(author, author.id == DirectMessage.author_id)
        .where(DirectMessage.id <= row.message_id)
        .order_by(DirectMessage.id.desc())
        .limit(rules.CONTEXT + 1)
    )
    return list(reversed(db.session.execute(query).all()))


def people_of(row: MessageReport) -> dict[int, Person]:
    """Return the author, the reporter and whoever decided, by id."""
    ids = {row.author_id, row.reporter_id, row.decided_by_id or 0}
    return {each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_(ids)))}


def stop_on(person_id: int, *, today: date) -> MessageStop | None:
    """Return until when somebody may write to nobody."""
    mine = MessageStop.person_id == person_id, MessageStop.holds_on(today)
    return db.session.scalar(select(MessageStop).where(*mine).order_by(MessageStop.ends_on.desc()).limit(1))


def deciders(row: MessageReport) -> list[int]:
    """Return whom to tell of a report: active administrators of the organisation, else the academy's; never the two it is about."""
    own = RoleGrant.organisation_id == row.organisation_id
    query = (
        select(Person.id, own.label("own"))
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(RoleGrant.role == ADMINISTRATOR, or_(own, RoleGrant.organisation_id.is_(None)))
        .where(Person.state == "active", Organisation.active, Person.id.not_in({row.author_id, row.reporter_id}))
    )
    found = db.session.execute(query).all()
    nearest = {each.id for each in found if each.own} or {each.id for each in found}
    return sorted(nearest)


def rules_of(organisation_id: int) -> MessageRules:
    """Return what an organisation allows; before it has chosen, the usual, not stored."""
    return db.session.get(MessageRules, organisation_id) or MessageRules(
        organisation_id=organisation_id, **rules.USUAL, shows_read=False, months=rules.MONTHS
    )
