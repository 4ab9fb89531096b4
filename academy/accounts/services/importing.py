"""Importing people from a file: what would happen to each row, and then exactly that."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from academy import facts
from academy.accounts.models import ImportPlan, Organisation, OrgUnit, Person, RoleGrant
from academy.accounts.rules_of_import import (
    COLUMNS,
    CREATE,
    FATES,
    MOST_ROWS,
    SHOWN,
    UPDATE,
    PlannedRow,
    Problem,
    read_row,
)
from academy.accounts.services.noting_imports import note
from academy.accounts.services.people import NUMBER_TAKEN, search_text_of
from academy.accounts.services.places import note_places
from academy.accounts.services.seats import take_seats
from academy.base import bus
from academy.base.access import ADMINISTRATOR, Actor
from academy.base.arabic import normalise
from academy.base.columns import recognise
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.spreadsheets import Table, UnreadableFile, read_table
from academy.base.text import LocalizedText

KEPT_FOR = timedelta(hours=24)
CHANGED_MEANWHILE = _l("The people of the organisation have changed since the preview. Check the new preview below.")
REASONS = {
    "empty": _l("The file is empty. Choose another one."),
    "too_big": _l("The file is too large. Split it into several files."),
    "not_a_table": _l("This file is not a table. Save it as CSV or XLSX and try again."),
    "encoding": _l("The letters of this file cannot be read. Save it as XLSX, or as CSV in UTF-8."),
    "too_many_rows": _l("The file has more than 5,000 rows. Split it into several files."),
    "xls_broken": _l("This spreadsheet cannot be opened. Save it anew as XLSX or CSV."),
}
NAMING = tuple(column for column in COLUMNS if column.field in ("email", "employee_number"))


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row's fate, and a digest of what applying would do."""

    rows: Sequence[PlannedRow]
    counts: dict[str, int]
    digest: str


# --- Reading the file ----------------------------------------------------------------


def read_people(data: bytes, filename: str) -> dict[str, Any]:
    """Return the rows of an uploaded file as they are kept until the decision; refuses what is no table of people."""
    try:
        table = read_table(data, filename, max_rows=MOST_ROWS)
    except UnreadableFile as error:
        raise Invalid(REASONS[error.reason_code], field="file") from error
    found = recognise(table.header, COLUMNS)
    known = [name for name in found if name]
    if "email" not in known:
        raise Invalid(_l("No column holds the e-mail addresses. Use the headings of the template."), field="file")
    if len(known) != len(set(known)):
        raise Invalid(_l("Two columns of the file have the same meaning. Keep one of them."), field="file")
    if not table.rows:
        raise Invalid(REASONS["empty"], field="file")
    return {"rows": _kept(table, found), "ignored": _ignored(table, found)}


def _kept(table: Table, found: list[str | None]) -> list[Any]:
    places = [(place, name) for place, name in enumerate(found) if name]
    return [
        [line, {name: row[place] for place, name in places if row[place]}]
        for line, row in zip(table.lines, table.rows, strict=True)
    ]


def _ignored(table: Table, found: list[str | None]) -> list[str]:
    return [heading for heading, name in zip(table.header, found, strict=True) if heading and not name]


def keep_plan(
    document: dict[str, Any], *, organisation_id: int, file_name: str, owner_id: int, at: datetime
) -> ImportPlan:
    """Keep an uploaded file's rows for the person who decides; plans that nobody decided about are swept away."""
    db.session.execute(delete(ImportPlan).where(ImportPlan.expires_at < at))
    plan = ImportPlan(
        owner_id=owner_id, organisation_id=organisation_id, file_name=file_name[:255], document=document,
        created_at=at, expires_at=at + KEPT_FOR,
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    return plan


# --- Planning ----------------------------------------------------------------


def preview(plan: ImportPlan, actor: Actor, *, hold: bool = False) -> Preview:
    """Return what applying a kept file would do right now. A handful of statements, however many rows.

    `hold`: whoever is there already stays as they were read until the transaction ends.
    """
    rows = []
    for line, cells in plan.document["rows"]:
        values, problems = read_row(cells)
        rows.append(PlannedRow(line, values.get("email") or cells.get("email", "")[:255], values, problems))
    _refuse_repeated(rows)
    _meet_people(rows, plan.organisation_id, actor, hold)
    _refuse_taken_numbers(rows, plan.organisation_id)
    _place_in_units(rows, plan.organisation_id)
    _check_managers(rows, plan.organisation_id)
    counts = {fate: sum(row.fate == fate for row in rows) for fate in FATES}
    return Preview(rows, counts, _digest(rows))


def _refuse_repeated(rows: Iterable[PlannedRow]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.values.get("email") in seen:
            row.problems.append(Problem("email", _l("This person stands in the file already, in a row above.")))
        elif "email" in row.values:
            seen.add(row.values["email"])


def _meet_people(rows: Iterable[PlannedRow], organisation_id: int, actor: Actor, hold: bool) -> None:
    """Find who is there already, and lay the file's values over theirs; a blank cell lets the old value stand."""
    found = _people_by_email({row.values["email"] for row in rows if "email" in row.values}, organisation_id, hold)
    closed = set() if actor.holds_everywhere(ADMINISTRATOR) else _holders_everywhere()
    for row in rows:
        person = found.get(row.values.get("email", ""))
        if person is None:
            row.after = {name: row.values[name] for name in SHOWN if name in row.values}
            if not row.name and not any(p.field.startswith("name") for p in row.problems):
                row.problems.append(Problem("name", _l("A new person needs a name.")))
        elif person.id in closed:
            row.problems.append(Problem("email", _l("Only an academy administrator can change this person.")))
        else:
            row.person_id = person.id
            row.before = _as_values(person)
            row.after = row.before | {name: row.values[name] for name in SHOWN if name in row.values}


def _refuse_taken_numbers(rows: Iterable[PlannedRow], organisation_id: int) -> None:
    """Refuse rows that give somebody the employee number of another person, or of a row above; old values are not judged."""
    given = [(row, row.after["employee_number"].lower()) for row in rows if "employee_number" in row.changed]
    number = func.lower(Person.employee_number)
    query = select(number, Person.id).where(Person.organisation_id == organisation_id)
    holders: dict[str, set[int]] = {}
    for taken, person_id in (
        db.session.execute(query.where(number.in_({each for _row, each in given}))) if given else ()
    ):
        holders.setdefault(taken, set()).add(person_id)
    seen: set[str] = set()
    for row, wanted in given:
        if holders.get(wanted, set()) - {row.person_id}:
            row.problems.append(Problem("employee_number", NUMBER_TAKEN))
        elif wanted in seen:
            row.problems.append(
                Problem("employee_number", _l("This number stands in the file already, in a row above."))
            )
        seen.add(wanted)


def _people_by_email(emails: set[str], organisation_id: int, hold: bool) -> dict[str, Any]:
    manager = select(Person.id, Person.email).subquery()
    query = (
        select(
            Person.id, Person.email, Person.name, Person.job_title, Person.mobile,
            Person.employee_number, Person.joined_on, Person.org_unit_id, OrgUnit.key.label("unit"), manager.c.email.label("manager"),
        )
        .outerjoin(OrgUnit, OrgUnit.id == Person.org_unit_id)
        .outerjoin(manager, manager.c.id == Person.manager_id)
        .where(Person.organisation_id == organisation_id, Person.email.in_(emails))
        .order_by(Person.id)
    )  # fmt: skip
    query = query.with_for_update(of=Person) if hold else query
    return {row.email: row for row in db.session.execute(query)}


def _holders_everywhere() -> set[int]:
    return set(db.session.scalars(select(RoleGrant.person_id).where(RoleGrant.organisation_id.is_(None))))


def _as_values(person: Any) -> dict[str, Any]:
    job = person.job_title or LocalizedText()
    return {
        "name_ar": person.name.ar or None, "name_en": person.name.en or None, "mobile": person.mobile,
        "employee_number": person.employee_number, "job_title_ar": job.ar or None, "job_title_en": job.en or None,
        "unit": person.unit, "unit_id": person.org_unit_id, "manager": person.manager, "joined_on": person.joined_on,
    }  # fmt: skip


def _place_in_units(rows: Iterable[PlannedRow], organisation_id: int) -> None:
    """Find the unit a row names by its key or its name in either language."""
    query = select(OrgUnit.id, OrgUnit.key, OrgUnit.name).where(
        OrgUnit.organisation_id == organisation_id, OrgUnit.active
    )
    named: dict[str, set[tuple[int, str]]] = {}
    for unit in db.session.execute(query):
        for name in {normalise(unit.name.ar), normalise(unit.name.en), normalise(unit.key)} - {""}:
            named.setdefault(name, set()).add((unit.id, unit.key))
    for row in rows:
        if "unit" not in row.values:
            continue
        found = named.get(normalise(row.values["unit"]), set())
        if len(found) == 1:
            row.after["unit_id"], row.after["unit"] = next(iter(found))
        else:
            several = _l("Several units have this name. Write the unit's key.")
            row.problems.append(Problem("unit", several if found else _l("The organisation has no such unit.")))


def _check_managers(rows: Sequence[PlannedRow], organisation_id: int) -> None:
    """Refuse managers who are not there or come from nowhere, and reporting lines that go in a circle."""
    if not any("manager" in row.values for row in rows):
        return
    boss = select(Person.id, Person.email).subquery()
    query = select(Person.email, boss.c.email.label("manager")).outerjoin(boss, boss.c.id == Person.manager_id)
    there = {
        row.email: row.manager for row in db.session.execute(query.where(Person.organisation_id == organisation_id))
    }
    while True:
        going = [row for row in rows if not row.problems]
        lines = there | {row.email: row.after.get("manager") for row in going}
        refused = [problem for row in going if (problem := _wrong_manager(row, lines))]
        if not refused:
            return


def _wrong_manager(row: PlannedRow, lines: dict[str, str | None]) -> Problem | None:
    manager = row.values.get("manager")
    if manager is None:
        return None
    wrong = None
    if manager not in lines:
        wrong = Problem("manager", _l("Nobody in this organisation has this e-mail address."))
    elif _goes_in_circle(row.email, lines):
        wrong = Problem("manager", _l("The reporting line would go in a circle."))
    if wrong:
        row.problems.append(wrong)
        lines[row.email] = row.before.get("manager")
    return wrong


def _goes_in_circle(email: str, lines: dict[str, str | None]) -> bool:
    above, seen = lines.get(email), {email}
    while above is not None and above not in seen:
        seen.add(above)
        above = lines.get(above)
    return above == email


def _digest(rows: Iterable[PlannedRow]) -> str:
    acts = [[row.line, row.fate, row.email, row.person_id, row.before, row.after] for row in rows]
    return hashlib.sha256(json.dumps(acts, default=str, sort_keys=True).encode()).hexdigest()


# --- Applying ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Imported:
    """Who was added, and how many were changed."""

    created_ids: Sequence[int]
    updated: int


def apply_plan(plan: ImportPlan, digest: str, *, actor: Actor, at: datetime) -> Imported:
    """Do exactly what the preview with this digest showed, all of it or nothing. A plan is applied once."""
    lock(ImportPlan, plan.id)
    lock(Organisation, plan.organisation_id)
    if plan.applied_at is not None:
        raise Conflict(_l("This file has been imported already."))
    if plan.expires_at < at:
        raise Conflict(_l("The preview has expired. Upload the file again."))
    shown = preview(plan, actor, hold=True)
    if shown.digest != digest:
        raise Conflict(CHANGED_MEANWHILE)
    created = [row for row in shown.rows if row.fate == CREATE]
    updated = [row for row in shown.rows if row.fate == UPDATE]
    take_seats(plan.organisation_id, len(created))
    try:
        with db.session.begin_nested():
            ids = _write(created, updated, plan.organisation_id, at)
            moved = [row for row in updated if {"unit", "manager"} & set(row.changed)]
            note_places([ids[row.email] for row in (*created, *moved)], at)
    except IntegrityError as error:
        raise Conflict(CHANGED_MEANWHILE) from error
    note(plan, created, updated, ids, actor.person_id, at)
    plan.applied_at, plan.document = at, {"rows": [], "ignored": []}
    db.session.flush()
    bus.publish(facts.PeopleImported(plan.organisation_id))
    return Imported([ids[row.email] for row in created], len(updated))


def _write(created: list[PlannedRow], updated: list[PlannedRow], organisation_id: int, at: datetime) -> dict[str, int]:
    """Write all rows in a fixed number of statements; managers last, since they may be new themselves."""
    if created:
        fresh = {"organisation_id": organisation_id, "state": "invited", "language": "ar", "created_at": at}
        db.session.execute(insert(Person), [fresh | _record(row) for row in created])
    if updated:
        db.session.execute(update(Person), [{"id": row.person_id} | _record(row) for row in updated])
    led = [row for row in (*created, *updated) if "manager" in row.changed]
    wanted = {row.email for row in created} | {row.after["manager"] for row in led} | {row.email for row in updated}
    there = Person.organisation_id == organisation_id, Person.email.in_(wanted)
    ids = {row.email: row.id for row in db.session.execute(select(Person.email, Person.id).where(*there))}
    if led:
        managers = [{"id": ids[row.email], "manager_id": ids[row.after["manager"]]} for row in led]
        db.session.execute(update(Person), managers)
    db.session.expire_all()
    return ids


def _record(row: PlannedRow) -> dict[str, Any]:
    after = row.after
    job = LocalizedText(after.get("job_title_ar") or "", after.get("job_title_en") or "")
    return {
        "email": row.email, "name": row.name, "job_title": job or None, "mobile": after.get("mobile"),
        "employee_number": after.get("employee_number"), "org_unit_id": after.get("unit_id"), "joined_on": after.get("joined_on"),
        "search_text": search_text_of(row.name, row.email, after.get("employee_number")),
    }  # fmt: skip
