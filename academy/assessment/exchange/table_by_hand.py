"""The rows of questions that a person marks, and of kept QTI items, in our spreadsheet: written and read.

A criterion of a rubric is an entry; its levels stand as partners, the first on its own row, each with its points. A
criterion without levels has points alone. A QTI item is a file beside the sheet, as it came.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from academy.assessment.exchange.numbers import plain
from academy.assessment.exchange.pictures import Album
from academy.assessment.exchange.shape import Draft
from academy.assessment.exchange.table_layout import FILE_KINDS, LANGUAGES, meaning, word
from academy.assessment.exchange.table_numbers import whole
from academy.assessment.exchange.table_types import Cells, Row, cells, texts

LIMITS = ("least_words", "most_words")


def essay_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield the limits in words and the notes for markers with the first row, and the rubric."""
    head: Cells = {name: content[name] for name in LIMITS if content.get(name)}
    yield from _marked(content, head)


def file_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield what files are taken with the first row, and the rubric."""
    kinds = ", ".join(word(FILE_KINDS, kind, language) for kind in content["kinds"])
    yield from _marked(content, {"file_kinds": kinds, "most": content["most"], "megabytes": content["megabytes"]})


def _marked(content: Mapping[str, Any], head: Cells) -> Iterator[Cells]:
    rows = list(_rubric_rows(content)) or [{}]
    yield {**head, **cells("notes", content.get("notes")), **rows[0]}
    yield from rows[1:]


def _rubric_rows(content: Mapping[str, Any]) -> Iterator[Cells]:
    for criterion in content.get("rubric") or ():
        named = cells("entry", criterion["text"])
        if "levels" not in criterion:
            yield {**named, "rubric_points": criterion["points"]}
        for place, level in enumerate(criterion.get("levels") or ()):
            yield {
                **(named if not place else {}),
                **cells("partner", level["text"]),
                "rubric_points": level["points"],
            }


def read_essay(draft: Draft, rows: Sequence[Row]) -> None:
    """Take an essay question."""
    _read_marked(draft, rows)
    for name in LIMITS:
        if rows[0].get(name):
            draft.content[name] = whole(rows[0], name, "bad_number")


def read_file_question(draft: Draft, rows: Sequence[Row]) -> None:
    """Take a question that is answered by files."""
    _read_marked(draft, rows)
    named = rows[0].get("file_kinds", "").replace("،", ",").split(",")
    draft.content["kinds"] = [meaning(FILE_KINDS, each) or each.strip() for each in named if each.strip()]
    for name in ("most", "megabytes"):
        draft.content[name] = whole(rows[0], name, "bad_number")


def _read_marked(draft: Draft, rows: Sequence[Row]) -> None:
    rubric: list[dict[str, Any]] = []
    for row in rows:
        entry, level, points = texts(row, "entry"), texts(row, "partner"), whole(row, "rubric_points", "bad_points")
        if any(entry.values()):
            rubric.append({"id": f"c{len(rubric) + 1}", "text": entry})
        if not rubric:
            continue
        criterion = rubric[-1]
        if any(level.values()):
            levels = criterion.setdefault("levels", [])
            levels.append({"id": f"v{len(levels) + 1}", "text": level, "points": points})
        elif any(entry.values()):
            criterion["points"] = points
    draft.content["rubric"] = rubric
    if any(texts(rows[0], "notes").values()):
        draft.content["notes"] = texts(rows[0], "notes")


# --- QTI items as they came ----------------------------------------------------------------


def item_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield the language of an item and its most points; its file is named by the writer."""
    yield {"item_language": word(LANGUAGES, content["language"], language), "item_most": plain(content["most"])}


def read_kept_item(draft: Draft, rows: Sequence[Row], album: Album) -> None:
    """Take an item as it came."""
    draft.content |= {
        "item": album.text(rows[0].get("item", "")),
        "language": meaning(LANGUAGES, rows[0].get("item_language", "")) or "",
        "most": rows[0].get("item_most", ""),
    }
