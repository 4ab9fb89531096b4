"""The draft as learners would see it, to be read only."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from academy.catalogue import kinds, policies, queries
from academy.catalogue.queries import Desk, EditedActivity, Outline
from academy.catalogue.routes.activities import editor_of
from academy.catalogue.routes.blueprints import bp
from academy.catalogue.routes.finding import the_activity, the_desk
from academy.web.access import may, requires
from academy.web.filters import text

CONTENTS = {"lesson", "classify", "file"}


@dataclass(frozen=True, slots=True)
class Line:
    """An activity in the outline at the side, as the outline component wants it."""

    title: Any
    url: str
    current: bool
    state: str = "open"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A unit in the outline at the side."""

    title: Any
    activities: list[Line]


@bp.get("/teach/<key>/preview")
@requires(policies.READ_DRAFT, find=the_desk)
def preview(desk: Desk) -> ResponseReturnValue:
    """Open the preview at the first activity."""
    activities = queries.outline(desk.version.id).activities
    if activities:
        return redirect(url_for(".preview_activity", key=desk.course.key, activity_key=activities[0].key))
    return render_template("catalogue/preview_empty.html", desk=desk)


@bp.get("/teach/<key>/preview/<activity_key>")
@requires(policies.READ_DRAFT, find=the_activity)
def preview_activity(edited: EditedActivity) -> ResponseReturnValue:
    """Show one activity as a learner would see it."""
    key, row = edited.course.key, edited.activity
    outline = queries.outline(edited.version.id)
    keys = [each.key for each in outline.activities]
    here = keys.index(row.key) if row.key in keys else -1
    kind, edits = kinds.of(row.kind), may(policies.EDIT_COURSE, edited)
    return render_template(
        "catalogue/preview.html",
        course=edited.course,
        version=edited.version,
        activity=queries.shown(row),
        chapters=_chapters(key, outline, row.key),
        total=len(keys),
        kind=kind,
        content=f"catalogue/content/{row.kind}.html" if row.kind in CONTENTS else kind.reading,
        read=kind.read(row.content) if kind.reading else None,
        edits=edits,
        last=queries.last_review(edited.version.id),
        content_editor=editor_of(key, row),
        previous_url=_address(key, keys[here - 1]) if here > 0 else "",
        next_url=_address(key, keys[here + 1]) if 0 <= here < len(keys) - 1 else "",
    )


def _address(key: str, activity_key: str) -> str:
    return url_for(".preview_activity", key=key, activity_key=activity_key)


def _chapters(key: str, outline: Outline, current: str) -> list[Chapter]:
    base = url_for(".preview", key=key)
    return [
        Chapter(
            text(unit.title),
            [Line(text(each.title), f"{base}/{each.key}", each.key == current) for each in unit.activities],
        )
        for unit in outline.units
    ]
