"""What tests ask of a database, and the fewest of them that ask it all.

On SQLite every test runs and notes what it asks; on PostgreSQL those run again that together ask the same. A question is a
statement with the kind of one of its values, or with what came of it: an error of that name, or rows. Which columns a row is
written with and how long a list is make no other statement; what only tests ask, to look behind the curtain, is no question.
What a file's fixtures ask counts for the first test that needs them.

`python -m pytest -p tests.asked` notes into the folder TEST_ASKED, or runs only what TEST_AGAIN names.
"""

import heapq
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine.cursor import BufferedRowCursorFetchStrategy, CursorFetchStrategy

FOLDER, AGAIN = os.environ.get("TEST_ASKED"), os.environ.get("TEST_AGAIN")
ALWAYS, SAME_EVERYWHERE = ("concurrency",), ("appearance", "doors")
LEAST_SECONDS = 0.1  # below it tests cost alike
LIST = r"\(\?(?:, \?)*\)(?:, \(\?(?:, \?)*\))*"
VALUES = re.compile(rf"{LIST}|\?")
INSERT = re.compile(rf"(INSERT INTO \S+) \(([^)]*)\) (VALUES) {LIST}(.*)", re.DOTALL)
UPDATE = re.compile(r"(UPDATE \S+ SET) ((?:\S+=\?, )*\S+=\?) (WHERE .*)", re.DOTALL)
UNASKED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")
MOST_VALUES = 40  # of many rows that are written at once the first ones tell enough
LARGEST = 2**31 - 1

ROOT = Path(__file__).resolve().parent.parent
OURS = str(ROOT / "academy"), str(ROOT / "migrations")

_notes: dict[str, set[tuple]] = defaultdict(set)
_marks: dict[str, list[str]] = {}
_seconds: dict[str, float] = {}
_now = [""]
_ours: set[int] = set()  # the statements that the academy itself has sent


@lru_cache(maxsize=20_000)
def read(statement: str) -> tuple[int, tuple[str, ...]]:
    """A statement by a number, and the places of its values: the column of what is written, else one for each list."""
    columns: tuple[str, ...] = ()
    rest = statement
    if found := INSERT.fullmatch(statement):
        columns, rest = tuple(found[2].split(", ")), found[4]
        name = f"{found[1]} {found[3]}{VALUES.sub('?', rest)}"
        columns *= (statement.count("?") - rest.count("?")) // len(columns)
    elif found := UPDATE.fullmatch(statement):
        columns, rest = tuple(each.removesuffix("=?") for each in found[2].split(", ")), found[3]
        name = f"{found[1]} {VALUES.sub('?', rest)}"
    else:
        name = VALUES.sub("?", statement)
    others = [str(place) for place, each in enumerate(VALUES.findall(rest)) for _ in range(each.count("?"))]
    return crc32(name.encode()), (*columns, *others)


def _is_ours() -> bool:
    """Whether the academy sends what is being sent, and not a test itself."""
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith(OURS):
        frame = frame.f_back
    return frame is not None


def _kind(value: Any) -> str:
    """What a database may take differently about a value; nothing is taken for any kind."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "text with a zero" if "\0" in value else "text"
    if isinstance(value, int):
        return "truth" if isinstance(value, bool) else "number" if abs(value) <= LARGEST else "large number"
    return type(value).__name__


def _values(parameters: Any) -> Iterable[Any]:
    if isinstance(parameters, list):
        parameters = parameters[0] if parameters else ()
    return list(parameters.values() if isinstance(parameters, dict) else parameters or ())[:MOST_VALUES]


def _note_sent(_connection, cursor, statement, parameters, context, _many) -> None:
    if statement.startswith(UNASKED):
        return
    name, places = read(statement)
    if name not in _ours and _is_ours():
        _ours.add(name)
    _notes[_now[0]].add((name, frozenset(zip(places, map(_kind, _values(parameters)), strict=False))))
    if context is not None and (context.isinsert or context.isupdate or context.isdelete) and cursor.rowcount:
        _notes[_now[0]].add((name, "rows"))


def _note_error(failed) -> None:
    if failed.statement:
        _notes[_now[0]].add((read(failed.statement)[0], type(failed.original_exception).__name__))


def _note_rows(fetch):
    """Let a way to fetch rows note whether any came."""

    def fetched(self, result, cursor, *rest):
        rows = fetch(self, result, cursor, *rest)
        if rows:
            _notes[_now[0]].add((read(result.context.statement)[0], "rows"))
        return rows

    return fetched


if FOLDER:
    event.listen(Engine, "after_cursor_execute", _note_sent)
    event.listen(Engine, "handle_error", _note_error)
    for strategy in (CursorFetchStrategy, BufferedRowCursorFetchStrategy):
        for name in ("fetchone", "fetchmany", "fetchall"):
            setattr(strategy, name, _note_rows(getattr(strategy, name)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item) -> Iterator[None]:
    """Know whose questions are coming, and how long it takes to ask them."""
    from tests.conftest import reaches_database

    _now[0] = item.nodeid
    if reaches_database(item):
        _marks[item.nodeid] = sorted({mark.name for mark in item.iter_markers()} & {*ALWAYS, *SAME_EVERYWHERE})
    began = monotonic()
    try:
        return (yield)
    finally:
        _seconds[item.nodeid] = monotonic() - began


def pytest_sessionfinish() -> None:
    """Write down what this process has heard."""
    if FOLDER and _marks:
        said = {
            test: {"marks": marks, "asks": sorted(questions(_notes[test], _ours)), "seconds": _seconds[test]}
            for test, marks in _marks.items()
        }
        Path(FOLDER, f"{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}.json").write_text(json.dumps(said))


def questions(notes: set[tuple], ours: set[int]) -> set[int]:
    """The questions in what was noted of a test: each value by its place and kind, each outcome."""
    found: set[tuple] = set()
    for statement, more in notes:
        if statement in ours:
            found.add((statement,))
            found |= {(statement, more)} if isinstance(more, str) else {(statement, *each) for each in more if each[1]}
    return {crc32(repr(question).encode()) for question in found}


def pytest_collection_modifyitems(config, items) -> None:
    """Run again only what was chosen."""
    if AGAIN:
        from tests.conftest import run_only

        chosen = set(Path(AGAIN).read_text().splitlines())
        run_only(config, items, lambda item: item.nodeid in chosen)


def choose(folder: Path) -> list[str]:
    """Return the tests that ask all that was noted in a folder: all of threads, all that were not heard, few others.

    Of the others always the one that asks most that none before it has, for the time that it takes.
    """
    heard = {
        test: said for path in sorted(folder.glob("*.json")) for test, said in json.loads(path.read_text()).items()
    }
    tests = {test: said for test, said in heard.items() if not set(said["marks"]) & set(SAME_EVERYWHERE)}
    chosen = [test for test, said in tests.items() if not said["asks"] or set(said["marks"]) & set(ALWAYS)]
    asked = {question for test in chosen for question in tests[test]["asks"]}
    return sorted({*chosen, *_cheapest(tests, asked)})


def _cheapest(tests: dict[str, dict], asked: set[int]) -> Iterator[str]:
    """Yield the test that asks most a second that is not yet asked, until none asks anything new; `asked` grows with them."""
    pool = {test: set(said["asks"]) for test, said in tests.items()}
    seconds = {test: max(said["seconds"], LEAST_SECONDS) for test, said in tests.items()}
    waiting = [(-len(questions) / seconds[test], test) for test, questions in pool.items()]
    heapq.heapify(waiting)
    while waiting:
        _hoped, test = heapq.heappop(waiting)
        new = len(pool[test] - asked)
        if not new:
            continue
        if waiting and -new / seconds[test] > waiting[0][0]:  # it has become less than another promises
            heapq.heappush(waiting, (-new / seconds[test], test))
            continue
        asked |= pool[test]
        yield test
