"""Searching a team by name and by course, and pages that count themselves."""

from collections.abc import Callable, Sequence
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


def one_page(
    query: Select[Any], *, size: int, number: int, finish: Callable[[Any], Select[Any]] | None = None
) -> tuple[Sequence[Any], int, int]:
    """Return the rows of a page, its number and the total, in one statement; a page past the end becomes the first.

    The rows gain a column `total`. `finish` makes the query of the rows from those of the page, where all that is told of
    them would be costly to read before they are cut to a page.
    """

    def read(number: int) -> Sequence[Any]:
        counted = query.add_columns(func.count().over().label("total")).limit(size).offset((number - 1) * size)
        return db.session.execute(finish(counted.cte("keys")) if finish else counted).all()

    rows = read(number)
    if not rows and number > 1:
        number, rows = 1, read(1)
    return rows, number, rows[0].total if rows else 0
