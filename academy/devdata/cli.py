"""Commands that fill the academy: `flask --app wsgi academy seed` and `… demo-accounts`."""

import time
from collections.abc import Sequence

import click
from flask import current_app
from sqlalchemy import select

from academy.accounts.models import Academy, Person
from academy.base import clock, jobs
from academy.base.db import db, transaction
from academy.base.i18n import _, in_language
from academy.devdata import accounts as demo
from academy.devdata import seeding
from academy.devdata.reading import read_library
from academy.devdata.seeding.accreditation import scheme_in
from academy.devdata.seeding.crowd import crowd
from academy.partners.accreditation import services as accreditation
from academy.web.commands import group


@group.command("seed")
@click.option("--once", is_flag=True, help="Do nothing when the academy has been filled before.")
@click.option(
    "--seed", type=int, default=seeding.SEED, show_default=True, help="The same number gives the same academy."
)
@click.option("--people", type=int, default=0, help="Add a crowd of so many people for measuring.")
def seed(once: bool, seed: int, people: int) -> None:
    """Fill an empty demonstration academy with courses, people and half a year of history."""
    if not current_app.extensions["settings"].demo:
        raise click.ClickException("Only a demonstration academy is filled with invented people (ACADEMY_MODE=demo).")
    filled = db.session.get(Academy, 1) is not None
    if filled and people:
        _add_crowd(people, seed)
        return
    if filled:
        if once:
            return
        raise click.ClickException("This academy is filled already. Give another folder: make run DATA=some/folder")
    click.echo("Filling the demonstration academy; this happens once and takes about a minute …")
    began = time.monotonic()
    seeding.demo(seed=seed)
    jobs.run_all_due()
    click.echo(f"Done in {time.monotonic() - began:.0f} s.")
    if people:
        _add_crowd(people, seed)


def _add_crowd(people: int, seed: int) -> None:
    began = time.monotonic()
    with transaction():
        crowd(people, seed=seed, now=clock.now(), say=click.echo)
    click.echo(f"The crowd came in {time.monotonic() - began:.0f} s.")


@group.command("publish-accreditation")
def publish_accreditation() -> None:
    """Publish the scheme of accreditation that the shipped content holds; the same version is published once."""
    with transaction():
        row = accreditation.publish_scheme(scheme_in(read_library().programmes), actor_id=None, at=clock.now())
    click.echo(f"The scheme {row.key} is published in version {row.version}.")


@group.command("demo-accounts")
def demo_accounts() -> None:
    """Print the accounts of the demonstration academy."""
    if not current_app.extensions["settings"].demo:
        raise click.ClickException("Demonstration accounts exist only in a demonstration academy.")
    with in_language("en"):  # as all that commands say
        for account in demo.ALL:
            click.echo(f"  {account.email:32} {account.shows}")
        shows = _("Colleague in the team of the manager")
        for email in _colleagues():
            click.echo(f"  {email:32} {shows}")
    click.echo(f"  passphrase of all: {demo.PASSPHRASE}")


def _colleagues() -> Sequence[str]:
    """Return the addresses of the colleagues in the manager's team who can sign in."""
    boss = select(Person.id).where(Person.email == demo.MANAGER.email).scalar_subquery()
    shown = [account.email for account in demo.ALL]
    query = select(Person.email).where(
        Person.manager_id == boss, Person.account_id.is_not(None), Person.email.not_in(shown)
    )
    return db.session.scalars(query.order_by(Person.id)).all()
