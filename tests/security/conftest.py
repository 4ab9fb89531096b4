"""What the attacks share: a scene that is built once a file, and acts that are undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, request_started
from sqlalchemy import Connection

from academy.base.db import about_to_write, db
from tests.conftest import Browser, forget_last_request
from tests.factories import accounts as people
from tests.security import scene as scenes

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def stage(the_app: Flask) -> Iterator[Flask]:
    """The application inside one transaction for the whole file, rolled back at its end."""
    with the_app.app_context():
        about_to_write()
        engines = db._app_engines[the_app]
        engine = engines[None]
        with engine.connect() as connection:
            outer = connection.begin()
            engines[None] = connection
            people.academy()
            db.session.flush()
            try:
                with request_started.connected_to(forget_last_request, the_app):
                    yield the_app
            finally:
                db.session.remove()
                engines[None] = engine
                outer.rollback()


@pytest.fixture(scope="module")
def scene(stage: Flask) -> scenes.Scene:
    """Three organisations full of canaries."""
    return scenes.build()


@contextmanager
def undone(app: Flask) -> Iterator[Connection]:
    """Undo whatever the block does to the database, committed or not."""
    db.session.commit()
    connection = db._app_engines[app][None]
    db.session.remove()
    point = connection.begin_nested()
    try:
        yield connection
    finally:
        db.session.remove()
        point.rollback()


@pytest.fixture
def entered(stage: Flask):
    """Make a browser that is signed in as the given person; None is a stranger."""

    def enter(person) -> Browser:
        browser = Browser(stage)
        if person is not None:
            browser.sign_in(person)
            db.session.commit()  # a refusal rolls back, and the session must outlive it
        return browser

    return enter


def pytest_collection_modifyitems(items) -> None:
    """Give those who try every door and every form the time that so many doors take on a busy machine."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.timeout(1500))
