"""Draws a transcript from its facts alone, by the press of certificates: the same facts make the same bytes."""

from decimal import Decimal
from pathlib import Path
from typing import Final

from academy.base.numbers import format_number
from academy.base.text import LocalizedText
from academy.credentials.drawing import address_shown, day_in_words, isolated, pair, printable, printed, qr_svg
from academy.credentials.rules_of_transcripts import Attested, Learned, TranscriptFacts

TEMPLATE: Final = Path(__file__).parent / "transcript.typ"
STATES: Final = {
    "valid": ("سارية", "Valid"), "expired": ("منتهية", "Expired"), "revoked": ("مسحوبة", "Revoked"),
    "held": ("معلّقة", "Suspended"),
}  # fmt: skip


def draw(facts: TranscriptFacts) -> bytes:
    """Return a transcript as a tagged PDF (PDF/UA-1 and PDF/A-2a) dated by its day. Raises CannotDraw."""
    return printed(TEMPLATE, lambda: sheet(facts), facts.issued_on)


def sheet(facts: TranscriptFacts) -> dict[str, object]:
    """Return what the template prints: clean isolated texts, days in both calendars, the QR code as SVG."""
    holder = printable(facts.holder.ar or facts.holder.en)
    return {
        "document_title": f"سجل التعلّم · Transcript: {holder}",
        "document_author": printable(facts.academy.ar or facts.academy.en),
        "academy": _both(facts.academy),
        "holder": _both(facts.holder),
        "organisation": _both(facts.organisation),
        "issued": day_in_words(facts.issued_on),
        "courses": [_learned(each) for each in facts.courses],
        "programmes": [_learned(each) for each in facts.programmes],
        "certificates": [_attested(each) for each in facts.certificates],
        "hours": _hours(facts.hours),
        "number": isolated(facts.number),
        "url": printable(facts.verify_url),
        "address": address_shown(facts.verify_url),
        "qr": qr_svg(facts.verify_url),
        "qr_says": f"رمز يفتح صفحة التحقق من هذا السجل · Code that opens {printable(facts.verify_url)}",
    }


def _learned(row: Learned) -> dict[str, object]:
    return {
        "title": _both(row.title),
        "issuer": _both(row.issuer),
        "day": day_in_words(row.on),
        "hours": _hours(row.hours),
        "exempted": row.exempted,
    }


def _attested(row: Attested) -> dict[str, object]:
    arabic, english = STATES[row.state]
    return {
        "title": _both(row.title),
        "issuer": _both(row.issuer),
        "number": isolated(row.number),
        "issued": day_in_words(row.issued_on),
        "until": day_in_words(row.expires_on),
        "state": {"ar": arabic, "en": english},
    }


def _both(text: LocalizedText) -> dict[str, str]:
    arabic, english = pair(text.ar, text.en)
    return {"ar": arabic or english, "en": english if arabic else ""}


def _hours(hours: str) -> dict[str, str]:
    if not hours:
        return {"ar": "", "en": ""}
    return {"ar": format_number(Decimal(hours), "arab"), "en": format_number(Decimal(hours), "latn")}
