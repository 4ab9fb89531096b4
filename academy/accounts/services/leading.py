"""Who leads whom beside the reporting line: matrix managers, and deputies for some days."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from academy import facts
from academy.accounts.models import Deputyship, MatrixLine, Person
from academy.accounts.services.people import manager_id_of
from academy.base import audit, bus
from academy.base.dates import riyadh_day
from academy.base.db import db, insert_once, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText

LONGEST = timedelta(days=366)


def add_matrix_manager(
    person: Person, email: str, label: LocalizedText, *, actor_id: int | None, at: datetime
) -> MatrixLine:
    """Give a person a colleague as a matrix manager, for what the label says. The line manager stays."""
    manager_id = _colleague(email, person, field="manager")
    if manager_id == person.manager_id:
        raise Invalid(_l("This is the line manager already."), field="manager")

    def make() -> MatrixLine:
        return MatrixLine(person_id=person.id, manager_id=manager_id, label=label, added_by_id=actor_id, added_at=at)

    def find() -> MatrixLine | None:
        mine = MatrixLine.person_id == person.id, MatrixLine.manager_id == manager_id
        return db.session.scalar(select(MatrixLine).where(*mine))

    line, made = insert_once(make, find)
    if not made:
        raise Conflict(_l("This is a matrix manager of the person already."), field="manager")
    _note_line("accounts:matrix:add", line, person, actor_id, at)
    return line


def remove_matrix_manager(line: MatrixLine, *, actor_id: int | None, at: datetime) -> None:
    """Take a matrix manager from a person."""
    person = db.session.get_one(Person, line.person_id)
    _note_line("accounts:matrix:remove", line, person, actor_id, at)
    db.session.delete(line)
    db.session.flush()


def name_deputy(
    manager: Person, email: str, *, starts_on: date, ends_on: date, actor_id: int | None, at: datetime
) -> Deputyship:
    """Let a colleague stand in for a manager from a day to another, both included, at most for a year. Both are told."""
    deputy_id = _colleague(email, manager, field="deputy")
    if starts_on < riyadh_day(at):
        raise Invalid(_l("This day has passed. Choose today or a later day."), field="starts_on")
    if ends_on < starts_on:
        raise Invalid(_l("The last day cannot come before the first one."), field="ends_on")
    if ends_on - starts_on > LONGEST:
        raise Invalid(_l("Choose at most one year."), field="ends_on")
    lock(Person, manager.id)
    overlapping = (
        Deputyship.manager_id == manager.id, Deputyship.deputy_id == deputy_id, Deputyship.ended_at.is_(None),
        Deputyship.starts_on <= ends_on, Deputyship.ends_on >= starts_on,
    )  # fmt: skip
    if db.session.scalar(select(Deputyship.id).where(*overlapping).limit(1)) is not None:
        raise Conflict(_l("This person is named for some of these days already."), field="deputy")
    row = Deputyship(
        manager_id=manager.id, deputy_id=deputy_id, starts_on=starts_on, ends_on=ends_on, made_by_id=actor_id, made_at=at
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    days = {"deputy_id": deputy_id, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    _note("accounts:deputy:name", manager, actor_id, at, after=days)
    bus.publish(facts.DeputyNamed(row.id))
    return row


def end_deputyship(deputyship: Deputyship, *, actor_id: int, at: datetime) -> None:
    """End it before its last day, also before its first. Both are told. Twice is once; what is over stays as it was."""
    row: Deputyship = lock(Deputyship, deputyship.id)
    if row.ended_at is not None or row.ends_on < riyadh_day(at):
        raise Conflict(_l("This has ended already."))
    row.ended_at, row.ended_by_id = at, actor_id
    manager = db.session.get_one(Person, row.manager_id)
    _note(
        "accounts:deputy:end", manager, actor_id, at,
        before={"deputy_id": row.deputy_id, "ends_on": row.ends_on.isoformat()}, after={"ended_on": riyadh_day(at).isoformat()},
    )  # fmt: skip
    db.session.flush()
    bus.publish(facts.DeputyEnded(row.id))


def _colleague(email: str, person: Person, *, field: str) -> int:
    """Return the id of a colleague who may still enter, other than the person."""
    try:
        found = manager_id_of(email, person.organisation_id)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field=field) from refusal
    if found is None:
        raise Invalid(_l("Enter an e-mail address such as name@agency.gov.sa."), field=field)
    if found == person.id:
        raise Invalid(_l("Choose somebody else than the person themself."), field=field)
    if db.session.get_one(Person, found).state == "suspended":
        raise Invalid(_l("This person is suspended. Choose somebody else."), field=field)
    return found


def _note_line(act: str, line: MatrixLine, person: Person, actor_id: int | None, at: datetime) -> None:
    what = {"manager_id": line.manager_id, "label": line.label.as_dict()}
    added = act.endswith("add")
    _note(act, person, actor_id, at, before=None if added else what, after=what if added else None)


def _note(
    act: str,
    person: Person,
    actor_id: int | None,
    at: datetime,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject = ("person", person.id, person.name.show("ar"))
    audit.record(
        act,
        at=at,
        actor_id=actor_id,
        subject=subject,
        organisation_id=person.organisation_id,
        before=before,
        after=after,
    )
