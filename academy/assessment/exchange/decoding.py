"""Bytes to text, as people's files come: UTF-8, UTF-16 with its mark, or Windows-1256."""

import re

from academy.assessment.exchange.shape import UnreadableQuestions
from academy.base.text import has_arabic

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(data: bytes) -> str:
    """Return the text of a file with \\n as line end; UnreadableQuestions when its letters cannot be read."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _try(data, "utf-16")
    else:
        text = _try(data, "utf-8-sig") or _arabic(data)
    if text is None or _CONTROL.search(text):
        raise UnreadableQuestions("encoding")
    if not text.strip():
        raise UnreadableQuestions("empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _arabic(data: bytes) -> str | None:
    text = _try(data, "cp1256")
    return text if text is not None and has_arabic(text) else None
