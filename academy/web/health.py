"""Two addresses for machines: is the process alive, and is the academy ready to serve."""

from flask import Blueprint, Response
from sqlalchemy import text

from academy.base.db import db
from academy.web.access import public
from academy.web.errors import as_json

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
@public
def live() -> Response:
    """The process answers."""
    return Response(as_json({"status": "alive"}), content_type="application/json; charset=utf-8")


@bp.get("/ready")
@public
def ready() -> Response:
    """The database answers too (a database that does not becomes a 503 with Retry-After)."""
    db.session.execute(text("SELECT 1"))
    return Response(as_json({"status": "ready"}), content_type="application/json; charset=utf-8")
