"""Reads about notices and letters."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, cast, func, literal, select

from academy.base.db import db
from academy.base.jobs import Job
from academy.notices import kinds, rules
from academy.notices.models import Letter, LetterChoice, LetterRules, Notice


def unread_count(person_id: int) -> int:
    """Return how many notices a person has not read."""
    return db.session.scalar(select(unread_of(person_id))) or 0


def unread_of(person_id: Any) -> ColumnElement[int]:
    """Return the column that counts the notices a person has not read, for a statement about the person."""
    mine = Notice.person_id == person_id, Notice.read_at.is_(None)
    return select(func.count()).select_from(Notice).where(*mine).scalar_subquery()


def notices_of(person_id: int) -> Select[Any]:
    """Return the query of a person's notices, newest first: id, kind, values, created_at, read_at."""
    columns: tuple[Any, ...] = (Notice.id, Notice.kind, Notice.values, Notice.created_at, Notice.read_at)
    return select(*columns).where(Notice.person_id == person_id).order_by(Notice.created_at.desc(), Notice.id.desc())


def notice(notice_id: int) -> Notice | None:
    """Return a notice by id."""
    return db.session.get(Notice, notice_id)


def _waits_until() -> ScalarSelect[datetime]:
    """Return the column of when a letter that waits is sent, as its job says."""
    own = Job.unique_key == literal("letter:") + cast(Letter.id, String)
    return select(Job.run_after).where(own, Letter.state == "queued").correlate(Letter).scalar_subquery()


def letters(state: str = "") -> Select[Any]:
    """Return the query of all letters, newest first, of one state if it is named."""
    columns: tuple[Any, ...] = (
        Letter.id,
        Letter.kind,
        Letter.to_name,
        Letter.to_address,
        Letter.subject,
        Letter.language,
        Letter.state,
        Letter.created_at,
        _waits_until().label("waits_until"),
    )
    query = select(*columns).order_by(Letter.created_at.desc(), Letter.id.desc())
    return query.where(Letter.state == state) if state else query


def letter(letter_id: int) -> Letter | None:
    """Return a letter by id."""
    return db.session.get(Letter, letter_id)


def held_until(row: Letter) -> datetime | None:
    """Return when a letter that waits is sent, as its job says; one statement."""
    return db.session.scalar(select(_waits_until()).where(Letter.id == row.id).select_from(Letter))


def told_until(cause: str) -> datetime | None:
    """Return when the first letter of a cause that still waits is sent, as its job says; None when none waits; one statement."""
    mine = Letter.cause == cause, Letter.state == "queued"
    return db.session.scalar(select(func.min(_waits_until())).where(*mine).select_from(Letter))


def rhythm(person_id: int, kind: kinds.Kind) -> str:
    """Return how often a person receives letters of a kind: now, daily, weekly or never."""
    if kind.needed:
        return kinds.NOW
    mine = LetterChoice.person_id == person_id, LetterChoice.kind == kind.name
    return db.session.scalar(select(LetterChoice.rhythm).where(*mine)) or kinds.NOW


def choices(person_id: int) -> dict[str, str]:
    """Return what a person has chosen: kind → rhythm."""
    mine = LetterChoice.person_id == person_id
    return {
        kind: chosen for kind, chosen in db.session.execute(select(LetterChoice.kind, LetterChoice.rhythm).where(mine))
    }


def kinds_told(person_id: int) -> set[str]:
    """Return the kinds of which a person was ever told."""
    return set(db.session.scalars(select(Notice.kind).where(Notice.person_id == person_id).distinct()))


def people_waiting(rhythm: str, *, before: datetime, cause: str, after_id: int, most: int) -> list[int]:
    """Return the next people for whom notices from before a moment wait, unless their letter of that cause is written."""
    written = select(Letter.id).where(Letter.person_id == Notice.person_id, Letter.cause == cause).exists()
    waiting = Notice.waits_for == rhythm, Notice.created_at < before, Notice.person_id > after_id, ~written
    query = select(Notice.person_id).where(*waiting).distinct().order_by(Notice.person_id).limit(most)
    return list(db.session.scalars(query))


def waiting(person_id: int, rhythm: str, *, before: datetime) -> list[Notice]:
    """Return the notices of a person that wait for a digest, the oldest first."""
    mine = Notice.person_id == person_id, Notice.waits_for == rhythm, Notice.created_at < before
    return list(db.session.scalars(select(Notice).where(*mine).order_by(Notice.created_at, Notice.id)))


def letter_rules() -> LetterRules:
    """Return when letters are held back; before it was ever set, from 20:00 until 7:00 and at the weekend, not stored."""
    usual, ladder = rules.Quiet(), rules.Ladder()
    return db.session.get(LetterRules, 1) or LetterRules(
        id=1,
        quiet_from=usual.begins,
        quiet_until=usual.ends,
        quiet_weekend=usual.weekend,
        working_hours=False,
        remind_before=list(ladder.before),
        manager_after=ladder.manager_after,
        administrator_after=ladder.administrator_after,
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def quiet() -> rules.Quiet:
    """Return when letters that can wait are held back."""
    row = letter_rules()
    return rules.Quiet(row.quiet_from, row.quiet_until, row.quiet_weekend)


def ladder() -> rules.Ladder:
    """Return who hears of a due day, and when."""
    row = letter_rules()
    return rules.Ladder(tuple(row.remind_before), row.manager_after, row.administrator_after)
