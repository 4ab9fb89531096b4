"""A trainer's courses at a glance: who is stuck where, which questions give trouble, what waits for marks."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from academy.assessment.queries_of_trouble import WHY, trouble, waiting_for
from academy.base import clock
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.catalogue.policies import courses_edited
from academy.insights import policies
from academy.insights.queries import teaching as queries
from academy.insights.routes.blueprints import bp
from academy.learning.policies import learners_visible
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("teach", 15, _l("At a glance"), "insights.teaching", "gauge", policies.SEE_TEACHING)

SHOWN = 8


@bp.get("/teaching")
@requires(policies.SEE_TEACHING)
def teaching() -> ResponseReturnValue:
    """All courses that the visitor teaches: what calls for them first."""
    visitor, today, now = actor(), clock.today(), clock.now()
    courses, people = courses_edited(visitor), learners_visible(visitor)
    still = queries.longest_still(queries.still(courses, people, today=today), most=SHOWN)
    waiting = waiting_for(visitor, now)
    return render_template(
        "insights/teaching.html", still=still, inactive=still[0].total if still else 0, waiting=waiting[:SHOWN],
        to_mark=sum(each.free + each.mine for each in waiting), trouble=trouble(courses, most=SHOWN), flags=WHY,
        stops=queries.stops(courses, people, today=today, most=SHOWN),
    )  # fmt: skip


@bp.get("/teaching/learners")
@requires(policies.SEE_TEACHING)
def still_learners() -> ResponseReturnValue:
    """The learners who have not been seen for two weeks, in all own courses or at one activity."""
    visitor, asked = actor(), request.args.get("activity", "")
    activity_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    course_key = clean_line(request.args.get("course", ""))[:80]
    query = queries.still(
        courses_edited(visitor),
        learners_visible(visitor),
        today=clock.today(),
        activity_id=activity_id,
        course_key=course_key,
    )
    page = paginate(query)
    return render_template("insights/still.html", page=page, rows=[queries.still_of(row) for row in page.rows])
