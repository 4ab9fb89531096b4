"""The variables of letters: what each one means, and an example of it. A slice above adds those of its own kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from academy.base.i18n import _l, ngettext
from academy.base.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Value:
    """A variable: what it stands for, for those who write letters, and an example for their preview."""

    meaning: Any
    example: object


@dataclass(frozen=True, slots=True)
class Phrase:
    """A number and its noun as one phrase, right in both languages: `of` names the number, `say` words it.

    `say` is given the number, and how it is written for the reader.
    """

    meaning: Any
    of: str
    say: Callable[[int, str], str]


VALUES: dict[str, Value] = {}
PHRASES: dict[str, Phrase] = {}


def add_value(name: str, meaning: Any, example: object) -> None:
    """Say what a variable means, and what an example of it is."""
    VALUES[name] = Value(meaning, example)


def add_phrase(name: str, meaning: Any, of: str, say: Callable[[int, str], str]) -> None:
    """Offer a number with its noun as one phrase."""
    PHRASES[name] = Phrase(meaning, of, say)


def phrases_of(names: set[str]) -> set[str]:
    """Return the phrases that can be said with these variables."""
    return {name for name, phrase in PHRASES.items() if phrase.of in names}


_DAY, _MOMENT = date(2027, 2, 1), datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
_COURSE = LocalizedText("أسس تجربة العميل", "Foundations of customer experience")
_PERSON = LocalizedText("منى العتيبي", "Mona Alotaibi")
_OTHER = LocalizedText("خالد الحربي", "Khalid Alharbi")
_WORDS = LocalizedText("قبل ورشة العمل القادمة.", "Before our next workshop.")

add_value("academy", _l("Name of the academy"), LocalizedText("أكاديمية تجربة العميل", "CX Academy"))
add_value("until", _l("The day or hour until which it holds"), _MOMENT)
add_value("opens", _l("The day from which it is possible"), _DAY)
add_value("since", _l("Since when it has been waiting"), _DAY)
add_value("moment", _l("When it happened"), _MOMENT)
add_value("day", _l("The day it happened"), _DAY)
add_value("course", _l("Name of the course"), _COURSE)
add_value("quiz", _l("Name of the quiz"), LocalizedText("اختبار الوحدة الأولى", "Quiz of the first unit"))
add_value("programme", _l("Name of the programme"), LocalizedText("برنامج رواد الخدمة", "Service leaders"))
add_value("thing", _l("Name of the course or programme"), _COURSE)
add_value(
    "rule", _l("Name of the rule of duties that does not apply any more"), LocalizedText("تكليف المستجدين", "Newcomers")
)
add_value("title", _l("Title of what it is about"), LocalizedText("ورشة رحلة المستفيد", "Workshop on journeys"))
add_value("opening", _l("How the announcement begins"), _WORDS)
add_value("by", _l("Who did it"), _PERSON)
add_value("manager", _l("Name of the manager"), _PERSON)
add_value("deputy", _l("Name of the deputy"), _OTHER)
add_value("first", _l("The first day"), _DAY)
add_value("last", _l("The last day"), date(2027, 2, 11))
add_value("due", _l("The due day"), _DAY)
add_value("hours", _l("The working hours of the due day"), "10:00–15:00")
add_value("worked", _l("The last working day before the due day, where that is a day off"), _DAY)
add_value("note", _l("A note that somebody wrote"), _WORDS)
add_value("reason", _l("The reason that was given"), _WORDS)
add_value("done", _l("Share completed so far"), Fraction(2, 5))
add_value("number", _l("Number of the certificate"), "CX-2027-00042")
add_value("people", _l("Names of the people, with their courses"), LocalizedText(
    "خالد الحربي (أسس تجربة العميل)", "Khalid Alharbi (Foundations of customer experience)"
))  # fmt: skip
add_value("count", _l("How many people, as a bare number"), 3)
add_value("more", _l("How many more people, as a bare number"), 2)


def _people(number: int, shown: str) -> str:
    return ngettext("%(count)s person", "%(count)s people", number, count=shown)


add_phrase("count_people", _l("How many people, as a phrase: 3 people"), "count", _people)
add_phrase("more_people", _l("How many more people, as a phrase: 2 people"), "more", _people)
