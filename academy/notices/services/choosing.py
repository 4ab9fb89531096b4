"""Which letters a person wants, and how often: changed by nobody but that person."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from academy.base.db import change, db, insert_once
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.notices import kinds, queries
from academy.notices.models import LetterChoice, Notice


def choose(person_id: int, chosen: Mapping[str, str], *, at: datetime) -> None:
    """Keep how often a person wants letters of each kind. What waits for a digest moves to the new one, or out of it."""
    offered = {kind.name for kind in kinds.choosable()}
    if not set(chosen) <= offered or not set(chosen.values()) <= set(kinds.RHYTHMS):
        raise Invalid(_l("Choose one of the listed values."))
    for kind, rhythm in chosen.items():
        _keep(person_id, kind, rhythm, at=at)


def stop(person_id: int, kind: str, *, at: datetime) -> bool:
    """Stop a person's letters of a kind; a digest's stop ends the letters of every kind that comes in it.

    Returns whether the kind is one that can be stopped.
    """
    digests = {name: rhythm for rhythm, name in kinds.DIGESTS.items()}
    if kind in digests:
        mine = queries.choices(person_id)
        names = [name for name, rhythm in mine.items() if rhythm == digests[kind]]
    else:
        names = [kind] if kind in {each.name for each in kinds.choosable()} else []
    for name in names:
        _keep(person_id, name, kinds.NEVER, at=at)
    return bool(names) or kind in digests


def _keep(person_id: int, kind: str, rhythm: str, *, at: datetime) -> None:
    mine = LetterChoice.person_id == person_id, LetterChoice.kind == kind

    def make() -> LetterChoice:
        return LetterChoice(person_id=person_id, kind=kind, rhythm=rhythm, changed_at=at)

    def find() -> LetterChoice | None:
        return db.session.scalar(select(LetterChoice).where(*mine))

    row, made = insert_once(make, find)
    if not made and row.rhythm != rhythm:
        row.rhythm, row.changed_at = rhythm, at
        db.session.flush()
    if rhythm != kinds.NOW:
        waiting = Notice.person_id == person_id, Notice.kind == kind, Notice.waits_for.is_not(None)
        change(update(Notice).where(*waiting).values(waits_for=rhythm if rhythm in kinds.DIGESTS else None))
