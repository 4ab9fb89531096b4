"""The calendars of organisations, for pages and for reckoning due days."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import ColumnElement, select

from academy.accounts.models import Organisation
from academy.base import clock
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.learning.models import HOLIDAY, SHORT_HOURS, CalendarEntry, WorkWeek
from academy.learning.rules.working_days import USUAL_HOURS, USUAL_WEEKEND, WorkCalendar, WorkHours


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A holiday or a time of shorter hours."""

    id: int
    kind: str
    first_on: date
    last_on: date
    name: LocalizedText
    opens: time | None
    closes: time | None

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """Everything about the calendar of an organisation."""

    weekend: frozenset[int]
    opens: time
    closes: time
    entries: tuple[EntryRow, ...]

    def of_kind(self, kind: str) -> list[EntryRow]:
        """Return the entries of a kind."""
        return [entry for entry in self.entries if entry.kind == kind]


def work_calendar(organisation_id: int) -> WorkCalendar:
    """Return the calendar in which an organisation's due days are reckoned (two statements)."""
    return work_hours(organisation_id).calendar


def work_hours(organisation_id: int) -> WorkHours:
    """Return when an organisation works (two statements)."""
    return hours_of(calendar_page(organisation_id))


def hours_of(page: CalendarPage) -> WorkHours:
    """Return the hours that a calendar says."""
    holidays = sorted((entry.first_on, entry.last_on) for entry in page.of_kind(HOLIDAY))
    shorter = [
        (entry.first_on, entry.last_on, entry.opens, entry.closes)
        for entry in page.of_kind(SHORT_HOURS)
        if entry.opens is not None and entry.closes is not None
    ]
    return WorkHours(WorkCalendar(page.weekend, tuple(holidays)), (page.opens, page.closes), tuple(sorted(shorter)))


def calendar_page(organisation_id: int) -> CalendarPage:
    """Return the calendar of an organisation for its page: what is coming in order, then what is past (two statements)."""
    week = db.session.get(WorkWeek, organisation_id)
    columns = (
        CalendarEntry.id, CalendarEntry.kind, CalendarEntry.first_on, CalendarEntry.last_on, CalendarEntry.name,
        CalendarEntry.opens, CalendarEntry.closes,
    )  # fmt: skip
    mine = select(*columns).where(CalendarEntry.organisation_id == organisation_id)
    rows = db.session.execute(mine.order_by(CalendarEntry.first_on, CalendarEntry.id))
    today = riyadh_day(clock.now())
    entries = _coming_first([EntryRow(*row) for row in rows], today)
    if week is None:
        return CalendarPage(USUAL_WEEKEND, *USUAL_HOURS, entries)
    return CalendarPage(frozenset(int(day) for day in week.weekend), week.opens, week.closes, entries)


def _coming_first(entries: list[EntryRow], today: date) -> tuple[EntryRow, ...]:
    """Order entries as they come; those that are over follow, the latest of them first."""
    coming = [entry for entry in entries if entry.last_on >= today]
    past = [entry for entry in entries if entry.last_on < today]
    return (*coming, *past[::-1])


def calendar_owners(which: ColumnElement[bool]) -> list[tuple[int, LocalizedText]]:
    """Return the organisations whose calendars somebody keeps, by their age."""
    query = select(Organisation.id, Organisation.name).where(which, Organisation.active).order_by(Organisation.id)
    return [(row.id, row.name) for row in db.session.execute(query)]


def calendar_owner(organisation_id: int) -> Organisation | None:
    """Return the organisation that a calendar belongs to."""
    return db.session.get(Organisation, organisation_id)


def calendar_entry(entry_id: int) -> CalendarEntry | None:
    """Return an entry by id."""
    return db.session.get(CalendarEntry, entry_id)
