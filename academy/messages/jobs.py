"""Deleting old conversations in the background, and what is asked again before a letter goes out."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from academy.base import clock
from academy.base.db import db
from academy.base.i18n import _l
from academy.base.jobs import enqueue, job
from academy.messages import queries, services
from academy.messages.kinds import DIRECT_MESSAGE, MESSAGE_REPORTED
from academy.messages.models import MessageReport
from academy.notices import kinds

DELETE_OLD = "messages.delete_old"


@job(DELETE_OLD, _l("Delete conversations that are kept no longer"), every=timedelta(days=1))
def delete_old() -> None:
    """Delete conversations that have rested for longer than their organisations keep them; many of them in turns."""
    if services.delete_old(at=clock.now()) == services.BATCH:
        enqueue(DELETE_OLD)


def _unread(person_id: int, message_ids: Collection[int]) -> set[int]:
    return queries.still_to_read(person_id, message_ids, today=clock.today())


def _undecided(report_ids: Collection[int]) -> set[int]:
    open_ones = MessageReport.id.in_(report_ids), MessageReport.outcome.is_(None)
    return set(db.session.scalars(select(MessageReport.id).where(*open_ones)))


def _mine_to_decide(person_id: int, report_ids: Collection[int]) -> set[int]:
    return {number for number in report_ids if (row := queries.report(number)) and person_id in queries.deciders(row)}


kinds.stands_for(DIRECT_MESSAGE, _unread)
kinds.stands_while(MESSAGE_REPORTED, _undecided)
kinds.stands_for(MESSAGE_REPORTED, _mine_to_decide)
