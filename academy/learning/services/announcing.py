"""Announcements to the learners of a course or programme; publishing and withdrawing them is the work of notices."""

from datetime import date, datetime

from academy.accounts.models import Organisation
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.learning.models import LearnersTold, Programme
from academy.learning.queries.announcing import LEARNERS, ToLearners
from academy.notices.services import write_announcement


def write_to_learners(
    item: ToLearners | None,
    about: Course | Programme,
    *,
    title: LocalizedText,
    text: LocalizedText,
    open_only: bool,
    place: Organisation | None,
    shown_until: date | None,
    actor_id: int,
    at: datetime,
    revision: int | None = None,
) -> int:
    """Keep a draft, a new one or with changes, and return its id; without a place it is for the learners of every organisation.

    Raises what `write_announcement` raises: NoDraft, Changed when somebody else has saved it meanwhile.
    """
    row = write_announcement(
        item.row if item else None, title=title, text=text, audience=LEARNERS, place=place, shown_until=shown_until,
        actor_id=actor_id, at=at, revision=revision,
    )  # fmt: skip
    if item is None:
        of = {"course_id": about.id} if isinstance(about, Course) else {"programme_id": about.id}
        db.session.add(LearnersTold(announcement_id=row.id, open_only=open_only, **of))
    else:
        item.told.open_only = open_only
    db.session.flush()
    return row.id
