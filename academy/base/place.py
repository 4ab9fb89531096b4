"""Where the running academy is reached, and with what it signs links.

Lent by the composition root and asked at every use: several applications may live in one process, so nothing is kept here.
"""

from collections.abc import Callable
from typing import NamedTuple


class Place(NamedTuple):
    """What the domain needs to know of the settings."""

    base_url: str
    secret: str


def _nowhere() -> Place:
    raise RuntimeError("the composition root lends base.place.lent.here")


class Lent:
    """What the composition root lends."""

    here: Callable[[], Place] = staticmethod(_nowhere)


lent = Lent()


def base_url() -> str:
    """Return the public address of the academy, without a slash at its end."""
    return lent.here().base_url.rstrip("/")


def secret() -> str:
    """Return the secret with which links are signed."""
    return lent.here().secret
