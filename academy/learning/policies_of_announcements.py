"""Who announces to the learners of a course or programme, and who sees how far that was read."""

from typing import Any

from academy.base.access import Actor, allowed, permit
from academy.catalogue.models import Course
from academy.catalogue.policies import EDIT_COURSE
from academy.learning.policies import EDIT_PROGRAMME, organisations_reached
from academy.learning.queries.announcing import ToLearners


def _announces(actor: Actor, about: Any) -> bool:
    return allowed(EDIT_COURSE if isinstance(about, Course) else EDIT_PROGRAMME, actor, about)


def _keeps(actor: Actor, item: ToLearners) -> bool:
    reach = organisations_reached(actor)
    return _announces(actor, item.about) and (reach is None or item.row.organisation_id in reach)


TELL_LEARNERS = permit(
    "learning:announcement:write",
    _announces,
    "Those who may edit a course or programme announce to its learners in the organisations that they reach.",
)
KEEP_TOLD = permit(
    "learning:announcement:keep",
    _keeps,
    "Those who may edit a course or programme keep its announcements to learners whom they reach, and see who has read them.",
)
