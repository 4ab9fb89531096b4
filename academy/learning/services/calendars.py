"""Making, renewing and removing the private link of a calendar."""

from datetime import datetime

from sqlalchemy import delete, select

from academy.base import audit, ids
from academy.base.db import change, db, insert_once
from academy.learning.models import CalendarLink


def renew_calendar(person_id: int, *, at: datetime) -> str:
    """Give a person a new link and end the one before. Returns its token, which is told this once."""
    token = ids.random_token()

    def make() -> CalendarLink:
        return CalendarLink(person_id=person_id, token_digest=ids.digest(token), made_at=at)

    def find() -> CalendarLink | None:
        return db.session.scalar(select(CalendarLink).where(CalendarLink.person_id == person_id))

    link, made = insert_once(make, find)
    if not made:
        link.token_digest, link.made_at = ids.digest(token), at
        db.session.flush()
    audit.record("learning:calendar:own", at=at, actor_id=person_id, subject=("calendar_link", link.id, ""))
    return token


def remove_calendar(person_id: int, *, at: datetime) -> None:
    """End a person's link."""
    if change(delete(CalendarLink).where(CalendarLink.person_id == person_id)):
        audit.record("learning:calendar:remove", at=at, actor_id=person_id, subject=("calendar_link", None, ""))
