"""Who writes targeted letters, and who looks after one."""

from academy.base.access import ADMINISTRATOR, TRAINER, Actor, permit
from academy.insights.mailings.models import Mailing


def _keeps(actor: Actor, row: Mailing) -> bool:
    return row.by_id == actor.person_id and _writes(actor, None)


def _writes(actor: Actor, thing: object) -> bool:
    return actor.leads or actor.has(TRAINER) or actor.has(ADMINISTRATOR)


WRITE_MAILING = permit(
    "insights:mailing:write",
    _writes,
    "Managers write to their team, trainers to the learners of their courses, administrators to their organisations.",
)
KEEP_MAILING = permit(
    "insights:mailing:keep", _keeps, "Whoever wrote a targeted letter sends it, stops it and reads what became of it."
)
