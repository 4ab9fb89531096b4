"""The trail of sensitive acts: who did what to whom, when, from where, before and after. Rows are only ever added."""

from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import String, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column

from academy.base.db import Model, db, separately

address_of_request: ContextVar[str | None] = ContextVar("address_of_request", default=None)


class AuditEntry(Model):
    """One sensitive act. People are kept as plain ids and names, so that the trail outlives them."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(80), index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    subject_label: Mapped[str] = mapped_column(String(300), default="")
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    address: Mapped[str | None] = mapped_column(String(64))


class TrailIsFrozen(Exception):
    """Somebody tried to change or delete an entry of the trail: a fault in the program, not of a person."""


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _guard_entry(_mapper: Mapper[AuditEntry], _connection: Connection, entry: AuditEntry) -> None:
    raise TrailIsFrozen(f"audit entry {entry.id}")


@event.listens_for(Session, "do_orm_execute")
def _guard_trail(state: ORMExecuteState) -> None:
    if (
        (state.is_update or state.is_delete)
        and state.bind_mapper is not None
        and state.bind_mapper.class_ is AuditEntry
    ):
        raise TrailIsFrozen("a statement that changes the trail")


def record(
    act: str,
    *,
    at: datetime,
    actor_id: int | None,
    subject: tuple[str, int | None, str],
    organisation_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one act into the trail, in the transaction of the act itself.

    `act` is the permission's name; `subject` is (type, id, label); `before` and `after` hold what changed, never secrets.
    """
    entry = AuditEntry(
        at=at,
        act=act,
        actor_id=actor_id,
        organisation_id=organisation_id,
        subject_type=subject[0],
        subject_id=subject[1],
        subject_label=subject[2][:300],
        before=before,
        after=after,
        address=address_of_request.get(),
    )
    db.session.add(entry)
    return entry


def record_reading(
    act: str,
    *,
    at: datetime,
    actor_id: int | None,
    subject: tuple[str, int | None, str],
    organisation_id: int | None,
    after: dict[str, Any],
) -> None:
    """Write into the trail that something sensitive was read; the page that shows it is a read and cannot write itself."""
    with separately() as session:
        session.add(
            AuditEntry(
                at=at,
                act=act,
                actor_id=actor_id,
                organisation_id=organisation_id,
                subject_type=subject[0],
                subject_id=subject[1],
                subject_label=subject[2][:300],
                after=after,
                address=address_of_request.get(),
            )
        )
