"""Whether what was granted still holds: breaches open, are borne for their grace, suspend, and heal. Run daily, and idempotent."""

from datetime import date, datetime, timedelta

from academy.base.db import db, lock
from academy.partners.accreditation import queries
from academy.partners.accreditation.criteria import Case, read
from academy.partners.accreditation.kinds import (
    BREACH,
    BREACHED,
    ENDING,
    HEAL,
    HEALED,
    RESTORE,
    RESTORED,
    SUSPEND,
    SUSPENDED,
)
from academy.partners.accreditation.models import Accreditation, Breach, Suspension
from academy.partners.accreditation.rules import Reading, Scheme, Way, grace_over
from academy.partners.accreditation.services.common import note, page_of_partner, partner_of, tell_all
from academy.partners.queries import administrators_of
from academy.partners.rules import reminder_due


def check(accreditation_id: int, day: date, *, at: datetime) -> None:
    """Read the computed criteria of an accreditation on a day, and let follow what follows."""
    row: Accreditation | None = lock(Accreditation, accreditation_id)
    if row is None or row.withdrawn_on is not None or row.replaced_on is not None or row.valid_until < day:
        return
    scheme = queries.scheme_of(row.scheme_id)
    readings = read(Case(row.organisation_id, scheme, application_id=None, day=day), row.level, ways=(Way.COMPUTED,))
    _keep(row, readings, at)
    there = {each.criterion: each for each in queries.breaches([row.id])[row.id] if each.healed_on is None}
    for reading in readings:
        breach = there.get(reading.criterion)
        if reading.met and breach is not None:
            breach.healed_on = day
            note(HEAL, row, None, at, after={"criterion": reading.criterion})
            del there[reading.criterion]
        elif not reading.met and breach is None:
            there[reading.criterion] = _open(row, scheme, reading, day, at)
    db.session.flush()
    _judge(row, scheme, there, {each.criterion: each for each in readings}, day, at)


def _keep(row: Accreditation, readings: list[Reading], at: datetime) -> None:
    """Keep the new readings beside those that are not computed, which stay as they were when it was granted."""
    merged = {**queries.readings_in(row.findings), **{each.criterion: each for each in readings}}
    row.findings, row.found_at = queries.packed_readings(list(merged.values())), at


def _open(row: Accreditation, scheme: Scheme, reading: Reading, day: date, at: datetime) -> Breach:
    due_on = day + timedelta(days=scheme.grace_days)
    breach = Breach(
        accreditation_id=row.id, criterion=reading.criterion, reading=queries.packed_readings([reading])[0], opened_on=day,
        due_on=due_on,
    )  # fmt: skip
    db.session.add(breach)
    db.session.flush()
    note(BREACH, row, None, at, after={"criterion": reading.criterion, "due_on": due_on.isoformat()})
    _tell(row, BREACHED, f"breach:{breach.id}", at, criterion=_text(scheme, reading.criterion), until=due_on)
    return breach


def _judge(
    row: Accreditation, scheme: Scheme, open_: dict[str, Breach], readings: dict[str, Reading], day: date, at: datetime
) -> None:
    """Suspend for a breach whose grace has passed; end the suspension when there is none; say when all is well."""
    present = queries.suspended(row.id)
    late = [key for key, each in open_.items() if grace_over(each.due_on, day, excused=readings[key].excused)]
    if late and present is None:
        held = Suspension(accreditation_id=row.id, since=day)
        db.session.add(held)
        db.session.flush()
        note(SUSPEND, row, None, at, after={"criteria": late})
        _tell(row, SUSPENDED, f"suspension:{held.id}", at, criterion=_text(scheme, late[0]))
    elif present is not None and not late:
        present.ended_on = day
        db.session.flush()
        note(RESTORE, row, None, at)
        _tell(row, RESTORED, f"restored:{present.id}", at)
    elif not open_ and any(each.healed_on == day for each in queries.breaches([row.id])[row.id]):
        _tell(row, HEALED, f"healed:{row.id}:{day.isoformat()}", at)


def remind(accreditation_id: int, day: date, *, at: datetime) -> None:
    """Tell the partner that its accreditation ends, once for each of 60, 30 and 7 days before, unless it has applied again."""
    row = queries.accreditation(accreditation_id)
    if row is None or (days := reminder_due(row.valid_until, day)) is None:
        return
    if queries.open_application(row.organisation_id) is None:
        _tell(row, ENDING, f"ending:{row.id}:{days}", at, until=row.valid_until)


def _text(scheme: Scheme, key: str) -> object:
    return next(each.text for each in scheme.criteria if each.key == key)


def _tell(row: Accreditation, kind: str, cause: str, at: datetime, **values: object) -> None:
    told = administrators_of(row.organisation_id)
    if kind in (SUSPENDED, RESTORED):
        told += [each for each in queries.reviewers() if each not in told]
    tell_all(
        told, kind, f"accreditation:{cause}", at=at,
        address=page_of_partner(row.organisation_id), partner=partner_of(row).name, **values,
    )  # fmt: skip
