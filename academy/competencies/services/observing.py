"""Observing at work: a draft, the observer's signature, the person's, and the evidence that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from sqlalchemy import delete, select, update

from academy.accounts.models import Person
from academy.base import audit, storage
from academy.base.dates import RIYADH, riyadh_day
from academy.base.db import change, db
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies import kinds, rules
from academy.competencies.models import Observation, ObservationLine, PlanReview
from academy.competencies.models.observations import CONFIRMED, DRAFT, OBJECTED, SENT, SETTLED
from academy.competencies.models.reviews import ASKED, RATED
from academy.competencies.queries.observations import observation_lines
from academy.competencies.services.judging import add_evidence, recompute
from academy.notices import services as notices

MOST_BYTES = 8_000_000
ANSWERED = _l("This observation has been answered already.")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an observer writes down: when and where, how many cases, a note; a level and a mark for each line."""

    observed_on: date
    place: str
    cases: int
    note: str
    lines: Mapping[int, tuple[int, str | None]]


def start_observation(
    person_id: int, observer_id: int, levels: Mapping[int, int], *, observed_on: date, at: datetime
) -> Observation:
    """Begin a draft with a line for each competency (id → level whose indicator is watched)."""
    if not levels:
        raise Invalid(_l("Choose at least one competency."), field="competencies")
    if len(levels) > rules.MOST_LINES:
        raise Invalid(
            _l("Choose at most %(most)s competencies: nobody can watch more at a time."),
            field="competencies", most=rules.MOST_LINES,
        )  # fmt: skip
    row = Observation(person_id=person_id, observer_id=observer_id, observed_on=observed_on, made_at=at)
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        ObservationLine(observation_id=row.id, competency_id=competency_id, level=level)
        for competency_id, level in levels.items()
    )
    db.session.flush()
    return row


def save_observation(row: Observation, seen: Seen, *, at: datetime) -> None:
    """Keep what is written so far."""
    _hold(row, DRAFT)
    if seen.observed_on > riyadh_day(at):
        raise Invalid(_l("Choose a day that has come already."), field="observed_on")
    row.observed_on, row.place, row.cases, row.note = seen.observed_on, seen.place, seen.cases, seen.note
    for line in db.session.scalars(select(ObservationLine).where(ObservationLine.observation_id == row.id)):
        line.level, line.mark = seen.lines.get(line.id, (line.level, line.mark))
    db.session.flush()


def keep_photo(row: Observation, data: bytes, name: str, *, at: datetime) -> None:
    """Add a photograph, or put another one in its place; only pictures are taken."""
    _hold(row, DRAFT)
    upload = storage.check(data, name, most=MOST_BYTES)
    if not upload.media_type.startswith("image/"):
        raise Invalid(_l("Choose a picture: PNG, JPEG or WebP."), field="photo")
    row.photo_id = storage.keep(upload, at=at, by=row.observer_id, audience="nobody").id
    db.session.flush()


def discard_observation(row: Observation) -> None:
    """Throw a draft away; a review that it was begun for waits again."""
    _hold(row, DRAFT)
    db.session.execute(update(PlanReview).where(PlanReview.observation_id == row.id).values(observation_id=None))
    db.session.execute(delete(Observation).where(Observation.id == row.id))


def send_observation(row: Observation, *, at: datetime) -> None:
    """Sign: from now on the observer cannot change it, and the person can answer it."""
    _hold(row, DRAFT)
    lines = observation_lines(row.id)
    if not any(line.mark for line in lines):
        raise Invalid(_l("Mark at least one line before you sign."), field=f"mark_{lines[0].id}")
    row.state, row.sent_at = SENT, at
    asked = PlanReview.observation_id == row.id, PlanReview.state == ASKED
    answered = {"state": RATED, "settled_at": at, "settled_by_id": row.observer_id}
    db.session.execute(update(PlanReview).where(*asked).values(answered))
    db.session.flush()
    _record("competencies:observation:send", row, row.observer_id, at)
    observer = db.session.get_one(Person, row.observer_id)
    notices.tell(
        row.person_id, kinds.OBSERVATION_SENT, f"observation:{row.id}:sent", at=at, address=f"/observations/{row.id}",
        by=observer.name, day=row.observed_on, until=riyadh_day(at + rules.ANSWER_WITHIN),
    )  # fmt: skip


def confirm_observation(row: Observation, *, at: datetime) -> None:
    """The person signs too: what was seen is evidence now."""
    _answer(row, CONFIRMED, "", at)
    _count(row, at)


def object_to_observation(row: Observation, reason: str, *, at: datetime) -> None:
    """The person objects: what was written does not count."""
    if not reason.strip():
        raise Invalid(_l("Say why you object, so that your observer can answer you."), field="reason")
    _answer(row, OBJECTED, reason, at)


def _answer(row: Observation, state: str, answer: str, at: datetime) -> None:
    _hold(row, SENT)
    row.state, row.answer, row.answered_at = state, answer, at
    db.session.flush()
    _record("competencies:observation:answer", row, row.person_id, at)
    person = db.session.get_one(Person, row.person_id)
    notices.tell(
        row.observer_id, kinds.OBSERVATION_ANSWERED, f"observation:{row.id}:answered", at=at,
        address=f"/observations/{row.id}", person=person.name, day=row.observed_on, objection=answer or None,
    )  # fmt: skip


def settle_observations(at: datetime) -> int:
    """Let those count that were sent a week ago and never answered. Returns how many."""
    late = select(Observation).where(Observation.state == SENT, Observation.sent_at <= at - rules.ANSWER_WITHIN)
    rows = db.session.scalars(late.order_by(Observation.id)).all()
    for row in rows:
        if _move(row.id, SENT, SETTLED):
            db.session.refresh(row)
            _record("competencies:observation:settle", row, None, at)
            _count(row, at)
    return len(rows)


def _hold(row: Observation, state: str) -> None:
    """Take the row for this transaction; refuse when somebody was faster."""
    if not _move(row.id, state, state):
        raise Conflict(_l("This observation has been sent already.") if state == DRAFT else ANSWERED)
    db.session.refresh(row)


def _move(number: int, before: str, after: str) -> bool:
    return (
        change(update(Observation).where(Observation.id == number, Observation.state == before).values(state=after)) > 0
    )


def _count(row: Observation, at: datetime) -> None:
    seen_at = min(at, datetime.combine(row.observed_on, time(12), RIYADH))
    lines = select(ObservationLine).where(ObservationLine.observation_id == row.id, ObservationLine.mark.is_not(None))
    touched = []
    for line in db.session.scalars(lines.order_by(ObservationLine.id)):
        share: Fraction = rules.SHARES[line.mark or ""]
        add_evidence(
            row.person_id, line.competency_id, kind="observation", ref=line.id, source=f"observation:{row.id}",
            course_id=None, title=LocalizedText(), share=share, items=row.cases, supports_level=line.level,
            observed_at=seen_at, by_id=row.observer_id,
        )  # fmt: skip
        touched.append(line.competency_id)
    recompute(row.person_id, touched, at=at)


def _record(act: str, row: Observation, actor_id: int | None, at: datetime) -> None:
    person = db.session.get_one(Person, row.person_id)
    audit.record(
        act, at=at, actor_id=actor_id, organisation_id=person.organisation_id,
        subject=("observation", row.id, person.name.show("ar")), after={"state": row.state, "person_id": row.person_id},
    )  # fmt: skip
