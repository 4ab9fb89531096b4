"""What a form says of the page that it was sent from."""

from flask import request


def asked_mark(field: str = "revision") -> str | None:
    """Return the mark of what the page showed, or the present one when somebody chose to replace what is there."""
    return request.form.get("current_revision" if request.form.get("act") == "overwrite" else field)
