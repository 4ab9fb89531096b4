"""What makes a test process quick, and changes nothing that it tests."""

import atexit
import gc
import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event, inspect

from academy.base.db import db


def keep_templates(run: str) -> None:
    """Compile each template once a run, however many applications its tests make."""
    folder = folder_of_run("templates", run)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}


def folder_of_run(name: str, run: str) -> Path:
    """Return a folder that all processes of a run share, and that ends with it."""
    folder = Path(tempfile.gettempdir()) / f"academy_{name}_{run}"
    folder.mkdir(exist_ok=True)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def rarely_look_for_rubbish() -> None:
    """Collect garbage in bigger steps: a test process is large and short-lived, and looking costs a tenth of its time."""
    gc.set_threshold(100_000, 50, 100)


def wait_for_no_disk() -> None:
    """Let no commit of a test process wait for the disk: what tests write need not outlive a power cut."""

    @event.listens_for(Engine, "connect")
    def hurry(connection, _record) -> None:
        on_sqlite = type(connection).__module__.startswith("sqlite3")
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA synchronous=OFF" if on_sqlite else "SET synchronous_commit = off")
        if not on_sqlite:
            connection.commit()


def again(made):
    """Return the rows that a module made once, in a namespace or alone, as the session of this test reads them."""
    if isinstance(made, SimpleNamespace):
        return SimpleNamespace(**{name: again(value) for name, value in vars(made).items()})
    if isinstance(made, list | tuple):
        return type(made)(again(value) for value in made)
    return db.session.get(type(made), inspect(made).identity) if isinstance(made, db.Model) else made
