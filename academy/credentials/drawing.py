"""Draws a certificate from its facts alone, and lends its press to other papers: the same facts make the same bytes, whenever and wherever drawn."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import segno

from academy.base.dates import show_day
from academy.base.numbers import format_number
from academy.base.press import CannotPrint, Typesetter
from academy.credentials.copying import copyable
from academy.credentials.rules import CertificateFacts

FONTS: Final = Path(__file__).parent / "fonts"
SHEET: Final = Path(__file__).parent / "sheet.typ"  # stands before every template
TEMPLATE: Final = Path(__file__).parent / "certificate.typ"
PREVIEW_PPI: Final = 96.0
QR_MASK: Final = 4

LEFT_TO_RIGHT, RIGHT_TO_LEFT, END = "\u2066", "\u2067", "\u2069"
# A place to break a word that never ends; the joiners keep Arabic letters joined across it.
SOFT_BREAK: Final = "\u200d\u200b\u200d"


class CannotDraw(Exception):
    """The certificate could not be drawn; the message says why, for whoever looks after the job."""


def draw(facts: CertificateFacts) -> bytes:
    """Return the certificate as a tagged PDF (PDF/UA-1 and PDF/A-2a) dated by its day of issue.

    Raises CannotDraw; no text in the facts makes it do so, an address too long for a QR code does.
    """
    return printed(TEMPLATE, lambda: sheet(facts), facts.issued_on)


def draw_png(facts: CertificateFacts) -> bytes:
    """Return the certificate as a PNG of 1123 by 794 pixels for a preview, raising what `draw` raises."""
    return printed(TEMPLATE, lambda: sheet(facts), None)


def printed(template: Path, shown: Callable[[], Mapping[str, object]], day: date | None) -> bytes:
    """Return what a template makes of the sheet that is shown: a PDF dated by the day, a picture when there is none. Raises CannotDraw."""
    as_pdf = {"format": "pdf", "pdf_standards": ["ua-1", "a-2a"]}
    how = {**as_pdf, "timestamp": _midnight(day)} if day else {"format": "png", "ppi": PREVIEW_PPI}
    try:
        made = _typesetter.print(_source(template), shown(), **how)
    except (CannotPrint, ValueError) as error:
        raise CannotDraw(str(error)) from error
    return copyable(made) if day else made


@cache
def _source(template: Path) -> bytes:
    return SHEET.read_bytes() + template.read_bytes()


_typesetter = Typesetter(FONTS)


def sheet(facts: CertificateFacts) -> dict[str, object]:
    """Return what the template prints: clean isolated texts, days and hours in words, the QR code as SVG."""
    holder_ar, holder_en = pair(facts.holder_name_ar, facts.holder_name_en)
    title_ar, title_en = pair(facts.title_ar, facts.title_en)
    academy_ar, academy_en = pair(facts.academy_ar, facts.academy_en)
    issuer_ar, issuer_en = pair(facts.issuer_ar, facts.issuer_en)
    kind_ar, kind_en = pair(facts.kind_ar, facts.kind_en)
    hours_ar, hours_en = hours_in_words(facts.hours)
    return {
        "document_title": whole(f"{kind_ar or kind_en}: {title_ar or title_en} - {holder_ar or holder_en}"),
        "document_author": whole(academy_ar or academy_en),
        "academy_ar": academy_ar,
        "academy_en": academy_en,
        "issuer_ar": issuer_ar,
        "issuer_en": issuer_en,
        "kind_ar": kind_ar,
        "kind_en": kind_en,
        "holder_ar": holder_ar,
        "holder_en": holder_en,
        "title_ar": title_ar,
        "title_en": title_en,
        "hours_ar": hours_ar,
        "hours_en": hours_en,
        "signer_ar": isolated(facts.signer_name_ar),
        "signer_en": isolated(facts.signer_name_en),
        "role_ar": isolated(facts.signer_role_ar),
        "role_en": isolated(facts.signer_role_en),
        "issued": day_in_words(facts.issued_on),
        "until": day_in_words(facts.expires_on),
        "number": isolated(facts.number),
        "url": printable(facts.verify_url),
        "address": address_shown(facts.verify_url),
        "qr": qr_svg(facts.verify_url),
        "qr_says": f"رمز يفتح صفحة التحقق من هذه الشهادة · Code that opens {printable(facts.verify_url)}",
        "earlier": _earlier(facts),
        "replaces": isolated(facts.replaced_number),
    }


def _earlier(facts: CertificateFacts) -> dict[str, object] | None:
    """What is printed of the certificate that this one attests: its number, who issued it, when it was entered."""
    if facts.imported_on is None:
        return None
    issuer_ar, issuer_en = pair(facts.former_issuer_ar, facts.former_issuer_en)
    return {
        "number": isolated(facts.former_number), "issuer_ar": issuer_ar or issuer_en, "issuer_en": issuer_en or issuer_ar,
        "entered": day_in_words(facts.imported_on),
    }  # fmt: skip


def printable(text: str) -> str:
    """Return the text as the fonts can show it, on one line, without marks that could reorder the sheet.

    A letter the fonts lack loses its accent or becomes "?"; a symbol they lack (an emoji) is left out.
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(_GLYPHS).split())


def qr_svg(address: str) -> str:
    """Return the QR code of the address as SVG without a quiet zone, error correction M or better.

    The mask is fixed: any of the eight scans, and scoring them all costs more than drawing the code.
    """
    drawn = BytesIO()
    segno.make(address, error="m", mask=QR_MASK, micro=False).save(
        drawn, kind="svg", dark="#114530", border=0, xmldecl=False
    )
    return drawn.getvalue().decode()


def hours_in_words(hours: Decimal | None) -> tuple[str, str]:
    """Return training hours as Arabic and English phrases, both empty when there are none to state."""
    if not hours:
        return "", ""
    english = f"{format_number(hours, 'latn')} training {'hour' if hours == 1 else 'hours'}"
    if hours == 1:
        return "ساعة تدريبية واحدة", english
    if hours == 2:
        return "ساعتان تدريبيتان", english
    few = hours == hours.to_integral_value() and 3 <= hours % 100 <= 10
    return f"{format_number(hours, 'arab')} {'ساعات' if few else 'ساعة'} تدريبية", english


def day_in_words(day: date | None) -> dict[str, list[str]]:
    """Return a day in both calendars, Hijri first, as lines for each language; None is "no time limit".

    Outside the years that Umm al-Qura tables cover (1343 to 1500 AH) the Gregorian day stands alone.
    """
    if day is None:
        return {"ar": ["غير محددة بمدة"], "en": ["No expiry date"]}
    shown = {language: _day_lines(day, language, digits) for language, digits in (("ar", "arab"), ("en", "latn"))}
    return shown | {"ar": [*shown["ar"][:-1], shown["ar"][-1] + "م"]}


def _day_lines(day: date, language: str, digits: str) -> list[str]:
    calendars = ("hijri", "gregorian")
    lines = [show_day(day, language=language, digits=digits, calendar=calendar) for calendar in calendars]
    return lines[1:] if lines[0] == lines[1] else lines


class _Glyphs(dict[int, str]):
    """What to draw for each character (for `str.translate`), worked out at its first use."""

    def __init__(self) -> None:
        super().__init__()
        self._covered: set[int] = set()

    def __missing__(self, code: int) -> str:
        if not self._covered:
            self._covered = _covered()
        self[code] = drawn = self._drawn(chr(code))
        return drawn

    def _drawn(self, character: str) -> str:
        kind = unicodedata.category(character)
        if character.isspace():
            return " "
        if character in "\u200c\u200d":
            return character
        if kind.startswith("C"):
            return ""
        if ord(character) in self._covered:
            return character
        parts = "".join(part for part in unicodedata.normalize("NFKD", character) if ord(part) in self._covered)
        return parts or ("" if kind[0] in "MS" else "?")


_GLYPHS = _Glyphs()


def _covered() -> set[int]:
    """Return the characters that every bundled font has, from the list kept with them."""
    spans = json.loads((FONTS / "manifest.json").read_text(encoding="utf-8"))["covers"].split()
    ends = [[int(end, 16) for end in span.split("-")] for span in spans]
    return {code for end in ends for code in range(end[0], end[-1] + 1)}


def isolated(text: str) -> str:
    """Return the text so that its direction neither takes from nor gives to what stands around it.

    It runs the way most of its letters run, its first letter when they balance: «CX 101: خدمة» is Arabic.
    """
    shown = printable(text)
    ways = [way for way in map(unicodedata.bidirectional, shown) if way in ("L", "R", "AL")]
    latin = ways.count("L") * 2
    to_right = latin > len(ways) or (latin == len(ways) and ways[:1] in ([], ["L"]))
    return f"{LEFT_TO_RIGHT if to_right else RIGHT_TO_LEFT}{breakable(shown)}{END}" if shown else ""


def breakable(text: str) -> str:
    """Return the text with places to break in words too long for a line."""
    return re.sub(r"\S{41,}", lambda run: re.sub(r"(\S{10})(?=\w)", rf"\1{SOFT_BREAK}", run[0]), text)


def whole(text: str) -> str:
    return text.replace(SOFT_BREAK, "")


def address_shown(url: str) -> str:
    """Return the address as people read it: no scheme, best broken before its last part."""
    front, slash, last = printable(url).split("://", 1)[-1].rpartition("/")
    return f"{LEFT_TO_RIGHT}{breakable(front)}{slash}\u200b{breakable(last)}{END}"


def pair(arabic: str, english: str) -> tuple[str, str]:
    """Return both isolated texts; one that says the same, or that the fonts cannot write, gives way to the other."""
    first, second = (text if _legible(text) else "" for text in (isolated(arabic), isolated(english)))
    if not first and not second:
        return isolated(arabic) or isolated("?" if arabic else ""), isolated(english)
    return first, "" if first == second else second


def _legible(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
