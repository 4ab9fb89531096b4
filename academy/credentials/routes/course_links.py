"""What the page of a course tells its learner of their certificate."""

from flask import url_for

from academy.base.access import Actor
from academy.base.i18n import _
from academy.catalogue.models import Course
from academy.credentials.queries import number_held
from academy.learning.kinds import CourseLink, add_course_link


@add_course_link(number_held)
def link_on_course_page(_course: Course, _learner: Actor, number: str | None) -> CourseLink | None:
    """Lead from the page of a course to the certificate that the learner holds of it."""
    if number is None:
        return None
    return CourseLink(_("Your certificate"), url_for("credentials.mine", _anchor=f"c{number}"), "award")
