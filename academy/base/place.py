"""Where the running academy is reached, and with what it signs.

Lent by the composition root and asked at every use: several applications may live in one process, so nothing is kept here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """What the domain needs to know of the settings."""

    base_url: str
    secret: str
    badge_key: Path | None = None
    badge_password: str | None = None
    paper_key: Path | None = None
    paper_password: str | None = None


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


def badge_key() -> tuple[Path, str | None] | None:
    """Return the file that holds the key of badges, with its password; None when the academy keeps its own."""
    here = lent.here()
    return (here.badge_key, here.badge_password) if here.badge_key else None


def paper_key() -> tuple[Path, str | None] | None:
    """Return the PKCS#12 file that signs papers, with its password; None when papers go unsigned."""
    here = lent.here()
    return (here.paper_key, here.paper_password) if here.paper_key else None
