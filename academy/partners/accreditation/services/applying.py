"""What a partner does: begin an application, hand in its documents, submit it, or take it back."""

from datetime import date, datetime

from academy.accounts.models import Organisation
from academy.base import storage
from academy.base.dates import riyadh_day
from academy.base.db import db, lock
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import clean_block
from academy.partners.accreditation import queries
from academy.partners.accreditation.kinds import APPLY, HAND_IN, RETRACT, SUBMIT, SUBMITTED
from academy.partners.accreditation.models import Accreditation, AccreditationApplication, ApplicationDocument
from academy.partners.accreditation.rules import Purpose, State, may_renew_from
from academy.partners.accreditation.services.common import held, note, page_of, partner_of, tell_all
from academy.partners.accreditation.services.reading import refresh

DOCUMENT_LIMIT = 20_000_000
MOST_VERSIONS = 10
LONGEST_NOTE = 1000


def apply(
    partner: Organisation, level: int, *, words: str = "", actor_id: int | None, at: datetime
) -> AccreditationApplication:
    """Begin an application for a level: the first, a higher one, or the same one again when it ends soon."""
    said = clean_block(words)
    scheme = queries.present_scheme()
    if scheme is None:
        raise Conflict(_l("The academy has not published a scheme of accreditation yet."))
    if level not in {each.level for each in queries.scheme_of(scheme.id).levels}:
        raise Invalid(_l("Choose one of the levels."), field="level")
    if len(said) > LONGEST_NOTE:
        raise Invalid(_l("Use at most %(limit)s characters."), field="words", limit=LONGEST_NOTE)
    row: Organisation = lock(Organisation, partner.id)
    if not row.active:
        raise Conflict(_l("This partner is closed."))
    if queries.open_application(partner.id) is not None:
        raise Conflict(_l("An application of this partner is open already."))
    _check_level(queries.in_force(partner.id), level, riyadh_day(at))
    made = AccreditationApplication(
        organisation_id=partner.id, scheme_id=scheme.id, purpose=Purpose.ACCREDIT.value, level=level, note=said,
        state=State.DRAFT.value, made_at=at, made_by_id=actor_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    note(APPLY, made, actor_id, at, after={"level": level})
    refresh(made, at=at)
    return made


def _check_level(present: Accreditation | None, level: int, today: date) -> None:
    if present is None or present.valid_until < today or level > present.level:
        return
    if today < may_renew_from(present.valid_until):
        sentence = _l("This level is granted already. It can be applied for again in its last 90 days.")
        raise Conflict(sentence, field="level")


def hand_in(
    row: AccreditationApplication, ref: str, data: bytes, filename: str, *, actor_id: int | None, at: datetime
) -> ApplicationDocument:
    """Keep a document of an application. It replaces one that waits; one that was accepted stays."""
    mine = held(row.id, State.DRAFT, State.SUBMITTED)
    asked = {each for criterion in queries.scheme_of(mine.scheme_id).up_to(mine.level) for each in criterion.refs}
    if ref not in asked:
        raise Invalid(_l("Choose which of the documents this is."), field="ref")
    there = queries.documents_of(mine.id)[ref]
    if any(each.row.state == "accepted" for each in there):
        raise Conflict(_l("This document has been accepted already."), field="ref")
    if len(there) >= MOST_VERSIONS:
        raise Conflict(_l("This document has been handed in too often. Ask the academy."), field="file")
    try:
        upload = storage.check_paper(data, filename, most=DOCUMENT_LIMIT)
    except storage.FileRefused as refused:
        raise Invalid(refused.sentence, field="file", **refused.values) from refused
    for each in there:
        if each.row.state == "waiting":
            each.row.state = "replaced"
    db.session.flush()
    kept = storage.keep(upload, at=at, by=actor_id, audience="nobody")
    document = ApplicationDocument(
        application_id=mine.id, ref=ref, file_id=kept.id, added_at=at, added_by_id=actor_id, state="waiting"
    )
    db.session.add(document)
    db.session.flush()
    note(HAND_IN, mine, actor_id, at, after={"document": ref, "file": kept.name, "sha256": kept.sha256})
    return document


def submit(row: AccreditationApplication, *, actor_id: int | None, at: datetime) -> None:
    """Hand the application over for review, once every document that it needs is there."""
    mine = held(row.id, State.DRAFT)
    there = queries.documents_of(mine.id)
    asked = [each for criterion in queries.scheme_of(mine.scheme_id).up_to(mine.level) for each in criterion.refs]
    if any(not {each.row.state for each in there[ref]} & {"waiting", "accepted"} for ref in asked):
        raise Conflict(_l("Hand in every document first."))
    mine.state, mine.submitted_at = State.SUBMITTED.value, at
    refresh(mine, at=at)
    note(SUBMIT, mine, actor_id, at, after={"level": mine.level})
    tell_all(
        queries.reviewers(), SUBMITTED, f"accreditation:{mine.id}", at=at, address=page_of(mine), partner=partner_of(mine).name
    )  # fmt: skip


def retract(row: AccreditationApplication, *, actor_id: int | None, at: datetime) -> None:
    """Take an application back before the committee has it."""
    mine = held(row.id, State.DRAFT, State.SUBMITTED)
    if mine.purpose != Purpose.ACCREDIT:
        raise Conflict(_l("The application is not in this state any more. Look at its page again."))
    mine.state = State.RETRACTED.value
    db.session.flush()
    note(RETRACT, mine, actor_id, at)
