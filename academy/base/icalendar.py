"""Calendars as other programs read them: iCalendar, RFC 5545."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_OCTETS = 75
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry: a whole day, or a moment. `uid` stays the same as long as it is the same entry."""

    uid: str
    title: str
    at: date | datetime
    address: str


def calendar(name: str, events: Iterable[Event], *, written_at: datetime) -> str:
    """Return a calendar of events: lines end in CRLF and none is longer than 75 octets."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CX Academy//Due days//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for event in events:
        lines += _event(event, written_at)
    return "".join(f"{fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(event: Event, written_at: datetime) -> list[str]:
    if isinstance(event.at, datetime):
        times = [f"DTSTART:{_moment(event.at)}"]
    else:
        following = event.at + timedelta(days=1)
        times = [f"DTSTART;VALUE=DATE:{event.at:%Y%m%d}", f"DTEND;VALUE=DATE:{following:%Y%m%d}"]
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_moment(written_at)}",
        *times,
        f"SUMMARY:{_escaped(event.title)}",
        f"URL:{event.address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """A text value: backslash, comma, semicolon and line breaks are escaped, other controls left out."""
    said = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    said = re.sub("\r\n|[\r\n\u2028\u2029\u0085]", "\\\\n", said)
    return _HIDDEN.sub("", said).encode("utf-8", "ignore").decode()


def fold(line: str) -> str:
    """Break a line into pieces of at most 75 octets, never inside a character; each further piece begins with a space."""
    pieces, piece, octets = [], "", 0
    for sign in line:
        size = len(sign.encode("utf-8"))
        if octets + size > LINE_OCTETS:
            pieces.append(piece)
            piece, octets = "", 1
        piece, octets = piece + sign, octets + size
    return "\r\n ".join([*pieces, piece])
