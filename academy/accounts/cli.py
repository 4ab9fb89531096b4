"""Commands of accounts: the first administrator of a new academy."""

import click
from flask import current_app

from academy.accounts import services
from academy.base import clock, trail
from academy.base.db import transaction
from academy.base.errors import Refusal
from academy.base.text import LocalizedText
from academy.web.commands import group


@group.command("create-admin")
@click.option("--email", prompt=True, help="Their e-mail address.")
@click.option("--name-ar", prompt="Name in Arabic", help="Their name in Arabic.")
@click.option("--name-en", prompt="Name in English", help="Their name in English.")
def create_admin(email: str, name_ar: str, name_en: str) -> None:
    """Add an administrator of the whole academy and print the address where they choose a password."""
    try:
        with transaction():
            person = services.create_administrator(email=email, name=LocalizedText(name_ar, name_en), at=clock.now())
            token = services.invite(person, at=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.for_reader()) from None
    address = f"{current_app.extensions['settings'].base_url}/invitation/{token}"
    click.echo(f"Open this address within two weeks to choose a passphrase; it works once: {address}")


@group.command("check-trail")
def check_trail() -> None:
    """Go through the chain of the audit trail; ends with 1 when it is broken, and says at which number."""
    with transaction():
        found = trail.check(at=clock.now())
        through, broken, digest = found.through, found.broken_at, found.digest
    if broken is not None:
        raise click.ClickException(f"The audit trail is broken at number {broken}.")
    click.echo(f"The audit trail is unbroken through number {through}: {digest}")
