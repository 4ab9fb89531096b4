"""Whether a value is among the results of another query, told so that PostgreSQL expects few of them.

What a recursion yields is estimated thousands of times too high; PostgreSQL then reads whole tables instead of looking
up what belongs to the few. Of an array it expects ten values, and looks each of them up. This is for a filter that is
joined to others by AND: beside an OR each row would be compared with each value in turn.
"""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):
    """`among(column, query.scalar_subquery())`: whether the column is one of the values of the query."""

    type = Boolean()
    inherit_cache = True
    name = "among"


@compiles(among, "sqlite")
def _among_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    column, query = (compiler.process(clause, **given) for clause in element.clauses)
    return f"({column} IN {query})"


@compiles(among, "postgresql")
def _among_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    column, query = (compiler.process(clause, **given) for clause in element.clauses)
    return f"({column} = ANY (ARRAY{query}))"
