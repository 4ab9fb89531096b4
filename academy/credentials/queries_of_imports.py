"""Reads of imports: what a file's keys mean, what its people hold already, and how far the import is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Organisation, Person
from academy.base import jobs
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course, CourseVersion
from academy.credentials.models import Certificate, CertificateImport, CertificateImportRow
from academy.learning.models import Programme, ProgrammeVersion


@dataclass(frozen=True, slots=True)
class Attestable:
    """A course or programme of which a certificate can be attested: its credential, newest title, and who gives it."""

    credential: str
    key: str
    code: str
    course_id: int | None
    programme_id: int | None
    organisation_id: int
    title: LocalizedText | None
    issuer: LocalizedText
    ends: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows of an import have which outcome, and whether anybody still works at the rest."""

    outcomes: dict[str, int]
    left: int
    working: bool

    @property
    def total(self) -> int:
        """How many rows were to be imported when it began."""
        return self.done + self.left

    @property
    def done(self) -> int:
        """How many rows are dealt with."""
        return sum(self.outcomes.values())


def certificate_import(import_id: int) -> CertificateImport | None:
    """Return a kept file of certificates with its organisation, by id; one statement."""
    return db.session.get(CertificateImport, import_id, options=[joinedload(CertificateImport.organisation)])


def rows_of(import_id: int, *, undecided: bool = False, most: int | None = None) -> Sequence[CertificateImportRow]:
    """Return the rows of a file in their order, or only the next that wait."""
    query = select(CertificateImportRow).where(CertificateImportRow.import_id == import_id)
    if undecided:
        query = query.where(CertificateImportRow.outcome.is_(None))
    return db.session.scalars(query.order_by(CertificateImportRow.line).limit(most)).all()


def outcome_rows(import_id: int, outcome: str) -> Select[Any]:
    """Return the statement of the rows of an applied file: line, e-mail, outcome, problems, the certificate's number."""
    row = CertificateImportRow
    query = (
        select(row.line, row.cells, row.outcome, row.problems, Certificate.number, Certificate.facts)
        .outerjoin(Certificate, Certificate.id == row.certificate_id)
        .where(row.import_id == import_id)
    )
    return (query.where(row.outcome == outcome) if outcome else query).order_by(row.line)


def progress(found: CertificateImport) -> Progress:
    """Return how far an applied file is (two statements)."""
    row = CertificateImportRow
    counted = select(row.outcome, func.count()).where(row.import_id == found.id).group_by(row.outcome)
    counts = [(outcome, int(count)) for outcome, count in db.session.execute(counted)]
    left = sum(count for outcome, count in counts if outcome is None)
    return Progress(
        {outcome: count for outcome, count in counts if outcome}, left, bool(left) and jobs.unfinished(batch_key(found))
    )


def batch_key(found: CertificateImport) -> str:
    """Return the key of the job that does the present piece of an import."""
    return f"credentials.import:{found.id}:{found.batch}"


def applied_imports(seen: ColumnElement[bool]) -> Select[Any]:
    """Return the statement of the applied files among those that somebody sees: id, name, moment and whose, the newest first."""
    columns: tuple[Any, ...] = (
        CertificateImport.id, CertificateImport.file_name, CertificateImport.applied_at, Person.name.label("owner"),
    )  # fmt: skip
    query = select(*columns).join(Person, Person.id == CertificateImport.owner_id)
    return query.where(seen, CertificateImport.applied_at.is_not(None)).order_by(CertificateImport.id.desc())


def people_named(emails: Collection[str], organisation_id: int) -> dict[str, Any]:
    """Return (id, email, name) of the people of an organisation by their addresses (one statement)."""
    query = select(Person.id, Person.email, Person.name)
    mine = Person.organisation_id == organisation_id, Person.email.in_(emails)
    return {row.email: row for row in db.session.execute(query.where(*mine))}


def attestables(typed: Collection[str]) -> dict[str, list[Attestable]]:
    """Return what each of the typed keys or codes can mean, in small letters (two statements); a key outweighs codes."""
    wanted = {each.casefold() for each in typed}
    found = [*_courses(wanted), *_programmes(wanted)]
    meant = {}
    for word in wanted:
        by_key = [each for each in found if each.key.casefold() == word]
        meant[word] = by_key or [each for each in found if each.code.casefold() == word]
    return meant


def _courses(wanted: set[str]) -> list[Attestable]:
    newest = select(func.max(CourseVersion.id)).where(
        CourseVersion.course_id == Course.id, CourseVersion.state != "draft"
    )
    query = (
        select(
            Course.id, Course.key, Course.code, Course.organisation_id, CourseVersion.title, CourseVersion.validity_months,
            Organisation.name,
        )
        .join(Organisation, Organisation.id == Course.organisation_id)
        .outerjoin(CourseVersion, CourseVersion.id == newest.correlate(Course).scalar_subquery())
        .where(or_(func.lower(Course.key).in_(wanted), func.lower(Course.code).in_(wanted)))
    )  # fmt: skip
    return [
        Attestable(
            f"course:{row.key}", row.key, row.code, row.id, None, row.organisation_id, row.title, row.name,
            row.validity_months is not None,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


def _programmes(wanted: set[str]) -> list[Attestable]:
    newest = select(func.max(ProgrammeVersion.id)).where(
        ProgrammeVersion.programme_id == Programme.id, ProgrammeVersion.state != "draft"
    )
    query = (
        select(
            Programme.id, Programme.key, Programme.code, Programme.organisation_id, ProgrammeVersion.title,
            ProgrammeVersion.validity_months, Organisation.name,
        )
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == newest.correlate(Programme).scalar_subquery())
        .where(or_(func.lower(Programme.key).in_(wanted), func.lower(Programme.code).in_(wanted)))
    )  # fmt: skip
    return [
        Attestable(
            f"programme:{row.key}", row.key, row.code, None, row.id, row.organisation_id, row.title, row.name,
            row.validity_months is not None,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


def held_by(person_ids: Collection[int], credentials: Collection[str]) -> dict[tuple[int | None, str], list[Any]]:
    """Return what people hold of some credentials, revoked ones too: by holder and credential (one statement)."""
    query = select(
        Certificate.holder_id, Certificate.credential, Certificate.cycle, Certificate.issued_on, Certificate.expires_on,
        Certificate.former_key, Certificate.revoked_at, Certificate.imported_on,
    ).where(Certificate.holder_id.in_(person_ids), Certificate.credential.in_(credentials))  # fmt: skip
    held: dict[tuple[int | None, str], list[Any]] = {}
    for row in db.session.execute(query):
        held.setdefault((row.holder_id, row.credential), []).append(row)
    return held
