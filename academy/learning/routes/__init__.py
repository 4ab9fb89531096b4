"""The pages of learning: finding courses, taking them, the trainers' roster; programmes."""

from flask import url_for

from academy.base.i18n import _l
from academy.catalogue import kinds
from academy.learning.kinds import add_programme_tab
from academy.learning.policies import LEARN
from academy.learning.routes import (
    announcing,
    answering,
    calendars,
    course,
    credits,
    duties,
    entering,
    exempting,
    extending,
    finding,
    hours,
    mine,
    playing,
    programmes,
    reading,
    requesting,
    roster,
    working_days,
)
from academy.learning.routes.blueprints import bp
from academy.web import links, navigation

__all__ = [
    "announcing",
    "answering",
    "bp",
    "calendars",
    "course",
    "credits",
    "duties",
    "entering",
    "exempting",
    "extending",
    "finding",
    "hours",
    "mine",
    "playing",
    "programmes",
    "reading",
    "requesting",
    "roster",
    "working_days",
]

navigation.enter("main", 20, _l("Courses"), "learning.catalogue", "book-open", LEARN)
navigation.enter("main", 25, _l("Programmes"), "learning.programmes", "route", LEARN)
navigation.enter("main", 30, _l("My courses"), "learning.mine", "graduation-cap", LEARN, yields=True)
for _page in (
    "learning.activity",
    "assessment.attempt",
    "assessment.review",
    "assessment.result",
    "assessment.my_receipts",
):
    navigation.belong(_page, "learning.catalogue")
navigation.belong("learning.my_hours", "learning.mine")

links.register("course", lambda key: url_for("learning.course", key=key))
links.register(
    "activity",
    lambda enrolment_id, activity_key: url_for(
        "learning.activity", enrolment_id=enrolment_id, activity_key=activity_key
    ),
)
links.register("quiz_back", lambda course_key: url_for("learning.go_on", key=course_key, after="quiz"))
links.register("quiz", lambda quiz_id: url_for("learning.to_quiz", quiz_id=quiz_id))
links.register("quiz_time", lambda attempt_id: url_for("learning.time_spent_on_quiz", attempt_id=attempt_id))
links.register("roster", lambda key: url_for("learning.roster", key=key))

kinds.add_tab(_l("Learners"), "learning.roster", "learners", leads=True)
kinds.add_tab(_l("Enrolment"), "learning.course_entry", "learners")
kinds.add_tab(_l("Announcements"), "learning.course_announcements", "learners")
add_programme_tab(_l("Announcements"), "learning.programme_announcements")
