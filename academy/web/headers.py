"""What every answer says to the browser about safety, and the nonce for our own scripts."""

import secrets
from functools import cache

from flask import Flask, g, request
from werkzeug.wrappers import Response

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def nonce() -> str:
    """Return this request's nonce for script elements."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def let_record(*, camera: bool) -> None:
    """Let this page, and no other, use the microphone and perhaps the camera, and play what it has recorded."""
    g.recording = ("microphone", "camera") if camera else ("microphone",)


@cache
def _rules(records: bool) -> str:
    rules = {**POLICY, "media-src": "'self' blob:"} if records else POLICY
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@cache
def _permissions(recording: tuple[str, ...]) -> str:
    names = ("camera", "microphone", "geolocation")
    return ", ".join(f"{name}=(self)" if name in recording else f"{name}=()" for name in names)


def install(app: Flask, *, secure: bool) -> None:
    """Add the headers to every answer, errors included."""

    @app.after_request
    def add(response: Response) -> Response:
        headers, recording = response.headers, g.get("recording", ())
        policy = f"script-src 'self' 'nonce-{nonce()}'; {_rules(bool(recording))}"
        wanted = {**ALWAYS, "Content-Security-Policy": policy, "Permissions-Policy": _permissions(recording)}
        if not request.path.startswith("/static/"):
            wanted["Cache-Control"] = "private, no-store"
        if secure:
            wanted["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        said = {name.lower() for name, _ in headers}
        headers.extend((name, value) for name, value in wanted.items() if name.lower() not in said)
        return response
