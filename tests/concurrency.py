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

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from academy.app import create_app
from academy.base import storage
from academy.base.db import db, transaction
from tests.conftest import settings_for
from tests.factories import accounts as people


@pytest.fixture
def crowd_app(tmp_path) -> Iterator[Flask]:
    """The application over a fresh database of the kind under test; what is written is really committed."""
    store = storage._store
    worker = os.environ.get("PYTEST_XDIST_WORKER", "solo")
    app = create_app(settings_for(f"academy_crowd_{worker}", tmp_path))
    with prepared(app):
        people.academy()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    storage._store = store


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
