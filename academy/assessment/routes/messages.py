"""What travels between an attempt's page and the academy: form fields, the script's messages, receipts."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from academy.assessment.rules import LEVELS
from academy.assessment.services import Answer, Receipt
from academy.base.clock import RIYADH
from academy.base.errors import Invalid
from academy.base.i18n import _, _l
from academy.web.filters import in_digits, number

MOST_ANSWERS = 200
MOST_AWAY = 20
DAY_SECONDS = 24 * 3600
LARGEST = 2**31 - 1
_KEY = re.compile(r"[A-Za-z0-9-]{8,40}")
_SPENT = re.compile(r"([1-9][0-9]{0,3}):([1-9][0-9]{0,4})")
_SEEN = re.compile(r"seen-([1-9][0-9]{0,3})")


class BadMessage(Invalid):
    """The script's message is none that our page would send."""

    sentence = _l("The request could not be read. Reload the page and try again.")


@dataclass(frozen=True, slots=True)
class Message:
    """Answers as the script sends them; `spent` and `away` are what it noticed since it last said so, in seconds."""

    answers: list[Answer]
    client_key: str
    client_sequence: int
    spent: dict[int, int]
    away: list[int]


def _count(value: object, least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
        raise BadMessage
    return value


def read_message(body: object, attempt_id: int) -> Message:
    """Read {attempt, items, client_key, client_sequence, spent, away}. Raises BadMessage.

    `items`: [{position, response, known, confidence?}], empty when there is only time to report: `spent`
    {position: seconds}, `away` [seconds, …].
    """
    if not isinstance(body, dict) or body.get("attempt", attempt_id) != attempt_id:
        raise BadMessage
    items, key = body.get("items"), body.get("client_key")
    spent, away = _spent(body.get("spent", {})), _away(body.get("away", []))
    if not isinstance(items, list) or len(items) > MOST_ANSWERS or not (items or spent or away):
        raise BadMessage
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise BadMessage
    answers = [_answer(item) for item in items]
    if len({answer.position for answer in answers}) < len(answers):
        raise BadMessage
    return Message(answers, key, _count(body.get("client_sequence")), spent, away)


def _spent(value: object) -> dict[int, int]:
    """Read seconds by question; what is no plausible number of seconds is left out."""
    if not isinstance(value, dict) or len(value) > MOST_ANSWERS:
        raise BadMessage
    pairs = (_SPENT.fullmatch(f"{position}:{seconds}") for position, seconds in value.items())
    return {int(pair[1]): int(pair[2]) for pair in pairs if pair}


def _away(value: object) -> list[int]:
    if not isinstance(value, list) or len(value) > MOST_AWAY:
        raise BadMessage
    if not all(type(seconds) is int and 0 < seconds <= DAY_SECONDS for seconds in value):
        raise BadMessage
    return list(value)


def noticed_in(form: MultiDict[str, str]) -> tuple[dict[int, int], list[int]]:
    """Return what a form's script noticed: `spent` as "3:12,4:5", `away` as "12,40"; nonsense counts as nothing."""
    pairs = (_SPENT.fullmatch(part) for part in form.get("spent", "")[:4000].split(","))
    parts = [part for part in form.get("away", "")[:200].split(",") if re.fullmatch("[1-9][0-9]{0,4}", part)]
    spent = {int(pair[1]): int(pair[2]) for pair in pairs if pair}
    return spent, [int(part) for part in parts if int(part) <= DAY_SECONDS][:MOST_AWAY]


def _answer(item: object) -> Answer:
    if not isinstance(item, dict) or "response" not in item:
        raise BadMessage
    known, sure = item.get("known"), item.get("confidence")
    if sure is not None and _count(sure) not in LEVELS:
        raise BadMessage
    return Answer(
        _count(item.get("position")),
        item["response"],
        None if known is None else _count(known, 0),
        confidence=sure,
    )


def answers_in(form: MultiDict[str, str]) -> list[Answer]:
    """Return the answers of a plain form: every question on its page has a hidden field `seen-<position>`."""
    values = form.to_dict(flat=False)
    found = []
    for name in values:
        match = _SEEN.fullmatch(name)
        if match:
            known, sure = form.get(name, 0, type=int), form.get(f"sure-{match[1]}", type=int)
            told = sure if sure in LEVELS else None
            found.append(Answer(int(match[1]), known=known, form=values, prefix=f"a{match[1]}", confidence=told))
    return found[:MOST_ANSWERS]


def receipt_text(sequence: int, saved_at: datetime) -> str:
    """Return what is shown of a receipt: its number and the time of day in Riyadh."""
    time = in_digits(f"{saved_at.astimezone(RIYADH):%H:%M}")
    return _("· receipt %(number)s · %(time)s", number=number(sequence), time=time)


def receipt_json(receipt: Receipt, seconds_left: int | None) -> dict[str, Any]:
    """Return a receipt as the script reads it."""
    return {
        "sequence": receipt.sequence,
        "saved_at": receipt.saved_at.isoformat(),
        "said": receipt_text(receipt.sequence, receipt.saved_at),
        "seconds_left": seconds_left,
        "before": receipt.before,
        "items": [
            {
                "position": item.position,
                "verdict": item.verdict,
                "known": item.sequence,
                "answered": item.answered,
                "by": item.by,
                "message": item.message,
                "notes": " ".join(note.sentence for note in item.notes),
            }
            for item in receipt.items
        ],
    }
