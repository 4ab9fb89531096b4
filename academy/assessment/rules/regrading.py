"""Whether a corrected question still is the question that was asked: the same type and the same parts, by their ids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Standing:
    """What an attempt earned of what it could, whether that passed, and the domains whose floor was missed."""

    score: Fraction
    max: Fraction
    passed: bool
    shortfalls: tuple[dict[str, Any], ...] = ()


def parts_of(content: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (place, id) of everything in a question that has an id: what a stored answer or a paper may name."""
    if isinstance(content, Mapping):
        if isinstance(content.get("id"), str):
            yield path, content["id"]
        for name, value in content.items():
            yield from parts_of(value, f"{path}/{name}")
    elif isinstance(content, list):
        for value in content:
            yield from parts_of(value, path)


def answers_fit(asked: Mapping[str, object], corrected: Mapping[str, object]) -> bool:
    """Say whether answers given to the one content can be scored by the other: no part came or went."""
    return sorted(parts_of(asked)) == sorted(parts_of(corrected))
