"""Reads of learning; each file answers the questions of one kind of page."""

from academy.learning.queries.counting import required_count, tally_of
from academy.learning.queries.courses import CoursePage, Prerequisite, completed_courses, course_page, prerequisites
from academy.learning.queries.enrolments import (
    MyCourse,
    enrolment,
    enrolment_of,
    latest_enrolments,
    my_enrolments,
    my_states,
    place_in_round,
    place_of,
    taking,
)
from academy.learning.queries.path import Path, PathStep, PathUnit, Step, enrolment_with, path, step
from academy.learning.queries.roster import (
    RosterCounts,
    RosterRow,
    counted_share,
    fails_a_quiz,
    roster,
    roster_counts,
    row_of,
)
from academy.learning.queries.telling import ToTell, name_of, newly_assigned, still_due, still_learning, to_tell

__all__ = [
    "CoursePage",
    "MyCourse",
    "Path",
    "PathStep",
    "PathUnit",
    "Prerequisite",
    "RosterCounts",
    "RosterRow",
    "Step",
    "ToTell",
    "completed_courses",
    "counted_share",
    "course_page",
    "enrolment",
    "enrolment_of",
    "enrolment_with",
    "fails_a_quiz",
    "latest_enrolments",
    "my_enrolments",
    "my_states",
    "name_of",
    "newly_assigned",
    "path",
    "place_in_round",
    "place_of",
    "prerequisites",
    "required_count",
    "roster",
    "roster_counts",
    "row_of",
    "step",
    "still_due",
    "still_learning",
    "taking",
    "tally_of",
    "to_tell",
]
