"""Refusals and accidents become a page in the reader's language, with a reference that stands in the log too."""

import json
import logging
import secrets

from flask import Flask, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _, _l

log = logging.getLogger("academy.web")

TITLES = {
    400: (_l("The request could not be read"), _l("Go back, reload the page and try again.")),
    403: (_l("No permission"), _l("You do not have permission to do this.")),
    404: (_l("Page not found"), _l("The address may be mistyped, or the page may not be yours to see.")),
    405: (_l("The request could not be read"), _l("Go back, reload the page and try again.")),
    409: (
        _l("This cannot be done now"),
        _l("The thing has changed since you opened the page. Reload it and try again."),
    ),
    413: (_l("The file is too large"), _l("Choose a smaller file and try again.")),
    422: (_l("Something is not right"), _l("Go back and check what you typed.")),
    429: (_l("Too many tries"), _l("Too many tries. Wait a little, then try again.")),
    500: (_l("Something went wrong"), _l("The fault has been recorded. Nothing you had saved is lost.")),
    503: (_l("The academy is busy"), _l("Wait a few seconds, then try again.")),
}


def wants_json() -> bool:
    """Whether the answer is read by our own scripts rather than by a person."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def page(
    status: int, message: str | None = None, reference: str | None = None, field: str | None = None
) -> tuple[str | Response, int]:
    """Draw the error page, or its JSON twin, for a status. Our scripts put what is said beside the field that it is about."""
    title, usual = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    said = message or str(usual)
    if wants_json():
        from_json = {"error": said, "status": status, "reference": reference, **({"field": field} if field else {})}
        return Response(as_json(from_json), status, content_type="application/json; charset=utf-8"), status
    home = url_for("home.start")
    shown = render_template(
        "errors/page.html", status=status, title=str(title), message=said, reference=reference, home_url=home
    )
    return shown, status


def as_json(value: object) -> str:
    """Return JSON text as the answers of our scripts' addresses carry it: Arabic stays readable."""
    return json.dumps(value, ensure_ascii=False)


def install(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> tuple[str | Response, int]:
        db.session.rollback()
        return page(error.status, error.for_reader(), field=error.field)

    @app.errorhandler(CSRFError)
    def stale_form(error: CSRFError) -> tuple[str | Response, int]:
        return page(400, _("The form was open for too long. Reload the page and send it again."))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | tuple[str | Response, int]:
        if error.code is None or error.code < 400:
            return error.get_response()
        return page(error.code)

    @app.errorhandler(OperationalError)
    def database(error: OperationalError) -> tuple[str | Response, int]:
        db.session.rollback()
        log.error("the database did not answer: %s", error.orig)
        body, status = page(503)
        response = body if isinstance(body, Response) else Response(body, status)
        response.headers["Retry-After"] = "5"
        return response, status

    @app.errorhandler(Exception)
    def accident(error: Exception) -> tuple[str | Response, int]:
        db.session.rollback()
        reference = secrets.token_hex(4)
        # The rule, not the address: an address may hold the token of a letter.
        log.exception("reference %s: %s %s", reference, request.method, request.url_rule or "no such address")
        if app.testing:
            raise error
        return page(500, reference=reference)
