"""People who are named in notices to others: whether the reader may still be told of them, asked again before a letter leaves."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Named:
    """People in a notice: the id of each with what is said of them. One person may be named several times."""

    people: tuple[tuple[int, LocalizedText], ...]


StillTheirs = Callable[[int, Collection[int]], set[int]]
THEIRS: dict[str, StillTheirs] = {}


def names_people(kind: str, theirs: StillTheirs) -> None:
    """Say how to ask which people still belong to what the notices of a kind are about, as to a manager's team.

    Such a notice has the values `people` (Named) and `count`, how many they are with those that are not named.
    """
    THEIRS[kind] = theirs


def still_named(kind: str, about_id: int | None, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the values of a notice without the people who no longer belong there; None when nobody named is left."""
    match values.get("people"):
        case {"named": list(rows)} if kind in THEIRS and about_id is not None:
            theirs = THEIRS[kind](about_id, {row[0] for row in rows})
            left = [row for row in rows if row[0] in theirs]
        case _:
            return values
    if len(left) == len(rows):
        return values
    count = int(values["count"]["number"]) - (len(rows) - len(left))
    return {**values, "people": {"named": left}, "count": {"number": str(count)}} if left else None
