"""What every save on the trainer's desk shares: its revision, and the status of its answer."""

from wtforms import Form

from academy.base.errors import Refusal
from academy.web import saving


def asked_revision() -> int | None:
    """Return the revision the page was opened with, or the current one when the trainer chose to replace what is there."""
    asked = saving.asked_mark() or ""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else -1


def status_of(form: Form, refused: Refusal | None, acted: bool = False) -> int:
    """Return the status of a page that shows a form again."""
    if refused is not None:
        return refused.status
    return 422 if form.errors and not acted else 200
