"""Where else somebody who takes a course finds something about it."""

from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Select, select

from academy.base.access import Actor
from academy.base.db import db
from academy.catalogue.models import Course
from academy.learning.kinds import COURSE_LINKS, CourseLink


@cache  # every page of a course asks it: put together once
def _asked() -> Select[Any]:
    return select(*(ask() for asked, _read in COURSE_LINKS for ask in asked))


def course_links(course: Course, learner: Actor) -> list[CourseLink]:
    """Return the links that higher slices have entered, in their order (one statement)."""
    where = {"course": course.id, "reader": learner.person_id, "organisation": learner.organisation_id}
    answers = iter(db.session.execute(_asked(), where).one())
    found = [read(course, learner, *islice(answers, len(asked))) for asked, read in COURSE_LINKS]
    return [each for each in found if each is not None]
