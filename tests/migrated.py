"""Databases that the migrations brought to a revision, each made once a test process and copied by whoever needs it."""

from collections.abc import Callable
from functools import cache

from flask_migrate import upgrade

from tests.conftest import model

HALF = "0033"  # where the tests of what was there before begin


@cache
def at(revision: str) -> str:
    """Return an empty academy at a revision; the way to the newest one goes over HALF, and is gone once."""
    before = at(HALF) if revision == "head" else False
    return model(f"academy_at_{revision}", lambda: upgrade(revision=revision), tables=before)


def brought_up(name: str, put_in: Callable[[], object]) -> str:
    """Return an academy that was in use at HALF and is at the newest revision."""

    def go() -> None:
        put_in()
        upgrade()

    return model(f"academy_at_{name}", go, tables=at(HALF))
