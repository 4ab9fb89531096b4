"""What a transcript states, and which hours count: without a database, and the same for ever."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from academy.base.text import LocalizedText

NOTHING = Decimal(0)


def credited(hours: Decimal | None, *, exempted: bool) -> Decimal:
    """Return the hours that completing a course credits: those of its version; of an exemption none, for nothing was learned."""
    return NOTHING if exempted or hours is None else hours


@dataclass(frozen=True, slots=True)
class Learned:
    """A course or programme that was completed, or from which the person was exempted. `hours` is decimal text, "" for none."""

    title: LocalizedText
    issuer: LocalizedText
    on: date
    hours: str
    exempted: bool


@dataclass(frozen=True, slots=True)
class Attested:
    """A certificate with its number, and its state on the day of the transcript."""

    title: LocalizedText
    issuer: LocalizedText
    number: str
    issued_on: date
    expires_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class TranscriptFacts:
    """Everything a transcript states. How something was learned, and who the person is beside their name, is not in it."""

    number: str
    verify_url: str
    issued_on: date
    academy: LocalizedText
    holder: LocalizedText
    organisation: LocalizedText
    courses: tuple[Learned, ...]
    programmes: tuple[Learned, ...]
    certificates: tuple[Attested, ...]
    hours: str


def shown_hours(hours: Decimal) -> str:
    """Return hours as decimal text without needless zeros; "" for none."""
    return f"{hours.normalize():f}" if hours else ""


def total(courses: Iterable[Learned]) -> str:
    """Return the hours of all courses; programmes consist of them and add none."""
    return shown_hours(sum((Decimal(each.hours) for each in courses if each.hours), NOTHING)) or "0"
