"""The pages of coming in: links to passwords, invitations of strangers and of whoever has an account already."""

from datetime import datetime

from flask import url_for
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, Person
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.devdata import accounts as demo
from academy.notices.models import Letter
from academy.partners import services as partners


def ways_in(holder: Person, *, at: datetime) -> list[str]:
    """Return the pages of links: of a stranger's invitation, of one of somebody known, of a new password, and of dead ones."""
    stranger = _invited("invited@academy.example", holder.organisation_id, at)
    other = select(Organisation).where(Organisation.kind == "partner").order_by(Organisation.id).limit(1)
    partner = db.session.scalars(other).one()
    known = _invited(demo.BOTH.email, partner.id, at)
    accounts.ask_reset(holder.email, address="127.0.0.1", at=at)
    joining = _asking(partner, at)
    accounts.ask_address_change(holder, "another.address@example.test", at=at)
    db.session.flush()
    letter = db.session.scalars(select(Letter).where(Letter.kind == "password_reset")).first()
    return [
        url_for("accounts.sign_in"),
        url_for("accounts.door", organisation_key=partner.key),
        *joining,
        url_for("accounts.forgot"),
        url_for("accounts.reset", token=letter.address.rsplit("/", 1)[-1]),
        url_for("accounts.reset", token="of-another-time"),
        *_addresses(),
        url_for("accounts.accept", token=stranger),
        url_for("accounts.accept", token=known),
        url_for("accounts.accept", token="of-another-time"),
        url_for("accounts.declined"),
    ]


def _addresses() -> list[str]:
    """Return the pages of the links that confirm and stop another address to sign in with, a dead one, and the end."""
    kinds = {"confirm_address": "address_token", "address_asked": "stop_token"}
    found = {kind: db.session.scalars(select(Letter).where(Letter.kind == kind)).first() for kind in kinds}
    confirm, stop = (letter.address.rsplit("/", 1)[-1] for letter in found.values())
    return [
        url_for("accounts.confirm_address", address_token=confirm),
        url_for("accounts.stop_address", stop_token=stop),
        url_for("accounts.stop_address", stop_token="of-another-time"),
        url_for("accounts.address_stopped"),
    ]


def _asking(partner: Organisation, at: datetime) -> list[str]:
    """Return the pages on which a stranger asks to join a partner, with a link that confirms and a dead one."""
    partners.change_registration(partner, opened=True, domains="", ends_on=None, actor_id=None, at=at)
    partners.ask_to_join(
        partner, email="joins@example.test", name=LocalizedText("ضيف جديد", "New Guest"), org_unit_id=None, statement="x",
        language="ar", network=None, at=at,
    )  # fmt: skip
    letter = db.session.scalars(select(Letter).where(Letter.kind == "confirm_joining")).first()
    key = partner.key
    return [
        url_for("partners.ask", organisation_key=key),
        url_for("partners.asked", organisation_key=key),
        url_for("partners.confirm_request", organisation_key=key, token=letter.address.rsplit("/", 1)[-1]),
        url_for("partners.confirm_request", organisation_key=key, token="of-another-time"),
        url_for("partners.confirmed", organisation_key=key),
    ]


def pages_of_both() -> list[str]:
    """Return pages whose frame says in which of several organisations somebody is."""
    return [url_for("home.start"), url_for("accounts.preferences"), url_for("accounts.sessions")]


def _invited(email: str, organisation_id: int, at: datetime) -> str:
    details = accounts.PersonDetails(email=email, name=LocalizedText("ضيف جديد", "New Guest"))
    return accounts.invite(accounts.create_person(details, organisation_id=organisation_id, at=at), at=at)
