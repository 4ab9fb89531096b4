"""The certificate of an accreditation, drawn from its facts alone by the press of certificates: bilingual, signed, kept."""

from datetime import date
from pathlib import Path
from typing import Any, Final

from academy.base.text import LocalizedText
from academy.credentials import queries_of_press as press
from academy.partners.accreditation.models import Accreditation

TEMPLATE: Final = Path(__file__).parent / "accreditation.typ"
CannotDraw = press.CannotDraw


def paper(row: Accreditation) -> bytes:
    """Return the certificate as a tagged PDF, the same bytes every time. Raises CannotDraw."""
    facts = row.facts
    return press.paper(
        "accreditations", (TEMPLATE, Path(__file__)), facts, lambda: sheet(facts), day=row.granted_on,
        reason=f"Accreditation {row.number}",
    )  # fmt: skip


def sheet(facts: dict[str, Any]) -> dict[str, object]:
    """Return what the template prints: clean isolated texts, days in both calendars, the QR code as SVG."""
    partner, url = LocalizedText.of(facts["partner"]), facts["verify_url"]
    academy = LocalizedText.of(facts["academy"])
    texts = ("partner", "academy", "scheme", "level_name", "meaning", "signer", "signer_role")
    return {
        **{name: press.both(LocalizedText.of(facts[name])) for name in texts},
        "document_title": f"شهادة اعتماد · Accreditation: {press.printable(partner.ar or partner.en)}",
        "document_author": press.printable(academy.ar or academy.en),
        "code": press.isolated(facts["code"]),
        "granted": press.day_in_words(date.fromisoformat(facts["granted_on"])),
        "until": press.day_in_words(date.fromisoformat(facts["valid_until"])),
        "number": press.isolated(facts["number"]),
        "url": press.printable(url),
        "address": press.address_shown(url),
        "qr": press.qr_svg(url),
        "qr_says": f"رمز يفتح صفحة التحقق من هذا الاعتماد · Code that opens {press.printable(url)}",
    }
