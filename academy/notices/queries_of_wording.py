"""Reads about how the letters of a kind are worded."""

from typing import Any

from sqlalchemy import Select, func, select

from academy.accounts.models import Person
from academy.base.db import db
from academy.notices import kinds
from academy.notices.models import LetterWording
from academy.notices.own_words import SHIPPED, OwnWords


def kind_worded(name: str) -> kinds.Kind | None:
    """Return the kind of letters of a name, if it is one that may be reworded."""
    return next((kind for kind in kinds.worded() if kind.name == name), None)


def newest(kind: str) -> LetterWording | None:
    """Return the newest version of a kind's wording; None while it was never reworded."""
    mine = LetterWording.kind == kind
    return db.session.scalar(select(LetterWording).where(mine).order_by(LetterWording.version.desc()).limit(1))


def own_words_of(kind: str) -> OwnWords:
    """Return the words in which letters of a kind are written now."""
    return words_of(newest(kind))


def words_of(row: LetterWording | None) -> OwnWords:
    """Return the words of a version; before the first one there were none."""
    return OwnWords(row.subject, row.body) if row else SHIPPED


def all_newest() -> dict[str, tuple[LetterWording, Any]]:
    """Return the newest version of each kind that was ever reworded, with its writer's name."""
    latest = select(LetterWording.kind, func.max(LetterWording.version).label("version")).group_by(LetterWording.kind)
    top = latest.subquery()
    query = (
        select(LetterWording, Person.name)
        .join(top, (top.c.kind == LetterWording.kind) & (top.c.version == LetterWording.version))
        .outerjoin(Person, Person.id == LetterWording.written_by_id)
    )
    return {row.kind: (row, name) for row, name in db.session.execute(query)}


def versions(kind: str) -> Select[Any]:
    """Return the query of a kind's versions with their writers' names, the newest first."""
    columns: tuple[Any, ...] = (LetterWording, Person.name)
    query = select(*columns).outerjoin(Person, Person.id == LetterWording.written_by_id)
    return query.where(LetterWording.kind == kind).order_by(LetterWording.version.desc())


def version(kind: str, number: int) -> LetterWording | None:
    """Return one version of a kind's wording."""
    return db.session.scalar(select(LetterWording).where(LetterWording.kind == kind, LetterWording.version == number))
