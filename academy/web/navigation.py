"""The menus. Slices enter their pages here; everyone sees the entries that the permission table opens to them."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import LazyString

from academy.base.access import Actor, allowed
from academy.web.identity import current_actor


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in a menu. `section` is "main", "user", "own" (of one's account), "teach" or "admin".

    `shows` may hide it although it would open. `counts` says how much waits there, asked once a request; nothing is said
    of zero. One that `yields` leaves a full bar for the menu of the person.
    """

    section: str
    order: int
    label: LazyString
    endpoint: str
    icon: str
    permission: str
    shows: Callable[[Actor], bool] | None = None
    counts: Callable[[Actor], int] | None = None
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a template needs it."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None = None
    yields: bool = False


_entries: dict[str, Entry] = {}


def enter(
    section: str,
    order: int,
    label: LazyString,
    endpoint: str,
    icon: str,
    permission: str,
    shows: Callable[[Actor], bool] | None = None,
    counts: Callable[[Actor], int] | None = None,
    yields: bool = False,
) -> None:
    """Enter a page into a menu."""
    _entries[f"{section}:{endpoint}"] = Entry(section, order, label, endpoint, icon, permission, shows, counts, yields)


def menu(section: str) -> list[Link]:
    """Return the entries of a section that the visitor may open, in order."""
    visitor = current_actor()
    if visitor is None:
        return []
    entries = sorted((e for e in _entries.values() if e.section == section), key=lambda e: e.order)
    return [_link(entry, visitor) for entry in entries if _visible(entry, visitor)]


def _visible(entry: Entry, visitor: Actor) -> bool:
    return allowed(entry.permission, visitor) and (entry.shows is None or entry.shows(visitor))


def _link(entry: Entry, visitor: Actor) -> Link:
    url = url_for(entry.endpoint)
    here = request.path
    current = here == url or (url != "/" and entry.section != "own" and here.startswith(url.rstrip("/") + "/"))
    count = entry.counts(visitor) if entry.counts else 0
    return Link(str(entry.label), url, entry.icon, current, count or None, entry.yields)
