"""Opening appraisal cycles, telling and reminding those who owe a step in them (CM9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, update

from academy.accounts.models import Person
from academy.accounts.policies import people_overseen
from academy.accounts.queries_of_leading import leaders_of
from academy.base import audit
from academy.base.access import Actor
from academy.base.dates import riyadh_day
from academy.base.db import change, db, insert_missing
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies import kinds_of_goals as kinds
from academy.competencies.models import Appraisal, AppraisalCycle, AppraisalEvent
from academy.competencies.models.goals import OPEN
from academy.competencies.queries import goals as queries
from academy.competencies.queries.goals import FoundAppraisal
from academy.competencies.rules.goals import (
    LONGEST_CYCLE,
    OWED_BY_MANAGER,
    OWED_BY_PERSON,
    REMIND_BEFORE,
    SET_WHILE_OPEN,
)
from academy.learning.queries.due_days import administrators_of
from academy.notices import services as notices

BATCH = 300
MOST_PEOPLE = 5000


@dataclass(frozen=True, slots=True)
class Cycle:
    """What an administrator sets when opening a cycle."""

    title: LocalizedText
    opens_on: date
    closes_on: date


def open_cycle(said: Cycle, people: Sequence[Person], *, by_id: int, at: datetime) -> AppraisalCycle:
    """Open an appraisal cycle over people of one organisation."""
    if not people:
        raise Invalid(_l("Nobody active is in this unit."), field="unit")
    if len(people) > MOST_PEOPLE:
        raise Invalid(
            _l("A cycle takes at most %(most)s people. Choose a smaller unit."), field="unit", most=MOST_PEOPLE
        )
    if said.closes_on <= max(said.opens_on, riyadh_day(at)):
        raise Invalid(_l("Choose a last day that is still to come and after the first day."), field="closes_on")
    if said.closes_on - said.opens_on > LONGEST_CYCLE:
        raise Invalid(_l("A cycle lasts at most %(days)s days."), field="closes_on", days=LONGEST_CYCLE.days)
    row = AppraisalCycle(
        organisation_id=people[0].organisation_id, title=said.title, opens_on=said.opens_on, closes_on=said.closes_on,
        opened_by_id=by_id, made_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    insert_missing(
        Appraisal,
        [{"cycle_id": row.id, "person_id": who.id, "state": OPEN, "self_part": "", "manager_part": "", "talk_note": "",
          "revision": 0, "answer": ""} for who in people],
    )  # fmt: skip
    audit.record(
        "competencies:cycle:open", at=at, actor_id=by_id, organisation_id=row.organisation_id,
        subject=("appraisal_cycle", row.id, row.title.show("ar")),
        after={"people": len(people), "opens_on": row.opens_on.isoformat(), "closes_on": row.closes_on.isoformat()},
    )  # fmt: skip
    return row


def tell_cycles(at: datetime) -> int:
    """Tell the people of cycles that have opened, each once. Returns how many were told."""
    found = queries.to_tell(at, most=BATCH)
    for each in found:
        untold = Appraisal.id == each.appraisal.id, Appraisal.told_at.is_(None)
        if change(update(Appraisal).where(*untold).values(told_at=at)):
            tell(each, [each.person.id], kinds.CYCLE_OPENED, "opened", at, until=each.cycle.closes_on)
    return len(found)


def remind_of_goals(at: datetime) -> int:
    """Remind those who owe the next step on the days before a cycle closes, once a day at most. Returns how many steps."""
    days = [riyadh_day(at) + timedelta(days=before) for before in REMIND_BEFORE]
    return _remind(at, AppraisalCycle.closes_on.in_(days), AppraisalCycle.ended_at.is_(None))


def remind_of_cycle(cycle: AppraisalCycle, actor: Actor, *, whole: bool, at: datetime) -> int:
    """Remind by hand those who owe the next step in a cycle, each appraisal once a day at most. Returns how many."""
    reach: list[ColumnElement[bool]] = [] if whole else [people_overseen(actor)]
    return _remind(at, Appraisal.cycle_id == cycle.id, *reach)


def _remind(at: datetime, *where: ColumnElement[bool]) -> int:
    today, told = riyadh_day(at), 0
    for found, stage in queries.to_remind(at, (*OWED_BY_PERSON, *OWED_BY_MANAGER), *where, most=MOST_PEOPLE):
        if stage in SET_WHILE_OPEN and found.cycle.is_over(today):
            continue  # Nobody can take these steps any more.
        fresh = or_(Appraisal.reminded_on.is_(None), Appraisal.reminded_on < today)
        if change(update(Appraisal).where(Appraisal.id == found.appraisal.id, fresh).values(reminded_on=today)):
            whom = [found.person.id] if stage in OWED_BY_PERSON else leading(found, at)
            tell(found, whom, kinds.REMINDER, f"reminded:{today}", at, until=found.cycle.closes_on)
            told += 1
    return told


def leading(found: FoundAppraisal, at: datetime) -> list[int]:
    """Return whom to tell as somebody's manager: who leads them by the line, else administrators."""
    person = found.person
    whom = leaders_of(person.id, today=riyadh_day(at)) or administrators_of(person.organisation_id)
    return [number for number in whom if number != person.id]


def tell(found: FoundAppraisal, whom: Sequence[int], kind: str, cause: str, at: datetime, **values: Any) -> None:
    """Tell people something of an appraisal, once a cause."""
    for number in whom:
        notices.tell(
            number, kind, f"appraisal:{found.appraisal.id}:{cause}", at=at, address=f"/goals/{found.appraisal.id}",
            person=found.person.name, cycle=found.cycle.title, **values,
        )  # fmt: skip


def note(found: FoundAppraisal, act: str, by_id: int, at: datetime, said: str = "") -> None:
    """Add to what happened in an appraisal."""
    db.session.add(AppraisalEvent(appraisal_id=found.appraisal.id, by_id=by_id, at=at, act=act, said=said))
    db.session.flush()
