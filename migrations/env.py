"""How migrations run: on both databases, without SQLite's cascades eating children while a table is rebuilt."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from academy.base.db import Localized, Moment, db, metadata

config = context.config


def _plain(kind, thing, _context):
    """Write our column types as plain ones: a migration imports nothing of the academy, which goes on changing."""
    if kind == "type" and isinstance(thing, Localized):
        return 'sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")'
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # A batch rebuild drops the parent table; with foreign keys on, ON DELETE CASCADE would delete its children.
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True, render_item=_plain,
        # All in one transaction would hold a lock on every table and index at once, more than a server of default size has.
        transaction_per_migration=not sqlite,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()
    if sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration broke foreign keys: {broken[:5]}")
    connection.commit()
    if sqlite:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("BEGIN")


with current_app.app_context(), db.engine.connect() as connection:
    _run(connection)
