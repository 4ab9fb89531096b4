"""Numbers that do not exist, asked for at the public addresses of partners: counted together with those of certificates."""

from datetime import timedelta

from flask import request

from academy.base import clock, throttle
from academy.base.db import db, separately

WINDOW = timedelta(minutes=10)
MISSES = 30


def too_many_misses() -> bool:
    """Whether too many numbers that do not exist were asked for from this network."""
    return throttle.count(db.session, _address(), within=WINDOW, at=clock.now()) >= MISSES  # type: ignore[arg-type]


def note_miss() -> None:
    """Count one more, though the answer is a refusal and rolled back."""
    with separately() as session:
        throttle.note(session, _address(), at=clock.now())


def _address() -> str:
    return f"verify:{request.remote_addr or '?'}"
