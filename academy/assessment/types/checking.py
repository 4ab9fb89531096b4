"""Checks that several question types share; each takes anything that JSON can hold and returns the problems found."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from academy.assessment.types.parts import BadResponse, Problem

LANGUAGES = ("ar", "en")
ENTRY_LENGTH = 1000
MOST_ENTRIES = 20
_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")


def check_text(value: object, path: str, *, limit: int = ENTRY_LENGTH, required: bool = True) -> list[Problem]:
    """Check a text {"ar": …, "en": …}: strings that can be stored, not too long, one of them filled when required."""
    if value is None:
        return [Problem(path, "missing_text")] if required else []
    if not isinstance(value, Mapping) or not set(value) <= set(LANGUAGES):
        return [Problem(path, "bad_text")]
    texts = list(value.values())
    if not all(isinstance(text, str) and storable(text) for text in texts):
        return [Problem(path, "bad_text")]
    if any(len(text) > limit for text in texts):
        return [Problem(path, "text_too_long", {"limit": limit})]
    if required and not any(text.strip() for text in texts):
        return [Problem(path, "missing_text")]
    return []


def check_entries(value: object, path: str, *, least: int = 2, most: int = MOST_ENTRIES) -> list[Problem]:
    """Check a list of {"id": …, "text": {…}}: how many, ids usable and different, texts filled and different."""
    if not isinstance(value, list):
        return [Problem(path, "not_a_list")]
    if len(value) < least:
        return [Problem(path, "too_few", {"least": least})]
    if len(value) > most:
        return [Problem(path, "too_many", {"most": most})]
    problems = []
    seen: set[object] = set()
    for index, entry in enumerate(value):
        problems += _check_entry(entry, f"{path}.{index}", seen)
    return problems


def _check_entry(entry: object, path: str, seen: set[object]) -> list[Problem]:
    if not isinstance(entry, Mapping):
        return [Problem(path, "bad_entry")]
    key, text = entry.get("id"), entry.get("text")
    if not isinstance(key, str) or not _ID.fullmatch(key):
        return [Problem(f"{path}.id", "bad_id")]
    problems = [Problem(f"{path}.id", "repeated_id")] if key in seen else []
    seen.add(key)
    bad_text = check_text(text, f"{path}.text")
    if bad_text or not isinstance(text, Mapping):
        return problems + bad_text
    faces = {(language, text[language].strip()) for language in text if text[language].strip()}
    if faces & seen:
        problems.append(Problem(f"{path}.text", "repeated_text"))
    seen.update(faces)
    return problems


def check_choice(value: object, allowed: tuple[str, ...], path: str, code: str) -> list[Problem]:
    """Check an optional setting that takes one of a few words."""
    return [] if value is None or (isinstance(value, str) and value in allowed) else [Problem(path, code)]


def ids(entries: list[dict[str, Any]]) -> list[str]:
    """Return the ids of checked entries in authored order."""
    return [entry["id"] for entry in entries]


def exact_number(value: object) -> Decimal | None:
    """Return a number as written in YAML, JSON or a form, by its shortest decimal form; None for anything else.

    Magnitudes beyond 10 to the 30th are refused: no question needs them and exact arithmetic on them costs without
    bound.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if (isinstance(value, int) and value.bit_length() > 128) or (isinstance(value, str) and len(value) > 64):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or (number and abs(number.adjusted()) > 30) or len(number.as_tuple().digits) > 64:
        return None
    return number


def storable(text: str) -> bool:
    """Say whether both databases can keep the text: no NUL, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def fields(response: object, name: str) -> object:
    """Return the only member of a raw response, None without a response. Raises BadResponse for any other shape."""
    if response is None:
        return None
    if not isinstance(response, dict) or set(response) != {name}:
        raise BadResponse("bad_shape")
    return response[name]


def clean_text(response: object, *, limit: int) -> dict[str, Any] | None:
    """Return {"text": …} exactly as typed; None when it is empty or blank. Raises BadResponse."""
    text = fields(response, "text")
    if text is None:
        return None
    if not isinstance(text, str):
        raise BadResponse("bad_shape")
    if len(text) > limit:
        raise BadResponse("too_long", limit=limit)
    if not storable(text):
        raise BadResponse("unreadable_text")
    return {"text": text} if text.strip() else None
