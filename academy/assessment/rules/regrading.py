"""Whether a corrected question still is the question that was asked: the same type and the same parts, by their ids.

And how another version of a question differs from the one that was decided about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

RANGE = ("low", "high", "step")


@dataclass(frozen=True, slots=True)
class Standing:
    """What an attempt earned of what it could, whether that passed, and the domains whose floor was missed."""

    score: Fraction
    max: Fraction
    passed: bool
    shortfalls: tuple[dict[str, Any], ...] = ()


def parts_of(content: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (place, id) of everything in a question that has an id, with its kind: what a stored answer or a paper may name.

    A variable counts as such a part with its range: papers hold values drawn from it, for which another formula needs an answer.
    """
    if isinstance(content, Mapping):
        if isinstance(content.get("id"), str):
            yield path, f"{content['id']} {content.get('kind', '')}"
        if {"name", *RANGE} <= set(content):
            yield path, " ".join([str(content["name"]), *(_plain(content[end]) for end in RANGE)])
        for name, value in content.items():
            yield from parts_of(value, f"{path}/{name}")
    elif isinstance(content, list):
        for value in content:
            yield from parts_of(value, path)


def _plain(number: object) -> str:
    try:
        return format(Decimal(str(number)).normalize(), "f")
    except InvalidOperation:
        return str(number)


def answers_fit(asked: Mapping[str, object], corrected: Mapping[str, object]) -> bool:
    """Say whether answers given to the one content can be scored by the other: no part came or went."""
    return sorted(parts_of(asked)) == sorted(parts_of(corrected))


SAME, WORDS, KEYS, PARTS, CORRECTED = "same", "words", "keys", "parts", "corrected"


def without_words(content: object) -> object:
    """Return a question's content without its texts in two languages: its parts, its key, how it is scored."""
    if isinstance(content, Mapping):
        if content and set(content) <= {"ar", "en"} and all(isinstance(text, str) for text in content.values()):
            return None
        return {name: without_words(value) for name, value in content.items()}
    return [without_words(value) for value in content] if isinstance(content, list) else content


def likeness(
    asked: Mapping[str, object], other: Mapping[str, object], corrected: Mapping[str, object] | None = None
) -> str:
    """Say how another version compares with the one that was decided about; with a corrected key, whether that can count.

    "parts" and "corrected" say that it cannot: parts came or went, or the version has the corrected key already.
    """
    if corrected is not None and other == corrected:
        return CORRECTED
    if corrected is not None and not answers_fit(other, corrected):
        return PARTS
    if other == asked:
        return SAME
    return WORDS if without_words(other) == without_words(asked) else KEYS
