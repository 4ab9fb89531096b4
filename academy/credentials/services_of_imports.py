"""Importing certificates from before the academy: what would happen to each row, and then exactly that, row by row.

Each row is written whole or not at all, in its own savepoint: a bad one stops no other. The database holds each once.
"""

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, update

from academy.accounts.services import parse_email
from academy.accounts.services.importing import REASONS
from academy.base import audit, jobs
from academy.base.columns import recognise
from academy.base.dates import riyadh_day
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, Refusal
from academy.base.i18n import _l
from academy.base.spreadsheets import UnreadableFile, read_table
from academy.base.text import LocalizedText
from academy.credentials import queries_of_imports as queries
from academy.credentials.attesting import Earlier, attest
from academy.credentials.models import CertificateImport, CertificateImportRow
from academy.credentials.queries_of_imports import Attestable
from academy.credentials.rules_of_imports import (
    COLUMNS,
    FAILED,
    FATES,
    IMPORTED,
    MOST_ROWS,
    NEW,
    REFUSED,
    SAME,
    Problem,
    comparable,
    cycles_of,
    read_row,
)  # fmt: skip

log = logging.getLogger("academy.credentials")
KEPT_FOR, SHOWN_FOR = timedelta(hours=24), timedelta(days=30)
BATCH = 50
IMPORT = "credentials:certificate:import"
CHANGED_MEANWHILE = _l("Something has changed since the preview. Check the new preview below.")


@dataclass(slots=True)
class PlannedRow:
    """What would happen to one row of the file."""

    row_id: int
    line: int
    email: str
    values: dict[str, Any]
    problems: list[Problem]
    person_id: int | None = None
    name: LocalizedText = field(default_factory=LocalizedText)
    of: Attestable | None = None
    same: bool = False
    cycle: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def fate(self) -> str:
        """new, same or refused."""
        return REFUSED if self.problems else SAME if self.same else NEW

    @property
    def key(self) -> tuple[int | None, str, str]:
        """What can be imported once: person, credential, former number."""
        credential = self.of.credential if self.of else str(self.values.get("credential", ""))
        return self.person_id, credential, comparable(self.values.get("former_number", ""))


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row's fate, and a digest of what applying would do."""

    rows: Sequence[PlannedRow]
    counts: dict[str, int]
    digest: str


def keep_file(
    data: bytes, file_name: str, *, organisation_id: int, owner_id: int, givers: Collection[int] | None, at: datetime
) -> CertificateImport:
    """Keep an uploaded file's rows for the person who decides; refuses what is no table of certificates.

    `givers` are the organisations of whose courses and programmes they may import certificates; None for all.
    """
    rows, ignored = _read(data, file_name)
    sweep(at)
    found = CertificateImport(
        owner_id=owner_id, organisation_id=organisation_id, file_name=file_name[:255], ignored=ignored,
        givers=None if givers is None else sorted(givers), created_at=at, expires_at=at + KEPT_FOR, batch=0,
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    db.session.execute(insert(CertificateImportRow), [row | {"import_id": found.id} for row in rows])
    return found


def sweep(at: datetime) -> None:
    """Forget files that nobody decided about, and the rows of those that were applied a month ago."""
    old = CertificateImport.expires_at < at
    ids = list(db.session.scalars(db.select(CertificateImport.id).where(old)))
    if ids:
        db.session.execute(delete(CertificateImportRow).where(CertificateImportRow.import_id.in_(ids)))
        db.session.execute(delete(CertificateImport).where(CertificateImport.id.in_(ids)))


def _read(data: bytes, file_name: str) -> tuple[list[dict[str, Any]], list[str]]:
    try:
        table = read_table(data, file_name, max_rows=MOST_ROWS)
    except UnreadableFile as error:
        raise Invalid(REASONS[error.reason_code], field="file") from error
    found = recognise(table.header, COLUMNS)
    known = [name for name in found if name]
    if not {"email", "credential", "issued_on", "former_number"} <= set(known):
        raise Invalid(
            _l("The file needs columns for e-mail, key, day of issue and former number. Use the headings of the template."),
            field="file",
        )  # fmt: skip
    if len(known) != len(set(known)):
        raise Invalid(_l("Two columns of the file have the same meaning. Keep one of them."), field="file")
    if not table.rows:
        raise Invalid(REASONS["empty"], field="file")
    places = [(place, name) for place, name in enumerate(found) if name]
    rows = [
        {"line": line, "cells": {name: row[place][:1000] for place, name in places if row[place]}}
        for line, row in zip(table.lines, table.rows, strict=True)
    ]
    ignored = [heading[:100] for heading, name in zip(table.header, found, strict=True) if heading and not name]
    return rows, ignored


# --- Planning ----------------------------------------------------------------


def preview(found: CertificateImport, *, today: date) -> Preview:
    """Return what applying a kept file would do right now. A handful of statements, however many rows."""
    rows = planned(found, queries.rows_of(found.id), today=today)
    counts = {fate: sum(row.fate == fate for row in rows) for fate in FATES}
    return Preview(rows, counts, _digest(rows))


def planned(found: CertificateImport, kept: Iterable[CertificateImportRow], *, today: date) -> list[PlannedRow]:
    """Return what would happen to some rows of a file."""
    rows = []
    for row in kept:
        values, problems = read_row(row.cells, today=today)
        rows.append(PlannedRow(row.id, row.line, str(values.get("email", ""))[:255], values, problems))
    _meet_people(rows, found)
    _meet_credentials(rows, found)
    _meet_certificates(rows)
    _refuse_repeated(rows)
    for each in rows:
        each.notes = _notes(each, today)
    return rows


def _meet_people(rows: Iterable[PlannedRow], found: CertificateImport) -> None:
    emails = {row.line: parse_email(row.email) for row in rows if row.email}
    people = queries.people_named({email for email in emails.values() if email}, found.organisation_id)
    for row in rows:
        if not row.email:
            continue
        person = people.get(emails[row.line] or "")
        if person is None:
            row.problems.append(Problem("email", "nobody" if emails[row.line] else "odd_email"))
        elif person.id == found.owner_id:
            row.problems.append(Problem("email", "oneself"))
        else:
            row.person_id, row.name = person.id, person.name
            if not person.name:
                row.problems.append(Problem("email", "nameless"))


def _meet_credentials(rows: Collection[PlannedRow], found: CertificateImport) -> None:
    meant = queries.attestables({row.values["credential"] for row in rows if "credential" in row.values})
    for row in rows:
        if "credential" not in row.values:
            continue
        candidates = meant[row.values["credential"].casefold()]
        wrong = ""
        if len(candidates) != 1:
            wrong = "several_credentials" if candidates else "unknown_credential"
        elif found.givers is not None and candidates[0].organisation_id not in found.givers:
            # Else a partner could give its people what lets them serve.
            wrong = "foreign_credential"
        elif not candidates[0].title:
            wrong = "unpublished"
        else:
            row.of = candidates[0]
        if wrong:
            row.problems.append(Problem("credential", wrong))


def _meet_certificates(rows: Collection[PlannedRow]) -> None:
    """See what is there already: the same one, one with other days, an earlier one of the academy's own; choose the cycle."""
    whole = [row for row in rows if not row.problems]
    held = queries.held_by(
        {row.person_id for row in whole if row.person_id}, {row.of.credential for row in whole if row.of}
    )
    taken = {key: {each.cycle for each in theirs} for key, theirs in held.items()}
    for row in whole:
        assert row.of is not None
        mine = row.person_id, row.of.credential
        standing = [each for each in held.get(mine, []) if each.revoked_at is None]
        issued_on, number = row.values["issued_on"], row.key[2]
        there = next((each for each in standing if each.former_key == number), None)
        if there is not None:
            row.same = (there.issued_on, there.expires_on) == (issued_on, row.values.get("expires_on"))
            if not row.same:
                row.problems.append(Problem("former_number", "other_days"))
        elif any(each.imported_on is None and each.issued_on <= issued_on for each in standing):
            row.problems.append(Problem("issued_on", "after_own"))
        else:
            used = taken.setdefault(mine, set())
            row.cycle = next((cycle for cycle in cycles_of(issued_on) if cycle not in used), 0)
            used.add(row.cycle)
            if not row.cycle:
                row.problems.append(Problem("issued_on", "too_many"))


def _refuse_repeated(rows: Iterable[PlannedRow]) -> None:
    seen = set()
    for row in rows:
        if row.problems:
            continue
        if row.key in seen:
            row.problems.append(Problem("former_number", "repeated"))
        seen.add(row.key)


def _notes(row: PlannedRow, today: date) -> list[str]:
    if row.fate != NEW or row.of is None:
        return []
    expires_on = row.values.get("expires_on")
    if expires_on is None:
        return ["endless"] if row.of.ends else []
    return ["ended"] if expires_on < today else []


def _digest(rows: Iterable[PlannedRow]) -> str:
    acts = [
        [row.line, row.fate, row.key, row.values, row.name.as_dict(), [asdict(p) for p in row.problems]] for row in rows
    ]
    return hashlib.sha256(json.dumps(acts, default=str, sort_keys=True).encode()).hexdigest()


# --- Applying ----------------------------------------------------------------


def apply(import_id: int, digest: str, *, actor_id: int, at: datetime) -> int:
    """Begin to do exactly what the preview with this digest showed, once. Returns how many certificates are to come."""
    found: CertificateImport = lock(CertificateImport, import_id)
    if found.applied_at is not None:
        raise Conflict(_l("This file has been imported already."))
    if found.expires_at < at:
        raise Conflict(_l("The preview has expired. Upload the file again."))
    shown = preview(found, today=riyadh_day(at))
    if shown.digest != digest:
        raise Conflict(CHANGED_MEANWHILE)
    if not shown.counts[NEW]:
        raise Conflict(_l("There is nothing to import in this file."))
    _note_outcomes([row for row in shown.rows if row.fate != NEW])
    found.applied_at, found.expires_at = at, at + SHOWN_FOR
    audit.record(
        IMPORT, at=at, actor_id=actor_id, subject=("organisation", found.organisation_id, found.file_name),
        organisation_id=found.organisation_id, after={
            "file": found.file_name, "rows": len(shown.rows), "to_import": shown.counts[NEW], "there_already": shown.counts[SAME],
            "refused": shown.counts[REFUSED],
        },
    )  # fmt: skip
    db.session.flush()
    _queue(found)
    return shown.counts[NEW]


def import_batch(import_id: int, *, at: datetime) -> None:
    """Import the next rows that wait and queue those after them. What changed since the preview is seen again, row by row."""
    found: CertificateImport | None = lock(CertificateImport, import_id)
    if found is None:
        return
    waiting = queries.rows_of(import_id, undecided=True, most=BATCH)
    for row in planned(found, waiting, today=riyadh_day(at)):
        if row.fate == NEW:
            _import(row, found, at)
        else:
            _note_outcomes([row])
    if len(waiting) == BATCH:
        found.batch += 1
        db.session.flush()
        _queue(found)


def _queue(found: CertificateImport) -> None:
    jobs.enqueue("credentials.import", unique_key=queries.batch_key(found), import_id=found.id)


def _import(row: PlannedRow, found: CertificateImport, at: datetime) -> None:
    """Write one row whole or not at all."""
    assert row.of is not None and row.person_id is not None
    issuer = LocalizedText(row.values.get("former_issuer_ar", ""), row.values.get("former_issuer_en", ""))
    earlier = Earlier(
        person_id=row.person_id, of=row.of, cycle=row.cycle, issued_on=row.values["issued_on"],
        expires_on=row.values.get("expires_on"), former_number=row.values["former_number"], former_issuer=issuer,
        imported_by_id=found.owner_id,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            certificate, made = attest(earlier, at=at)
    except Refusal as refusal:
        log.warning("row %s of import %s is refused: %s", row.line, found.id, refusal)
        row.problems.append(Problem("row", "program"))
    except Exception:
        log.exception("row %s of import %s cannot be written", row.line, found.id)
        row.problems.append(Problem("row", "program"))
    else:
        done = {"outcome": IMPORTED if made else SAME, "problems": [], "certificate_id": certificate.id}
        db.session.execute(update(CertificateImportRow).where(CertificateImportRow.id == row.row_id).values(**done))
        return
    _note_outcomes([row], FAILED)


def _note_outcomes(rows: Sequence[PlannedRow], outcome: str = "") -> None:
    said = [
        {"id": row.row_id, "outcome": outcome or row.fate, "problems": [[p.field, p.code] for p in row.problems]}
        for row in rows
    ]
    if said:
        db.session.execute(update(CertificateImportRow), said)
