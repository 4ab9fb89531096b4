"""What the pages of a framework's desk share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypedDict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from academy.base import clock
from academy.base.errors import Refusal, Stale
from academy.competencies import naming
from academy.competencies.queries.versions import FrameworkDesk
from academy.web import saving
from academy.web.identity import actor


class ByWhom(TypedDict):
    """Who does it and when, as services ask."""

    actor_id: int | None
    at: datetime


def by_now() -> ByWhom:
    """Return the visitor and this moment."""
    return {"actor_id": actor().person_id, "at": clock.now()}


def asked_mark() -> int | None:
    """Return the mark of what the page showed, or the present one when somebody chose to replace what is there."""
    asked = saving.asked_mark() or ""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 10 else -1


def desk_page(name: str, desk: FrameworkDesk, **more: Any) -> str:
    """Render a page of the desk."""
    return render_template(
        f"competencies/frameworks/{name}.html", desk=desk, content=desk.content, naming=naming, **more
    )


def to_desk(desk: FrameworkDesk, anchor: str = "") -> ResponseReturnValue:
    """Return to the tree."""
    address = url_for("competencies.framework_desk", framework_key=desk.framework.key, _anchor=anchor or None)
    return redirect(address)


def saved_or_shown(
    page: str, desk: FrameworkDesk, form: Any, save: Callable[[], Any], said: str, *, current: int = 0,
    anchor: Callable[[], str] = str, **more: Any,
) -> ResponseReturnValue:  # fmt: skip
    """Save what was sent and go back to the tree, or show the form with what is wrong and all that was typed."""
    refused: Refusal | None = None
    if form.validate_on_submit():
        try:
            save()
        except Refusal as refusal:
            if refusal.field:
                form.refuse(refusal)
            else:
                refused = refusal
        else:
            flash(said, "ok")
            return to_desk(desk, anchor())
    shown = desk_page(page, desk, form=form, refused=refused, stale=isinstance(refused, Stale), current=current, **more)
    return shown, status_of(form, refused)


def status_of(form: Form, refused: Refusal | None) -> int:
    """Return the status of a page that shows a form again."""
    return refused.status if refused is not None else (422 if form.errors else 200)
