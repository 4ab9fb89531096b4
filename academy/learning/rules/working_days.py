"""Which days an organisation works, and how due days are reckoned in its calendar."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from academy.base.dates import RIYADH

DAY = timedelta(days=1)
FRIDAY, SATURDAY = 4, 5
USUAL_WEEKEND = frozenset({FRIDAY, SATURDAY})
USUAL_HOURS = time(7, 30), time(14, 30)
LONGEST_ENTRY, FARTHEST = 62, 1000
NEVER, FIXED, DAYS, WORKING_DAYS = "never", "fixed", "days", "working_days"


@dataclass(frozen=True)
class WorkCalendar:
    """The weekend (0 is Monday) and the spans of holidays (first and last day) of an organisation."""

    weekend: frozenset[int] = USUAL_WEEKEND
    holidays: tuple[tuple[date, date], ...] = ()
    _merged: tuple[tuple[date, date], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_merged", tuple(_merge(self.holidays)))

    def works_on(self, day: date) -> bool:
        """Whether people work on a day."""
        return day.weekday() not in self.weekend and not self._is_holiday(day)

    def first_working(self, day: date) -> date:
        """Return the day itself if it is worked, else the next one that is."""
        while not self.works_on(day):
            day += DAY
        return day

    def after(self, day: date, count: int) -> date:
        """Return the working day that is the `count`th after a day; the day itself does not count."""
        for _each in range(count):
            day = self.first_working(day + DAY)
        return self.first_working(day)

    def last_working(self, day: date) -> date:
        """Return the day itself if it is worked, else the last one before it that is."""
        while not self.works_on(day):
            day -= DAY
        return day

    def _is_holiday(self, day: date) -> bool:
        at = bisect_right(self._merged, (day, date.max)) - 1
        return at >= 0 and day <= self._merged[at][1]


def _merge(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Join spans that overlap, so that looking up a day asks one of them."""
    merged: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


@dataclass(frozen=True)
class WorkHours:
    """When an organisation works, by Riyadh's clock: its days, its usual hours, and the spans of days with shorter ones."""

    calendar: WorkCalendar = WorkCalendar()
    usual: tuple[time, time] = USUAL_HOURS
    shorter: tuple[tuple[date, date, time, time], ...] = ()

    def on(self, day: date) -> tuple[time, time] | None:
        """Return when it opens and closes on a day; None on a day of rest. Of spans that overlap the later one counts."""
        if not self.calendar.works_on(day):
            return None
        spans = [(first, opens, closes) for first, last, opens, closes in self.shorter if first <= day <= last]
        return max(spans)[1:] if spans else self.usual

    def after_pause(self, moment: datetime) -> datetime:
        """Return when it opens next for a moment at which it is closed, else the moment itself."""
        local = moment.astimezone(RIYADH)
        day, hour = local.date(), local.time()
        hours = self.on(day)
        if hours is not None and hour < hours[1]:
            return moment if hour >= hours[0] else datetime.combine(day, hours[0], RIYADH)
        following = self.calendar.first_working(day + DAY)
        opens, _closes = self.on(following) or self.usual
        return datetime.combine(following, opens, RIYADH)


@dataclass(frozen=True, slots=True)
class DueRule:
    """By when something is due: never, on a fixed day, or so many days or working days after it was assigned."""

    kind: str = NEVER
    day: date | None = None
    count: int | None = None

    @property
    def is_sound(self) -> bool:
        """Whether it has what its kind asks for and nothing else."""
        counted = self.kind in (DAYS, WORKING_DAYS)
        known = self.kind in (NEVER, FIXED, DAYS, WORKING_DAYS)
        in_range = self.count is None or 1 <= self.count <= FARTHEST
        return known and in_range and counted == (self.count is not None) and (self.kind == FIXED) == bool(self.day)

    def due_on(self, start: date, calendar: WorkCalendar) -> date | None:
        """Return the due day of what begins on a day. Only working days are held to the calendar."""
        if self.kind == FIXED:
            return self.day
        if self.kind == DAYS:
            return start + timedelta(days=self.count or 0)
        return calendar.after(start, self.count or 0) if self.kind == WORKING_DAYS else None
