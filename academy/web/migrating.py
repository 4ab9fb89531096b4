"""`flask db`, read only when it runs: Alembic and what it brings would be a tenth of every process's memory."""

from pathlib import Path
from typing import Any

import click
from flask import Flask

from academy.base.db import db
from academy.base.late import Late

flask_migrate: Any = Late("flask_migrate")


class Migrations:
    """Stands in Flask-Migrate's two places, its settings and its command, until one of them is asked for something."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app, self._folder = app, folder
        app.extensions["migrate"] = self
        app.cli.add_command(_Command(self, "db", help="Perform database migrations."))

    def __getattr__(self, asked: str) -> Any:
        return getattr(self.real().extensions["migrate"], asked)

    def real(self) -> Flask:
        """Return the application with the real ones in both places."""
        flask_migrate.Migrate(self._app, db, directory=str(self._folder), render_as_batch=True)
        return self._app


class _Command(click.Command):
    def __init__(self, migrations: Migrations, name: str, **given: Any) -> None:
        super().__init__(name, **given)
        self._migrations = migrations

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        return self._migrations.real().cli.commands["db"].make_context(*given, **named)
