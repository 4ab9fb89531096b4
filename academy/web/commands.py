"""The command group `flask --app wsgi academy …`; slices add their own commands to it."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import inspect, text

from academy.base import bus, worker
from academy.base.access import TABLE
from academy.base.db import db

group = AppGroup("academy", help="The academy's own commands.")


@group.command("routes")
def routes() -> None:
    """List every address with who may open it."""
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        access = getattr(current_app.view_functions[rule.endpoint], "access", "?")
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        click.echo(f"{rule.rule:55} {methods:10} {access}")


@group.command("permissions")
def permissions() -> None:
    """Read the permission table aloud."""
    for name, permission in sorted(TABLE.items()):
        click.echo(f"{name:35} {permission.sentence}")


@group.command("facts")
def facts() -> None:
    """List every fact and who listens to it."""
    for fact, heard_by in sorted(bus.listeners().items()):
        click.echo(f"{fact}: {', '.join(heard_by) or 'nobody'}")


@group.command("work")
def work() -> None:
    """Run the job worker until it is stopped."""
    worker.work_until_signalled()


@group.command("check")
def check() -> None:
    """Check that the database answers, is sound and at the newest migration."""
    db.session.execute(text("SELECT 1"))
    if db.engine.dialect.name == "sqlite":
        broken = db.session.execute(text("PRAGMA foreign_key_check")).fetchall()
        intact = db.session.scalar(text("PRAGMA integrity_check"))
        if broken or intact != "ok":
            raise click.ClickException(f"the database is damaged: {broken[:3]} {intact}")
    tables = set(db.metadata.tables) - set(inspect(db.engine).get_table_names())
    if tables:
        raise click.ClickException(f"tables are missing, run the migrations: {', '.join(sorted(tables))}")
    click.echo("The academy is sound.")
