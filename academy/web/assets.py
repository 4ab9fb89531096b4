"""Our stylesheets, scripts and fonts, under one address that changes with their content, so browsers keep them for good."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

FOLDER = Path(__file__).parent / "static"
YEAR = 31_536_000


@cache
def version() -> str:
    """Return a short hash over every static file."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(FOLDER)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset_url(path: str) -> str:
    """Return the address of a static file, e.g. `asset_url("css/base.css")`."""
    return f"/static/{version()}/{path}"


class Assets(WhiteNoise):
    """WhiteNoise that answers an older version's address with the present file.

    While a new release starts, pages of the old one still ask for their own addresses.
    """

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Serve a static file under any version, and the mark where browsers look for it beside files that are no pages."""
        if environ.get("PATH_INFO") == "/favicon.ico":
            environ = {**environ, "PATH_INFO": f"/static/{version()}/mark.svg"}
        parts = environ.get("PATH_INFO", "").split("/", 3)
        if len(parts) == 4 and parts[1] == "static" and parts[2] != version():
            environ = {**environ, "PATH_INFO": f"/static/{version()}/{parts[3]}"}
        return super().__call__(environ, start_response)


def _guard(headers: Any, _path: str, _url: str) -> None:
    """Say of static files what pages say of themselves: never sniffed, never framed, inert when opened alone."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    )


def install(app: Flask) -> None:
    """Serve the static files in front of the application."""
    served = Assets(
        app.wsgi_app,
        max_age=YEAR,
        allow_all_origins=False,
        autorefresh=app.debug,
        immutable_file_test=lambda *_: True,
        add_headers_function=_guard,
    )
    served.add_files(str(FOLDER), prefix=f"static/{version()}/")
    app.wsgi_app = served  # type: ignore[method-assign]
