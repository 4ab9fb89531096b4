"""A connection that rested while the database server was away is replaced before anybody notices."""

from sqlalchemy import create_engine, text

from academy.base import db as database
from tests.conftest import DATABASE, engine_on, fresh_database, postgres_url


def an_engine(worker, folder):
    """An engine over a database of its own."""
    name = f"academy_rest_{worker}"
    if fresh_database(name, folder) is None:
        return create_engine(f"sqlite:///{folder / 'rest.sqlite3'}")
    return engine_on(postgres_url(name))


def lose(engine):
    """Cut the connection that rests in the pool, as a restart of the server does."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if DATABASE == "sqlite":
            connection.close()
            raw.close()
            return
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    killer = create_engine(engine.url)
    with killer.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    killer.dispose()


def test_a_lost_connection_is_replaced_when_it_has_rested(worker, tmp_path, monkeypatch):
    engine = an_engine(worker, tmp_path)
    monkeypatch.setattr(database, "RESTED_SECONDS", 0.0)
    lose(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_connection_used_a_moment_ago_is_not_asked_again(worker, tmp_path):
    engine = an_engine(worker, tmp_path)
    with engine.connect() as connection:
        first = connection.connection.driver_connection
    with engine.connect() as connection:
        assert connection.connection.driver_connection is first
    engine.dispose()
