"""The pages of messages: everyone's own conversations; reports and rules for administrators."""

from flask import url_for

from academy.base.access import Actor
from academy.base.i18n import _, _l
from academy.catalogue.models import Course
from academy.learning.kinds import CourseLink, add_course_link
from academy.messages.policies import LIST
from academy.messages.routes import conversations, own_acts, reports, ruling
from academy.messages.routes.blueprints import bp
from academy.web import navigation

__all__ = ["bp", "conversations", "own_acts", "reports", "ruling"]

navigation.enter("user", 15, _l("Messages"), "messages.inbox", "message-square", LIST)


@add_course_link()
def link_on_course_page(course: Course, _learner: Actor) -> CourseLink:
    """Lead from the page of a course to its trainer."""
    return CourseLink(_("Ask the trainer"), url_for("messages.ask_trainer", key=course.key), "mail")
