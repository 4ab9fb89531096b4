"""The blueprint of the catalogue's pages, and the trainer's tabs about a course."""

from typing import Any

from flask import Blueprint, request, url_for

from academy.base.i18n import _l
from academy.catalogue import kinds
from academy.catalogue.models import Course
from academy.catalogue.queries import Desk
from academy.web.access import shut

bp = Blueprint("catalogue", __name__, template_folder="../templates")

kinds.add_tab(_l("Units and activities"), "catalogue.edit", "content")
kinds.add_tab(_l("Translation"), "catalogue.translations", "content")
kinds.add_tab(_l("What differs"), "catalogue.differences", "content")
kinds.add_tab(_l("Publishing"), "catalogue.publish", "content")
kinds.add_tab(_l("Details"), "catalogue.details", "settings")
kinds.add_tab(_l("Access and trainers"), "catalogue.access", "settings")

# Pages below another: its tab is theirs.
BELOW = dict.fromkeys(
    ("catalogue.unit", "catalogue.add_unit", "catalogue.add_activity", "catalogue.activity"), "catalogue.edit"
)


@bp.app_template_global("course_tabs")
def course_tabs(course: Course, desk: Desk | None = None) -> list[dict[str, Any]]:
    """Return the groups of a course's pages, each with its own, as the tabs component wants them.

    What only a draft has needs the desk, which the trainer's pages of the catalogue know.
    """
    here = BELOW.get(request.endpoint or "", request.endpoint)
    drafted = bool(desk and desk.draft)
    hidden = {
        "catalogue.differences": not (drafted and desk and desk.published),
        "catalogue.publish": not drafted,
    }
    groups = []
    for name, label in kinds.TAB_GROUPS.items():
        pages = [
            {"label": tab.label, "url": url_for(tab.endpoint, key=course.key), "current": tab.endpoint == here}
            for tab in kinds.lookups.tabs
            if tab.group == name and not hidden.get(tab.endpoint) and not shut(url_for(tab.endpoint, key=course.key))
        ]
        if pages:
            current = any(page["current"] for page in pages)
            groups.append({"label": label, "url": pages[0]["url"], "current": current, "pages": pages})
    return groups
