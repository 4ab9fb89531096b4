"""Keeping answers: every kept one has a receipt, the same save twice changes nothing, an older one never wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, cast

from flask_babel import LazyString
from sqlalchemy import Insert, Row, Select, Table, Update, bindparam, func, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from academy.assessment.models import OPEN, Attempt, AttemptItem, QuestionVersion, SaveReceipt
from academy.assessment.queries_of_decisions import tried_now
from academy.assessment.rules import SEQUENTIAL, accept_save, credited, is_late, is_settled
from academy.assessment.services.admitting import refuse_whence
from academy.assessment.services.submitting import hold_attempt
from academy.assessment.types import BadResponse, Note, Response, kind
from academy.base.browser import Browser
from academy.base.db import db
from academy.base.errors import Conflict, NotFound
from academy.base.i18n import _l

Verdict = Literal["saved", "repeat", "newer", "refused"]
TRUSTED = "academy"
NUMBERED = ("sequence", "saved_by", "timed_until", "network")
LEFT = _l("You have left this question. In this quiz there is no way back, so its answer stays as it was.")
NOT_YET = _l("This question has not been opened yet.")
SETTLED = _l("This question has been checked and takes no more answers.")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer from a browser: `raw` as its type reads it, `known` the receipt it was given on top of.

    `form` holds the fields of a plain form in place of `raw`; the names begin with `prefix`. `confidence` says how sure
    the learner is (1 to 3); None keeps what was said before.
    """

    position: int
    raw: object = None
    known: int | None = None
    form: Mapping[str, Sequence[str]] | None = None
    prefix: str = ""
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one answer: `sequence`, `saved_at` and sender of the receipt it has now, a refusal's sentence.

    `notes` say what the learner should know of an answer that was saved, such as that it is no number.
    """

    position: int
    verdict: Verdict
    sequence: int
    saved_at: datetime | None
    answered: bool
    by: str | None
    message: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The academy's acknowledgement of a save; `before` is the page that saved before it."""

    sequence: int
    saved_at: datetime
    items: tuple[Kept, ...]
    before: str | None = None

    @property
    def kept(self) -> bool:
        """Whether every answer of the save is kept now."""
        return all(item.verdict in ("saved", "repeat") for item in self.items)

    def sentences(self) -> dict[int, str]:
        """Return what to say of the answers that were not kept: position → sentence in the reader's language."""
        return {item.position: item.message for item in self.items if item.message}


class TimeIsOver(Conflict):
    """The deadline and its grace have passed."""

    sentence = _l("The time for this attempt is over. The answers saved before count.")


class AlreadySubmitted(Conflict):
    """The attempt is graded; its answers stay as they are."""

    sentence = _l("This attempt has been submitted. Its answers can no longer change.")


class AnsweredElsewhere(Conflict):
    """A newer answer to the question came from another page or device."""

    sentence = _l("A newer answer to this question was saved from another window or device.")


def save_answers(
    attempt: Attempt,
    answers: Sequence[Answer],
    *,
    client_key: str,
    client_sequence: int,
    at: datetime,
    spent: Mapping[int, int] | None = None,
    address: str | None = None,
    browser: Browser | None = None,
) -> Receipt:
    """Keep answers of one page and return the receipt; each answer has its own verdict.

    `attempt` is held. `client_key` names the page, `client_sequence` counts its changes: an older save of the same page
    never wins, and the answer of another page is replaced only by a page that knew of it. `spent` are the seconds for
    which the page showed questions since it last said so (position → seconds); `address` and `browser` say whence. Raises
    AlreadySubmitted, TimeIsOver, TakenElsewhere, OutsideSafeBrowser, NotFound for a question the attempt does not have.
    """
    refuse_closed(attempt, at)
    refuse_whence(attempt, address, browser)
    rules, before = attempt.quiz_version, attempt.saved_by
    here = current_of(attempt) if rules.navigation == SEQUENTIAL else None
    seconds = _count_time(attempt, _shown(spent or {}, here), at)
    with db.session.no_autoflush:  # what changed of the attempt so far is written once, with its new number
        items = _items(attempt.id, [answer.position for answer in answers]) if answers else {}
    kept, changes, receipts = [], [], []
    for answer in answers:
        item = items.get(answer.position)
        if item is None:
            raise NotFound
        sure = answer.confidence if rules.confidence and answer.confidence is not None else item.confidence
        locked = _locked(item, here, rules.tries, attempt.quiz_id)
        verdict, response, message = _judge(item, answer, client_key, client_sequence, locked, sure)
        if verdict != "saved":
            kept.append(_left_as_it_is(item, verdict, message))
            continue
        attempt.sequence, attempt.saved_by = attempt.sequence + 1, client_key
        stamp = {"saved_at": at, "response": response, "client_sequence": client_sequence, "confidence": sure}
        change = {"item_id": item.id, "saved_sequence": attempt.sequence, "saved_by": client_key}
        changes.append({**change, **stamp, **_time_on(seconds.pop(item.position, 0), at)})
        receipts.append(
            {"attempt_id": attempt.id, "item_id": item.id, "sequence": attempt.sequence, "client_key": client_key}
            | stamp
        )
        kept.append(_kept_now(item, attempt, response, at))
    _write(attempt, changes, receipts)
    if seconds:
        rows = [{"on_attempt": attempt.id, "at": key, **_time_on(spent, at)} for key, spent in seconds.items()]
        db.session.execute(_keep_time(), rows)
    return _receipt(kept, attempt, at, before)


def _kept_now(item: Row[Any], attempt: Attempt, response: Response | None, at: datetime) -> Kept:
    notes = kind(item.type).warnings(item.content, response or None)
    return Kept(item.position, "saved", attempt.sequence, at, bool(response), attempt.saved_by, notes=notes)


def _left_as_it_is(item: Row[Any], verdict: Verdict, message: str) -> Kept:
    answered, notes = bool(item.response), kind(item.type).warnings(item.content, item.response or None)
    return Kept(item.position, verdict, item.saved_sequence, item.saved_at, answered, item.saved_by, message, notes)


def _write(attempt: Attempt, changes: list[dict[str, Any]], receipts: list[dict[str, Any]]) -> None:
    """Write the answers and their receipts, with the attempt's new number."""
    if changes:
        _number(attempt)
        db.session.execute(_keep_answer(), changes)
        db.session.execute(_keep_receipt(), receipts)


def _number(attempt: Attempt) -> None:
    """Write what a save changes of the attempt, on the table itself: a flush of it costs as much as three statements."""
    now: dict[str, Any] = {name: getattr(attempt, name) for name in NUMBERED}
    for name, value in now.items():
        set_committed_value(attempt, name, value)
    db.session.execute(_keep_number(), {"held_id": attempt.id, **now})


def _shown(spent: Mapping[int, int], here: int | None) -> Mapping[int, int]:
    """Return the time that a page can have seen: where there is no way back, that of the present question only."""
    return spent if here is None else {place: seconds for place, seconds in spent.items() if place == here}


def _count_time(attempt: Attempt, spent: Mapping[int, int], at: datetime) -> dict[int, int]:
    """Return the seconds that count of what a page reports, and note up to when time is counted."""
    if not spent:
        return {}
    since = attempt.timed_until or attempt.started_at
    seconds, attempt.timed_until = credited(spent, counted_until=since, at=at)
    return seconds


def _time_on(seconds: int, at: datetime) -> dict[str, Any]:
    """Return what is added to a question's time, and when it was on the screen at the latest."""
    return {"spent": seconds, "opened": at - timedelta(seconds=seconds)}


@cache
def _keep_answer() -> Update:
    """Return the change of one item, on the table itself: an exam's many small saves need nothing of the mapper."""
    table = cast(Table, AttemptItem.__table__)
    names = ("saved_sequence", "saved_by", "saved_at", "response", "client_sequence", "confidence")
    kept: dict[str, Any] = {name: bindparam(name) for name in names}
    return update(table).where(table.c.id == bindparam("item_id")).values({**kept, **_timed(table)})


@cache
def _keep_number() -> Update:
    """Return the change of the attempt's number."""
    table = cast(Table, Attempt.__table__)
    kept: dict[str, Any] = {name: bindparam(name) for name in NUMBERED}
    return update(table).where(table.c.id == bindparam("held_id")).values(kept)


@cache
def _keep_receipt() -> Insert:
    """Return the entry of a receipt."""
    return insert(cast(Table, SaveReceipt.__table__))


@cache
def _keep_time() -> Update:
    """Return the change of the time of one item."""
    table = cast(Table, AttemptItem.__table__)
    mine = table.c.attempt_id == bindparam("on_attempt"), table.c.position == bindparam("at")
    return update(table).where(*mine).values(_timed(table))


def _timed(table: Table) -> dict[str, Any]:
    opened = bindparam("opened", type_=table.c.opened_at.type)
    return {"seconds": table.c.seconds + bindparam("spent"), "opened_at": func.coalesce(table.c.opened_at, opened)}


def save_response(
    attempt_id: int, position: int, response: Response | None, *, at: datetime, flagged: bool | None = None
) -> int:
    """Keep a response in its stored form, given by the academy's own code; return the receipt's number.

    For the starter academy and imports: browsers speak in tokens and go through `save_answers`.
    """
    attempt = hold_attempt(attempt_id)
    if attempt is None:
        raise NotFound
    refuse_closed(attempt, at)
    item = _items(attempt_id, [position]).get(position)
    if item is None:
        raise NotFound
    return keep_response(attempt, item.id, response, at=at, flagged=flagged)


def keep_response(
    attempt: Attempt, item_id: int, response: Response | None, *, at: datetime, flagged: bool | None = None
) -> int:
    """Keep a response that the academy itself has made, with its receipt. `attempt` is held and takes answers."""
    attempt.sequence += 1
    stamp = {"saved_at": at, "response": response, "client_sequence": attempt.sequence}
    change = {"id": item_id, "saved_sequence": attempt.sequence, "saved_by": TRUSTED, **stamp}
    sure = select(AttemptItem.confidence).where(AttemptItem.id == item_id).scalar_subquery()
    db.session.flush()
    db.session.execute(update(AttemptItem), [change if flagged is None else {**change, "flagged": flagged}])
    db.session.execute(
        insert(SaveReceipt).values(
            attempt_id=attempt.id,
            item_id=item_id,
            sequence=attempt.sequence,
            client_key=TRUSTED,
            confidence=sure,
            **stamp,
        )
    )
    return attempt.sequence


def set_flag(attempt: Attempt, position: int, flagged: bool, *, at: datetime) -> None:
    """Mark a question for review, or take the mark off. `attempt` is held. Where there is no way back, it does nothing."""
    refuse_closed(attempt, at)
    if attempt.quiz_version.navigation == SEQUENTIAL:
        return
    db.session.execute(
        update(AttemptItem)
        .where(AttemptItem.attempt_id == attempt.id, AttemptItem.position == position)
        .values(flagged=flagged)
    )


def refuse_closed(attempt: Attempt, at: datetime) -> None:
    """Raise AlreadySubmitted or TimeIsOver when the attempt takes no more answers."""
    if attempt.state != OPEN:
        raise AlreadySubmitted if attempt.closed_by == "learner" else TimeIsOver
    if is_late(at, attempt.deadline, attempt.quiz_version.grace_seconds):
        raise TimeIsOver


def current_of(attempt: Attempt) -> int:
    """Return the position that a sequential attempt is at: the last question that was opened."""
    opened = select(func.max(AttemptItem.position)).where(
        AttemptItem.attempt_id == attempt.id, AttemptItem.opened_at.is_not(None)
    )
    return db.session.scalar(opened) or 1


def _locked(item: Row[Any], here: int | None, tries: int, quiz_id: int) -> LazyString | None:
    """Return why a question takes no answer now, None when it does; `here` is where a sequential attempt is."""
    if here is not None and item.position != here:
        return LEFT if item.position < here else NOT_YET
    if tries < 2 or not item.tried:
        return None
    return SETTLED if is_settled(tried_now(quiz_id, [item])[item.id].tries, tries) else None


@cache
def _wanted() -> Select[Any]:
    """Return the query of `_items`, built once: every save asks it."""
    columns = (
        AttemptItem.id,
        AttemptItem.position,
        AttemptItem.paper,
        AttemptItem.response,
        AttemptItem.saved_sequence,
        AttemptItem.saved_at,
        AttemptItem.saved_by,
        AttemptItem.client_sequence,
        AttemptItem.confidence,
        AttemptItem.tried,
        QuestionVersion.id.label("version_id"),
        QuestionVersion.type,
        QuestionVersion.content,
    )
    return (
        select(*columns)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(
            AttemptItem.attempt_id == bindparam("attempt_id"),
            AttemptItem.position.in_(bindparam("positions", expanding=True)),
        )
    )


def _items(attempt_id: int, positions: Sequence[int]) -> dict[int, Row[Any]]:
    found = db.session.execute(_wanted(), {"attempt_id": attempt_id, "positions": positions})
    return {row.position: row for row in found}


def _judge(
    item: Row[Any], answer: Answer, client_key: str, client_sequence: int, locked: LazyString | None, sure: int | None
) -> tuple[Verdict, Response | None, str]:
    """Return what to do with an answer, the response to store and, when it is not kept, why."""
    try:
        response = _read(item, answer)
    except BadResponse as bad:
        return "refused", None, bad.for_reader()
    if answer.form is not None and response == (item.response or None) and sure == item.confidence:
        return "repeat", None, ""  # a form carries every answer of its page, changed or not
    if locked is not None:
        return "refused", None, str(locked)
    if item.saved_by == client_key:
        order = accept_save(item.client_sequence, client_sequence)
        if order == "store":
            return "saved", response, ""
        return ("repeat", None, "") if order == "repeat" else ("newer", None, AnsweredElsewhere().for_reader())
    if item.saved_sequence > (answer.known or 0):
        return "newer", None, AnsweredElsewhere().for_reader()
    return "saved", response, ""


def _read(item: Row[Any], answer: Answer) -> Response | None:
    question = kind(item.type)
    if answer.form is not None:
        return question.read(answer.form, item.content, item.paper, answer.prefix)
    return question.clean(answer.raw, item.content, item.paper)


def _receipt(kept: Sequence[Kept], attempt: Attempt, at: datetime, before: str | None) -> Receipt:
    """The newest receipt among the answers that are kept; without one, the attempt's newest."""
    stamped = [(item.sequence, item.saved_at) for item in kept if item.saved_at and item.verdict != "refused"]
    sequence, saved_at = max(stamped, default=(attempt.sequence, at))
    return Receipt(sequence, saved_at, tuple(kept), before)
