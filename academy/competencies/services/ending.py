"""Ending appraisal cycles before their last day, and taking that back (CM9)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update

from academy.accounts.queries_of_leading import leaders_of
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import change, db
from academy.base.errors import Conflict
from academy.base.i18n import _l
from academy.competencies import kinds_of_goals as kinds
from academy.competencies.models import Appraisal, AppraisalCycle
from academy.competencies.queries import goals as queries
from academy.competencies.queries.goals import FoundAppraisal
from academy.competencies.services.cycles import BATCH, tell
from academy.notices import services as notices


def end_cycle(row: AppraisalCycle, *, by_id: int, at: datetime) -> None:
    """End a cycle that goes on: nothing is set any more, what is not signed by both can still be signed.

    A cycle that has not begun is removed: nobody was told of it and nothing could be written in it.
    """
    if row.opens_on > riyadh_day(at):
        _remove(row, by_id, at)
        return
    running = AppraisalCycle.id == row.id, AppraisalCycle.ended_at.is_(None), AppraisalCycle.closes_on >= riyadh_day(at)
    if not change(update(AppraisalCycle).where(*running).values(ended_at=at, ended_by_id=by_id)):
        raise Conflict(_l("This cycle has ended already."))
    db.session.refresh(row)
    _record("competencies:cycle:end", row, by_id, at, ended_on=riyadh_day(at).isoformat())


def reopen_cycle(row: AppraisalCycle, *, by_id: int, at: datetime) -> None:
    """Let a cycle go on that was ended early, until the last day that it had."""
    ended = AppraisalCycle.id == row.id, AppraisalCycle.ended_at.is_not(None)
    lasts = AppraisalCycle.closes_on >= riyadh_day(at)
    if not change(update(AppraisalCycle).where(*ended, lasts).values(ended_at=None, ended_by_id=None)):
        raise Conflict(_l("This cycle goes on already, or its last day is over."))
    db.session.refresh(row)
    _record("competencies:cycle:reopen", row, by_id, at, closes_on=row.closes_on.isoformat())


def tell_of_ending(cycle_id: int, after_id: int, *, at: datetime) -> int:
    """Tell some of those whose appraisal both have not signed, and who leads them, that the cycle has ended.

    Somebody is told once an ending, however many they lead; a cycle that went on and ends again is told of again.
    Returns the last appraisal's id, 0 at the end.
    """
    row = queries.cycle(cycle_id)
    if row is None or row.ended_at is None:
        return 0
    found = queries.unfinished(cycle_id, after_id, most=BATCH)
    for each in found:
        tell(each, [each.person.id], kinds.CYCLE_ENDED, f"ended:{row.ended_at.isoformat()}", at)
    _tell_leaders(row, found, f"cycle:{row.id}:ended:{row.ended_at.isoformat()}", at)
    return found[-1].appraisal.id if len(found) == BATCH else 0


def _tell_leaders(row: AppraisalCycle, found: Sequence[FoundAppraisal], cause: str, at: datetime) -> None:
    """Tell each of those who lead somebody of these once; administrators, who end cycles, are not asked for a talk."""
    today = riyadh_day(at)
    for number in sorted({leader for each in found for leader in leaders_of(each.person.id, today=today)}):
        notices.tell(number, kinds.TEAMS_CYCLE_ENDED, cause, at=at, address="/goals", cycle=row.title)


def _remove(row: AppraisalCycle, by_id: int, at: datetime) -> None:
    _record("competencies:cycle:remove", row, by_id, at, opens_on=row.opens_on.isoformat())
    db.session.execute(delete(Appraisal).where(Appraisal.cycle_id == row.id))
    db.session.delete(row)
    db.session.flush()


def _record(act: str, row: AppraisalCycle, by_id: int, at: datetime, **after: object) -> None:
    audit.record(
        act, at=at, actor_id=by_id, organisation_id=row.organisation_id,
        subject=("appraisal_cycle", row.id, row.title.show("ar")), after=after,
    )  # fmt: skip
