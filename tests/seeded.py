"""The demonstration academy, filled once for all test processes, and copies of it for whoever changes something."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from flask import Flask
from sqlalchemy import Connection, create_engine, func, insert, select, text

from academy.app import create_app
from academy.base import jobs
from academy.base.db import db, metadata, transaction
from academy.config import Settings
from academy.devdata import seeding
from tests.conftest import DATABASE, POSTGRES, database_name, drop, engine_on, fresh_database, postgres_url

SEEDED_AT = "http://academy.test"


def running_settings(folder: Path, url: str | None, base_url: str = SEEDED_AT) -> Settings:
    """Return the settings of an academy with the demonstration people."""
    return Settings(
        _env_file=None, mode="demo", secret_key="a-secret-for-tests-only-0123456789abcdef", data=folder,
        database_url=url, base_url=base_url, argon2_time=1, argon2_memory_kib=64,
    )  # fmt: skip


def _seed(folder: Path, name: str) -> None:
    app = create_app(running_settings(folder, fresh_database(name, folder, tables=True)))
    with app.app_context():
        seeding.demo()
        jobs.run_all_due()
        db.session.remove()
        db.engine.dispose()


def _take_over(filled: Path, folder: Path, name: str) -> None:
    """Copy an academy that was filled on SQLite into a database of the test server."""
    url = fresh_database(name, folder, tables=True)
    for path in filled.iterdir():
        if path.is_dir():
            shutil.copytree(path, folder / path.name)
    source = create_engine(f"sqlite:///{filled}/academy.sqlite3")
    target = engine_on(str(url))
    with source.connect() as old, target.begin() as new:
        for table in metadata.sorted_tables:
            if rows := [row._asdict() for row in old.execute(select(table))]:
                new.execute(insert(table), rows)
                _go_on_counting(new, table)
    source.dispose()
    target.dispose()


def _go_on_counting(connection: Connection, table) -> None:
    """Let a table's next row have the number after its last."""
    if (counted := table.autoincrement_column) is not None:
        sequence = func.pg_get_serial_sequence(table.name, counted.name)
        connection.execute(select(func.setval(sequence, select(func.max(counted)).scalar_subquery())))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory, worker) -> Path:
    """A folder with a seeded academy, made once for all test processes; TEST_SEEDED names one that outlives the run.

    TEST_FILLED names the one that SQLite's tests have left: to copy it takes seconds, to fill another a minute.
    """
    shared = tmp_path_factory.getbasetemp().parent if worker != "solo" else tmp_path_factory.getbasetemp()
    folder = Path(os.environ.get("TEST_SEEDED", shared / "seeded"))
    with FileLock(f"{folder}.lock"):
        if not (folder / "done").exists():
            folder.mkdir()
            filled = Path(os.environ.get("TEST_FILLED", "nowhere"))
            if (filled / "done").exists():
                _take_over(filled, folder, "academy_seeded")
            else:
                _seed(folder, "academy_seeded")
            (folder / "done").touch()
    return folder


def copy_of(seeded: Path, folder: Path, name: str) -> str | None:
    """Copy the seeded academy into a folder; return the address of its database, None for SQLite in the folder."""
    for path in seeded.iterdir():
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, folder / path.name)
    if DATABASE == "sqlite":
        return None
    template = database_name("academy_seeded")
    admin = engine_on(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection, FileLock(seeded / "copy.lock"):
        connection.execute(text(f'DROP DATABASE IF EXISTS "{database_name(name)}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{database_name(name)}" TEMPLATE "{template}"'))
    admin.dispose()
    return postgres_url(name)


@contextmanager
def opened_copy(seeded: Path, folder: Path, name: str, base_url: str = SEEDED_AT) -> Iterator[Flask]:
    """Open an application over a copy of the seeded academy in a folder; the copy is dropped at the end."""
    app = create_app(running_settings(folder, copy_of(seeded, folder, name), base_url))
    yield app
    with app.app_context():
        db.engine.dispose()
    if DATABASE != "sqlite":
        drop({database_name(name)})


def work(app: Flask) -> int:
    """Run every due job and once what recurs, as the worker would; every job must go well. Returns how many ran."""
    with app.app_context():
        with transaction():
            for kind in jobs.KINDS.values():
                if kind.every is not None:
                    jobs.enqueue(kind.name)
        count = jobs.run_all_due()
        failed = select(jobs.Job.name, jobs.Job.last_error).where(jobs.Job.last_error.is_not(None))
        assert not (found := db.session.execute(failed).all()), found
        return count
