"""The audit trail as a chain: each entry is linked, when its act is committed, to all before it, so that a change, a gap or a cut shows.

digest(n) = SHA-256 of digest(n-1), a line feed and the entry as JSON text, in hexadecimal; digest(0) is sixty-four zeros. Links
are made last in a transaction, one transaction after the other, so nobody waits for a lock while holding this one.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Row, String, event, insert, select, true
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from academy.base.audit import AuditEntry
from academy.base.db import Model, alone, db, snapshot

BEGINNING = "0" * 64
LOCK = 7_201_936  # any number that nothing else locks in PostgreSQL
PENDING = "audit_entries_to_link"
AT_ONCE = 10_000  # entries a statement: databases take no more than some 32,000 values in one


class AuditLink(Model):
    """The place of one entry in the chain; numbers have no gap."""

    __tablename__ = "audit_link"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))


class TrailCheck(Model):
    """What a check of the whole chain found: how far it reaches, and the number at which it is broken, if it is."""

    __tablename__ = "trail_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    through: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    broken_at: Mapped[int | None]


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry in its place: the text that was digested, and the digest."""

    number: int
    digest: str
    entry: str


_COLUMNS = (
    AuditEntry.id, AuditEntry.at, AuditEntry.act, AuditEntry.actor_id, AuditEntry.organisation_id, AuditEntry.subject_type,
    AuditEntry.subject_id, AuditEntry.subject_label, AuditEntry.before, AuditEntry.after, AuditEntry.address,
)  # fmt: skip


def text_of(row: Row[Any]) -> str:
    """Return an entry as the one JSON text that stands for it, from what the database keeps."""
    values = {column.key: getattr(row, column.key) for column in _COLUMNS}
    values["at"] = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(previous: str, entry: str) -> str:
    """Return the digest of an entry after the one before it."""
    return hashlib.sha256(f"{previous}\n{entry}".encode()).hexdigest()


@event.listens_for(Session, "after_flush")
def _note_entries(session: Session, _context: object) -> None:
    session.info.setdefault(PENDING, []).extend(row.id for row in session.new if isinstance(row, AuditEntry))


@event.listens_for(Session, "after_transaction_end")
def _forget_entries(session: Session, ended: SessionTransaction) -> None:
    """Forget what was noted with the whole transaction; what only a savepoint undid is not found when the rest is linked."""
    if ended.parent is None:
        session.info.pop(PENDING, None)


@event.listens_for(Session, "before_commit")
def _link_entries(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    noted = session.info.pop(PENDING, [])
    if noted:
        _link(session, noted)


def _link(session: Session, entry_ids: Sequence[int]) -> None:
    alone(session, (LOCK,))
    for start in range(0, len(entry_ids), AT_ONCE):
        _link_some(session, entry_ids[start : start + AT_ONCE])


def _link_some(session: Session, entry_ids: Sequence[int]) -> None:
    newest = select(AuditLink.number, AuditLink.digest).order_by(AuditLink.number.desc()).limit(1).subquery()
    query = select(*_COLUMNS, newest.c.number, newest.c.digest).outerjoin(newest, true())
    number, digest = 0, BEGINNING
    made: list[dict[str, Any]] = []
    for row in session.execute(query.where(AuditEntry.id.in_(entry_ids)).order_by(AuditEntry.id)):
        if not made and row.number is not None:
            number, digest = row.number, row.digest
        number, digest = number + 1, digest_of(digest, text_of(row))
        made.append({"number": number, "entry_id": row.id, "digest": digest})
    if made:
        session.execute(insert(AuditLink), made)


def chain(*, batch: int = 500) -> Iterator[Linked]:
    """Yield the whole chain from its beginning, a batch a statement, with each entry as it is kept now; "" for one that is gone."""
    number = 0
    query = select(AuditLink.number, AuditLink.digest, *_COLUMNS).outerjoin(
        AuditEntry, AuditEntry.id == AuditLink.entry_id
    )
    while True:
        rows = db.session.execute(query.where(AuditLink.number > number).order_by(AuditLink.number).limit(batch)).all()
        for row in rows:
            entry = "" if row.id is None else text_of(row)
            yield Linked(row.number, row.digest, entry)
        if len(rows) < batch:
            return
        number = rows[-1].number


def check(*, at: datetime) -> TrailCheck:
    """Go through the whole chain and keep what was found.

    It is broken at the first number whose entry is changed, gone or out of order; where an earlier check reached further or saw
    another digest; and after its end, if an entry stands in the trail that was never linked. What was done before is committed
    first: a long chain is read while others write.
    """
    with snapshot():
        through, digest, broken = _found()
    found = TrailCheck(at=at, through=through, digest=digest, broken_at=broken)
    db.session.add(found)
    db.session.flush()
    return found


def _found() -> tuple[int, str, int | None]:
    """Return how far the chain is whole, the digest there, and the number at which it is broken."""
    before = last_check(unbroken=True)
    through, digest, broken = 0, BEGINNING, None
    for linked in chain():
        expected = digest_of(digest, linked.entry)
        seen = before.digest if before and before.through == linked.number else linked.digest
        if linked.number != through + 1 or not linked.entry or not expected == linked.digest == seen:
            broken = through + 1
            break
        through, digest = linked.number, linked.digest
    if broken is None and ((before and before.through > through) or _unlinked()):
        broken = through + 1
    return through, digest, broken


def _unlinked() -> bool:
    linked = select(AuditLink.entry_id).where(AuditLink.entry_id == AuditEntry.id)
    return db.session.scalar(select(AuditEntry.id).where(~linked.exists()).limit(1)) is not None


def last_check(*, unbroken: bool = False) -> TrailCheck | None:
    """Return what the newest check found; with `unbroken` the newest that found the chain whole."""
    query = select(TrailCheck).order_by(TrailCheck.id.desc()).limit(1)
    return db.session.scalar(query.where(TrailCheck.broken_at.is_(None)) if unbroken else query)
