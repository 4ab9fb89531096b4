"""Tokens of partners' machines: made with a name, shown once, used within a limit, revoked for good."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update

from academy.accounts.models import Organisation
from academy.base import audit, ids, throttle
from academy.base.db import db, lock, separately
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.partners import queries_of_tokens as queries
from academy.partners.models import PartnerToken
from academy.partners.policies import MAKE_TOKEN, REVOKE_TOKEN

MOST, LONGEST_NAME = 20, 80
PREFIX = "cxs_"  # so that whoever finds one knows what it opens
WINDOW, MOST_ASKED = timedelta(minutes=1), 120
USED_EVERY = timedelta(minutes=1)


def make_token(partner: Organisation, name: str, *, actor_id: int | None, at: datetime) -> tuple[PartnerToken, str]:
    """Make a token and return it with its secret, which nobody can read again. Raises Invalid."""
    lock(Organisation, partner.id)
    said = clean_line(name)
    if not said or len(said) > LONGEST_NAME:
        raise Invalid(_l("Enter a name for the token."), field="name")
    rows = [row for row, _maker in queries.tokens(partner.id) if row.revoked_at is None]
    if any(row.name.casefold() == said.casefold() for row in rows):
        raise Invalid(
            _l("There is a token of this name already. Revoke it first, or choose another name."), field="name"
        )
    if len(rows) >= MOST:
        raise Invalid(
            _l("A partner has at most %(most)s tokens. Revoke one that is not used."), field="name", most=MOST
        )
    secret = PREFIX + ids.random_token()
    row = PartnerToken(
        organisation_id=partner.id, name=said, digest=ids.digest(secret), last_signs=secret[-4:], made_at=at, made_by_id=actor_id
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        MAKE_TOKEN, at=at, actor_id=actor_id, subject=("partner_token", row.id, said), organisation_id=partner.id,
        after={"name": said, "last_signs": row.last_signs},
    )  # fmt: skip
    return row, secret


def revoke_token(token_id: int, *, actor_id: int | None, at: datetime) -> None:
    """Revoke a token from this moment on. Raises Conflict for one that is revoked already."""
    row: PartnerToken = lock(PartnerToken, token_id)
    if row.revoked_at is not None:
        raise Conflict(_l("This token is revoked already."))
    row.revoked_at, row.revoked_by_id = at, actor_id
    db.session.flush()
    audit.record(
        REVOKE_TOKEN, at=at, actor_id=actor_id, subject=("partner_token", row.id, row.name),
        organisation_id=row.organisation_id, before={"name": row.name, "last_signs": row.last_signs},
    )  # fmt: skip


def count_use(token_id: int, *, at: datetime) -> bool:
    """Count a question of a machine and note that the token is in use; False when it asks too often. It stays counted in any case."""
    key = f"serving:{token_id}"
    with separately() as session:
        if throttle.count(session, key, within=WINDOW, at=at) >= MOST_ASKED:
            return False
        throttle.note(session, key, at=at)
        stale = or_(PartnerToken.last_used_at.is_(None), PartnerToken.last_used_at < at - USED_EVERY)
        alive = PartnerToken.id == token_id, PartnerToken.revoked_at.is_(None)
        session.execute(update(PartnerToken).where(*alive, stale).values(last_used_at=at))
    return True
