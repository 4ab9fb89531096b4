"""Prior learning and external certificates: the claim with its proof, the decision with its reason."""

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from sqlalchemy import update

from academy.accounts.models import Person
from academy.base import audit, storage
from academy.base.dates import RIYADH, riyadh_day
from academy.base.db import change, db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies import kinds, rules
from academy.competencies.models import Claim
from academy.competencies.models.claims import ACCEPTED, REFUSED, WAITING
from academy.competencies.services.judging import add_evidence, recompute
from academy.notices import services as notices

MOST_BYTES = 10_000_000
WORTH = 3


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a person says they have reached elsewhere."""

    kind: str
    competency_id: int
    level: int
    title: str
    note: str
    issued_on: date
    valid_until: date | None


def claim(person: Person, said: Claimed, proof: bytes, name: str, *, at: datetime) -> Claim:
    """Lay a claim with its proof before an assessor."""
    today = riyadh_day(at)
    if said.level > rules.CAPS[said.kind]:
        raise Invalid(
            _l("Proof of this kind supports level %(level)s at most."), field="level", level=rules.CAPS[said.kind]
        )
    if said.issued_on > today:
        raise Invalid(_l("Choose a day that has come already."), field="issued_on")
    if said.valid_until is not None and said.valid_until <= max(today, said.issued_on):
        raise Invalid(_l("This proof has run out already."), field="valid_until")
    try:
        upload = storage.check(proof, name, most=MOST_BYTES)
    except Invalid as refusal:
        refusal.field = "proof"
        raise
    kept = storage.keep(upload, at=at, by=person.id, audience="nobody")
    row = Claim(
        person_id=person.id, competency_id=said.competency_id, kind=said.kind, level=said.level, title=said.title,
        note=said.note, file_id=kept.id, issued_on=said.issued_on, valid_until=said.valid_until, made_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if person.manager_id is not None:
        notices.tell(
            person.manager_id, kinds.CLAIM_MADE, f"claim:{row.id}:made", at=at, address=f"/claims/{row.id}",
            person=person.name, title=said.title,
        )  # fmt: skip
    return row


def accept_claim(row: Claim, level: int, reason: str, *, by_id: int, at: datetime) -> None:
    """Take the proof for a level, which may be lower than what was claimed: it is evidence until its last day."""
    if level > rules.CAPS[row.kind]:
        raise Invalid(
            _l("Proof of this kind supports level %(level)s at most."), field="level", level=rules.CAPS[row.kind]
        )
    _decide(row, ACCEPTED, level, reason, by_id=by_id, at=at)
    add_evidence(
        row.person_id, row.competency_id, kind=row.kind, ref=row.id, source=f"claim:{row.id}", course_id=None,
        title=LocalizedText(row.title, row.title), share=Fraction(1), items=WORTH, supports_level=level,
        observed_at=min(at, datetime.combine(row.issued_on, time(12), RIYADH)), expires_on=row.valid_until, by_id=by_id,
    )  # fmt: skip
    recompute(row.person_id, [row.competency_id], at=at)


def refuse_claim(row: Claim, reason: str, *, by_id: int, at: datetime) -> None:
    """Do not take the proof, and say why."""
    _decide(row, REFUSED, None, reason, by_id=by_id, at=at)


def _decide(row: Claim, state: str, level: int | None, reason: str, *, by_id: int, at: datetime) -> None:
    if not reason.strip():
        raise Invalid(_l("Give the reason of your decision: the person reads it."), field="reason")
    decided = {"state": state, "decided_level": level, "reason": reason, "decided_by_id": by_id, "decided_at": at}
    if not change(update(Claim).where(Claim.id == row.id, Claim.state == WAITING).values(decided)):
        raise Conflict(_l("This claim has been decided already."))
    db.session.refresh(row)
    person = db.session.get_one(Person, row.person_id)
    audit.record(
        "competencies:claim:decide", at=at, actor_id=by_id, organisation_id=person.organisation_id,
        subject=("claim", row.id, person.name.show("ar")), after={"state": state, "level": level, "reason": reason},
    )  # fmt: skip
    told = kinds.CLAIM_ACCEPTED if state == ACCEPTED else kinds.CLAIM_REFUSED
    notices.tell(
        row.person_id,
        told,
        f"claim:{row.id}:decided",
        at=at,
        address=f"/claims/{row.id}",
        title=row.title,
        reason=reason,
    )
