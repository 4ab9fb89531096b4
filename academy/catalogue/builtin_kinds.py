"""The kinds of activity that the catalogue knows itself: lessons, sorting exercises and files."""

from collections.abc import Sequence
from typing import Any

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.catalogue import kinds
from academy.catalogue.kinds import ActivityKind, NewActivity, Problem
from academy.catalogue.rules.texts import N_, NamedText, opened

EMPTY = {"ar": "", "en": ""}


def _new_lesson(new: NewActivity) -> dict[str, Any]:
    return {"body": dict(EMPTY), "key_points": []}


def _new_classify(new: NewActivity) -> dict[str, Any]:
    categories = [{"id": "c1", "text": dict(EMPTY)}, {"id": "c2", "text": dict(EMPTY)}]
    return {"prompt": dict(EMPTY), "categories": categories, "items": []}


def _new_file(new: NewActivity) -> dict[str, Any]:
    return {"note": dict(EMPTY), "file_key": "", "file_name": "", "media_type": "", "size": 0}


def _check_lesson(content: dict[str, Any]) -> list[Problem]:
    return [] if LocalizedText.of(content.get("body")) else [Problem(N_("The lesson has no text in any language."))]


def _check_classify(content: dict[str, Any]) -> list[Problem]:
    found: list[Problem] = []
    ids = {category["id"] for category in content.get("categories", []) if LocalizedText.of(category["text"])}
    items = content.get("items", [])
    if len(ids) < 2:
        found.append(Problem(N_("The exercise needs at least two categories with a name.")))
    if not items:
        found.append(Problem(N_("The exercise has nothing to sort.")))
    if any(not LocalizedText.of(item["text"]) for item in items):
        found.append(Problem(N_("An item of the exercise has no text.")))
    if any(item.get("answer") not in ids for item in items):
        found.append(Problem(N_("An item of the exercise belongs to no category.")))
    return found


def _check_file(content: dict[str, Any]) -> list[Problem]:
    return [] if content.get("file_key") else [Problem(N_("No file has been uploaded."))]


def _lesson_texts(contents: Sequence[dict[str, Any]]) -> list[list[NamedText]]:
    return [_texts_of_lesson(opened(content)) for content in contents]


def _texts_of_lesson(content: dict[str, Any]) -> list[NamedText]:
    points = enumerate(content.get("key_points", []), start=1)
    return [
        NamedText(N_("Text"), content.get("body", LocalizedText())),
        *(NamedText(N_("Key point"), text, n) for n, text in points),
    ]


def _classify_texts(contents: Sequence[dict[str, Any]]) -> list[list[NamedText]]:
    return [_texts_of_classify(opened(content)) for content in contents]


def _texts_of_classify(content: dict[str, Any]) -> list[NamedText]:
    categories = enumerate(content.get("categories", []), start=1)
    items = enumerate(content.get("items", []), start=1)
    return [
        NamedText(N_("Instruction"), content.get("prompt", LocalizedText())),
        *(NamedText(N_("Category"), category["text"], number) for number, category in categories),
        *(NamedText(N_("Item"), item["text"], number) for number, item in items),
    ]


def _file_texts(contents: Sequence[dict[str, Any]]) -> list[list[NamedText]]:
    return [_texts_of_file(content) for content in contents]


def _texts_of_file(content: dict[str, Any]) -> list[NamedText]:
    name = str(content.get("file_name") or "")
    return [
        NamedText(N_("Note"), LocalizedText.of(content.get("note"))),
        NamedText(N_("File"), LocalizedText(name, name)),
    ]


LESSON = ActivityKind(
    "lesson", _l("Lesson"), "book-open", "read", "catalogue.activity",
    start=_new_lesson, check=_check_lesson, texts=_lesson_texts,
)  # fmt: skip
CLASSIFY = ActivityKind(
    "classify", _l("Sorting exercise"), "shuffle", "answered", "catalogue.activity",
    start=_new_classify, check=_check_classify, texts=_classify_texts,
)  # fmt: skip
FILE = ActivityKind(
    "file", _l("File"), "file-text", "read", "catalogue.activity",
    start=_new_file, check=_check_file, texts=_file_texts,
)  # fmt: skip

BUILTIN = (LESSON, CLASSIFY, FILE)
for _kind in BUILTIN:
    kinds.add(_kind)
