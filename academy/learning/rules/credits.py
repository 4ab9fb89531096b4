"""Credited hours by year and within a period, in the Hijri or the Gregorian calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from academy.base.dates import span_of_year, year_of

CALENDARS = ("hijri", "gregorian")
NOTHING = Decimal(0)


class Credited(Protocol):
    """Something that credited hours on a day."""

    @property
    def on(self) -> date:
        """The day."""

    @property
    def hours(self) -> Decimal:
        """How many."""


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; an end that is None is open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a calendar, with how many courses credited how many hours in it."""

    number: int
    courses: int
    hours: Decimal


def usual_calendar(preferred: str, language: str) -> str:
    """Return the calendar by whose years somebody counts: as preferred; who sees both counts as their language does."""
    return preferred if preferred in CALENDARS else CALENDARS[0 if language == "ar" else 1]


def by_year(found: Sequence[Credited], calendar: str) -> list[Year]:
    """Return the years in which hours were credited, the newest first."""
    years: dict[int, list[Decimal]] = {}
    for each in found:
        years.setdefault(year_of(each.on, calendar), []).append(each.hours)
    return [Year(number, len(hours), sum(hours, NOTHING)) for number, hours in sorted(years.items(), reverse=True)]


def period_of(year: int | None, calendar: str, first: date | None, last: date | None) -> Period:
    """Return what was asked for: days outweigh a year; without either, all there is."""
    if first or last:
        return Period(first, last)
    span = span_of_year(year, calendar) if year is not None else None
    return Period(*span) if span else Period()
