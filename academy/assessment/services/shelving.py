"""Putting questions of a file into the categories it names; those that are missing are made."""

from collections.abc import Iterable
from datetime import datetime

from academy.accounts.models import Organisation
from academy.assessment.exchange.category_paths import Path
from academy.assessment.queries_of_shelves import Shelves
from academy.assessment.services.categories import create_category
from academy.base.db import lock


def shelve(organisation_id: int, paths: Iterable[Path], *, at: datetime, by_id: int | None) -> dict[Path, int | None]:
    """Return the category of each path, after making what is missing. Two files at once make none of them twice."""
    lock(Organisation, organisation_id)
    shelves = Shelves(organisation_id)
    found: dict[Path, int | None] = {}
    for path in dict.fromkeys(paths):
        row, left = shelves.find(path)
        for name in left:
            row = create_category(organisation_id, name, parent=row, at=at, by_id=by_id)
            shelves.add(row)
        found[path] = row.id if row else None
    return found
