"""Agreements with partners: adding one, ending it early, keeping its documents."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from academy.accounts.models import Organisation
from academy.base import audit, jobs, storage
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.partners import queries
from academy.partners.models import Agreement, AgreementDocument, RequiredCertificate
from academy.partners.policies import MAKE_AGREEMENT
from academy.partners.rules import COURSE, PROGRAMME, Required

DOCUMENT_LIMIT = 20_000_000
MOST_DOCUMENTS = 20
LONGEST_GRACE = 60
CLOSE, ADD, REMOVE = "partners:agreement:close", "partners:document:add", "partners:document:remove"
REPLACE = "partners:document:replace"


def make_agreement(
    partner: Organisation, reference: str, *, starts_on: date, ends_on: date, required: Collection[Required],
    grace_days: int = 14, actor_id: int | None, at: datetime,
) -> Agreement:  # fmt: skip
    """Add an agreement. Of one partner no two hold on the same day, and what it says never changes afterwards."""
    said = clean_line(reference)
    if not said or len(said) > 60:
        raise Invalid(_l("Enter the number of the agreement, of at most 60 characters."), field="reference")
    if ends_on < starts_on:
        raise Invalid(_l("The last day lies before the first."), field="ends_on")
    if not 0 <= grace_days <= LONGEST_GRACE:
        raise Invalid(_l("Enter a number of days from 0 to 60."), field="grace_days")
    if not required or not set(required) <= set(queries.what_can_be_required()):
        raise Invalid(_l("Choose at least one certificate that is required."), field="required")
    lock(Organisation, partner.id)
    _check_free(partner.id, said, starts_on, ends_on)
    row = Agreement(
        organisation_id=partner.id, reference=said, starts_on=starts_on, ends_on=ends_on, grace_days=grace_days,
        made_by_id=actor_id, made_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    ids = {kind: sorted({each.id for each in required if each.kind == kind}) for kind in (COURSE, PROGRAMME)}
    db.session.add_all(RequiredCertificate(agreement_id=row.id, course_id=key) for key in ids[COURSE])
    db.session.add_all(RequiredCertificate(agreement_id=row.id, programme_id=key) for key in ids[PROGRAMME])
    db.session.flush()
    said_json = {"reference": said, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    after = {**said_json, "grace_days": grace_days, "courses": ids[COURSE], "programmes": ids[PROGRAMME]}
    _note(MAKE_AGREEMENT, row, actor_id, at, after=after)
    return row


def _check_free(organisation_id: int, reference: str, starts_on: date, ends_on: date) -> None:
    mine = Agreement.organisation_id == organisation_id
    if db.session.scalar(select(Agreement.id).where(mine, Agreement.reference == reference)) is not None:
        raise Conflict(_l("The partner has an agreement of this number already."), field="reference")
    last = func.coalesce(Agreement.closed_on, Agreement.ends_on)
    meets = select(Agreement).where(mine, Agreement.starts_on <= ends_on, last >= starts_on)
    found = db.session.scalar(meets.order_by(Agreement.id).limit(1))
    if found is not None:
        raise Conflict(
            _l("Another agreement, %(reference)s, holds on some of these days."), field="starts_on", reference=found.reference
        )  # fmt: skip


def close_agreement(
    agreement: Agreement, last_day: date, reason: str, *, actor_id: int | None, at: datetime, today: date
) -> None:
    """End an agreement before its last day. Days that are over stay as they were: yesterday is the earliest last day."""
    row: Agreement = lock(Agreement, agreement.id)
    said = clean_line(reason)
    if not said or len(said) > 300:
        raise Invalid(_l("Give the reason in one sentence of at most 300 characters."), field="reason")
    if row.closed_on is not None:
        raise Conflict(_l("This agreement has been ended already."))
    if not today - timedelta(days=1) <= last_day < row.ends_on:
        raise Invalid(_l("Choose a day from yesterday on, before the last day of the agreement."), field="last_day")
    row.closed_on, row.closed_reason, row.closed_by_id, row.closed_at = last_day, said, actor_id, at
    db.session.flush()
    _note(
        CLOSE, row, actor_id, at, before={"ends_on": row.ends_on.isoformat()},
        after={"ends_on": last_day.isoformat(), "reason": said},
    )  # fmt: skip


def add_document(
    agreement: Agreement,
    data: bytes,
    filename: str,
    *,
    instead_of: int | None = None,
    actor_id: int | None,
    at: datetime,
) -> AgreementDocument:
    """Keep a document of an agreement: a PDF, an Office file or a picture. What it stands `instead_of` goes as removed ones do."""
    lock(Agreement, agreement.id)
    there = {key for key, _name, _size in queries.documents_of([agreement.id])[agreement.id]}
    if instead_of is not None and instead_of not in there:
        raise Conflict(_l("The document that this one is to replace is not there any more."), field="instead_of")
    if instead_of is None and len(there) >= MOST_DOCUMENTS:
        raise Conflict(_l("An agreement keeps at most 20 documents. Remove one first."), field="file")
    try:
        upload = storage.check_paper(data, filename, most=DOCUMENT_LIMIT)
    except storage.FileRefused as refused:
        raise Invalid(refused.sentence, field="file", **refused.values) from refused
    kept = storage.keep(upload, at=at, by=actor_id, audience="nobody")
    row = AgreementDocument(agreement_id=agreement.id, file_id=kept.id, added_by_id=actor_id, added_at=at)
    db.session.add(row)
    db.session.flush()
    after: dict[str, object] = {"document": kept.name, "sha256": kept.sha256}
    if instead_of is None:
        _note(ADD, agreement, actor_id, at, after=after)
    else:
        _note(
            REPLACE,
            agreement,
            actor_id,
            at,
            before=_drop(db.session.get_one(AgreementDocument, instead_of)),
            after=after,
        )
    return row


def remove_document(document: AgreementDocument, *, actor_id: int | None, at: datetime) -> None:
    """Take a document from its agreement; its name and digest stay in the trail, its bytes go once nothing refers to them."""
    agreement = queries.agreement(document.agreement_id)
    if agreement is None:
        raise NotFound
    lock(Agreement, agreement.id)
    if db.session.scalar(select(AgreementDocument.id).where(AgreementDocument.id == document.id)) is None:
        raise NotFound
    _note(REMOVE, agreement, actor_id, at, before=_drop(document))


def _drop(document: AgreementDocument) -> dict[str, object]:
    """Delete a document, and its file once nothing refers to it; returns what the trail keeps of it."""
    kept = queries.file_of(document)
    db.session.delete(document)
    db.session.flush()
    jobs.enqueue("partners.drop_file", unique_key=f"partners.drop_file:{kept.id}:{document.id}", file_id=kept.id)
    return {"document": kept.name, "sha256": kept.sha256}


def drop_file(file_id: int) -> str | None:
    """Drop the row of a file that no document refers to any more; returns the key of its bytes, None while one refers to it."""
    row: storage.StoredFile | None = lock(storage.StoredFile, file_id)
    if row is None or storage.is_referred_to(file_id):
        return None
    key = row.key
    storage.drop(row)
    return key


def _note(
    act: str, agreement: Agreement, actor_id: int | None, at: datetime,
    *, before: dict[str, object] | None = None, after: dict[str, object] | None = None,
) -> None:  # fmt: skip
    audit.record(
        act, at=at, actor_id=actor_id, subject=("agreement", agreement.id, agreement.reference),
        organisation_id=agreement.organisation_id, before=before, after=after,
    )  # fmt: skip
