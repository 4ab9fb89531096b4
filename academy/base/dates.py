"""Days and moments as they are shown and typed, in the Hijri (Umm al-Qura) and Gregorian calendars; Riyadh's clock."""

import re
from calendar import monthrange
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal

from hijridate import Gregorian, Hijri

from academy.base.numbers import show_digits, to_ascii_digits

Calendar = Literal["hijri", "gregorian", "both"]

# Riyadh has kept UTC+3 without daylight saving since 1947, so no time zone database is needed.
RIYADH = timezone(timedelta(hours=3), "Asia/Riyadh")

_ARABIC_MONTHS = """
    يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
"""
_ENGLISH_MONTHS = """
    January February March April May June July August September October November December
"""
_GREGORIAN_MONTHS = {"ar": _ARABIC_MONTHS.split(), "en": _ENGLISH_MONTHS.split()}
_HIJRI_MONTHS = {
    language: [Hijri(1446, month, 1).month_name(language) for month in range(1, 13)] for language in ("ar", "en")
}
MONTH_NAMES = tuple(name for names in (_GREGORIAN_MONTHS, _HIJRI_MONTHS) for each in names.values() for name in each)
_TYPED = re.compile(
    r"(\d{1,4})\s*[-/.\u060d]\s*(\d{1,2})\s*[-/.\u060d]\s*(\d{1,4})\s*(?:هـ|ه|م|AH|H|CE)?", re.IGNORECASE
)
_HIDDEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def _language(language: str) -> str:
    """The language whose month names are used: Arabic unless English is asked for."""
    return "en" if language.lower().startswith("en") else "ar"


@lru_cache(maxsize=4096)
def _hijri(day: date) -> tuple[int, int, int] | None:
    """Year, month and day in the Umm al-Qura calendar; None outside 1343-1500 AH (1924-08-01 to 2077-11-16)."""
    try:
        year, month, of_month = Gregorian.fromdate(day).to_hijri().datetuple()
    except (OverflowError, ValueError):
        return None
    return year, month, of_month


def in_ramadan(day: date) -> bool:
    """Whether a day lies in Ramadan by the Umm al-Qura calendar; no day outside its table does."""
    parts = _hijri(day)
    return parts is not None and parts[1] == 9


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; a day that the later month lacks becomes its last. ValueError beyond the year 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > MAXYEAR:
        raise ValueError("The day lies beyond the calendar.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def firsts_of_months(today: date, count: int) -> list[date]:
    """Return the first days of the last months, the present one last."""
    number = today.year * 12 + today.month - 1
    return [date((number - back) // 12, (number - back) % 12 + 1, 1) for back in range(count - 1, -1, -1)]


def riyadh_day(moment: datetime) -> date:
    """The day it is in Riyadh at an aware moment; ValueError for a moment without time zone."""
    return _in_riyadh(moment).date()


def _in_riyadh(moment: datetime) -> datetime:
    """An aware moment on Riyadh's clock."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(RIYADH)


def _show_gregorian(day: date, language: str) -> str:
    """«20 مارس 2026» or «20 March 2026»."""
    return f"{day.day} {_GREGORIAN_MONTHS[language][day.month - 1]} {day.year}"


def _show_hijri(parts: tuple[int, int, int], language: str) -> str:
    """«1 شوال 1447هـ» or «1 Shawwal 1447 AH»."""
    year, month, day = parts
    return f"{day} {_HIJRI_MONTHS[language][month - 1]} {year}" + ("هـ" if language == "ar" else " AH")


def show_day(value: date | datetime, *, language: str, digits: str, calendar: str) -> str:
    """Show a day (of a moment: its day in Riyadh) in `hijri`, `gregorian` or `both`; Gregorian outside 1343-1500 AH.

    With both, Arabic has Hijri first and Gregorian in brackets (marked م), English the other way round.
    """
    day = riyadh_day(value) if isinstance(value, datetime) else value
    language = _language(language)
    gregorian = _show_gregorian(day, language)
    parts = _hijri(day) if calendar in ("hijri", "both") else None
    if parts is None:
        shown = gregorian
    elif calendar == "hijri":
        shown = _show_hijri(parts, language)
    elif language == "ar":
        shown = f"{_show_hijri(parts, language)} ({gregorian}م)"
    else:
        shown = f"{gregorian} ({_show_hijri(parts, language)})"
    return show_digits(shown, digits)


def month_and_year(day: date, *, language: str, digits: str) -> tuple[str, str]:
    """Name the Gregorian month of a day, short, and its year: («مارس», «2026م»), ("Mar", "2026")."""
    language = _language(language)
    name = _GREGORIAN_MONTHS[language][day.month - 1]
    year = show_year(day.year, language=language, digits=digits, calendar="gregorian")
    return name[:3] if language == "en" else name, year


def show_month(day: date, *, language: str, digits: str) -> str:
    """Show the Gregorian month of a day with its year, marked as such in Arabic: «نوفمبر 2026م», "November 2026"."""
    language = _language(language)
    shown = f"{_GREGORIAN_MONTHS[language][day.month - 1]} {day.year}"
    return show_digits(f"{shown}م" if language == "ar" else shown, digits)


def show_moment(value: datetime, *, language: str, digits: str, calendar: str) -> str:
    """Show an aware moment as its day and 24-hour time in Riyadh: «20 مارس 2026، 14:05»."""
    local = _in_riyadh(value)
    day = show_day(local, language=language, digits=digits, calendar=calendar)
    comma = "،" if _language(language) == "ar" else ","
    return f"{day}{comma} {show_digits(f'{local:%H:%M}', digits)}"


def end_of_day(day: date) -> datetime:
    """The last second of the day in Riyadh, in UTC: 20:59:59 of that day."""
    return datetime.combine(day, time(23, 59, 59), RIYADH).astimezone(UTC)


def day_distance(day: date, today: date) -> int:
    """Days from today until the day; negative when it has passed."""
    return (day - today).days


def _of_hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Hijri date, None when there is no such day or the table does not reach it."""
    try:
        return date(*Hijri(year, month, day).to_gregorian().datetuple())
    except (OverflowError, ValueError):
        return None


def year_of(day: date, calendar: str) -> int:
    """The year of a day in `hijri` or `gregorian`; the Gregorian one where the Hijri tables do not reach."""
    parts = _hijri(day) if calendar == "hijri" else None
    return parts[0] if parts else day.year


def span_of_year(year: int, calendar: str) -> tuple[date, date] | None:
    """The first and the last day of a year in `hijri` or `gregorian`; None for a year that is not in the calendar."""
    make = _of_hijri if calendar == "hijri" else _of_gregorian
    first, after = make(year, 1, 1), make(year + 1, 1, 1)
    return (first, after - timedelta(days=1)) if first and after else None


def show_year(year: int, *, language: str, digits: str, calendar: str) -> str:
    """Show a year with its calendar: «1448هـ» or «2026م», "1448 AH" or "2026"."""
    arabic = _language(language) == "ar"
    mark = ("هـ" if arabic else " AH") if calendar == "hijri" else ("م" if arabic else "")
    return show_digits(f"{year}{mark}", digits)


def _of_gregorian(year: int, month: int, day: int) -> date | None:
    """The day, None when there is none such or the year is not between 1900 and 2199."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_day(text: str) -> date | None:
    """Read a typed day: 2026-03-20, 20/3/2026 or 1447/10/1, in any digits; None when it is not one.

    The year has four digits and stands first or last; years 1300-1599 are Hijri.
    """
    typed = _TYPED.fullmatch(to_ascii_digits(_HIDDEN.sub("", text[:100])).strip())
    if typed is None:
        return None
    first, month, last = typed.groups()
    if (len(first) == 4) == (len(last) == 4):
        return None
    year, day = (first, last) if len(first) == 4 else (last, first)
    if len(day) > 2:
        return None
    make = _of_hijri if 1300 <= int(year) <= 1599 else _of_gregorian
    return make(int(year), int(month), int(day))
