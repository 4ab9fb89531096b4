"""Reading questions from a spreadsheet in our own layout."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from academy.assessment.exchange.category_paths import of_columns
from academy.assessment.exchange.choices import match, order
from academy.assessment.exchange.pictures import Album
from academy.assessment.exchange.safe_zip import PICTURES, TABLES, files_of
from academy.assessment.exchange.shape import (
    MARK_LENGTH,
    CannotTake,
    Draft,
    Entry,
    UnreadableQuestions,
    label_of,
    read_each,
)
from academy.assessment.exchange.table_by_hand import read_essay, read_file_question, read_kept_item
from academy.assessment.exchange.table_layout import (
    DIFFICULTIES,
    HALVES,
    NEEDED,
    SCORINGS,
    TRUTHS,
    TYPES,
    column_named,
    meaning,
)
from academy.assessment.exchange.table_numbers import read_numeric
from academy.assessment.exchange.table_pictures import read_calculated, read_hotspot, read_labels
from academy.assessment.exchange.table_types import read_categories, read_gaps, read_opinions, read_ranking
from academy.base.numbers import parse_number, to_ascii_digits
from academy.base.spreadsheets import Table, UnreadableFile, read_table

MOST_ROWS = 6_000
REASONS = {"empty": "empty", "too_big": "too_big", "too_many_rows": "too_many", "encoding": "encoding"}
Row = Mapping[str, str]


def read_package(data: bytes) -> tuple[list[Entry], Album]:
    """Return each question of a package of a sheet with its pictures and items, and the files it used."""
    files = files_of(data, (*TABLES, *PICTURES, ".xml"))
    sheets = [name for name in files if PurePath(name).suffix.lower() in TABLES]
    if len(sheets) != 1:
        raise UnreadableQuestions("one_sheet")
    album = Album(files)
    return read_questions(files[sheets[0]], sheets[0], album), album


def read_questions(data: bytes, filename: str, album: Album | None = None) -> list[Entry]:
    """Return each question of a table, taken or refused; `album` holds the files beside it."""
    album = album or Album()
    try:
        table = read_table(data, filename, max_rows=MOST_ROWS)
    except UnreadableFile as error:
        raise UnreadableQuestions(REASONS.get(error.reason_code, "not_a_table")) from error
    return read_each(_groups(table), lambda rows: _read(rows, album), _label)


def _label(rows: Sequence[Row]) -> str:
    return label_of(rows[0].get("stem_ar") or rows[0].get("stem_en") or rows[0].get("entry_ar") or "")


def _groups(table: Table) -> list[list[Row]]:
    """Return the rows of each question: a row with a type or a question begins the next one."""
    names = [column_named(heading) for heading in table.header]
    if not NEEDED & set(names) or "type" not in names:
        raise UnreadableQuestions("table_headings")
    groups: list[list[Row]] = []
    for cells in table.rows:
        row = {name: cell for name, cell in zip(names, cells, strict=True) if name and cell}
        begins = any(name in row for name in ("type", "stem_ar", "stem_en"))
        if begins or not groups:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _both(row: Row, name: str) -> dict[str, str]:
    return {"ar": row.get(f"{name}_ar", ""), "en": row.get(f"{name}_en", "")}


def _read(rows: Sequence[Row], album: Album) -> Entry:
    head = rows[0]
    type = meaning(TYPES, head.get("type", ""))
    if type is None:
        raise CannotTake("unknown_type", type=head.get("type", "")[:40])
    draft = Draft(type, _both(head, "stem"), head.get("key", ""))
    if type in _WITH_FILES:
        _WITH_FILES[type](draft, rows, album)
    else:
        _READERS[type](draft, rows)
    draft.explain(_both(head, "explanation"))
    draft.hint(_both(head, "hint"))
    scoring = meaning(SCORINGS, head.get("scoring", ""))
    if scoring:
        draft.marks["scoring"] = scoring
    if head.get("typos"):
        draft.marks["typos"] = to_ascii_digits(head["typos"])
    if meaning(TRUTHS, head.get("shuffle", "")) == "false":
        draft.marks["shuffle"] = "no"
    draft.marks["difficulty"] = meaning(DIFFICULTIES, head.get("difficulty", "")) or "2"
    for name in ("competency", "objective"):
        if head.get(name):
            draft.marks[name] = head[name][:MARK_LENGTH]
    draft.tags = re.split("[,،\n]", head.get("tags", ""))
    points = parse_number(head.get("points", ""))
    draft.worth(float(points) if points is not None else None)
    category = of_columns(head.get("category_ar", ""), head.get("category_en", ""))
    return replace(draft.finish(), category=category)


def _choices(draft: Draft, rows: Sequence[Row]) -> None:
    draft.content["options"] = [
        _option(number, row) for number, row in enumerate((row for row in rows if any(_both(row, "entry").values())), 1)
    ]


def _option(number: int, row: Row) -> dict[str, Any]:
    right = row.get("right", "")
    option: dict[str, Any] = {
        "id": f"o{number}",
        "text": _both(row, "entry"),
        "correct": meaning(TRUTHS, right) == "true",
    }
    if right and meaning(TRUTHS, right) is None:
        raise CannotTake("bad_correct")
    if any(_both(row, "feedback").values()):
        option["feedback"] = _both(row, "feedback")
    return option


def _true_false(draft: Draft, rows: Sequence[Row]) -> None:
    answer = meaning(TRUTHS, rows[0].get("answer", ""))
    draft.content["answer"] = {"true": True, "false": False}.get(answer or "")


def _ordering(draft: Draft, rows: Sequence[Row]) -> None:
    order(draft, [_both(row, "entry") for row in rows if any(_both(row, "entry").values())])


def _matching(draft: Draft, rows: Sequence[Row]) -> None:
    match(draft, [(_both(row, "entry"), _both(row, "partner")) for row in rows if row.keys() - {"key"}])


def _short_text(draft: Draft, rows: Sequence[Row]) -> None:
    half = [row for row in rows if meaning(HALVES, row.get("right", ""))]
    whole = [row for row in rows if row not in half]
    draft.content["accept"] = _by_language(whole)
    if half:
        draft.content["partly"] = _by_language(half)


def _by_language(rows: Sequence[Row]) -> dict[str, list[str]]:
    return {code: [row[f"entry_{code}"] for row in rows if row.get(f"entry_{code}")] for code in ("ar", "en")}


_READERS: dict[str, Callable[[Draft, Sequence[Row]], None]] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "numeric": read_numeric,
    "ordering": _ordering,
    "matching": _matching,
    "short_text": _short_text,
    "categories": read_categories,
    "gap_fill": read_gaps,
    "matrix": read_opinions,
    "ranking": read_ranking,
    "calculated": read_calculated,
    "essay": read_essay,
    "file": read_file_question,
}
_WITH_FILES: dict[str, Callable[[Draft, Sequence[Row], Album], None]] = {
    "hotspot": read_hotspot,
    "drag_on_image": read_labels,
    "qti": read_kept_item,
}
