"""Facts in, listeners out: how a lower slice is heard by a higher one without knowing it."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Fact = TypeVar("Fact")
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def on(kind: type[Fact]) -> Callable[[Callable[[Fact], None]], Callable[[Fact], None]]:
    """Register a listener for one kind of fact. Registering the same function twice is harmless."""

    def register(listener: Callable[[Fact], None]) -> Callable[[Fact], None]:
        if listener not in _listeners[kind]:
            _listeners[kind].append(listener)
        return listener

    return register


def publish(fact: object) -> None:
    """Tell every listener, in order of registration and inside the publisher's transaction."""
    for listener in _listeners[type(fact)]:
        listener(fact)


def listeners() -> dict[str, list[str]]:
    """Return who hears which fact, by name."""
    return {kind.__name__: [f"{f.__module__}.{f.__name__}" for f in heard] for kind, heard in _listeners.items()}
