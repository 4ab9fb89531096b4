"""Libraries that are read at their first use, because most processes never use them and each costs memory in all.

The house has no imports in functions; this is the one other way, for a heavy library that few processes need.
Give the reason where it is named.
"""

from importlib import import_module
from typing import Any


class Late:
    """Stands for a library until something of it is asked for: `typst = Late("typst")`. Threads may ask at once."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, asked: str) -> Any:
        found = getattr(import_module(self._name), asked)
        setattr(self, asked, found)
        return found
