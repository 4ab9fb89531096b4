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


def ways_in(holder: Person, *, at: datetime) -> list[str]:
    """Return the pages of links: of a stranger's invitation, of one of somebody known, of a new password, and of dead ones."""
    stranger = _invited("invited@academy.example", holder.organisation_id, at)
    other = select(Organisation).where(Organisation.kind == "partner").order_by(Organisation.id).limit(1)
    partner = db.session.scalars(other).one()
    known = _invited(demo.BOTH.email, partner.id, at)
    accounts.ask_reset(holder.email, address="127.0.0.1", at=at)
    db.session.flush()
    letter = db.session.scalars(select(Letter).where(Letter.kind == "password_reset")).first()
    return [
        url_for("accounts.sign_in"),
        url_for("accounts.door", organisation_key=partner.key),
        url_for("accounts.forgot"),
        url_for("accounts.reset", token=letter.address.rsplit("/", 1)[-1]),
        url_for("accounts.reset", token="of-another-time"),
        url_for("accounts.accept", token=stranger),
        url_for("accounts.accept", token=known),
        url_for("accounts.accept", token="of-another-time"),
        url_for("accounts.declined"),
    ]


def pages_of_both() -> list[str]:
    """Return pages whose frame says in which of several organisations somebody is."""
    return [url_for("home.start"), url_for("accounts.preferences"), url_for("accounts.sessions")]


def _invited(email: str, organisation_id: int, at: datetime) -> str:
    details = accounts.PersonDetails(email=email, name=LocalizedText("ضيف جديد", "New Guest"))
    return accounts.invite(accounts.create_person(details, organisation_id=organisation_id, at=at), at=at)
