"""Authored texts inside JSON, and which of them lack a language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from academy.base.text import LocalizedText

NO_TEXT = LocalizedText()
_BOTH = frozenset({"ar", "en"})


def N_(msgid: str) -> str:
    """Mark a sentence for translation that is translated later, where it is shown."""
    return msgid


@dataclass(frozen=True, slots=True)
class NamedText:
    """An authored text and the English msgid that names it; `number` tells apart several of the same name."""

    label: str
    text: LocalizedText
    number: int = 0


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A text that is there in one language only: the msgid of its name, where it stands, what it says, what it lacks."""

    label: str
    number: int
    activity_key: str | None
    text: LocalizedText
    language: str


def opened(content: Any) -> Any:
    """Return stored JSON with every {"ar": …, "en": …} turned into a LocalizedText, ready for a page."""
    if isinstance(content, Mapping):
        if content and set(content) <= _BOTH:
            return LocalizedText.of(content)
        return {name: opened(value) for name, value in content.items()}
    return [opened(value) for value in content] if isinstance(content, list | tuple) else content


def untranslated(texts: Iterable[NamedText], activity_key: str | None = None) -> list[Untranslated]:
    """Return the texts that are written in one of the two languages but not in the other."""
    return [
        Untranslated(each.label, each.number, activity_key, each.text, "en" if each.text.ar else "ar")
        for each in texts
        if each.text and not each.text.complete
    ]
