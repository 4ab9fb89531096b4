"""Writing questions as a spreadsheet in our own layout; nothing of any type is lost in it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from academy.assessment.exchange.category_paths import joined, shown
from academy.assessment.exchange.choices import in_order, pairs_of
from academy.assessment.exchange.pictures import picture_path
from academy.assessment.exchange.safe_zip import packed
from academy.assessment.exchange.shape import Exported, Note, Taken
from academy.assessment.exchange.table_by_hand import essay_rows, file_rows, item_rows
from academy.assessment.exchange.table_layout import (
    COLUMNS,
    DIFFICULTIES,
    HALVES,
    SCORINGS,
    TRUTHS,
    TYPES,
    word,
)
from academy.assessment.exchange.table_numbers import numeric_rows
from academy.assessment.exchange.table_pictures import calculated_rows, hotspot_rows, label_rows
from academy.assessment.exchange.table_types import category_rows, gap_rows, opinion_rows, ranking_rows
from academy.base.spreadsheets import XLSX, write_csv, write_xlsx
from academy.base.text import LocalizedText

Cells = dict[str, object]


def write_table(questions: Sequence[Taken], pictures: Mapping[str, bytes], language: str, suffix: str) -> Exported:
    """Return the questions as "xlsx" or "csv", headings and words in a language, texts in both.

    Pictures and QTI items are files beside the sheet: with any of them, the sheet and they make a package.
    """
    files: dict[str, bytes] = {}
    given = []
    for each in questions:
        rows = list(_rows(each, language))
        if "image" in each.content:
            files[picture_path(each.content)] = pictures.get(each.content["image"]["key"], b"")
        if each.type == "qti":
            rows[0]["item"] = f"items/{len(files) + 1}.xml"
            files[str(rows[0]["item"])] = each.content["item"].encode()
        given += rows
    made = _sheet(given, language, suffix)
    notes: dict[int, Sequence[Note]] = {place: [] for place in range(len(questions))}
    if files:
        return Exported(packed({f"questions.{suffix}": made, **files}), "zip", "application/zip", notes)
    return Exported(made, suffix, XLSX if suffix == "xlsx" else "text/csv; charset=utf-8", notes)


def _sheet(given: Sequence[Cells], language: str, suffix: str) -> bytes:
    used = {name for cells in given for name, value in cells.items() if value != ""}
    columns = [column for column in COLUMNS if column.usual or column.name in used]
    header = [column.ar if language == "ar" else column.en for column in columns]
    rows = [[cells.get(column.name, "") for column in columns] for cells in given]
    if suffix == "csv":
        return b"".join(write_csv(header, rows))
    sheet = "الأسئلة" if language == "ar" else "Questions"
    return write_xlsx(header, rows, sheet=sheet, right_to_left=language == "ar")


def _rows(question: Taken, language: str) -> Iterator[Cells]:
    first, *rest = list(_ENTRIES[question.type](question.content, language)) or [{}]
    yield {**_head(question, language), **first}
    yield from rest


def _head(question: Taken, language: str) -> Cells:
    content = question.content
    head: Cells = {
        "key": question.key,
        "type": word(TYPES, question.type, language),
        **_both("stem", content["stem"]),
        **_both("explanation", content.get("explanation")),
        **_both("hint", content.get("hint")),
        "competency": question.competency_key or "",
        "objective": question.objective or "",
        "tags": ", ".join(question.tags),
        **{f"category_{code}": joined(shown(question.category, code)) for code in ("ar", "en")},
        "difficulty": word(DIFFICULTIES, str(question.difficulty), language),
        "points": question.points,
    }
    if content.get("scoring"):
        head["scoring"] = word(SCORINGS, content["scoring"], language)
    if content.get("typos") == 0:
        head["typos"] = 0
    if content.get("shuffle") is False:
        head["shuffle"] = word(TRUTHS, "false", language)
    return head


def _both(name: str, value: object) -> Cells:
    text = LocalizedText.of(value)  # type: ignore[arg-type]
    return {f"{name}_ar": text.ar, f"{name}_en": text.en}


def _choices(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    for option in content["options"]:
        right = word(TRUTHS, "true", language) if option.get("correct") else ""
        yield {**_both("entry", option["text"]), "right": right, **_both("feedback", option.get("feedback"))}


def _true_false(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    yield {"answer": word(TRUTHS, "true" if content["answer"] else "false", language)}


def _ordering(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    yield from (_both("entry", text) for text in in_order(content))


def _matching(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    yield from ({**_both("entry", left), **_both("partner", right)} for left, right in pairs_of(content))


def _short_text(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    for name, right in (("accept", ""), ("partly", word(HALVES, "half", language))):
        halves = ((content.get(name) or {}).get(code) or () for code in ("ar", "en"))
        for arabic, english in zip_longest(*halves, fillvalue=""):
            yield {"entry_ar": arabic, "entry_en": english, "right": right}


_ENTRIES = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "numeric": numeric_rows,
    "ordering": _ordering,
    "matching": _matching,
    "short_text": _short_text,
    "categories": category_rows,
    "gap_fill": gap_rows,
    "matrix": opinion_rows,
    "ranking": ranking_rows,
    "hotspot": hotspot_rows,
    "drag_on_image": label_rows,
    "calculated": calculated_rows,
    "essay": essay_rows,
    "file": file_rows,
    "qti": item_rows,
}
