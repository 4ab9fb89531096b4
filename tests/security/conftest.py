"""What the attacks share: a scene that is built once a file, and acts that are undone."""

import pickle
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, request_started
from jinja2 import ChoiceLoader, DictLoader
from markupsafe import escape
from sqlalchemy import Connection, Engine, delete

from academy.app import create_app
from academy.base.db import about_to_write, db
from academy.base.throttle import Try
from academy.web import context, errors
from tests.conftest import Browser, filled, forget_last_request, settings_for
from tests.factories import accounts as people
from tests.security import scene as scenes

HERE = Path(__file__).parent
Setting = tuple[str, Path, scenes.Scene | None]  # the database and the folder of files to copy, and what is in them
# What of the layout is the same on every page: the bars above and below, the question before an act, what scripts read.
FRAME = re.compile(
    r"<(header|footer|dialog)\b.*?</\1>|<(?:meta|link)\b[^>]*>|<script\b[^\n]*</script>|{% from \"components/navigation[^\n]*",
    re.DOTALL,
)


@pytest.fixture(scope="session")
def setting(worker: str, tmp_path_factory) -> Setting:
    """The scene, set once a test process; a file that needs no houses has a setting of its own."""
    return set_up(f"academy_setting_{worker}", tmp_path_factory.mktemp("setting"), scenes.build)


def set_up(name: str, folder: Path, build: Callable[[], scenes.Scene | None]) -> Setting:
    """Make a database and files for others to copy, with an academy and what `build` adds."""
    built = []

    def make() -> None:
        people.academy()
        db.session.commit()
        about_to_write()
        built.append(build())
        db.session.commit()

    return filled(name, folder, make, tables=True), folder, built[0]


@pytest.fixture(scope="module")
def stage(worker: str, setting, tmp_path_factory) -> Iterator[Flask]:
    """An application over a database of the file's own with the scene, in which every request is a transaction of its own.

    One transaction around all of them would hold a lock for each of many thousand savepoints until its end.
    """
    database, files, _scene = setting
    folder = tmp_path_factory.mktemp("stage")
    shutil.copytree(files, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("academy.sqlite3*"))
    app = create_app(settings_for(f"academy_stage_{worker}", folder, tables=database))
    with app.app_context():
        with request_started.connected_to(begin_anew, app), pytest.MonkeyPatch.context() as patch:
            patch.setattr(errors, "render_template", bare_refusal)
            yield app
        db.session.remove()
        db.engine.dispose()


def bare_refusal(_template: str, *, title: str, message: str, reference: str | None, **_frame) -> str:
    """Say what the page of a refusal says, without the frame that every page has: most attacks are refused."""
    return f"<main><h1>{escape(title)}</h1><p>{escape(message)}</p><p>{reference or ''}</p></main>"


@contextmanager
def without_frame(app: Flask) -> Iterator[None]:
    """Let pages say all that is theirs without their frame, which many thousand openings need not draw again.

    Whoever asks for this opens some whole pages besides.
    """
    whole = app.jinja_env.loader
    if "bare" not in app.extensions:
        layout, _name, _fresh = whole.get_source(app.jinja_env, "layout.html")
        app.extensions["bare"] = ChoiceLoader([DictLoader({"layout.html": FRAME.sub("", layout)}), whole])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.jinja_env, "loader", app.extensions["bare"])
        patch.setattr(context, "menu", lambda _section: [])
        yield


@pytest.fixture
def frameless(stage: Flask) -> Iterator[None]:
    """Pages without their frame for a whole test."""
    with without_frame(stage):
        yield


def begin_anew(app: Flask, **_kwargs) -> None:
    """Give a request what the end of the one before would have left it: an empty context, and no open transaction.

    What will be undone is one transaction, and its rows stay at hand.
    """
    if isinstance(db._app_engines[app][None], Engine):
        db.session.remove()
    forget_last_request()


@pytest.fixture(scope="module")
def scene(stage: Flask, setting) -> scenes.Scene:
    """Three organisations full of canaries; their rows as they were set, whatever a file before has made of its own."""
    return pickle.loads(pickle.dumps(setting[-1]))


@contextmanager
def undone(app: Flask) -> Iterator[Connection]:
    """Undo whatever the block does to the database, committed or not."""
    db.session.commit()
    db.session.remove()
    engines = db._app_engines[app]
    engine: Engine = engines[None]
    about_to_write()
    with engine.connect() as connection:
        outer = connection.begin()
        engines[None] = connection
        try:
            yield connection
        finally:
            db.session.remove()
            engines[None] = engine
            outer.rollback()


@pytest.fixture
def entered(stage: Flask):
    """Make a browser that is signed in as the given person; None is a stranger."""

    def enter(person) -> Browser:
        db.session.execute(delete(Try))  # what others tried is no fault of this one
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
