"""How often something was tried lately, counted in the database so that every process sees the same count."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from academy.base.db import Model, alone


class Try(Model):
    """One counted try, e.g. a failed sign-in for an account or from an address."""

    __tablename__ = "throttle_try"
    __table_args__ = (Index("ix_throttle_try_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


def hold(session: Session, keys: Iterable[str]) -> None:
    """Let nobody else count these keys until the transaction ends, so that tries at once do not all find room for one."""
    alone(session, *((func.hashtextextended(key, 0),) for key in sorted(keys)))


def count(session: Session, key: str, *, within: timedelta, at: datetime) -> int:
    """Return how many tries of this key lie within the time before `at`."""
    query = select(func.count()).select_from(Try).where(Try.key == key, Try.at > at - within)
    return session.scalar(query) or 0


def note(session: Session, key: str, *, at: datetime) -> None:
    """Count one try."""
    session.add(Try(key=key[:120], at=at))


def forget(session: Session, key: str) -> None:
    """Start the count of a key anew, as after a success."""
    session.execute(delete(Try).where(Try.key == key))


def sweep(session: Session, *, before: datetime) -> None:
    """Delete what is older than any limit looks back."""
    session.execute(delete(Try).where(Try.at < before))
