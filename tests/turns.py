"""Whose turn it is: of what could be tried in every combination, each thing is tried with a part of the others, in turn.

`TEST_REPEAT=all` tries every combination.
"""

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
ALL = os.environ.get("TEST_REPEAT") == "all"


def turn(things: Iterable[T], place: int, parts: int) -> list[T]:
    """Return every so-manieth of the things, beginning with another one at each place; at so many places all had their turn."""
    return list(things) if ALL else list(things)[place % parts :: parts]
