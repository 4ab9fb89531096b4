"""Keeping an organisation's calendar: its week, its holidays, its shorter hours. All of it is on the trail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select

from academy.base import audit
from academy.base.dates import parse_day
from academy.base.db import db, insert_once
from academy.base.errors import Conflict, Invalid
from academy.base.i18n import _, _l, ngettext
from academy.base.text import LocalizedText, clean_line
from academy.learning.models import HOLIDAY, SHORT_HOURS, CalendarEntry, WorkWeek
from academy.learning.rules.working_days import LONGEST_ENTRY

ACT = "learning:working_days:change"
MOST_ENTRIES, MOST_LINES = 500, 60
PASTE_SOMETHING = _l("Paste at least one line.")


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """A holiday (without hours) or a time of shorter hours, as it is typed."""

    kind: str
    first_on: date
    last_on: date
    name: LocalizedText
    opens: time | None = None
    closes: time | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the trail keeps."""
        return {
            "kind": self.kind, "first_on": self.first_on.isoformat(), "last_on": self.last_on.isoformat(),
            "name": self.name.as_dict(), "opens": _clock(self.opens), "closes": _clock(self.closes),
        }  # fmt: skip


def _clock(moment: time | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None


def set_work_week(
    organisation_id: int, *, weekend: Collection[int], opens: time, closes: time, actor_id: int | None, at: datetime
) -> WorkWeek:
    """Say on which days an organisation rests and when it works. One day at least is worked."""
    rest = sorted(set(weekend))
    if not set(rest) <= set(range(7)) or len(rest) > 6:
        raise Invalid(_l("Leave at least one day of the week for work."), field="weekend")
    if opens >= closes:
        raise Invalid(_l("The day ends after it begins."), field="closes")
    values = {"weekend": rest, "opens": opens, "closes": closes, "changed_at": at}
    row, made = insert_once(
        lambda: WorkWeek(organisation_id=organisation_id, **values), lambda: db.session.get(WorkWeek, organisation_id)
    )
    before = None if made else _week(row)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    if before != _week(row):
        _record(organisation_id, before, _week(row), actor_id, at)
    return row


def _week(row: WorkWeek) -> dict[str, Any]:
    return {"weekend": list(row.weekend), "opens": _clock(row.opens), "closes": _clock(row.closes)}


def add_entry(organisation_id: int, details: EntryDetails, *, actor_id: int | None, at: datetime) -> CalendarEntry:
    """Add a holiday or a time of shorter hours. Two of a kind do not begin on the same day."""
    _check(details)
    mine = CalendarEntry.organisation_id == organisation_id
    if (db.session.scalar(select(func.count()).select_from(CalendarEntry).where(mine)) or 0) >= MOST_ENTRIES:
        raise Conflict(_l("This calendar is full. Remove entries of past years first."), field="first_on")
    same = mine, CalendarEntry.kind == details.kind, CalendarEntry.first_on == details.first_on
    row, made = insert_once(
        lambda: CalendarEntry(organisation_id=organisation_id, changed_at=at, **_values(details)),
        lambda: db.session.scalar(select(CalendarEntry).where(*same)),
    )
    if not made:
        raise Conflict(_l("Another entry begins on this day. Change that one."), field="first_on")
    _record(organisation_id, None, details.as_json(), actor_id, at)
    return row


def change_entry(entry: CalendarEntry, details: EntryDetails, *, actor_id: int | None, at: datetime) -> None:
    """Change an entry."""
    _check(details)
    same = CalendarEntry.organisation_id == entry.organisation_id, CalendarEntry.kind == details.kind
    other = select(CalendarEntry.id).where(*same, CalendarEntry.first_on == details.first_on)
    if db.session.scalar(other.where(CalendarEntry.id != entry.id)) is not None:
        raise Conflict(_l("Another entry begins on this day. Change that one."), field="first_on")
    before = details_of_entry(entry).as_json()
    for name, value in _values(details).items():
        setattr(entry, name, value)
    entry.changed_at = at
    db.session.flush()
    if before != details.as_json():
        _record(entry.organisation_id, before, details.as_json(), actor_id, at)


def remove_entry(entry: CalendarEntry, *, actor_id: int | None, at: datetime) -> None:
    """Take an entry out. Due days that were reckoned with it stay as they are."""
    before, organisation_id = details_of_entry(entry).as_json(), entry.organisation_id
    db.session.delete(entry)
    db.session.flush()
    _record(organisation_id, before, None, actor_id, at)


def details_of_entry(entry: CalendarEntry) -> EntryDetails:
    """Return an entry as it stands."""
    return EntryDetails(entry.kind, entry.first_on, entry.last_on, entry.name, entry.opens, entry.closes)


def read_holidays(text: str) -> list[EntryDetails]:
    """Read a small list: first day, last day (may be left out), name in Arabic and in English, a holiday a line.

    Raises WrongLines with all that cannot be read; then nothing is taken.
    """
    lines = [(number, line) for number, raw in enumerate(text.splitlines(), 1) if (line := clean_line(raw))]
    if not lines:
        raise Invalid(PASTE_SOMETHING, field="lines")
    if len(lines) > MOST_LINES:
        raise Invalid(_l("Paste at most %(most)s lines at a time."), field="lines", most=MOST_LINES)
    read = {number: _holiday(line) for number, line in lines}
    holidays = [each for each in read.values() if each and _fits(each)]
    if len(holidays) < len(read):
        raise WrongLines(
            [number for number, each in read.items() if each is None],
            [number for number, each in read.items() if each and not _fits(each)],
        )
    return holidays


class WrongLines(Invalid):
    """Lines of a list that cannot be read, and such as last too long or end before they begin; by their numbers."""

    def __init__(self, unread: list[int], misfit: list[int]) -> None:
        super().__init__(field="lines")
        self.unread, self.misfit = unread, misfit

    def for_reader(self) -> str:
        """Name all of them."""
        said = []
        if self.unread:
            said.append(ngettext(
                "Line %(lines)s cannot be read. Write first day, last day, Arabic name, English name.",
                "Lines %(lines)s cannot be read. Write first day, last day, Arabic name, English name.",
                len(self.unread), lines=_listed(self.unread),
            ))  # fmt: skip
        if self.misfit:
            said.append(ngettext(
                "Line %(lines)s: a holiday ends after it begins and lasts at most %(most)s days.",
                "Lines %(lines)s: a holiday ends after it begins and lasts at most %(most)s days.",
                len(self.misfit), lines=_listed(self.misfit), most=LONGEST_ENTRY,
            ))  # fmt: skip
        return " ".join(said)


def _listed(numbers: list[int]) -> str:
    return _(", ").join(map(str, numbers))


def _holiday(line: str) -> EntryDetails | None:
    """Read a line; None when it cannot be read."""
    parts = [part.strip() for part in line.replace("؛", ";").replace("،", ",").replace(";", ",").split(",")]
    first = parse_day(parts[0])
    second = parse_day(parts[1]) if len(parts) > 1 else None
    names = [part for part in parts[2 if second else 1 :] if part]
    if first is None or not names or len(names) > 2 or any(len(name) > 120 for name in names):
        return None
    name = LocalizedText.of(names[0]) if len(names) == 1 else LocalizedText(names[0], names[1])
    return EntryDetails(HOLIDAY, first, second or first, name)


def import_holidays(organisation_id: int, text: str, *, actor_id: int | None, at: datetime) -> tuple[int, int]:
    """Add the holidays of a list; those that begin on a day that is taken are left as they are. (added, left)"""
    holidays = read_holidays(text)
    mine = CalendarEntry.organisation_id == organisation_id, CalendarEntry.kind == HOLIDAY
    taken = set(db.session.scalars(select(CalendarEntry.first_on).where(*mine)))
    added = 0
    for details in holidays:
        if details.first_on not in taken:
            add_entry(organisation_id, details, actor_id=actor_id, at=at)
            taken.add(details.first_on)
            added += 1
    return added, len(holidays) - added


def _fits(details: EntryDetails) -> bool:
    return 0 <= (details.last_on - details.first_on).days < LONGEST_ENTRY


def _check(details: EntryDetails) -> None:
    if not details.name:
        raise Invalid(_l("Enter the name in Arabic or in English."), field="name")
    if details.last_on < details.first_on:
        raise Invalid(_l("The last day is not before the first."), field="last_on")
    if not _fits(details):
        raise Invalid(_l("An entry lasts at most %(most)s days."), field="last_on", most=LONGEST_ENTRY)
    if details.kind == SHORT_HOURS and (details.opens is None or details.closes is None):
        raise Invalid(_l("Say when the day begins and ends."), field="opens")
    if details.opens and details.closes and details.opens >= details.closes:
        raise Invalid(_l("The day ends after it begins."), field="closes")


def _values(details: EntryDetails) -> dict[str, Any]:
    names = ("kind", "first_on", "last_on", "name", "opens", "closes")
    return {name: getattr(details, name) for name in names}


def _record(
    organisation_id: int, before: dict[str, Any] | None, after: dict[str, Any] | None, actor_id: int | None, at: datetime
) -> None:  # fmt: skip
    audit.record(
        ACT, at=at, actor_id=actor_id, organisation_id=organisation_id,
        subject=("organisation", organisation_id, ""), before=before, after=after,
    )  # fmt: skip
