"""The addresses of the pages on which a course or programme tells its learners something."""

from flask import url_for

from academy.base import clock
from academy.devdata import accounts as demo
from academy.learning.queries.programmes import programme_by_key
from academy.notices import services as notices
from tests.factories import announcing
from tests.journeys.prepared import course, person


def announcement_pages() -> list[str]:
    """Return the lists and forms of a course and a programme, a draft, and one that was published."""
    trainer, at = person(demo.TRAINER), clock.now()
    house = trainer.organisation
    draft = announcing.drafted(course("cx-foundations"), trainer, house, at=at).row
    told = announcing.published(programme_by_key("cx-practitioner"), trainer, house, at=at).row
    notices.open_announcement(told, person(demo.EMPLOYEE).id, at=at)
    return [
        url_for("learning.course_announcements", key="cx-foundations"),
        url_for("learning.new_course_announcement", key="cx-foundations"),
        url_for("learning.programme_announcements", programme_key="cx-practitioner"),
        url_for("learning.new_programme_announcement", programme_key="cx-practitioner"),
        url_for("learning.programme_announcements", programme_key="partner-certificate"),
        url_for("learning.told", announcement_id=draft.id),
        url_for("learning.edit_told", announcement_id=draft.id),
        url_for("learning.told", announcement_id=told.id),
        url_for("learning.told", announcement_id=told.id, q="xyzzy"),
    ]
