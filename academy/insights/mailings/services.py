"""What is done with targeted letters: written, sent person by person, stopped. Nobody gets one twice, whatever breaks."""

from datetime import datetime

from sqlalchemy import select, update

from academy.accounts.models import Person
from academy.base import audit, jobs, markdown
from academy.base.access import Actor
from academy.base.db import db, insert_missing, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.insights.mailings import queries
from academy.insights.mailings.models import (
    DRAFT,
    FINISHED,
    KEPT_BACK,
    LEFT,
    NO_ADDRESS,
    OPTED_OUT,
    SENDING,
    STOPPED,
    TOLD,
    WAITING,
    Mailing,
    MailingPerson,
)
from academy.insights.mailings.queries import KIND, Whom
from academy.insights.reports.reach import actor_of
from academy.notices import kinds
from academy.notices import queries as notices
from academy.notices.services import tell

ASKS_NUMBER = ("idle", "below", "ending")
BATCH = 100


def write(actor: Actor, whom: Whom, *, title: LocalizedText, text: LocalizedText, at: datetime) -> Mailing:
    """Keep a draft. Raises Invalid when its state asks for a number and there is none."""
    _check_number(whom)
    row = Mailing(
        by_id=actor.person_id, course_id=whom.course_id, whom=whom.state,
        number=_number(whom), title=title, text=text, created_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def rewrite(row: Mailing, whom: Whom, *, title: LocalizedText, text: LocalizedText) -> Mailing:
    """Change a draft. Raises Conflict once it is being sent, Invalid as `write` does."""
    _hold_draft(row)
    _check_number(whom)
    row.course_id, row.whom, row.number = whom.course_id, whom.state, _number(whom)
    row.title, row.text = title, text
    db.session.flush()
    return row


def delete(row: Mailing) -> None:
    """Throw a draft away. Raises Conflict once it is being sent: what was sent stays on record."""
    _hold_draft(row)
    db.session.delete(row)
    db.session.flush()


def _hold_draft(row: Mailing) -> None:
    held: Mailing | None = lock(Mailing, row.id)
    if held is None or held.state != DRAFT:
        raise Conflict(_l("This letter is being sent already."))


def _check_number(whom: Whom) -> None:
    if whom.state in ASKS_NUMBER and not whom.number:
        raise Invalid(_l("Enter a number from 1 to 365."), field="number")


def _number(whom: Whom) -> int | None:
    return whom.number if whom.state in ASKS_NUMBER else None


def whom_of(row: Mailing) -> Whom:
    """Return whom a mailing is for."""
    return Whom(row.course_id, row.whom, row.number)


def send(actor: Actor, row: Mailing, *, at: datetime) -> int:
    """Note everyone who stands there now and begin to send; returns how many. Raises Conflict when it has begun, or for nobody."""
    lock(Mailing, row.id)
    if row.state != DRAFT:
        raise Conflict(_l("This letter is being sent already."))
    course = db.session.get_one(Course, row.course_id)
    found = db.session.execute(queries.standing_there(whom_of(row), queries.reach(actor, course), at=at))
    people = [person.id for person in found]
    if not people:
        raise Conflict(_l("Nobody stands there now, so there is nobody to write to."))
    row.state, row.begun_at = SENDING, at
    insert_missing(MailingPerson, [{"mailing_id": row.id, "person_id": one, "outcome": WAITING} for one in people])
    _record("insights:mailing:send", actor, row, at, {"people": len(people), "whom": row.whom, "course": row.course_id})
    queue(row.id, 0)
    return len(people)


def stop(actor: Actor, row: Mailing, *, at: datetime) -> None:
    """Stop sending; what was sent stays, and nobody else gets it. Raises Conflict when nothing is being sent."""
    lock(Mailing, row.id)
    if row.state != SENDING:
        raise Conflict(_l("This letter is not being sent."))
    row.state, row.ended_at = STOPPED, at
    waiting = MailingPerson.mailing_id == row.id, MailingPerson.outcome == WAITING
    db.session.execute(update(MailingPerson).where(*waiting).values(outcome=KEPT_BACK))
    _record("insights:mailing:stop", actor, row, at, {})


def send_some(mailing_id: int, *, at: datetime, most: int = BATCH) -> bool:
    """Tell the next people, each in step with whether they still stand there and within reach. Returns whether more wait."""
    row: Mailing | None = lock(Mailing, mailing_id)
    if row is None or row.state != SENDING:
        return False
    batch = queries.next_waiting(mailing_id, most=most)
    ids = [each.person_id for each in batch]
    people = {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    there = _still_there(row, ids, at)
    for each in batch:
        each.outcome = _tell(row, people[each.person_id], at) if each.person_id in there else LEFT
    if len(batch) < most:
        row.state, row.ended_at = FINISHED, at
    db.session.flush()
    return len(batch) == most


def queue(mailing_id: int, part: int) -> None:
    """Queue the next part of a mailing."""
    jobs.enqueue("insights.send_mailing", unique_key=f"{KIND}:{mailing_id}:{part}", mailing_id=mailing_id, part=part)


def _still_there(row: Mailing, ids: list[int], at: datetime) -> set[int]:
    author = actor_of(row.by_id)
    if author is None or not ids:
        return set()
    people = queries.reach(author, db.session.get_one(Course, row.course_id)) & Person.id.in_(ids)
    return {one.id for one in db.session.execute(queries.standing_there(whom_of(row), people, at=at))}


def _tell(row: Mailing, person: Person, at: datetime) -> str:
    course = db.session.get_one(Course, row.course_id)
    words = LocalizedText(*(markdown.words_of(said) for said in (row.text.ar, row.text.en)))
    author = db.session.get_one(Person, row.by_id)
    tell(
        person.id, KIND, f"{KIND}:{row.id}", at=at, address=f"/courses/{course.key}", about_id=row.id, title=row.title,
        opening=words, by=author.name,
    )  # fmt: skip
    if not person.email:
        return NO_ADDRESS
    return OPTED_OUT if notices.rhythm(person.id, kinds.kind(KIND)) == kinds.NEVER else TOLD


def _record(act: str, actor: Actor, row: Mailing, at: datetime, after: dict[str, object]) -> None:
    audit.record(
        act, at=at, actor_id=actor.person_id, organisation_id=actor.organisation_id,
        subject=("mailing", row.id, row.title.show("ar")), after=after,
    )  # fmt: skip
