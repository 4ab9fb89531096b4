"""The rows of questions on pictures and of calculated ones in our spreadsheet: written and read.

A picture is a file beside the sheet; its column says where, places are percent of its width and height. Areas stand one
a row, their names as entries; labels are entries too, each with the place of its spot or with none. Of a calculated
question each row holds a drawn number with its range, and the other units as numeric questions have them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from academy.assessment.exchange.numbers import plain
from academy.assessment.exchange.pictures import Album, picture_path
from academy.assessment.exchange.shape import CannotTake, Draft
from academy.assessment.exchange.table_layout import SHAPES, TRUTHS, meaning, word
from academy.assessment.exchange.table_numbers import numeric_rows, read_numeric, whole
from academy.assessment.exchange.table_types import Cells, Row, cells, texts
from academy.assessment.types.pictures import percent, read_numbers


def _picture(content: Mapping[str, Any]) -> Cells:
    return {"picture": picture_path(content), **cells("picture_words", content["image"]["alt"])}


def _read_picture(draft: Draft, row: Row, album: Album) -> None:
    if not row.get("picture"):
        raise CannotTake("no_picture")
    draft.content["image"] = {**album.picture(row["picture"]), "alt": texts(row, "picture_words")}


def _place(at: Sequence[int]) -> str:
    return " ".join(map(percent, at))


def _read_place(row: Row) -> list[int]:
    found = read_numbers(row.get("place", ""))
    if found is None:
        raise CannotTake("bad_numbers")
    return found


# --- Places on a picture ----------------------------------------------------------------


def hotspot_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield the picture with the first area, then the others."""
    head = _picture(content)
    if content.get("named") is False:
        head["named"] = word(TRUTHS, "false", language)
    if content.get("most") is not None:
        head["most"] = content["most"]
    for place, region in enumerate(content["regions"]):
        yield {
            **(head if not place else {}),
            **cells("entry", region["text"]),
            "shape": word(SHAPES, region["shape"], language),
            "place": _place(region["at"]),
            "right": word(TRUTHS, "true", language) if region.get("correct") else "",
        }


def read_hotspot(draft: Draft, rows: Sequence[Row], album: Album) -> None:
    """Take a picture and its areas."""
    _read_picture(draft, rows[0], album)
    draft.content["regions"] = [
        {
            "id": f"g{number}",
            "text": texts(row, "entry"),
            "shape": meaning(SHAPES, row.get("shape", "")) or row.get("shape", ""),
            "at": _read_place(row),
            "correct": meaning(TRUTHS, row.get("right", "")) == "true",
        }
        for number, row in enumerate((row for row in rows if any(texts(row, "entry").values())), start=1)
    ]
    if meaning(TRUTHS, rows[0].get("named", "")) == "false":
        draft.content["named"] = False
    if rows[0].get("most"):
        draft.content["most"] = whole(rows[0], "most", "bad_number")


# --- Labels on a picture ----------------------------------------------------------------


def label_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield the spots in their order, each with its label, then the labels that belong nowhere."""
    labels = {each["id"]: each["text"] for each in content["labels"]}
    placed = [(labels[content["answer"][spot["id"]]], _place(spot["at"])) for spot in content["spots"]]
    spare = [(text, "") for key, text in labels.items() if key not in content["answer"].values()]
    for number, (text, place) in enumerate([*placed, *spare]):
        yield {**(_picture(content) if not number else {}), **cells("entry", text), "place": place}


def read_labels(draft: Draft, rows: Sequence[Row], album: Album) -> None:
    """Take a picture, its spots and its labels."""
    _read_picture(draft, rows[0], album)
    found = [row for row in rows if any(texts(row, "entry").values())]
    placed = [(number, row) for number, row in enumerate(found, start=1) if row.get("place")]
    draft.content |= {
        "labels": [{"id": f"b{number}", "text": texts(row, "entry")} for number, row in enumerate(found, start=1)],
        "spots": [{"id": f"s{number}", "at": _read_place(row)} for number, row in placed],
        "answer": {f"s{number}": f"b{number}" for number, _row in placed},
    }


# --- Numbers of each learner's own ----------------------------------------------------------------


def calculated_rows(content: Mapping[str, Any], language: str) -> Iterator[Cells]:
    """Yield the formula with the first drawn number, then the others; other units stand beside them."""
    head: Cells = {"formula": content["formula"]}
    if content.get("decimals") is not None:
        head["decimals"] = content["decimals"]
    drawn: list[Cells] = [
        {"variable": each["name"], **{name: plain(each[name]) for name in ("low", "high", "step")}}
        for each in content["variables"]
    ]
    units: list[Cells] = [
        {name: value for name, value in row.items() if name != "answer"} for row in numeric_rows(content, language)
    ]
    for place, (variable, unit) in enumerate(zip_longest(drawn, units)):
        yield {**(head if not place else {}), **(variable or {}), **(unit or {})}


def read_calculated(draft: Draft, rows: Sequence[Row]) -> None:
    """Take a formula, the numbers that are drawn for it and the units."""
    read_numeric(draft, [{**rows[0], "answer": "0"}, *rows[1:]])
    del draft.content["answer"]
    draft.content["formula"] = rows[0].get("formula", "")
    draft.content["variables"] = [
        {"name": row["variable"], **{name: row.get(name, "") for name in ("low", "high", "step")}}
        for row in rows
        if row.get("variable")
    ]
    for each in draft.content["variables"]:
        each |= {name: plain(each[name]) for name in ("low", "high", "step") if each[name]}
    if rows[0].get("decimals"):
        draft.content["decimals"] = whole(rows[0], "decimals", "bad_number")
