"""Whether somebody may write to somebody, asked of one pair and of everybody at once.

`judged` says of one pair whether somebody may write and why not; `correspondents` is the filter for everybody to whom they may.
Both take their ties from `queries_of_ties`, and a test holds them together.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Organisation, Person
from academy.base.db import db
from academy.messages import rules
from academy.messages.models import MessageBlock, MessageRules
from academy.messages.queries_of_ties import Writer, policy_of, ties, writer
from academy.messages.rules import Verdict


def judged(person_id: int, other_id: int, *, today: date) -> Verdict:
    """Say whether somebody may write to somebody else now, by which ties, and else why not (two statements)."""
    me = writer(person_id, today=today)
    return Verdict(frozenset(), rules.GONE) if me is None else judged_by(me, other_id, today=today)


def judged_by(me: Writer, other_id: int, *, today: date) -> Verdict:
    """Say the same for a writer who was read already (one statement)."""
    found = ties(me, today=today)
    query = (
        select(
            Person.state, Person.audits, Person.account_id, Person.organisation_id, Organisation.active, MessageRules,
            _blocks(me.id, Person.id).label("blocks"), _blocks(Person.id, me.id).label("blocked"),
            *(tied.label(f"by_{tie}") for tie, tied in found.items()),
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(MessageRules, MessageRules.organisation_id == Person.organisation_id)
        .where(Person.id == other_id)
    )  # fmt: skip
    row = db.session.execute(query).one_or_none()
    if row is None:
        return Verdict(frozenset(), rules.GONE)
    values = row._mapping
    policy = policy_of(row.MessageRules)
    return rules.judge(
        rules.Facts(
            same=other_id == me.id or (me.account_id is not None and me.account_id == row.account_id),
            home=row.organisation_id == me.organisation_id,
            audits=me.audits or row.audits,
            enters=me.enters and row.state == "active" and row.active,
            stopped=me.stopped_until is not None,
            ties=[tie for tie in rules.TIES if values[f"by_{tie}"]],
            allowed=rules.allowed_ties(me.policy, policy, same_house=row.organisation_id == me.organisation_id),
            blocks=row.blocks,
            blocked=row.blocked,
        )
    )


def _blocks(person_id: Any, other_id: Any) -> ColumnElement[bool]:
    return exists().where(MessageBlock.person_id == person_id, MessageBlock.blocked_id == other_id)


def counted_ties(me: Writer, *, today: date) -> dict[str, ColumnElement[bool]]:
    """Return for each tie the filter on Person for those whom it lets write with the writer, by the policy of both houses."""
    home = Person.organisation_id == me.organisation_id
    return {
        tie: and_(tied, or_(home, ~_refused(tie)) if tie in rules.ACROSS else home)
        for tie, tied in ties(me, today=today).items()
        if me.policy[tie]
    }


def _refused(tie: str) -> ColumnElement[bool]:
    """Return the filter on Person for those whose organisation does not let a tie count; such ties usually do."""
    theirs = aliased(MessageRules)
    return exists().where(theirs.organisation_id == Person.organisation_id, getattr(theirs, tie).is_(False))


def correspondents(me: Writer, *, today: date) -> ColumnElement[bool]:
    """Return the filter on Person for everybody to whom somebody may write now."""
    if me.audits or not me.enters or me.stopped_until is not None:
        return false()
    counted = counted_ties(me, today=today)
    official = [tied for tie, tied in counted.items() if tie in rules.OFFICIAL]
    colleagues = [tied for tie, tied in counted.items() if tie not in rules.OFFICIAL]
    unblocked = and_(~_blocks(me.id, Person.id), ~_blocks(Person.id, me.id))
    open_houses = Person.organisation_id.in_(select(Organisation.id).where(Organisation.active))
    another = (
        or_(Person.account_id.is_(None), Person.account_id != me.account_id) if me.account_id else Person.id != me.id
    )
    return and_(
        Person.id != me.id, another, Person.state == "active", Person.audits.is_(False), open_houses,
        or_(*official, and_(or_(*colleagues), unblocked) if colleagues else false(), false()),
    )  # fmt: skip
