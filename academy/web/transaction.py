"""One request, one transaction: committed when the answer is good, rolled back when it is not."""

from flask import Flask, g, request
from werkzeug.wrappers import Response

from academy.base.audit import address_of_request
from academy.base.db import about_to_write, db, settle

__all__ = ["install", "keep", "settle"]

READS = {"GET", "HEAD", "OPTIONS"}


def keep() -> None:
    """Commit although the answer is a refusal, as for counting a failed sign-in."""
    g.keep = True


def install(app: Flask) -> None:
    """Begin and finish the transaction of every request."""

    @app.before_request
    def begin() -> None:
        about_to_write(request.method not in READS)
        address_of_request.set(request.remote_addr)

    @app.after_request
    def finish(response: Response) -> Response:
        if response.status_code < 400 or g.get("keep"):
            db.session.commit()
        else:
            db.session.rollback()
        return response
