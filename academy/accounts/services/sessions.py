"""Starting, touching and ending sessions. The token leaves once, to the browser; the database keeps its digest."""

from datetime import datetime

from sqlalchemy import update

from academy.accounts.models import Person, PersonSession
from academy.accounts.queries import sessions_of
from academy.base import audit, ids
from academy.base.db import change, db, separately, writing


def start_session(
    person_id: int, *, at: datetime, address: str | None, browser: str, begun_at: datetime | None = None
) -> str:
    """Start a session for a person and return its token. One that goes on from another began when that one did."""
    token = ids.random_token()
    row = PersonSession(
        token_digest=ids.digest(token),
        person_id=person_id,
        created_at=begun_at or at,
        last_seen_at=at,
        address=address,
        browser=browser[:200],
    )
    db.session.add(row)
    db.session.flush()
    return token


def touch_session(session_id: int, *, at: datetime) -> None:
    """Note that a session is in use; while a page is only read, in a transaction of its own."""
    touch = update(PersonSession).where(PersonSession.id == session_id).values(last_seen_at=at)
    if writing():
        db.session.execute(touch)
        return
    with separately() as session:
        session.execute(touch)


def end_session(session_id: int, *, person_id: int, at: datetime) -> bool:
    """End one of a person's sessions. Returns whether there was such a one."""
    mine = (PersonSession.id == session_id, PersonSession.person_id == person_id, PersonSession.ended_at.is_(None))
    return bool(change(update(PersonSession).where(*mine).values(ended_at=at)))


def end_all_sessions(person_id: int, *, at: datetime) -> int:
    """End all sessions of a person, in their organisation and no other of theirs. Returns how many were ended."""
    query = update(PersonSession).where(PersonSession.person_id == person_id, PersonSession.ended_at.is_(None))
    return change(query.values(ended_at=at))


def end_sessions_everywhere(person_id: int, account_id: int | None, *, at: datetime, but: int | None = None) -> int:
    """End all sessions of whoever is this person, in all their organisations, but one if it is named. Returns how many."""
    query = update(PersonSession).where(sessions_of(person_id, account_id), PersonSession.ended_at.is_(None))
    if but is not None:
        query = query.where(PersonSession.id != but)
    return change(query.values(ended_at=at))


def end_own_session(session: PersonSession, *, at: datetime) -> None:
    """End a session because its owner says so; it is noted in the trail."""
    person = db.session.get_one(Person, session.person_id)
    if end_session(session.id, person_id=person.id, at=at):
        subject = ("person", person.id, person.name.show("ar"))
        audit.record(
            "accounts:session:end", at=at, actor_id=person.id, subject=subject, organisation_id=person.organisation_id
        )
