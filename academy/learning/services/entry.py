"""The rule by which people come in, and the seats it counts.

A place that is being learned in (active) holds a seat; completing or leaving frees it. An assigned place takes a free seat like any
other, but a duty needs none: when all are taken it stands without a seat, and nobody else comes in until one is free.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, or_, select

from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_once, lock
from academy.base.errors import Invalid, Stale
from academy.base.i18n import _l
from academy.learning.models import ACTIVE, CourseSeat, Enrolment, EntryRule
from academy.learning.models.entry import ADMINISTRATORS, BY_ASSIGNMENT, BY_REQUEST, OPEN
from academy.learning.refusals import AskFirst, CourseFull, NobodyAsks, NotNow
from academy.learning.rules.entry import TAKES, free_numbers, within

WAYS = (OPEN, BY_REQUEST, BY_ASSIGNMENT)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is decided about coming in; a programme has no seats."""

    way: str = OPEN
    seats: int | None = None
    waits: bool = False
    opens_on: date | None = None
    closes_on: date | None = None
    answer_days: int = 5
    exempted_by: str = ADMINISTRATORS


def hold_rule(*, course_id: int | None = None, programme_id: int | None = None) -> EntryRule | None:
    """Lock the rule of a course or programme; None when it has none. It is held before any place is."""
    key = db.session.scalar(select(EntryRule.id).where(_of(course_id, programme_id)))
    return lock(EntryRule, key) if key is not None else None


def check_door(rule: EntryRule | None, *, approved: bool, at: datetime) -> None:
    """Refuse whoever may not come in by themselves. Who was approved asked in time, so only the seats are left to see."""
    if rule is None or approved:
        return
    if rule.way == BY_REQUEST:
        raise AskFirst
    check_days(rule, at=at)


def check_days(rule: EntryRule | None, *, at: datetime) -> None:
    """Refuse whoever comes before enrolment opens or after it closes, and everybody where places are assigned."""
    if rule is None:
        return
    if rule.way == BY_ASSIGNMENT:
        raise NobodyAsks
    if within(rule.opens_on, rule.closes_on, riyadh_day(at)) != TAKES:
        raise NotNow


def seat_everyone(rule: EntryRule, *, at: datetime) -> None:
    """Free the seats of places that are over and seat those who came without one, the earliest first. The rule is held."""
    active = select(Enrolment.id).where(Enrolment.course_id == rule.course_id, Enrolment.state == ACTIVE)
    over = or_(CourseSeat.enrolment_id.not_in(active), CourseSeat.number > rule.seats)
    ended = delete(CourseSeat).where(CourseSeat.course_id == rule.course_id, over)
    db.session.execute(ended.execution_options(synchronize_session=False))
    seated = select(CourseSeat.enrolment_id).where(CourseSeat.course_id == rule.course_id)
    standing = active.where(Enrolment.id.not_in(seated)).order_by(Enrolment.enrolled_at, Enrolment.id)
    waiting = list(db.session.scalars(standing))
    for enrolment_id, number in zip(waiting, _free(rule, len(waiting)), strict=False):
        _sit(rule, enrolment_id, number, at)
    db.session.flush()


def require_seat(rule: EntryRule, *, at: datetime) -> None:
    """Refuse when no seat is free. The rule is held."""
    seat_everyone(rule, at=at)
    if not _free(rule, 1):
        raise CourseFull(waits=rule.waits)


def take_seat(rule: EntryRule, enrolment_id: int, *, at: datetime) -> None:
    """Give a place its seat, the lowest that is free. The rule is held and a seat was seen to be free."""
    if db.session.scalar(select(CourseSeat.id).where(CourseSeat.enrolment_id == enrolment_id)) is not None:
        return
    free = _free(rule, 1)
    if not free:
        raise CourseFull(waits=rule.waits)
    _sit(rule, enrolment_id, free[0], at)
    db.session.flush()


def change_entry(
    entry: Entry, *, course_id: int | None = None, programme_id: int | None = None,
    actor_id: int | None, organisation_id: int, label: str, at: datetime, revision: int | None = None,
) -> EntryRule:  # fmt: skip
    """Decide how people come into a course or programme; it takes effect at once."""
    rule = _rule(course_id, programme_id)
    if revision is not None and revision != rule.revision:
        raise Stale
    before = _said(rule)
    _check(rule, entry)
    rule.way, rule.seats, rule.waits = entry.way, entry.seats, entry.waits and entry.seats is not None
    rule.opens_on, rule.closes_on, rule.answer_days = entry.opens_on, entry.closes_on, entry.answer_days
    rule.exempted_by = entry.exempted_by
    if (after := _said(rule)) != before:
        rule.revision += 1
        subject = ("course", course_id, label) if course_id is not None else ("programme", programme_id, label)
        audit.record(
            "learning:entry:edit", at=at, actor_id=actor_id, subject=subject, organisation_id=organisation_id,
            before=before, after=after,
        )  # fmt: skip
    db.session.flush()
    if rule.seats is not None:
        seat_everyone(rule, at=at)
    return rule


def _of(course_id: int | None, programme_id: int | None):  # type: ignore[no-untyped-def]
    return EntryRule.course_id == course_id if course_id is not None else EntryRule.programme_id == programme_id


def _rule(course_id: int | None, programme_id: int | None) -> EntryRule:
    found, _made = insert_once(
        lambda: EntryRule(course_id=course_id, programme_id=programme_id),
        lambda: hold_rule(course_id=course_id, programme_id=programme_id),
    )
    return found


def _check(rule: EntryRule, entry: Entry) -> None:
    if entry.way not in WAYS or (rule.programme_id is not None and entry.way == BY_ASSIGNMENT):
        raise Invalid(_l("Choose how people come in from the list."), field="way")
    if entry.opens_on and entry.closes_on and entry.opens_on > entry.closes_on:
        raise Invalid(_l("Enrolment cannot close before it opens."), field="closes_on")
    if entry.seats is not None and entry.seats != rule.seats:
        learning = len(_standing(rule))
        if entry.seats < learning:
            raise Invalid(
                _l("%(count)s people are learning here now. Give at least as many seats."),
                field="seats",
                count=learning,
            )


def _standing(rule: EntryRule) -> list[int]:
    mine = Enrolment.course_id == rule.course_id, Enrolment.state == ACTIVE
    return list(db.session.scalars(select(Enrolment.id).where(*mine)))


def _said(rule: EntryRule) -> dict[str, object]:
    days = {name: getattr(rule, name) for name in ("opens_on", "closes_on")}
    said = {name: getattr(rule, name) for name in ("way", "seats", "waits", "answer_days", "exempted_by")}
    return {**said, **{name: day.isoformat() if day else None for name, day in days.items()}}


def _free(rule: EntryRule, wanted: int) -> list[int]:
    if not wanted:
        return []
    query = select(CourseSeat.number).where(CourseSeat.course_id == rule.course_id)
    return free_numbers(set(db.session.scalars(query)), rule.seats or 0, wanted)


def _sit(rule: EntryRule, enrolment_id: int, number: int, at: datetime) -> None:
    db.session.add(CourseSeat(course_id=rule.course_id, number=number, enrolment_id=enrolment_id, taken_at=at))
