"""How long the register answers for people who were anonymised, and what is forgotten when that time is over."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Text, cast, delete, func, select, update

from academy.accounts.kinds import Kept, add_kept
from academy.accounts.models import Person
from academy.accounts.queries import academy
from academy.accounts.services import pseudonym
from academy.base import erasing
from academy.base.arabic import search_document
from academy.base.db import db
from academy.credentials.models import (
    OVERTAKEN,
    Certificate,
    CertificateImportRow,
    CorrectionProposal,
    IssuedPaper,
    SealedBadge,
    Transcript,
)
from academy.credentials.queries import certificates_of
from academy.credentials.rules import closes_on
from academy.credentials.services_of_asking import forget_requests

MOST = 500
STAYS = "the register answers for it until its retention ends"
for _table in ("certificate", "sealed_badge", "transcript"):
    erasing.keep_names(_table, STAYS)
for _table in ("certificate_template", "certificate_template_version", "academy"):
    erasing.keep_names(_table, "whoever signs certificates stands on them")


def leave_lists(person_id: int) -> None:
    """Let nobody find the certificates of an anonymised person by name; by number the register answers."""
    for row in db.session.scalars(select(Certificate).where(Certificate.holder_id == person_id)).all():
        row.search_text = search_document(row.number)
    db.session.flush()


def forget_corrections(person_id: int, *, at: datetime) -> None:
    """Close what waits about correcting an anonymised person's certificates, and forget the names that were proposed."""
    theirs = select(Certificate.id).where(Certificate.holder_id == person_id)
    mine = CorrectionProposal.certificate_id.in_(theirs)
    closing = {"outcome": OVERTAKEN, "decided_at": at}
    db.session.execute(update(CorrectionProposal).where(mine, CorrectionProposal.outcome.is_(None)).values(closing))
    db.session.execute(update(CorrectionProposal).where(mine).values(name=pseudonym(person_id)))
    forget_requests(person_id, pseudonym(person_id), at=at)


def forget_rows(words: Sequence[str]) -> None:
    """Delete lines of imported files that hold an address."""
    for word in words:
        if "@" in word:
            lines = cast(CertificateImportRow.cells, Text).contains(word, autoescape=True)
            db.session.execute(delete(CertificateImportRow).where(lines))


def due(day: date) -> list[int]:
    """Return certificates of anonymised people whose time in the register is over."""
    last = func.coalesce(Certificate.expires_on, Certificate.issued_on)
    query = (
        select(Certificate.id)
        .join(Person, Person.id == Certificate.holder_id)
        .where(Person.anonymised_at.is_not(None), Certificate.closed_on.is_(None), last < _since(day))
    )
    return list(db.session.scalars(query.order_by(Certificate.id).limit(MOST)))


def _since(day: date) -> date:
    return closes_on(day, -academy().retention_years)


def close(day: date, *, at: datetime) -> int:
    """Close what is due: the number is one that does not exist, and nothing of its holder is kept. Returns how many."""
    ids = due(day)
    for row in db.session.scalars(select(Certificate).where(Certificate.id.in_(ids))).all():
        name = pseudonym(row.holder_id or 0)
        stated = {**row.facts, "holder_name_ar": name.ar, "holder_name_en": name.en}
        changing = update(Certificate).where(Certificate.id == row.id)
        db.session.execute(
            changing.values(facts=stated, search_text=" ", closed_on=day).execution_options(synchronize_session=False)
        )
    for model in (SealedBadge, IssuedPaper):
        db.session.execute(delete(model).where(model.certificate_id.in_(ids)))
    gone = _transcripts(day)
    db.session.execute(delete(IssuedPaper).where(IssuedPaper.transcript_id.in_(gone)))
    db.session.execute(delete(Transcript).where(Transcript.id.in_(gone)))
    db.session.expire_all()
    return len(ids)


def _transcripts(day: date) -> list[int]:
    theirs: tuple[ColumnElement[bool], ...] = (Person.anonymised_at.is_not(None), Transcript.issued_on < _since(day))
    query = select(Transcript.id).join(Person, Person.id == Transcript.holder_id).where(*theirs)
    return list(db.session.scalars(query.limit(MOST)))


def kept(person_id: int) -> list[Kept]:
    """Return the certificates of a person with the last day on which the register answers after they were anonymised."""
    years = academy().retention_years
    return [
        Kept(row.title, row.number, closes_on(row.expires_on or row.issued_on, years))
        for row in certificates_of(person_id, replaced=True)
    ]


add_kept(kept)
