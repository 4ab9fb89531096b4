"""Marks of what a page showed: who saves on top of something else has not seen it, and is asked first."""

import json
from collections.abc import Mapping
from typing import Any

from academy.base.errors import Stale
from academy.base.ids import digest


def mark(values: Mapping[str, Any]) -> str:
    """Return the mark of values as JSON has them; it is another one as soon as one of them is."""
    return digest(json.dumps(values, sort_keys=True))


def check(seen: str | None, values: Mapping[str, Any]) -> None:
    """Refuse with Stale when what was seen is not what is stored now. Without a mark nobody has looked: a command, a job."""
    if seen is not None and seen != mark(values):
        raise Stale
