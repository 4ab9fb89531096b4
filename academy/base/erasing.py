"""Erasing what identifies a person: free texts that hang on them, and their name wherever it was copied to."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import escape
from sqlalchemy import JSON, Column, ColumnElement, String, Table, Text, case, cast, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from academy.base import jobs, storage
from academy.base.db import Localized, Model, db
from academy.base.storage import StoredFile
from academy.base.text import LocalizedText

WIPED = "—"
SHORTEST = 4
FORGET_BYTES = "accounts.forget_bytes"
# Tables that keep a name, each with the reason; a slice adds its own.
KEEPS: dict[str, str] = {
    "audit_entry": "the audit trail says what was done, and each entry proves all before it",
}


def keep_names(table: str, reason: str) -> None:
    """Say that a table keeps names as they were written, and why."""
    KEEPS[table] = reason


def wipe(mine: ColumnElement[bool], *columns: InstrumentedAttribute[Any]) -> None:
    """Replace free texts of one table in the rows that are meant; empty ones stay empty."""
    values = {column.key: case((column == "", ""), else_=WIPED) for column in columns}
    kept = [column.is_not(None) for column in columns]
    for (name, value), there in zip(values.items(), kept, strict=True):
        db.session.execute(
            update(columns[0].class_)
            .where(mine, there)
            .values({name: value})
            .execution_options(synchronize_session=False)
        )


Found = Mapping[Table, Sequence[tuple[Any, ...]]]


def find_everywhere(words: Mapping[str, str], *, spare: Mapping[str, ColumnElement[bool]]) -> Found:
    """Return the keys of the rows in which words are to be replaced, in every table but those that keep names. Only reads.

    `spare` names, for tables whose rows may be another's with the same name, the filter for the rows that may be changed.
    """
    words = _as_shown(words)
    found: dict[Table, Sequence[tuple[Any, ...]]] = {}
    for table in Model.metadata.sorted_tables:
        if table.name not in KEEPS and words and (keys := _keys_in(table, words, spare.get(table.name))):
            found[table] = keys
    return found


def replace_in(table: Table, keys: Sequence[tuple[Any, ...]], words: Mapping[str, str]) -> int:
    """Replace words in rows that were found, as they stand by now. Returns how many changed."""
    columns, key_columns, words = _texts_of(table), list(table.primary_key.columns), _as_shown(words)
    changed = 0
    for key in keys:
        this = [column == value for column, value in zip(key_columns, key, strict=True)]
        row = db.session.execute(select(*columns).where(*this).with_for_update()).one_or_none()
        values = _changes(row._mapping, columns, words) if row is not None else {}
        if values:
            db.session.execute(table.update().where(*this).values(values))
            changed += 1
    return changed


def replace_signed(mine: ColumnElement[bool], column: InstrumentedAttribute[str], words: Mapping[str, str]) -> None:
    """Replace in texts that somebody wrote themself also the first and the last word of their name together, as people sign."""
    signed = {" ".join((parts[0], parts[-1])): new for old, new in words.items() if len(parts := old.split()) > 2}
    words = _as_shown({**words, **signed})
    keys = list(column.class_.__table__.primary_key.columns)
    for *key, text in db.session.execute(select(*keys, column).where(mine)).all():
        if (new := _replaced(text, words)) != text:
            this = [part == value for part, value in zip(keys, key, strict=True)]
            change = update(column.class_).where(*this).values({column.key: new})
            db.session.execute(change.execution_options(synchronize_session=False))


def _as_shown(words: Mapping[str, str]) -> dict[str, str]:
    """Return words that are long enough to be somebody's, as they are typed and as they stand in HTML."""
    long = {old: new for old, new in words.items() if len(old) >= SHORTEST}
    return long | {str(escape(old)): str(escape(new)) for old, new in long.items()}


def _keys_in(table: Table, words: Mapping[str, str], which: ColumnElement[bool] | None) -> list[tuple[Any, ...]]:
    columns, keys = _texts_of(table), list(table.primary_key.columns)
    if not columns or not keys:
        return []
    holds = or_(*(cast(column, Text).contains(word, autoescape=True) for column in columns for word in _as_kept(words)))
    query = select(*keys, *columns).where(holds)
    rows = db.session.execute(query if which is None else query.where(which)).all()
    return [tuple(row._mapping[key] for key in keys) for row in rows if _changes(row._mapping, columns, words)]


def _changes(
    said: Mapping[Any, Any], columns: Sequence[Column[Any]], words: Mapping[str, str]
) -> dict[Column[Any], Any]:
    return {column: new for column in columns if (new := _replaced(said[column], words)) != said[column]}


def _texts_of(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if _holds_text(column)]


def _as_kept(words: Collection[str]) -> set[str]:
    """Return words as they stand in plain texts and, with what JSON escapes, in documents."""
    return {*words, *(json.dumps(word, ensure_ascii=False)[1:-1] for word in words)}


def _holds_text(column: Column[Any]) -> bool:
    free = isinstance(column.type, String | JSON | Localized)
    return free and not column.foreign_keys and not column.primary_key


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Return what finds a word: a number only as a whole value, an address or a single name not within another, a whole name anywhere."""
    said = re.escape(word)
    if not any(sign.isalpha() for sign in word):
        return re.compile(rf"\A{said}\Z")
    if "@" in word:
        return re.compile(rf"(?<![\w.+-]){said}(?![\w-])")
    return re.compile(said if " " in word else rf"(?<!\w){said}(?!\w)")


def _replaced(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in words.items():
            value = _pattern(old).sub(lambda _found, new=new: new, value)  # type: ignore[misc]
        return value
    if isinstance(value, LocalizedText):
        return LocalizedText(_replaced(value.ar, words), _replaced(value.en, words))
    if isinstance(value, Mapping):
        return {key: _replaced(each, words) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(each, words) for each in value]
    return value


def drop_files(ids: Collection[int]) -> None:
    """Delete kept files that nothing refers to any more; their bytes go by a job once that is committed."""
    for row in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids))).all():
        jobs.enqueue(FORGET_BYTES, unique_key=f"{FORGET_BYTES}:{row.key}", key=row.key)
        storage.drop(row)
