"""The learner's own courses."""

from flask import render_template
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.i18n import _
from academy.learning import policies
from academy.learning.queries import MyCourse, my_enrolments
from academy.learning.routes.blueprints import bp
from academy.web.access import requires
from academy.web.identity import actor


@bp.get("/my-courses")
@requires(policies.LEARN)
def mine() -> ResponseReturnValue:
    """List the reader's courses: overdue, due, in progress, completed."""
    today = clock.today()
    courses = my_enrolments(actor().person_id, today=today)
    return render_template("learning/mine.html", courses=courses, groups=_groups(courses), today=today)


def _groups(courses: list[MyCourse]) -> list[tuple[str, str, list[MyCourse]]]:
    """Return (key, heading, courses) of each group that has any."""
    going_on = [course for course in courses if course.state == "active" and not course.overdue]
    groups = [
        ("overdue", _("Overdue"), [course for course in courses if course.overdue]),
        ("due", _("Due by a date"), [course for course in going_on if course.due_on]),
        ("in-progress", _("In progress"), [course for course in going_on if not course.due_on]),
        ("completed", _("Completed"), [course for course in courses if course.state == "completed"]),
    ]
    return [group for group in groups if group[2]]
