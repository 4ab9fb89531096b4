"""Who opens the picture of a question: whoever keeps the question, and learners while an attempt of theirs shows it.

The door asks where the picture is shown, not whose file it is: a question that was given to the bank keeps the file of its
course, a copy in a course that of the bank. Only questions of the organisation that has the file count.
"""

from datetime import datetime

from academy.assessment.policies_of_bank import works_in
from academy.assessment.queries_of_pictures import attempts_showing, is_banked, is_shown
from academy.base.access import Actor
from academy.base.browser import Browser
from academy.base.db import db
from academy.base.storage import StoredFile
from academy.catalogue.models import Course


def opens_picture(
    actor: Actor, file: StoredFile, *, address: str | None, browser: Browser | None = None, now: datetime
) -> bool:
    """Whether somebody may fetch a file because it is the picture of a question.

    Those who work in its bank, as everybody does who edits a course there, for what belongs to the bank or is shown by a
    question in it; a learner, from `address` in `browser`, exactly as the pages of their attempts show it.
    """
    owner_id = _owner(file)
    if owner_id is None or not file.is_image:
        return False
    if works_in(actor, owner_id) and (file.organisation_id == owner_id or is_banked(file.key, owner_id)):
        return True
    mine = attempts_showing(file.key, owner_id, actor.person_id)
    return any(is_shown(each, address=address, browser=browser, now=now) for each in mine)


def _owner(file: StoredFile) -> int | None:
    """Return the organisation that has a file, by its bank or by a course."""
    if file.course_id is None:
        return file.organisation_id
    course = db.session.get(Course, file.course_id)
    return course.organisation_id if course is not None else None
