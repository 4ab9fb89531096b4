"""What the pages of a programme's desk share."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from academy.base.errors import Refusal
from academy.learning import naming
from academy.learning.queries.programmes import ProgrammeDesk
from academy.learning.rules.programmes import Direction
from academy.web import saving
from academy.web.errors import wants_json


def asked_revision(field: str = "revision") -> int | None:
    """Return the revision the page was opened with, or the current one when somebody chose to replace what is there."""
    asked = saving.asked_mark(field) or ""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else -1


def status_of(form: Form, refused: Refusal | None) -> int:
    """Return the status of a page that shows a form again."""
    return refused.status if refused is not None else (422 if form.errors else 200)


def direction() -> Direction:
    """Return which way a button moves something."""
    return "up" if request.form.get("move") == "up" else "down"


def back(programme_key: str, anchor: str = "") -> ResponseReturnValue:
    """Return to the outline; our own scripts, which have changed the page already, get an empty answer."""
    if wants_json():
        return "", 204
    return redirect(url_for("learning.programme_desk", programme_key=programme_key, _anchor=anchor or None))


def desk_page(name: str, desk: ProgrammeDesk, **more: Any) -> str:
    """Render a page of the desk."""
    return render_template(f"learning/programmes/{name}.html", desk=desk, naming=naming, **more)
