"""Long lists in pages of fixed size; the count of statements does not grow with the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import Select, func, select

from academy.base.db import db

SIZE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows: its number, how many pages and rows there are, and where the others lie."""

    rows: Sequence[Any]
    number: int
    pages: int
    total: int

    def url_for(self, number: int) -> str:
        """Return the address of another page, keeping the filters."""
        parts = (
            {**request.view_args, **request.args.to_dict(flat=False), "page": number}
            if request.view_args
            else {
                **request.args.to_dict(flat=False),
                "page": number,
            }
        )
        return url_for(request.endpoint or "", **parts)


def asked_page() -> int:
    """Return the page number asked for; anything odd is page one."""
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def paginate(query: Select[Any], *, size: int = SIZE, number: int | None = None) -> Page:
    """Run a query for one page (two statements: the count, the rows)."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(number or asked_page(), pages)
    rows = db.session.execute(query.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, pages, total)
