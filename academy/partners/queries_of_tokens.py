"""Reads of the tokens of partners' machines, and of the person that one of them asks about."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from academy.accounts.models import Organisation, Person
from academy.base import ids
from academy.base.db import db
from academy.credentials.models import Certificate
from academy.partners.models import PARTNER, PartnerToken

ASKED_BY = ("employee_number", "email", "certificate")


def token(token_id: int) -> PartnerToken | None:
    """Return a token."""
    return db.session.get(PartnerToken, token_id)


def tokens(organisation_id: int) -> Sequence[Any]:
    """Return the tokens of a partner with the name of whoever made each, the live ones first."""
    query = select(PartnerToken, Person.name.label("maker")).outerjoin(Person, Person.id == PartnerToken.made_by_id)
    query = query.where(PartnerToken.organisation_id == organisation_id)
    return db.session.execute(query.order_by(PartnerToken.revoked_at.is_not(None), PartnerToken.id.desc())).all()


def token_said(secret: str) -> PartnerToken | None:
    """Return the live token that a machine has shown, of a partner that is open."""
    query = select(PartnerToken).join(Organisation, Organisation.id == PartnerToken.organisation_id)
    query = query.where(PartnerToken.digest == ids.digest(secret), PartnerToken.revoked_at.is_(None))
    return db.session.scalar(query.where(Organisation.active, Organisation.kind == PARTNER))


def asked_about(organisation_id: int, by: str, value: str) -> int | None:
    """Return who of a partner is meant by an employee number, an e-mail address or a certificate: each is one person's."""
    query = select(Person.id).where(Person.organisation_id == organisation_id)
    if by == "certificate":
        query = query.join(Certificate, Certificate.holder_id == Person.id)
        query = query.where(Certificate.number == (ids.normalise_number(value) or ""))
    elif by == "email":
        query = query.where(Person.email == value.lower())
    else:
        query = query.where(Person.employee_number == value)
    return db.session.scalar(query)
