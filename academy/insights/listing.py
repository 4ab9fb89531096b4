"""Lists of people that somebody pastes or brings as a file: which row names whom, and what is wrong with the others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from academy.accounts.services.importing import NAMING, REASONS
from academy.base.columns import recognise
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.numbers import to_ascii_digits
from academy.base.spreadsheets import Table, UnreadableFile, read_table
from academy.base.text import clean_line

MOST_ROWS = 5_000
UNKNOWN, SEVERAL, TWO, NOBODY = "unknown", "several", "two", "nobody"
WHY = {
    UNKNOWN: _l("Fits nobody in your team."),
    SEVERAL: _l("Fits several people of your team. Use the e-mail address."),
    TWO: _l("The e-mail address and the employee number belong to two people."),
    NOBODY: _l("Holds neither an e-mail address nor an employee number."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: its number, and the words that name somebody, in lower case and with ASCII digits."""

    line: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that names nobody whom it could: its number, what it says, and why, by `WHY`."""

    line: int
    said: str
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """Whom a list names, each once, how often somebody was named again, and the rows that name nobody."""

    people: list[int]
    repeated: int
    problems: list[Problem]


def read_pasted(typed: str) -> list[Row]:
    """Return the rows of a pasted list: a column of a spreadsheet, or words parted by commas."""
    return [
        Row(line, (_word(part),))
        for line, words in enumerate(typed.splitlines(), start=1)
        for part in filter(None, re.split(r"[\s,;،؛]+", words))
    ]


def read_file(data: bytes, filename: str) -> list[Row]:
    """Return the rows of a file: the columns of e-mail addresses and employee numbers, or its only column. Raises Invalid."""
    try:
        table = read_table(data, filename, max_rows=MOST_ROWS)
    except UnreadableFile as error:
        raise Invalid(REASONS[error.reason_code], field="file") from error
    found = recognise(table.header, NAMING)
    named = [name for name in found if name]
    if len(named) != len(set(named)):
        raise Invalid(_l("Two columns of the file have the same meaning. Keep one of them."), field="file")
    if not named and len(table.header) == 1:
        return _only_column(table)
    if not named:
        raise Invalid(
            _l("No column holds e-mail addresses or employee numbers. Name one “E-mail” or “Employee number”."), field="file"
        )  # fmt: skip
    if not table.rows:
        raise Invalid(REASONS["empty"], field="file")
    places = [place for place, name in enumerate(found) if name]
    return [_row(line, [row[place] for place in places]) for line, row in zip(table.lines, table.rows, strict=True)]


def _only_column(table: Table) -> list[Row]:
    """A file of one column without a heading: its first row names somebody too."""
    first = _row(table.lines[0] - 1 if table.lines else 1, table.header)
    return [first, *(_row(line, row) for line, row in zip(table.lines, table.rows, strict=True))]


def _row(line: int, cells: Sequence[str]) -> Row:
    return Row(line, tuple(word for word in map(_word, cells) if word))


def _word(cell: str) -> str:
    return to_ascii_digits(clean_line(cell)).lower()


def judge(rows: Sequence[Row], known: Mapping[str, set[int]]) -> Read:
    """Return whom the rows name; `known` holds for each word whom of the team it fits."""
    people: dict[int, None] = {}
    repeated, problems = 0, []
    for row in rows:
        fits = [known.get(word, set()) for word in row.words]
        reason = _wrong(fits)
        if reason:
            problems.append(Problem(row.line, " · ".join(row.words), reason))
            continue
        (who,) = set.intersection(*(each for each in fits if each))
        repeated += who in people
        people[who] = None
    return Read(list(people), repeated, problems)


def _wrong(fits: Sequence[set[int]]) -> str:
    """Why a row names nobody; "" when it names one."""
    filled: list[set[int]] = [each for each in fits if each]
    if not fits:
        return NOBODY
    if len(filled) < len(fits):
        return UNKNOWN
    together: Any = set.intersection(*filled)
    if not together:
        return TWO
    return "" if len(together) == 1 else SEVERAL
