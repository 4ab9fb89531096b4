"""Reads of the keys that sign badges."""

from collections.abc import Sequence

from sqlalchemy import select

from academy.accounts.queries import academy
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.badges.documents import Issuer
from academy.credentials.models import SigningKey


def key_in_use() -> SigningKey | None:
    """Return the key that signs now; None before the first badge."""
    return db.session.scalar(select(SigningKey).where(SigningKey.in_use.is_(True)))


def signing_keys() -> Sequence[SigningKey]:
    """Return all keys there ever were, the newest first."""
    return db.session.scalars(select(SigningKey).order_by(SigningKey.id.desc())).all()


def signing_key(multikey: str) -> SigningKey | None:
    """Return the key of this name, whether it still signs or not."""
    return db.session.scalar(select(SigningKey).where(SigningKey.multikey == multikey))


def issuing() -> Issuer:
    """Return who signs: the academy as it is called today."""
    own = academy()
    return Issuer(own.name, own.contact_email) if own else Issuer(LocalizedText())
