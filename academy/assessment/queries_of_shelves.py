"""Where questions of a file lie in a bank by the names that the file gives: what is there already, what is missing."""

from collections.abc import Iterable

from sqlalchemy import select

from academy.assessment.exchange.category_paths import Path
from academy.assessment.models import QuestionCategory
from academy.assessment.rules.bank import DEEPEST
from academy.base.db import db
from academy.base.text import LocalizedText


class Shelves:
    """The categories of a bank by their names. Of two beside each other with one name the first is meant."""

    def __init__(self, organisation_id: int) -> None:
        query = select(QuestionCategory).where(QuestionCategory.organisation_id == organisation_id)
        rows = db.session.scalars(query.order_by(QuestionCategory.position, QuestionCategory.id)).all()
        self._rows = {row.id: row for row in rows}

    def path_of(self, category_id: int | None) -> Path:
        """Return the names of a category from the top down; none for none."""
        row = self._rows.get(category_id or 0)
        return (*self.path_of(row.parent_id), row.name) if row else ()

    def place(self, path: Path, below: int | None) -> tuple[Path, bool]:
        """Return where a path of a file leads from the top, and whether it had to be cut.

        It begins below the category chosen for the file, unless it names that one from the top itself.
        """
        chosen = self.path_of(below)
        inside = len(path) >= len(chosen) and all(map(_same, chosen, path))
        whole = (*chosen, *(path[len(chosen) :] if inside else path))
        return whole[:DEEPEST], len(whole) > DEEPEST

    def find(self, path: Path) -> tuple[QuestionCategory | None, Path]:
        """Return the deepest category on a path that is there, and the names that are missing below it."""
        found: QuestionCategory | None = None
        for place, name in enumerate(path):
            parent_id = found.id if found else None
            beside = (row for row in self._rows.values() if row.parent_id == parent_id)
            row = next((row for row in beside if _same(row.name, name)), None)
            if row is None:
                return found, path[place:]
            found = row
        return found, ()

    def missing(self, paths: Iterable[Path]) -> list[Path]:
        """Return the categories that have to be made for paths, each once, every one after what it lies below."""
        made: list[Path] = []
        for path in paths:
            _found, left = self.find(path)
            for length in range(len(path) - len(left) + 1, len(path) + 1):
                if not any(_alike(path[:length], other) for other in made):
                    made.append(path[:length])
        return made

    def add(self, row: QuestionCategory) -> None:
        """Know a category that has been made meanwhile."""
        self._rows[row.id] = row


def _same(one: LocalizedText, other: LocalizedText) -> bool:
    faces = {text.casefold() for text in other.as_dict().values() if text}
    return any(text.casefold() in faces for text in one.as_dict().values() if text)


def _alike(one: Path, other: Path) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))
