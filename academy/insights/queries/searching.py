"""Searching a team by name and by course, and pages that count themselves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_

from academy.accounts.models import Person
from academy.base.db import db
from academy.catalogue.models import Course


def named(terms: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the filters on Person that every search term must be found in the name or e-mail."""
    return [Person.search_text.contains(f" {term} ", autoescape=True) for term in terms]


def named_or_taught(terms: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the filters that every search term must be found in the person or in the course."""
    return [or_(person, Course.search_text.contains(f" {term} ", autoescape=True))
            for term, person in zip(terms, named(terms), strict=True)]  # fmt: skip


def one_page(query: Select[Any], *, size: int, number: int) -> tuple[Sequence[Any], int, int]:
    """Return the rows of a page, its number and the total, in one statement; a page past the end becomes the first.

    The rows gain a column `total`.
    """
    counted = query.add_columns(func.count().over().label("total")).limit(size)
    rows = db.session.execute(counted.offset((number - 1) * size)).all()
    if not rows and number > 1:
        number, rows = 1, db.session.execute(counted).all()
    return rows, number, rows[0].total if rows else 0
