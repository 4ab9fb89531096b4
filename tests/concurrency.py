"""Many at once: an application over a committed database of its own, and threads that begin at the same moment.

from tests.concurrency import crowd_app, run_together  # noqa: F401

@pytest.mark.concurrency
def test_one_wins(crowd_app):
    with prepared(crowd_app):
        course = factories.course()
        course_id = course.id
    outcomes = run_together(16, lambda n: services.enrol(…), app=crowd_app)
    assert len(winners(outcomes)) == 1
"""

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from academy.app import create_app
from academy.base import storage
from academy.base.db import db, metadata, transaction
from tests.conftest import DATABASE, fresh_database, settings_for
from tests.factories import accounts as people


@pytest.fixture
def crowd_app() -> Iterator[Flask]:
    """The application over a database of its own, empty but for its tables; what is written is really committed."""
    stored = storage._store, storage._sealed_with
    app, storage._store, storage._sealed_with = _crowd()
    _empty(app)
    with prepared(app):
        people.academy()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    storage._store, storage._sealed_with = stored


@cache
def _crowd() -> tuple[Flask, Any, Any]:
    """Build the application once a test process, with where it keeps files: on PostgreSQL a database takes a second or more."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    app = create_app(settings_for(f"academy_crowd_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}", folder))
    return app, storage._store, storage._sealed_with


def _empty(app: Flask) -> None:
    """Take every row and file that the test before has left, in whatever order the rows lean on each other."""
    folder = app.extensions["settings"].data
    shutil.rmtree(folder / "files", ignore_errors=True)
    if DATABASE == "sqlite":
        for kept in folder.glob("academy.sqlite3*"):
            kept.unlink()
        fresh_database("", folder, tables=True)
        return
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in metadata.sorted_tables:
            connection.execute(table.delete())


@contextmanager
def prepared(app: Flask) -> Iterator[None]:
    """Write rows that are committed at the end of the block. Take the ids you need out of it, not the rows."""
    with app.app_context():
        try:
            with transaction():
                yield
        finally:
            db.session.remove()


def run_together(count: int, act: Callable[[int], Any], *, app: Flask | None = None) -> list[Any]:
    """Let `count` threads call `act(number)` at the same moment; return results in order, exceptions among them as values.

    With `app`, each call runs in an application context and a transaction of its own that is committed when it ends well.
    Without it, `act` does that itself, as when it sends requests through `app.test_client()`.
    """
    start = threading.Barrier(count)

    def one(number: int) -> Any:
        try:
            if app is None:
                start.wait(30)
                return act(number)
            with prepared(app):
                start.wait(30)
                return act(number)
        except Exception as failure:
            return failure

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def winners(outcomes: list[Any]) -> list[Any]:
    """The outcomes that are not exceptions."""
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def meanwhile(app: Flask, act: Callable[[], Any], *, patience: float = 1.0) -> Callable[[], Any]:
    """Let somebody else do something now, between two steps of the calling transaction, and return how to learn what came of it.

    Where the other has to wait for us, as always on SQLite, the caller goes on after `patience` seconds.
    """
    outcome: list[Any] = []

    def other() -> None:
        try:
            with prepared(app):
                outcome.append(act())
        except Exception as failure:
            outcome[:] = [failure]

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(patience)

    def came_of_it() -> Any:
        thread.join(30)
        return outcome[0]

    return came_of_it
