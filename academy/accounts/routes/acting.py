"""What the pages of the administration share."""

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from academy.accounts import policies
from academy.accounts.models import Organisation
from academy.accounts.queries_of_administration import organisation
from academy.base.access import allowed
from academy.base.db import db
from academy.base.errors import NotFound, Refusal
from academy.web.identity import actor


def act(do: Callable[[], object], done: str, back: str) -> ResponseReturnValue:
    """Do something that one button asks for, say how it went, and go back to the page."""
    try:
        do()
    except Refusal as refusal:
        db.session.rollback()
        flash(refusal.for_reader(), "bad")
    else:
        flash(done, "ok")
    return redirect(back)


def one_of_mine(asked: str | None, mine: list[int]) -> Organisation:
    """Return the organisation asked for in the address, else the first that the administrator looks after."""
    wanted = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    chosen = organisation(wanted or (mine[0] if mine else 0))
    if chosen is None or not allowed(policies.EDIT_UNITS, actor(), chosen):
        raise NotFound
    return chosen
