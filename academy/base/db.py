"""The database: one SQLAlchemy handle, typed columns, and how SQLite and PostgreSQL are made to behave alike."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    CursorResult,
    DateTime,
    Engine,
    MetaData,
    Table,
    TypeDecorator,
    UpdateBase,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import IntegrityError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from academy.base.text import LocalizedText

Result = TypeVar("Result")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite forgets the zone; this puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Localized(TypeDecorator[LocalizedText]):
    """A text in Arabic and English, stored as JSON `{"ar": …, "en": …}`."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: LocalizedText | dict[str, str] | None, dialect: Dialect) -> Any:
        return None if value is None else LocalizedText.of(value).as_dict()

    def process_result_value(self, value: Any, dialect: Dialect) -> LocalizedText | None:
        if type(value) is dict:
            return LocalizedText(value.get("ar") or "", value.get("en") or "")
        return None if value is None else LocalizedText.of(value)


JSONDocument = JSON().with_variant(JSONB(), "postgresql")

metadata = MetaData(naming_convention=NAMES)


class Base(DeclarativeBase):
    """The base of every table. Names are singular; types come from this one map."""

    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: Moment(),
            LocalizedText: Localized(),
            dict[str, Any]: JSONDocument,
            list[Any]: JSONDocument,
        },
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _load(raw: str | bytes) -> Any:
    """Read JSON, which PostgreSQL sends in UTF-8; `json.loads` would first guess the encoding of each value."""
    return _DECODER.decode(raw if isinstance(raw, str) else str(raw, "utf-8"))


_DECODER = json.JSONDecoder()

db = SQLAlchemy(
    model_class=Base,
    engine_options={"json_serializer": _dump, "json_deserializer": _load},
    session_options={"join_transaction_mode": "create_savepoint"},
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

RESTED_SECONDS = 5.0

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def about_to_write(writing: bool = True) -> None:
    """Say that the coming transactions will write: SQLite then takes its lock at once instead of failing half-way."""
    _writing.set(writing)


def writing() -> bool:
    """Whether the present transaction was announced as a writing one."""
    return _writing.get()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Have no statement compiled: ours are short, and at 100,000 people compiling one took seconds for milliseconds of work.

    What is read through a cursor, a file's rows, is read to its end: the planner would else prepare for a tenth of it.
    """
    if type(connection).__module__.startswith("psycopg"):
        with closing(connection.cursor()) as cursor:
            cursor.execute("SET jit = off")
            cursor.execute("SET cursor_tuple_fraction = 1")
        connection.commit()


@event.listens_for(Pool, "checkin")
def _note_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


@event.listens_for(Pool, "checkout")
def _wake(connection: Any, record: ConnectionPoolEntry, _lent: object) -> None:
    """Ask a connection that has rested whether its server still answers, and replace all that do not.

    SQLAlchemy's own `pool_pre_ping` asks at every checkout: a tenth of what saving an answer costs.
    """
    if connection is None or monotonic() - record.info.get("rests_since", monotonic()) < RESTED_SECONDS:
        return
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except Exception as gone:
        raise InvalidatePoolError from gone


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def separately() -> Iterator[Session]:
    """Open a short write transaction of its own, committed at the end; for reads that must leave a trace."""
    before = _writing.get()
    _writing.set(True)
    try:
        with Session(db.engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        _writing.set(before)


@contextmanager
def transaction() -> Iterator[None]:
    """The transaction of a job or a command: commits at the end, rolls back on any error."""
    before = _writing.get()
    _writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.set(before)


def settle() -> None:
    """Commit what was done so far: before slow work during which the database must stay free for others."""
    db.session.commit()


@contextmanager
def snapshot() -> Iterator[None]:
    """Commit what was done so far, then read from one moment of the database, however much others write meanwhile.

    Nobody waits for it: SQLite keeps what a reader began with beside what is written, PostgreSQL too.
    """
    db.session.commit()
    before = _writing.get()
    _writing.set(False)
    try:
        connection = db.session.connection()
        if connection.dialect.name == "postgresql" and not connection.in_nested_transaction():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
        db.session.commit()
    finally:
        _writing.set(before)


def lock(model: type[Model], key: int) -> Any:
    """Read one row and hold it until the transaction ends (SQLite holds the whole database already)."""
    return db.session.get(model, key, with_for_update=True, populate_existing=True)


def alone(session: Session, *lines: tuple[Any, ...]) -> None:
    """Let no other transaction stand in these lines until this one ends; what those before it did is seen from now on.

    For what no row stands for that could be held. A line is one number, or what is done and about which key; who needs several names
    them in one order for everybody, so that no two wait for one another. SQLite lets one write at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(*(func.pg_advisory_xact_lock(*line) for line in lines)))


def change(statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE and return how many rows it changed."""
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount


def insert_once(make: Callable[[], Result], find: Callable[[], Result | None]) -> tuple[Result, bool]:
    """Add a row that a unique constraint allows once; if another transaction was first, return the winner.

    Returns the row and whether this call made it.
    """
    if (found := find()) is not None:
        return found, False
    try:
        with db.session.begin_nested():
            made = make()
            db.session.add(made)
            db.session.flush()
        return made, True
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found, False


def insert_missing(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows in one statement; where a unique constraint already has one, that one stays."""
    if rows:
        dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
        db.session.execute(dialect.insert(cast(Table, model.__table__)).on_conflict_do_nothing(), rows)
