"""Noting which papers were given out: the SHA-256 of their bytes beside what they attest, so that a file is known again for ever."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from academy.base.db import Model, db, insert_missing, settle, transaction


@dataclass(frozen=True, slots=True)
class NotedPapers:
    """The papers of one kind of thing: the table that notes them, and its column that names the thing."""

    table: Any  # a model with `sha256`, `noted_at` and a unique pair of the column and `sha256`
    column: str

    def note(self, thing_id: int, paper: bytes, *, at: datetime) -> None:
        """Note that these bytes are a paper of this thing; noted again, it stays as it was."""
        table: type[Model] = self.table
        insert_missing(table, [{self.column: thing_id, "sha256": digest_of(paper), "noted_at": at}])

    def note_given(self, thing_id: int, paper: bytes, *, at: datetime) -> None:
        """The same for a page that gives a paper out; mostly it is noted already, else it ends the page's transaction."""
        if not self._knows(thing_id, paper):
            settle()
            with transaction():
                self.note(thing_id, paper, at=at)

    def _knows(self, thing_id: int, paper: bytes) -> bool:
        same = getattr(self.table, self.column) == thing_id, self.table.sha256 == digest_of(paper)
        return db.session.scalar(select(self.table.id).where(*same)) is not None


def digest_of(paper: bytes) -> str:
    """Return what a file is known by."""
    return hashlib.sha256(paper).hexdigest()
