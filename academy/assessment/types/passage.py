"""A text with gaps: markers like [[1]] inside an authored text, cut into pieces for each language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from academy.assessment.types.parts import Problem
from academy.base.i18n import current_language, direction
from academy.base.text import LocalizedText

MARKER = re.compile(r"\[\[\s*([0-9٠-٩]{1,2})\s*\]\]")


@dataclass(frozen=True)
class Piece:
    """Some text, or the gap with this token (then without text)."""

    text: str = ""
    gap: str = ""


@dataclass(frozen=True)
class Passage:
    """The pieces of a text in each language; a language without a text has none."""

    ar: tuple[Piece, ...] = ()
    en: tuple[Piece, ...] = ()

    @property
    def language(self) -> str:
        """The language in which the reader sees it: theirs, or the other one when it is not written in theirs."""
        wanted, other = ("en", "ar") if current_language() == "en" else ("ar", "en")
        return wanted if getattr(self, wanted) or not getattr(self, other) else other

    @property
    def direction(self) -> str:
        """How it runs: "rtl" or "ltr"."""
        return direction(self.language)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces that the reader sees."""
        found: tuple[Piece, ...] = getattr(self, self.language)
        return found

    @property
    def empty(self) -> bool:
        """Whether there is no text at all."""
        return not self.ar and not self.en


NO_PASSAGE = Passage()


def gaps_in(text: str) -> list[str]:
    """Return the numbers of the gaps in a text, in the order in which they stand there."""
    return [str(int(number)) for number in MARKER.findall(text)]


def passage(text: LocalizedText, tokens: Mapping[str, str]) -> Passage:
    """Return a text as pieces; `tokens` gives for each gap what a page may call it."""
    return Passage(tuple(_pieces(text.ar, tokens)), tuple(_pieces(text.en, tokens)))


def _pieces(text: str, tokens: Mapping[str, str]) -> Iterator[Piece]:
    place = 0
    for found in MARKER.finditer(text):
        if found.start() > place:
            yield Piece(text[place : found.start()])
        yield Piece(gap=tokens[str(int(found.group(1)))])
        place = found.end()
    if place < len(text):
        yield Piece(text[place:])


def check_gaps(text: Mapping[str, str], keys: Sequence[str]) -> list[Problem]:
    """Check that every language that is written has each gap of the question once, and no other."""
    problems = []
    for language, written in text.items():
        if not written.strip():
            continue
        found = gaps_in(written)
        named = {"numbers": "", "language": language}
        for code, numbers in (
            ("gap_twice", sorted({number for number in found if found.count(number) > 1}, key=int)),
            ("gap_missing", [key for key in keys if key not in found]),
            ("gap_unknown", [number for number in dict.fromkeys(found) if number not in keys]),
        ):
            if numbers:
                problems.append(Problem(f"text.{language}", f"{code}_{language}", {**named, "numbers": _list(numbers)}))
                break
    return problems


def _list(numbers: Sequence[str]) -> str:
    return " ".join(f"[[{number}]]" for number in numbers)
