"""What names one thing alone in its organisation, in whatever case: an employee number, the code of a course."""

from typing import Any

from sqlalchemy import Index, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from academy.base.db import db


def once_in_organisation(name: str, column: str, condition: str | None = None) -> Index:
    """Return the index that lets one row of an organisation have a value of a column, among those that fit the condition."""
    where, low = text(condition) if condition else None, text(f"lower({column})")
    return Index(name, "organisation_id", low, unique=True, sqlite_where=where, postgresql_where=where)


def is_taken(column: InstrumentedAttribute[Any], value: str, organisation_id: int, *, but: int | None = None) -> bool:
    """Whether another row of the organisation has this value, as the database compares it."""
    model = column.class_
    same = select(model.id).where(model.organisation_id == organisation_id, func.lower(column) == func.lower(value))
    return db.session.scalar((same if but is None else same.where(model.id != but)).limit(1)) is not None
