"""The pages of discussions."""

from flask import url_for

from academy.accounts.kinds import name_act
from academy.base.access import Actor
from academy.base.i18n import _, _l, ngettext
from academy.catalogue import kinds
from academy.catalogue.models import Course
from academy.discussions import policies, queries, rules
from academy.discussions.routes import moderating, reading, writing
from academy.discussions.routes.blueprints import bp
from academy.learning.kinds import ActivityPlace, CourseLink, add_activity_link, add_course_link
from academy.web import navigation

__all__ = ["bp", "moderating", "reading", "writing"]

navigation.enter("teach", 35, _l("Reported posts"), "discussions.reported", "flag", policies.LIST_REPORTS)
navigation.belong("discussions.thread", "learning.catalogue")
kinds.add_tab(_l("Discussions"), "discussions.desk", "learners")

name_act("discussions:post:decide", _l("Post in a discussion hidden, left or shown again"))
name_act("discussions:person:stop", _l("Person stopped from writing in the discussions of a course"))
name_act("discussions:person:end_stop", _l("Person allowed to write in the discussions of a course again"))
name_act("discussions:thread:arrange", _l("Thread pinned or locked, or no longer"))
name_act("discussions:course:rule", _l("Discussions of a course opened, closed or switched off"))


@add_course_link(queries.state_here, queries.new_posts)
def link_on_course_page(course: Course, _learner: Actor, state: str, new: int) -> CourseLink | None:
    """Lead from the page of a course to its discussions, and say how much is new there."""
    if state == rules.OFF:
        return None
    note = ngettext("%(num)s new post", "%(num)s new posts", new) if new else ""
    return CourseLink(_("Discussions"), url_for("discussions.threads", key=course.key), "message-square", note)


@add_activity_link
def link_in_the_player(place: ActivityPlace, learner: Actor) -> CourseLink | None:
    """Lead from an activity to the threads about it, or to asking the first question where nobody has."""
    there = queries.about_activity(place.course_id, place.activity_key, learner.organisation_id)
    if there.threads and there.state != rules.OFF:
        url = url_for("discussions.threads", key=place.course_key, about=place.activity_key)
        note = ngettext("%(num)s thread", "%(num)s threads", there.threads)
        return CourseLink(_("Discussions about this part"), url, "message-square", note)
    if there.state != rules.OPEN:
        return None
    return CourseLink(
        _("Ask about this part"),
        url_for("discussions.new", key=place.course_key, about=place.activity_key),
        "message-square",
    )
