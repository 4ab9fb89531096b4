"""Sending targeted letters in the background, part by part: a part that is broken off is done again, and nobody is told twice."""

from academy.base import clock
from academy.base.i18n import _l
from academy.base.jobs import job
from academy.insights.mailings import queries, services
from academy.notices import kinds

MAILING = kinds.add(
    kinds.Kind(
        queries.KIND,
        _l("%(title)s"),
        (_l("%(opening)s"), _l("From: %(by)s.")),
        _l("Open the course"),
        icon="mail",
        label=_l("Letters from managers and trainers about my courses"),
    )
)
kinds.belong_to(kinds.TALKING, MAILING)
kinds.stands_while(MAILING, queries.still_wanted)


@job("insights.send_mailing", _l("Send a targeted letter"))
def send_mailing(mailing_id: int, part: int) -> None:
    """Tell the next 100 people, then queue the rest."""
    if services.send_some(mailing_id, at=clock.now()):
        services.queue(mailing_id, part + 1)
