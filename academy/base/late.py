"""Libraries that are read at their first use, because most processes never use them and each costs memory in all.

The house has no imports in functions; this is the one other way, for a heavy library that few processes need.
Give the reason where it is named.
"""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any


class Late:
    """Stands for a library until something of it is asked for: `typst = Late("typst")`. Threads may ask at once.

    `prepare` is called with the library before anything of it is given out, each time something new of it is asked for.
    """

    def __init__(self, name: str, prepare: Callable[[ModuleType], None] | None = None) -> None:
        self._name, self._prepare = name, prepare

    def __getattr__(self, asked: str) -> Any:
        library = import_module(self._name)
        if self._prepare is not None:
            self._prepare(library)
        found = getattr(library, asked)
        setattr(self, asked, found)
        return found
