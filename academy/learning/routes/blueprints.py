"""The blueprint of learning, and the tabs that higher slices add to a programme."""

from typing import Any

from flask import Blueprint, request, url_for

from academy.learning.kinds import PROGRAMME_TABS
from academy.learning.naming import DESK_STATES
from academy.learning.queries.programmes import ProgrammeDesk

bp = Blueprint("learning", __name__, template_folder="../templates")


@bp.app_template_global("programme_tabs")
def programme_tabs(programme_key: str) -> list[dict[str, Any]]:
    """Return the tabs about a programme that higher slices have entered, as the tabs component wants them."""
    return [
        {"label": label, "url": url_for(endpoint, programme_key=programme_key), "current": request.endpoint == endpoint}
        for endpoint, label in PROGRAMME_TABS.items()
    ]


@bp.app_template_global("programme_desk_state")
def programme_desk_state(desk: ProgrammeDesk) -> Any:
    """Return how a programme stands on its desk: words, tone and icon of its chip."""
    return DESK_STATES[desk.state]
