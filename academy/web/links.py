"""Addresses that a lower slice shows although a higher one owns the page: the owner registers them by name."""

from collections.abc import Callable

_makers: dict[str, Callable[..., str]] = {}


def register(name: str, make: Callable[..., str]) -> None:
    """Say how the address of a kind of page is made, e.g. `register("course", lambda key: url_for(…))`."""
    _makers[name] = make


def to(name: str, **parts: object) -> str:
    """Return the address of a registered page."""
    return _makers[name](**parts)
