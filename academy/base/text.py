"""What people type, made safe to keep; texts in two languages; names in short."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
CONTROLS = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff{_BIDI}]")
_BIDI_CONTROLS = re.compile(f"[{_BIDI}]")
_LINE_END = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")

_TITLE_LIST = """
    د أ م أد ا دكتور دكتورة الدكتور الدكتورة أستاذ أستاذة الأستاذ الأستاذة مهندس مهندسة المهندس
    المهندسة الشيخ شيخ السيد السيدة سعادة معالي سمو الأمير الأميرة صاحب صاحبة فضيلة dr mr mrs ms
    miss prof professor eng sir sheikh
"""
_TITLES = frozenset(_TITLE_LIST.split())


def without_controls(text: str) -> str:
    """Drop NUL and other controls, lone surrogates and direction controls; joiners, tabs and newlines stay."""
    return CONTROLS.sub("", text)


def _clean(text: str | None) -> str:
    """Return text without controls, with one kind of newline, in NFC and trimmed; '' when nothing is visible."""
    lines = _LINE_END.sub("\n", without_controls(text or "")).replace("\x1f", " ")
    tidy = unicodedata.normalize("NFC", lines).strip()
    return tidy if any(unicodedata.category(char) not in ("Cf", "Zs", "Cc") for char in tidy) else ""


def clean_line(text: str | None) -> str:
    """Return typed text as one tidy line: no controls, NFC, trimmed, line breaks and tabs as spaces. Never raises."""
    lines = (line.strip() for line in _clean(text).split("\n"))
    return " ".join(line for line in lines if line).replace("\t", " ")


def clean_block(text: str | None) -> str:
    """Return typed text of several lines: no controls, NFC, trimmed, line breaks as \\n. Never raises."""
    return _clean(text)


def isolate(text: str) -> str:
    """Wrap text in first-strong isolates, so that it keeps its direction in a plain-text sentence. Never stored."""
    bare = _BIDI_CONTROLS.sub("", text)
    return f"\u2068{bare}\u2069" if bare else ""


def figure(text: str) -> str:
    """Wrap a number worked into an authored text: isolated, and shown in the reader's digits by pages. Never stored."""
    return f"\u2066{text}\u2069"


def has_arabic(text: str) -> bool:
    """Whether the text holds an Arabic letter."""
    return bool(_ARABIC.search(text))


def _name_words(name: str) -> list[str]:
    """The words of a name in its first script, without titles (unless there is nothing else) and leading ال."""
    words = [word for part in clean_line(name).split() if (word := re.sub(r"[\W\d_]+", "", part))]
    words = [word for word in words if word.casefold() not in _TITLES] or words
    words = [word for word in words if has_arabic(word) == has_arabic(words[0])]
    return [word[2:] if word.startswith("ال") and word != "الله" and len(word) > 4 else word for word in words]


def initials(name: str) -> str:
    """Return two letters for an avatar, of the first and last word or the first two of a single one; '' for none."""
    words = _name_words(name)
    letters = f"{words[0][0]}{words[-1][0]}" if len(words) > 1 else "".join(words)[:2]
    return letters.upper()


@lru_cache(maxsize=64)
def _base(language: str) -> str:
    """The language of a tag: «ar» of «ar-SA»."""
    return re.split("[-_]", language, maxsplit=1)[0].lower()


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """One authored text in Arabic and English; either may be empty."""

    ar: str = ""
    en: str = ""

    @classmethod
    def of(cls, value: "Mapping[str, object] | str | LocalizedText | None") -> Self:
        """Make one of a mapping with ar and en, of a plain text (its letters tell the language) or of nothing."""
        if isinstance(value, Mapping):
            return cls(ar=str(value.get("ar") or ""), en=str(value.get("en") or ""))
        if isinstance(value, LocalizedText):
            return cls(ar=value.ar, en=value.en)
        text = value or ""
        return cls(ar=text) if has_arabic(text) else cls(en=text)

    def language_shown(self, language: str) -> str:
        """The language of the text a reader of `language` is shown: theirs, or the other one when theirs is empty."""
        wanted, other = ("en", "ar") if _base(language) == "en" else ("ar", "en")
        return wanted if getattr(self, wanted) or not getattr(self, other) else other

    def show(self, language: str) -> str:
        """The text for a reader of `language`, or the other one when theirs is empty."""
        return self.en if self.language_shown(language) == "en" else self.ar

    def as_dict(self) -> dict[str, str]:
        """As stored in JSON: {"ar": …, "en": …}."""
        return {"ar": self.ar, "en": self.en}

    @property
    def complete(self) -> bool:
        """Whether both languages are filled."""
        return bool(self.ar and self.en)

    def __bool__(self) -> bool:
        return bool(self.ar or self.en)
