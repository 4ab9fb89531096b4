"""The database of the bench: made at the beginning, dropped at the end."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

NAME = "academy_bench"
SERVER = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


class Database:
    """A fresh database and a connection beside it, which itself is not measured."""

    def __init__(self, beside: "psycopg.Connection[tuple[object, ...]]", name: str = NAME) -> None:
        self.beside, self.name = beside, name
        self.url = re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", SERVER)

    def backends(self) -> list[int]:
        """Return the process ids of the server's processes that serve this database."""
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        return [int(str(row[0])) for row in self.beside.execute(query, (self.name,))]

    def tidy(self) -> None:
        """Let the planner know the rows, as a server that has run for a while does."""
        with psycopg.connect(self.url, autocommit=True) as inside:
            inside.execute("VACUUM ANALYZE")

    @property
    def version(self) -> str:
        """The server's version."""
        return str(self.beside.execute("SHOW server_version").fetchone()[0]).split(" ", maxsplit=1)[0]  # type: ignore[index]


@contextmanager
def fresh_database(name: str = NAME) -> Iterator[Database]:
    """Make a database, lend it, drop it."""
    try:
        beside = psycopg.connect(SERVER, autocommit=True)
    except psycopg.OperationalError as error:
        raise SystemExit(f"The bench needs PostgreSQL; none answers at {SERVER} (TEST_POSTGRES_URL): {error}") from None
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with beside:
        beside.execute(drop)
        beside.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield Database(beside, name)
        finally:
            beside.execute(drop)
