"""The developers' page: every component in each state, in both directions. Not opened in production."""

from flask import Blueprint, render_template

from academy.web.access import public

bp = Blueprint("gallery", __name__)


@bp.get("/_components")
@public
def gallery() -> str:
    """Show every component."""
    return render_template("components/gallery.html")
