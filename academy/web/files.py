"""Serving what people uploaded, so that it cannot run: sandboxed, never sniffed, downloads unless it is a picture."""

import io
import logging

from flask import Blueprint, Response, request, send_file

from academy.base import storage
from academy.base.errors import NotFound
from academy.web.access import public
from academy.web.identity import current_actor, sources

bp = Blueprint("files", __name__)
log = logging.getLogger("academy.web")
SHOWN_IN_PLACE = ("image/", "video/", "audio/", "application/pdf")


def _opens(row: storage.StoredFile) -> bool:
    visitor = current_actor()
    if row.audience == "nobody":
        return False
    return row.audience == "public" or (visitor is not None and sources.opens_file(visitor, row, request.remote_addr))


def _kept_by_browsers(row: storage.StoredFile) -> str:
    """Say how long browsers keep a file; a picture of the bank is asked for anew each time: attempts end."""
    if row.audience == "public":
        return "public, max-age=86400"
    return "private, no-cache" if row.organisation_id else "private, max-age=86400"


def contents(row: storage.StoredFile) -> io.BytesIO:
    """Return the bytes of a kept file, to be sent. Raises NotFound, and says so in the log, when the store has lost them."""
    try:
        return io.BytesIO(storage.read(row))
    except FileNotFoundError as gone:
        log.error("the bytes of file %s are gone from the store", row.id)
        raise NotFound from gone


def download(row: storage.StoredFile) -> Response:
    """Send a kept file that no browser shows, nor keeps: proof that only some may read."""
    response = send_file(
        contents(row),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=row.name,
        etag=row.sha256,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/files/<key>")
@public
def serve(key: str) -> Response:
    """Serve a kept file to those it is for."""
    row = storage.find(key)
    if row is None or not _opens(row):
        raise NotFound
    in_place = row.media_type.startswith(SHOWN_IN_PLACE)
    response = send_file(
        contents(row),
        mimetype=row.media_type,
        as_attachment=not in_place,
        download_name=row.name,
        etag=row.sha256,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; img-src 'self'"
    response.headers["Cache-Control"] = _kept_by_browsers(row)
    return response
