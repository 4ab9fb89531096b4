"""Reads of proposed replacements of the key that signs badges: what waits, who may decide, what was decided."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person, RoleGrant
from academy.accounts.queries_of_memberships import same_human
from academy.base.access import KEEPERS
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.credentials.models_of_keys import KeyProposal

MOST = 20


def key_proposal(key_proposal_id: int) -> KeyProposal | None:
    """Return a proposal by id, decided or not."""
    return db.session.get(KeyProposal, key_proposal_id)


def waiting() -> KeyProposal | None:
    """Return the proposal that waits for a second person."""
    return db.session.scalar(select(KeyProposal).where(KeyProposal.waits.is_(True)))


def _held_everywhere(but: int) -> Any:
    held = select(RoleGrant.person_id).where(RoleGrant.role.in_(KEEPERS), RoleGrant.organisation_id.is_(None))
    return Person.id.in_(held), Person.state == "active", Person.id.not_in(same_human(but))


def keepers(*, but: int) -> list[int]:
    """Return the active people who keep the certificates of the whole academy, without one of them."""
    return list(db.session.scalars(select(Person.id).where(*_held_everywhere(but)).order_by(Person.id)))


def names_of_keepers(*, but: int) -> Sequence[LocalizedText]:
    """Return how they are called."""
    return db.session.scalars(select(Person.name).where(*_held_everywhere(but)).order_by(Person.id)).all()


def decided() -> Sequence[Any]:
    """Return the latest proposals with the names of who proposed and who decided, the newest first."""
    first, last = aliased(Person), aliased(Person)
    query = (
        select(KeyProposal, first.name.label("by"), last.name.label("decided_by"))
        .outerjoin(first, first.id == KeyProposal.proposed_by_id)
        .outerjoin(last, last.id == KeyProposal.decided_by_id)
        .order_by(KeyProposal.id.desc())
    )
    return db.session.execute(query.limit(MOST)).all()
