"""Counting time: what pages report becomes seconds on an activity, at most one for each second that passes."""

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, Table, bindparam, case
from sqlalchemy.dialects import postgresql, sqlite

from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.learning.models import StudyClock, StudyTime
from academy.learning.rules.ledger import EVERY_SECONDS, IDLE_SECONDS


def count_time(person_id: int, enrolment_id: int, activity_id: int, reported: int, *, at: datetime) -> int:
    """Count the seconds for which a page was in use since it last said so; return how many are granted.

    The academy's own clock decides: a person's pages are granted together no more than the time since that up to which
    theirs is counted, whatever they report. Two statements, which are right also when two pages report at once.
    """
    reported = min(reported, IDLE_SECONDS)
    if reported <= 0:
        return 0
    dialect = db.session.get_bind().dialect.name
    now = int(at.timestamp())
    turn = {"person": person_id, "reported": reported, "window": now - max(reported, EVERY_SECONDS), "now": now}
    granted = int(db.session.execute(_turn(dialect), turn).scalar_one())
    if granted:
        where = {"enrolment_id": enrolment_id, "activity_id": activity_id, "day": riyadh_day(at)}
        db.session.execute(_added(dialect), {**where, "seconds": granted})
    return granted


@cache
def _turn(dialect: str) -> Any:
    """Return the statement that moves a person's clock on and says what is granted; pages send it every half minute.

    Unclaimed time stays open for as long as pages wait between two messages (`window`), so that somebody who goes to and
    fro between two pages loses none of it; what is older than that, and than what is reported, is past.
    """
    table = cast(Table, StudyClock.__table__)
    reported, window, now = (bindparam(name, type_=Integer) for name in ("reported", "window", "now"))
    since = case((table.c.counted_until > window, table.c.counted_until), else_=window)
    room = now - since
    granted = case((room <= 0, 0), (room < reported, room), else_=reported)
    first = {"person_id": bindparam("person"), "counted_until": window + reported, "granted": reported}
    return (
        _insert(dialect, table)
        .values(first)
        .on_conflict_do_update(
            index_elements=[table.c.person_id], set_={"granted": granted, "counted_until": since + granted}
        )
        .returning(table.c.granted)
    )


@cache
def _added(dialect: str) -> Any:
    table = cast(Table, StudyTime.__table__)
    added = _insert(dialect, table)
    return added.on_conflict_do_update(
        index_elements=[table.c.enrolment_id, table.c.activity_id, table.c.day],
        set_={"seconds": table.c.seconds + added.excluded.seconds},
    )


def _insert(dialect: str, table: Table) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
