"""How values are written on a page: in the reader's language, digits and calendar, with mixed text isolated."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any

from flask import Flask
from flask_babel import LazyString
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from academy.base import clock
from academy.base.dates import MONTH_NAMES, month_and_year, show_day, show_moment, show_month
from academy.base.formulas import formulas, isolating_tag
from academy.base.i18n import _, current_language, direction, ngettext
from academy.base.markdown import render, words_of
from academy.base.numbers import digits_in, format_number, format_percent, in_figures
from academy.base.text import LocalizedText, has_arabic, initials
from academy.web.identity import current_actor

_DAY = rf"\(?\d{{1,2}} (?:{'|'.join(re.escape(escape(name)) for name in MONTH_NAMES)}) \d{{4}}(?:هـ|م| AH)?\)?"
_PARTED = re.compile(rf"({_DAY})|\u2066?\+?\d+(?:[ /-]\d+)+\u2069?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_TAG = re.compile("(<[^>]*>)")


def digits() -> str:
    """Return the reader's digits in the language of the page: "latn" or "arab"."""
    visitor = current_actor()
    return digits_in(current_language(), visitor.digits) if visitor else "latn"


def calendar() -> str:
    """Return the reader's calendar."""
    visitor = current_actor()
    return visitor.calendar if visitor else "both"


def text(value: LocalizedText | None) -> str | Markup:
    """Show an authored text in the reader's language, else the other one, marked with its language and direction."""
    if value is None:
        return ""
    language = current_language()
    its_language = value.language_shown(language)
    shown = in_figures(value.en if its_language == "en" else value.ar, digits())
    if its_language == "ar":
        shown = with_formulas(shown)
    if its_language == language or not shown:
        return shown
    return Markup('<span lang="{}" dir="{}">{}</span>').format(its_language, direction(its_language), shown)


def with_formulas(shown: str) -> str | Markup:
    """Keep the formulas of an Arabic text left to right: −100, (110 − 40) ÷ 200."""
    pieces, before, found = [], 0, formulas(shown)
    if not has_arabic(shown) and found != ((0, len(shown)),):
        return shown
    for start, end in found:
        formula, tag = shown[start:end], isolating_tag(shown[start:end])
        pieces += [escape(shown[before:start]), Markup('<{0} dir="ltr">{1}</{0}>').format(tag, formula)]
        before = end
    return Markup("").join([*pieces, escape(shown[before:])]) if pieces else shown


def localized(value: object) -> LocalizedText:
    """Return a text as contents keep it, {"ar": …, "en": …}, ready to be shown."""
    return LocalizedText.of(value)  # type: ignore[arg-type]


def plain(value: LocalizedText | None) -> str:
    """Show an authored text without markup, for titles and attributes."""
    return in_figures(value.show(current_language()), digits()) if value else ""


def bdi(value: object) -> Markup:
    """Isolate a name or code inside a sentence, so that neither disturbs the other's direction."""
    return Markup("<bdi>{}</bdi>").format(value)


def language_of(value: str) -> str:
    """Return the language in which somebody typed: that of most letters, the reader's where there are none."""
    letters = [letter for letter in value if letter.isalpha()]
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in letters)
    if not letters:
        return current_language()
    return "ar" if 2 * arabic > len(letters) else "en"


def typed(value: str | None) -> str | Markup:
    """Show what somebody typed, marked with its language when that is not the reader's: a voice reads it as it is meant."""
    if not value or (its_language := language_of(value)) == current_language():
        return value or ""
    return Markup('<span lang="{}" dir="{}">{}</span>').format(its_language, direction(its_language), value)


def unbroken(sentence: object) -> Markup:
    """Keep each number and date of a sentence on one line: +966 51 234 5678, 2027-03-01.

    A day in words is kept together on paper alone (print.css), and breaks between two calendars.
    """
    parts = _TAG.split(str(escape(sentence)))  # every second one is a tag
    parts[::2] = [_PARTED.sub(_kept, words) for words in parts[::2]]
    return Markup("".join(parts))


def _kept(found: re.Match[str]) -> str:
    return f'<span class="{"day-whole" if found[1] else "text-nowrap"}">{found[0]}</span>'


def breakable(address: str) -> Markup:
    """Let an e-mail address break at its signs and nowhere within a word."""
    return Markup("<wbr>").join(re.split(r"(?<=[@._-])", address))


def number(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """Show a number in the reader's digits."""
    return "" if value is None else format_number(value, digits(), decimals)


def minutes(value: int) -> str:
    """Say a number of minutes in words."""
    return _minutes(int(value), current_language(), digits())


@lru_cache(maxsize=4096)
def _minutes(value: int, _language: str, digits: str) -> str:
    """The words, kept for each language and script: an outline says them for every line."""
    return ngettext("%(num)s minute", "%(num)s minutes", value, num=format_number(value, digits))


def percent(fraction: float | Decimal | None) -> str:
    """Show a fraction between 0 and 1 as a percentage."""
    return "" if fraction is None else format_percent(fraction, digits())


def score(fraction: float | Decimal | Fraction | None) -> str:
    """Show a score between 0 and 1 as a percentage, rounded down everywhere: nobody is shown 70 who failed with 69.6."""
    if fraction is None:
        return ""
    exact = Fraction(str(round(fraction, 9))) if isinstance(fraction, float) else Fraction(fraction)
    return format_percent(Decimal(floor(exact * 100)) / 100, digits())


def share(fraction: float | Decimal | None) -> str:
    """Show how much of a whole is so as a percentage: 100% only when all of it is, however little is missing."""
    return percent(0.99 if fraction is not None and 0.99 < fraction < 1 else fraction)


def file_size(size: int) -> str:
    """Say how large a file is: kilobytes, from a million bytes on megabytes; never nothing."""
    if size < 1_000_000:
        return _("%(size)s KB", size=number(max(1, (size + 999) // 1000)))
    return _("%(size)s MB", size=number(size / 1_000_000, 1 if size % 1_000_000 else None))


def day(value: date | datetime | None) -> str:
    """Show a day in the reader's calendar."""
    return "" if value is None else show_day(value, language=current_language(), digits=digits(), calendar=calendar())


def month(value: date) -> str:
    """Show a Gregorian month by its name, for readers of every calendar: figures are kept by these months."""
    return show_month(value, language=current_language(), digits=digits())


def month_name(value: date) -> tuple[str, str]:
    """Show a Gregorian month by its short name, and its year, for the foot of a chart."""
    return month_and_year(value, language=current_language(), digits=digits())


def moment(value: datetime | None) -> str:
    """Show a day and a time of day in Riyadh."""
    if value is None:
        return ""
    return show_moment(value, language=current_language(), digits=digits(), calendar=calendar())


def ago(value: datetime | None) -> str:
    """Say how long ago something was, in words."""
    if value is None:
        return _("never")
    minutes = int((clock.now() - value).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        said = ngettext("%(num)d minute ago", "%(num)d minutes ago", minutes)
    elif minutes < 24 * 60:
        said = ngettext("%(num)d hour ago", "%(num)d hours ago", minutes // 60)
    elif minutes < 60 * 24 * 60:
        said = ngettext("%(num)d day ago", "%(num)d days ago", minutes // (24 * 60))
    else:
        return day(value)
    return in_digits(said)


def in_digits(said: str) -> str:
    """Put the digits of a finished sentence into the reader's digits."""
    return _THOUSANDS.sub("٬", said).translate(_ARABIC) if digits() == "arab" else said


def markdown(source: LocalizedText | str | None) -> Markup:
    """Render authored Markdown as safe HTML; a localized one in the reader's language."""
    if source is None:
        return Markup("")
    if isinstance(source, str):
        return Markup(render(source, table_label=_("Table")))
    language = current_language()
    shown = Markup(render(source.show(language), table_label=_("Table")))
    its_language = source.language_shown(language)
    if its_language == language:
        return shown
    return Markup('<div lang="{}" dir="{}">{}</div>').format(its_language, direction(its_language), shown)


def as_json(value: object) -> Markup:
    """Write data into a script element so that nothing in it can close the element."""
    raw = json.dumps(value, ensure_ascii=False)
    return Markup(raw.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def is_sentence(value: object) -> bool:
    """Whether a form's error is something to say: text, translated now or when it is shown; not the errors of rows below."""
    return isinstance(value, str | LazyString)


def _asked_each_time(shows: Callable[..., Any]) -> Callable[..., Any]:
    """Keep Jinja from working out 4000|number once, when it compiles a template, for whoever reads it first."""

    @pass_context
    def shown(_context: Context, *values: Any, **how: Any) -> Any:
        return shows(*values, **how)

    return shown


def install(app: Flask) -> None:
    """Make the filters known to every template."""
    of_the_reader: dict[str, Callable[..., Any]] = {
        "text": text, "plain": plain, "typed": typed, "number": number, "percent": percent, "score": score, "share": share, "file_size": file_size,
        "day": day, "month": month, "month_name": month_name, "moment": moment, "ago": ago, "markdown": markdown, "in_digits": in_digits,
    }  # fmt: skip
    same_for_all = {
        "language_of": language_of, "localized": localized, "bdi": bdi, "breakable": breakable, "unbroken": unbroken, "unmarked": words_of, "initials": initials, "json": as_json, "e": escape,
    }  # fmt: skip
    app.jinja_env.filters.update(same_for_all)
    app.jinja_env.filters.update({name: _asked_each_time(shows) for name, shows in of_the_reader.items()})
    app.jinja_env.tests["sentence"] = is_sentence
    app.jinja_env.globals.update(minutes_in_words=minutes)
