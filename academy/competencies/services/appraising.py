"""The appraisal at the end of a cycle: the self part, the manager's part, the talk, both signatures (CM9)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update

from academy.accounts.models import Person
from academy.base import audit
from academy.base.dates import riyadh_day
from academy.base.db import change, db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.competencies import kinds_of_goals as kinds
from academy.competencies.models import Appraisal
from academy.competencies.models.goals import CONFIRMED, OBJECTED, OPEN, SIGNED
from academy.competencies.queries.goals import FoundAppraisal
from academy.competencies.services.cycles import leading, note, tell
from academy.competencies.services.goals import OVER

STALE = _l("This appraisal has changed meanwhile. Look at it again.")


@dataclass(frozen=True, slots=True)
class ManagersPart:
    """What the manager writes: their part, and the day and the outcome of the talk."""

    part: str
    talked_on: date | None
    talk_note: str


def save_self_part(found: FoundAppraisal, words: str, *, hand_in: bool, at: datetime) -> None:
    """Keep the person's own part; handed in, it does not change any more and the manager reads it."""
    if not found.is_open(at):
        raise Conflict(OVER)
    if hand_in and not words.strip():
        raise Invalid(_l("Write how you see the time of this cycle."), field="self_part")
    mine = Appraisal.id == found.appraisal.id, Appraisal.state == OPEN, Appraisal.self_sent_at.is_(None)
    if not change(update(Appraisal).where(*mine).values(self_part=words, self_sent_at=at if hand_in else None)):
        raise Conflict(STALE)
    db.session.refresh(found.appraisal)
    if hand_in:
        note(found, "self", found.person.id, at, words)
        tell(found, leading(found, at), kinds.SELF_SENT, "self", at)


def save_managers_part(found: FoundAppraisal, said: ManagersPart, revision: int, *, at: datetime) -> None:
    """Keep what the manager has written so far; the person does not see it."""
    _write(found, said, revision, (OPEN,), at)


def sign_appraisal(found: FoundAppraisal, said: ManagersPart, revision: int, *, by_id: int, at: datetime) -> None:
    """The manager signs after the talk, also anew after an objection; the person is asked to sign too."""
    if found.appraisal.self_sent_at is None and not found.cycle.is_over(riyadh_day(at)):
        raise Conflict(_l("The person has not handed in their part yet. Sign after that, or when the cycle is over."))
    if not said.part.strip():
        raise Invalid(_l("Write how you see the time of this cycle."), field="manager_part")
    if said.talked_on is None:
        raise Invalid(_l("Enter the day of your talk. You sign after it."), field="talked_on")
    _write(found, said, revision, (OPEN, OBJECTED), at)
    row = found.appraisal
    row.state, row.signed_at, row.signed_by_id, row.revision = SIGNED, at, by_id, row.revision + 1
    row.answer, row.answered_at = "", None
    note(found, "signed", by_id, at, f"{said.part}\n\n{said.talk_note}".strip())
    _record("competencies:appraisal:sign", found, by_id, at)
    by = db.session.get_one(Person, by_id)
    tell(found, [found.person.id], kinds.SIGNED, f"signed:{row.revision}", at, by=by.name)


def _write(found: FoundAppraisal, said: ManagersPart, revision: int, states: tuple[str, ...], at: datetime) -> None:
    row = found.appraisal
    if found.cycle.opens_on > riyadh_day(at):
        raise Conflict(OVER)
    if said.talked_on is not None and not found.cycle.opens_on <= said.talked_on <= riyadh_day(at):
        raise Invalid(_l("Choose a day of the cycle that has come already."), field="talked_on")
    mine = Appraisal.id == row.id, Appraisal.state.in_(states), Appraisal.revision == revision
    kept = update(Appraisal).where(*mine)
    if not change(kept.values(manager_part=said.part, talk_note=said.talk_note, talked_on=said.talked_on)):
        raise Conflict(STALE)
    db.session.refresh(row)


def confirm_appraisal(found: FoundAppraisal, revision: int, *, at: datetime) -> None:
    """The person signs too: the appraisal is complete and changes no more."""
    _answer(found, revision, CONFIRMED, "", at)


def object_to_appraisal(found: FoundAppraisal, revision: int, reason: str, *, at: datetime) -> None:
    """The person objects and says why; the manager may talk again and sign anew."""
    if not reason.strip():
        raise Invalid(_l("Say why you object, so that your manager can answer you."), field="reason")
    _answer(found, revision, OBJECTED, reason, at)


def _answer(found: FoundAppraisal, revision: int, state: str, words: str, at: datetime) -> None:
    row = found.appraisal
    mine = Appraisal.id == row.id, Appraisal.state == SIGNED, Appraisal.revision == revision
    if not change(update(Appraisal).where(*mine).values(state=state, answer=words, answered_at=at)):
        raise Conflict(STALE)
    db.session.refresh(row)
    note(found, state, found.person.id, at, words)
    _record("competencies:appraisal:answer", found, found.person.id, at)
    whom = [row.signed_by_id] if row.signed_by_id else leading(found, at)
    tell(found, whom, kinds.ANSWERED, f"answered:{row.revision}", at, objection=words or None)


def _record(act: str, found: FoundAppraisal, actor_id: int, at: datetime) -> None:
    row, person = found.appraisal, found.person
    audit.record(
        act, at=at, actor_id=actor_id, organisation_id=person.organisation_id,
        subject=("appraisal", row.id, person.name.show("ar")),
        after={"state": row.state, "person_id": person.id, "revision": row.revision},
    )  # fmt: skip
