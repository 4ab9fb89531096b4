"""What the two databases say differently: days and months on Riyadh's clock, minutes between moments, members of JSON."""

from typing import Any

from sqlalchemy import Date, Float, Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class riyadh_date(FunctionElement[Any]):
    """The day in Riyadh of a moment."""

    type = Date()
    inherit_cache = True


class month_of(FunctionElement[Any]):
    """The month of a day, as 2026-11."""

    type = String()
    inherit_cache = True


class minutes_between(FunctionElement[Any]):
    """The minutes from the first moment to the second."""

    type = Float()
    inherit_cache = True


class whole_member(FunctionElement[Any]):
    """The whole number that a JSON object has under a key which is itself a column."""

    type = Integer()
    inherit_cache = True


class latin_lower(FunctionElement[Any]):
    """A text with A to Z in lower case and everything else as it stands."""

    type = String()
    inherit_cache = True


def _of(element: FunctionElement[Any], compiler: Any, **kw: Any) -> list[str]:
    return [compiler.process(clause, **kw) for clause in element.clauses]


@compiles(riyadh_date, "sqlite")
def _date_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return "date({}, '+3 hours')".format(*_of(element, compiler, **kw))


@compiles(riyadh_date, "postgresql")
def _date_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return "CAST(timezone(INTERVAL '3 hours', {}) AS date)".format(*_of(element, compiler, **kw))


@compiles(month_of, "sqlite")
def _month_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return "strftime('%Y-%m', {})".format(*_of(element, compiler, **kw))


@compiles(month_of, "postgresql")
def _month_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return "to_char({}, 'YYYY-MM')".format(*_of(element, compiler, **kw))


@compiles(minutes_between, "sqlite")
def _minutes_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return "((julianday({1}) - julianday({0})) * 1440.0)".format(*_of(element, compiler, **kw))


@compiles(minutes_between, "postgresql")
def _minutes_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM ({1} - {0})) / 60.0 AS double precision)".format(*_of(element, compiler, **kw))


@compiles(whole_member, "sqlite")
def _member_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return "CAST(json_extract({}, '$.\"' || {} || '\"') AS INTEGER)".format(*_of(element, compiler, **kw))


@compiles(whole_member, "postgresql")
def _member_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return "CAST(({} ->> {}) AS integer)".format(*_of(element, compiler, **kw))


@compiles(latin_lower, "sqlite")
def _lower_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return "lower({})".format(*_of(element, compiler, **kw))


@compiles(latin_lower, "postgresql")
def _lower_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    # Under the collation "C" only the letters of ASCII have a lower case, as on SQLite.
    return 'lower(({}) COLLATE "C")'.format(*_of(element, compiler, **kw))
