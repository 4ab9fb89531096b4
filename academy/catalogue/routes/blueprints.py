"""The blueprint of the catalogue's pages, and the tabs that higher slices add to a course."""

from typing import Any

from flask import Blueprint, request, url_for

from academy.catalogue.kinds import lookups

bp = Blueprint("catalogue", __name__, template_folder="../templates")


@bp.app_template_global("course_tabs")
def course_tabs(key: str) -> list[dict[str, Any]]:
    """Return the tabs about a course that higher slices have entered, as the tabs component wants them."""
    return [
        {"label": tab.label, "url": url_for(tab.endpoint, key=key), "current": request.endpoint == tab.endpoint}
        for tab in lookups.tabs
    ]
