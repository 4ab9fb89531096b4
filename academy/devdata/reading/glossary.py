"""The glossary: one Arabic and one English term for each idea, read from `cx-glossary/1`."""

from dataclasses import dataclass
from pathlib import Path

from academy.base.text import LocalizedText
from academy.devdata.reading.parts import Part, load


@dataclass(frozen=True)
class TermContent:
    """An idea's term in both languages, its Arabic plural, abbreviation and the words to avoid."""

    id: str
    term: LocalizedText
    ar_plural: str | None
    abbr: str | None
    avoid_ar: tuple[str, ...]
    note: str | None


@dataclass(frozen=True)
class GlossaryContent:
    """The whole glossary."""

    file: str
    note: LocalizedText
    terms: tuple[TermContent, ...]


def read_glossary(path: Path) -> GlossaryContent:
    """Read the glossary; raises BadContent."""
    top = load(path, "cx-glossary/1")
    return GlossaryContent(path.name, top.at("note").text(), tuple(map(_term, top.each("terms"))))


def _term(part: Part) -> TermContent:
    return TermContent(
        id=part.at("id").word(),
        term=LocalizedText(ar=part.at("ar").word(), en=part.at("en").word()),
        ar_plural=_word(part, "ar_plural"),
        abbr=_word(part, "abbr"),
        avoid_ar=part.words("avoid_ar", optional=True),
        note=_word(part, "note"),
    )


def _word(part: Part, key: str) -> str | None:
    return part.at(key).word() if part.has(key) else None
