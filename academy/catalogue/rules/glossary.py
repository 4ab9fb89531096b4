"""How the terms of the glossary are ordered, gathered under letters and told apart."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from academy.base.arabic import normalise, sort_key
from academy.base.text import LocalizedText, clean_line

Row = TypeVar("Row")
OTHER = "#"
LONGEST_WORD, MOST_WORDS = 100, 30
_BETWEEN = re.compile("[,،;؛\n]")


def letter_of(text: str) -> str:
    """Return the letter a term stands under: without its ال, every alif as ا, Latin in capitals; # for all else."""
    first = normalise(sort_key(text)[1])[:1]
    return first.upper() if first.isalpha() else OTHER


def by_letter(rows: Iterable[Row], name: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """Return rows under the first letters of their names, in the order of the alphabet, Arabic before Latin, # last."""
    groups: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: sort_key(name(row))):
        groups.setdefault(letter_of(name(row)), []).append(row)
    return sorted(groups.items(), key=lambda group: (group[0] == OTHER, sort_key(group[0])))


def words_of(typed: str) -> list[str]:
    """Return the words of a typed list, apart by commas, semicolons (Arabic ones too) or lines, each once."""
    words = (clean_line(word) for word in _BETWEEN.split(typed))
    return list(dict.fromkeys(word for word in words if word))


def same_as(term: LocalizedText, others: Mapping[str, LocalizedText]) -> str | None:
    """Return the key of another idea that has one of these two terms, however it is spelled."""
    wanted = {(language, normalise(getattr(term, language))) for language in ("ar", "en")} - {("ar", ""), ("en", "")}
    for key, other in others.items():
        if wanted & {("ar", normalise(other.ar)), ("en", normalise(other.en))}:
            return key
    return None


def key_of(term: LocalizedText, taken: Sequence[str] | set[str] = ()) -> str:
    """Return a free key made of the English term, such as journey_map."""
    plain = "_".join(re.findall("[a-z0-9]+", term.en.lower()))[:50].strip("_") or "term"
    key, number = plain, 1
    while key in taken or key == "new":
        number += 1
        key = f"{plain}_{number}"
    return key
