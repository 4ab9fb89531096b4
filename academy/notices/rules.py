"""Pure rules of notices: how values are stored, and how they are written for one reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer

from academy.base.dates import RIYADH, show_day, show_moment
from academy.base.ids import digest
from academy.base.numbers import digits_in, format_number, format_percent, to_ascii_digits
from academy.base.text import LocalizedText, clean_line
from academy.notices.kinds_of_naming import Named

DIGESTS_FROM = time(7, 0)
FRIDAY, SATURDAY = 4, 5
BETWEEN = {"ar": "؛ "}  # and "; " elsewhere


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody reads: language, the digits they have chosen, calendar."""

    language: str
    chosen_digits: str
    calendar: str

    @property
    def digits(self) -> str:
        """The digits of what they read in this language."""
        return digits_in(self.language, self.chosen_digits)


def pack(values: Mapping[str, object]) -> dict[str, Any]:
    """Return values as JSON: localized texts, days, moments, numbers and shares (Fraction, shown in per cent) keep their kind."""
    return {name: _pack(value) for name, value in values.items() if value is not None}


def _pack(value: object) -> Any:
    match value:
        case LocalizedText():
            return {"ar": clean_line(value.ar), "en": clean_line(value.en)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Fraction():
            return {"share": str(value)}
        case Named():
            return {"named": [[number, clean_line(said.ar), clean_line(said.en)] for number, said in value.people]}
        case int() | float() | Decimal():
            return {"number": str(value)}
    return clean_line(str(value))


def written(values: Mapping[str, Any], reader: Reader, wrap: Callable[[str], str] = str) -> dict[str, str]:
    """Write packed values for a reader; names and other texts go through `wrap`, which isolates their direction."""
    return {name: _write(value, reader, wrap) for name, value in values.items()}


def _write(value: Any, reader: Reader, wrap: Callable[[str], str]) -> str:
    shown = {"language": reader.language, "digits": reader.digits, "calendar": reader.calendar}
    match value:
        case {"moment": str(iso)}:
            return show_moment(datetime.fromisoformat(iso), **shown)
        case {"day": str(iso)}:
            return show_day(date.fromisoformat(iso), **shown)
        case {"share": str(share)}:
            return format_percent(float(Fraction(share)), reader.digits)
        case {"number": str(number)}:
            return format_number(Decimal(number), reader.digits)
        case {"named": list(rows)}:
            names = [wrap(LocalizedText(arabic, english).show(reader.language)) for _id, arabic, english in rows]
            sign = BETWEEN.get(reader.language, "; ")
            return type(names[0])(sign).join(names) if names else ""  # a plain sign would make text of what is HTML
        case {"ar": _, "en": _}:
            return wrap(LocalizedText.of(value).show(reader.language))
    return wrap(str(value))


def message_id(letter: str, base_url: str) -> str:
    """Return the Message-ID of a letter from its name: the same however often it is handed in."""
    host = urlsplit(base_url).hostname or "localhost"
    return f"<{digest(letter)[:40]}@{host}>"


def stop_token(person_id: int, kind: str, secret: str) -> str:
    """Return the signed part of the address that stops a person's letters of a kind."""
    return str(_signer(secret).dumps([person_id, kind]))


def read_stop_token(token: str, secret: str) -> tuple[int, str] | None:
    """Return the person and the kind that a stop link was written for; None when it was not written by us."""
    try:
        match _signer(secret).loads(token):
            case [int(person_id), str(kind)]:
                return person_id, kind
    except BadSignature:
        pass
    return None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="notices.stop")


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who hears of a due day, in days: the person before it, then the manager and the administrator after it."""

    before: tuple[int, ...] = (14, 7, 1)
    manager_after: int = 3
    administrator_after: int = 10


MOST_STEPS, EARLIEST = 6, 90


def read_steps(typed: str) -> tuple[int, ...] | None:
    """Return the days of a typed list such as «14، 7، 1», falling and each once; None when it is not one."""
    parts = to_ascii_digits(typed).replace("،", ",").split(",") if typed.strip() else []
    days = [part.strip() for part in parts]
    if len(days) > MOST_STEPS or not all(day.isascii() and day.isdigit() and len(day) < 4 for day in days):
        return None
    steps = sorted({int(day) for day in days}, reverse=True)
    return tuple(steps) if all(1 <= step <= EARLIEST for step in steps) else None


@dataclass(frozen=True, slots=True)
class Quiet:
    """When letters that can wait are held back, by Riyadh's clock: from an hour until another, and on Friday and Saturday."""

    begins: time | None = time(20, 0)
    ends: time | None = time(7, 0)
    weekend: bool = True


class Pausing(Protocol):
    """Times at which letters wait, beside the quiet hours."""

    def after_pause(self, moment: datetime) -> datetime:
        """Return the end of the time that a moment lies in, else the moment itself."""


NEVER_QUIET = Quiet(None, None, weekend=False)
MOST_PAUSES = 100


def opening(at: datetime, quiet: Quiet, *pauses: Pausing) -> datetime:
    """Return the first moment from `at` on that is not quiet, nor in any of the pauses.

    Where these leave no moment between them, a letter is held over a hundred of them and then goes out.
    """
    local = at.astimezone(RIYADH)
    for _each in range(MOST_PAUSES):
        later = max(_after_quiet(local, quiet), *(pause.after_pause(local) for pause in pauses), local)
        if later == local:
            break
        local = later.astimezone(RIYADH)
    return local.astimezone(at.tzinfo)


def is_quiet(at: datetime, quiet: Quiet) -> bool:
    """Whether a moment lies in the quiet hours or on a quiet day."""
    local = at.astimezone(RIYADH)
    return _after_quiet(local, quiet) > local


def _after_quiet(local: datetime, quiet: Quiet) -> datetime:
    """The end of the quiet hours or day that a moment lies in, else the moment itself."""
    day, hour = local.date(), local.time()
    if quiet.weekend and local.weekday() in (FRIDAY, SATURDAY):
        return datetime.combine(day + timedelta(days=1), time(), RIYADH)
    if quiet.begins is None or quiet.ends is None:
        return local
    if quiet.begins < quiet.ends:
        return datetime.combine(day, quiet.ends, RIYADH) if quiet.begins <= hour < quiet.ends else local
    if hour >= quiet.begins:
        return datetime.combine(day + timedelta(days=1), quiet.ends, RIYADH)
    return datetime.combine(day, quiet.ends, RIYADH) if hour < quiet.ends else local


def digest_period(rhythm: str, at: datetime, quiet: Quiet) -> tuple[date, datetime] | None:
    """Return the period whose digest may be written at a moment: its first day in Riyadh, and when it began.

    Digests go out when the quiet hours end, without any at seven in the morning; the week begins on Sunday. None: not now.
    """
    local = at.astimezone(RIYADH)
    first = quiet.ends or DIGESTS_FROM
    if opening(at, quiet) > at or local.time() < first:
        return None
    day = local.date()
    if rhythm == "weekly":
        day -= timedelta(days=(day.weekday() + 1) % 7)
    return day, datetime.combine(day, first, RIYADH)
