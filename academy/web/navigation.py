"""The menus. Slices enter their pages here; everyone sees the entries that the permission table opens to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from flask import current_app, request
from flask_babel import LazyString

from academy.base.access import Actor, allowed
from academy.web.addresses import address_of
from academy.web.identity import current_actor


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in a menu. `section` is "main", "user", "own" (of one's account), "teach" or "admin".

    `shows` may hide it although it would open. `counts` says how much waits there, asked once a request; nothing is said
    of zero. One that `yields` leaves a full bar for the menu of the person. One that `leads` to a section is the current page
    on every page of that section.
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
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a template needs it."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None = None
    yields: bool = False
    heading: str = ""


_entries: dict[str, Entry] = {}
_headings: dict[tuple[str, int], LazyString] = {}
_elsewhere: dict[str, str] = {}
_belongs: dict[str, tuple[str, ...]] = {}


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
    leads: str = "",
) -> None:
    """Enter a page into a menu."""
    made = Entry(section, order, label, endpoint, icon, permission, shows, counts, yields, leads)
    _entries[f"{section}:{endpoint}"] = made
    _of.cache_clear()


def head(section: str, order: int, label: LazyString) -> None:
    """Put a heading above the entries of a section from an order on, until the next heading."""
    _headings[section, order] = label


def count_as(section: str, endpoint: str) -> None:
    """Let a page count as one of a section although its address does not lie below an entry of it."""
    _elsewhere[endpoint] = section


def belong(endpoint: str, *entries: str) -> None:
    """Let a page count as one below entries (their endpoints) of menus in which its address lies below none."""
    _belongs[endpoint] = entries


def menu(section: str) -> list[Link]:
    """Return the entries of a section that the visitor may open, in order."""
    visitor = current_actor()
    if visitor is None:
        return []
    entries = [entry for entry in _of(section) if _visible(entry, visitor)]
    links = _headed(section, entries, [_link(entry, visitor) for entry in entries])
    here = max((link.url for link in links if link.current), key=len, default=None)
    if here is not None:
        # The page of one entry may lie below that of another.
        return [replace(link, current=link.url == here) for link in links]
    return [replace(link, current=_leads_here(entry)) for link, entry in zip(links, entries, strict=True)]


@cache
def _of(section: str) -> list[Entry]:
    return sorted((entry for entry in _entries.values() if entry.section == section), key=lambda entry: entry.order)


def _headed(section: str, entries: list[Entry], links: list[Link]) -> list[Link]:
    """Say of the first link below each heading what the heading is."""
    starts = sorted(order for of, order in _headings if of == section)
    if not starts:
        return links
    below = [max((start for start in starts if start <= entry.order), default=None) for entry in entries]
    firsts = [start is not None and start not in below[:place] for place, start in enumerate(below)]
    return [
        replace(link, heading=str(_headings[section, start])) if first and start is not None else link
        for link, start, first in zip(links, below, firsts, strict=True)
    ]


def _leads_here(entry: Entry) -> bool:
    if entry.endpoint in _belongs.get(request.endpoint or "", ()):
        return True
    if not entry.leads:
        return False
    return _elsewhere.get(request.endpoint or "") == entry.leads or any(_is_here(other) for other in _of(entry.leads))


def _is_here(entry: Entry) -> bool:
    url, here = address_of(entry.endpoint), request.path
    return here == url or (url != "/" and entry.section != "own" and here.startswith(url.rstrip("/") + "/"))


def _visible(entry: Entry, visitor: Actor) -> bool:
    plain, reader = replace(visitor, auditing=False) if visitor.auditing else visitor, visitor.reading()
    if allowed(entry.permission, plain):
        return entry.shows is None or entry.shows(plain)
    if reader is None or not getattr(current_app.view_functions[entry.endpoint], "auditors", False):
        return False
    return allowed(entry.permission, reader) and (entry.shows is None or entry.shows(reader))


def _link(entry: Entry, visitor: Actor) -> Link:
    count = entry.counts(visitor) if entry.counts else 0
    return Link(str(entry.label), address_of(entry.endpoint), entry.icon, _is_here(entry), count or None, entry.yields)
