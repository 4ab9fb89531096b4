"""People who are named in notices to others: whether the reader may still be told of them, asked again before a letter leaves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Named:
    """People in a notice: the id of each with what is said of them. One person may be named several times."""

    people: tuple[tuple[int, LocalizedText], ...]


MOST_NAMED = 20
StillTheirs = Callable[[int, Collection[int]], set[int]]
THEIRS: dict[str, StillTheirs] = {}


def names_people(kind: str, theirs: StillTheirs) -> None:
    """Say how to ask which people still belong to what the notices of a kind are about, as to a manager's team.

    Such a notice has the values of `people_with`.
    """
    THEIRS[kind] = theirs


def people_with(rows: Sequence[tuple[int, LocalizedText, LocalizedText]]) -> dict[str, Any]:
    """Return the values of a notice about people: the id and name of each, and a title, as of the course that they are late with.

    `people` are the first of them, `count` how many there are, `more` how many of these are not named, if any.
    """
    said = (
        (person_id, LocalizedText(*(f"{name.show(language)} ({title.show(language)})" for language in ("ar", "en"))))
        for person_id, name, title in rows[:MOST_NAMED]
    )
    return {"people": Named(tuple(said)), "count": len(rows), "more": max(len(rows) - MOST_NAMED, 0) or None}


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
