"""Audiences of announcements that the slices above bring along, as the learners of a course: whom each reaches, what it is about."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class About:
    """What an announcement is about: its name and the path of its page."""

    name: LocalizedText
    address: str


@dataclass(frozen=True, slots=True)
class Audience:
    """An audience that is not written by the administration.

    `belongs` gives the condition on Announcement and Person, both of them in the statement; `about` what announcements are about,
    by their ids; `kind` is that of the notices by which its people are told.
    """

    name: str
    kind: str
    belongs: Callable[[], ColumnElement[bool]]
    about: Callable[[Collection[int]], dict[int, About]]


AUDIENCES: dict[str, Audience] = {}


def add_audience(audience: Audience) -> Audience:
    """Enter an audience; entering it again replaces it."""
    AUDIENCES[audience.name] = audience
    return audience


def abouts(named: Collection[tuple[int, str]]) -> dict[int, About]:
    """Return what announcements are about, by (id, audience); those of the administration are about nothing in particular."""
    found: dict[int, About] = {}
    for name, audience in AUDIENCES.items():
        if mine := [announcement_id for announcement_id, of in named if of == name]:
            found |= audience.about(mine)
    return found
