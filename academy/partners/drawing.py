"""Draws a signed roster from its own facts as a PDF in both languages, signed with the academy's key and kept."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno

from academy.base import place
from academy.base.dates import riyadh_day, show_day
from academy.base.i18n import in_language
from academy.base.numbers import show_digits
from academy.base.text import LocalizedText
from academy.credentials import queries_of_press as press
from academy.partners.models import ServingRoster
from academy.partners.naming import may_in_words, why_in_words
from academy.partners.rules import May, Verdict, Why

TEMPLATE: Final = Path(__file__).parent / "roster.typ"
SOURCES: Final = (TEMPLATE, Path(__file__))
LONGEST: Final = 160
CODE: Final = 16
DIGITS: Final = {"ar": "arab", "en": "latn"}


def draw(roster: ServingRoster) -> bytes:
    """Return a signed roster as a PDF that carries the academy's signature, the same bytes every time."""
    return press.paper(
        "rosters", SOURCES, {"digest": roster.digest}, lambda: sheet(roster), day=riyadh_day(roster.made_at),
        reason=f"Serving roster {roster.number}",
    )  # fmt: skip


def check_code(roster: ServingRoster) -> str:
    """Return the beginning of the signature, as the paper and the register show it."""
    code = roster.digest[:CODE].upper()
    return "-".join(code[start : start + 4] for start in range(0, CODE, 4))


def verify_url(number: str) -> str:
    """Return the public address of a signed roster."""
    return f"{place.base_url()}/verify/roster/{number.replace('-', '')}"


def sheet(roster: ServingRoster) -> dict[str, object]:
    """Return what the template prints."""
    lines = roster.facts["lines"]
    url = verify_url(roster.number)
    return {
        "partner": _both(LocalizedText.of(roster.facts["partner"])),
        "day": _day(roster.on_day),
        "made": _day(riyadh_day(roster.made_at)),
        "agreement": _clean(roster.facts["agreement"] or ""),
        "counts": {may.value: _digits(sum(line["may"] == may.value for line in lines)) for may in May},
        "rows": [_row(line) for line in lines],
        "number": roster.number,
        "code": check_code(roster),
        "url": url.split("://", 1)[-1],
        "address": url,
        "qr": _qr(url),
    }


def _row(line: dict[str, Any]) -> dict[str, object]:
    until = date.fromisoformat(line["until"]) if line["until"] else None
    verdict = Verdict(May(line["may"]), Why(line["why"]), until)
    of = LocalizedText.of(line["course"]) if line["course"] else None
    said: dict[str, object] = {
        "name": _both(LocalizedText.of(line["name"])),
        "number": _clean(line["employee_number"] or ""),
        "unit": _both(LocalizedText.of(line["unit"] or {})),
        "may": line["may"],
    }
    for language in ("ar", "en"):
        with in_language(language):
            shown = _shower(language)
            said[f"status_{language}"] = _clean(may_in_words(verdict, shown))
            said[f"why_{language}"] = _clean(why_in_words(verdict, of, shown, language))
    return said


def _shower(language: str) -> Any:
    return lambda day: show_day(day, language=language, digits=DIGITS[language], calendar="gregorian")


def _day(day: date) -> dict[str, str]:
    return {language: show_day(day, language=language, digits=DIGITS[language], calendar="both") for language in DIGITS}


def _digits(count: int) -> dict[str, str]:
    return {language: show_digits(str(count), digits) for language, digits in DIGITS.items()}


def _both(text: LocalizedText) -> dict[str, str]:
    arabic, english = _clean(text.ar), _clean(text.en)
    return {"ar": arabic or english, "en": english if arabic else ""}


def _clean(text: str) -> str:
    said = press.printable(text)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def _qr(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", dark="#114530", border=0, xmldecl=False)
    return drawn.getvalue().decode()
