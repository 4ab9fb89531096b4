"""Draws a certificate in the look of a template: from its facts and its design alone, the same bytes for the same of both."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from academy.base.dates import show_day
from academy.base.text import LocalizedText
from academy.credentials import drawing
from academy.credentials.drawing import END, LEFT_TO_RIGHT, RIGHT_TO_LEFT, breakable, isolated, printable
from academy.credentials.rules import CertificateFacts
from academy.credentials.rules_of_looks import TEXTS, Design, Look, Picture, Signer, pieces

TEMPLATE: Final = Path(__file__).parent / "designed.typ"
ARABIC: Final = "ar"
SVG: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    '<image width="{width}" height="{height}" href="data:{media_type};base64,{data}"/></svg>'
)


def draw(facts: CertificateFacts, design: Design, *, specimen: bool = False) -> bytes:
    """Return the certificate as a tagged PDF. `specimen` says so across the sheet. Raises CannotDraw."""
    return drawing.printed(TEMPLATE, lambda: sheet(facts, design, specimen=specimen), facts.issued_on)


def draw_png(facts: CertificateFacts, design: Design, *, specimen: bool = False) -> bytes:
    """Return the certificate as a picture, 1123 by 794 pixels or upright. Raises CannotDraw."""
    return drawing.printed(TEMPLATE, lambda: sheet(facts, design, specimen=specimen), None)


def sheet(facts: CertificateFacts, design: Design, *, specimen: bool = False) -> dict[str, object]:
    """Return what the template prints: the sheet of the facts, less what the look hides, and the look with its texts filled."""
    look, plain = design.look, drawing.sheet(facts)
    values = _values(facts)
    heading = {language: _words(getattr(look.heading, language), values, language) for language in ("ar", "en")}
    holder, title = (plain[f"{name}_ar"] or plain[f"{name}_en"] for name in ("holder", "title"))
    hidden: dict[str, object] = {
        "hours": {"hours_ar": "", "hours_en": ""},
        "until": {"until": None},
        "number": {"number": ""},
    }
    left_out = {key: value for name, parts in hidden.items() if name not in look.shows for key, value in parts.items()}  # type: ignore[attr-defined]
    return {
        **plain,
        **left_out,
        "shape": look.shape,
        "kind_ar": heading["ar"],
        "kind_en": heading["en"],
        "document_title": drawing.whole(f"{heading['ar'] or heading['en']}: {title} - {holder}"),
        "look": {
            "accent": look.accent, "paper": look.paper, "pattern": look.pattern, "specimen": specimen,
            "pictures": {place: _drawn(place, picture, facts, look) for place, picture in design.pictures.items()},
            "signers": _signers(facts, design),
            **{name: _both(getattr(look, name), values) for name in TEXTS},
        },
    }  # fmt: skip


def _values(facts: CertificateFacts) -> dict[str, dict[str, tuple[str, str]]]:
    """What each placeholder is replaced by in each language: the words, and the language that they are in."""
    issuer = LocalizedText(facts.issuer_ar or facts.academy_ar, facts.issuer_en or facts.academy_en)
    days = LocalizedText(*(_day(facts, language) for language in ("ar", "en")))
    given = {
        "holder": LocalizedText(facts.holder_name_ar, facts.holder_name_en),
        "title": LocalizedText(facts.title_ar, facts.title_en), "organisation": issuer, "date": days,
    }  # fmt: skip
    return {
        fact: {language: (isolated(text.show(language)), text.language_shown(language)) for language in ("ar", "en")}
        for fact, text in given.items()
    }


def _day(facts: CertificateFacts, language: str) -> str:
    digits = "arab" if language == ARABIC else "latn"
    return show_day(facts.issued_on, language=language, digits=digits, calendar="gregorian")


def _both(text: LocalizedText, values: Mapping[str, Mapping[str, tuple[str, str]]]) -> dict[str, list[dict[str, str]]]:
    return {language: _runs(getattr(text, language), values, language) for language in ("ar", "en")}


def _runs(text: str, values: Mapping[str, Mapping[str, tuple[str, str]]], language: str) -> list[dict[str, str]]:
    """A text as runs with their languages, the whole of it isolated in the direction of its own."""
    said = [values[fact][language] if fact else (_literal(words), language) for words, fact in pieces(text)]
    if not any(words.strip() for words, _language in said):
        return []
    start = RIGHT_TO_LEFT if language == ARABIC else LEFT_TO_RIGHT
    runs = [(start, language), *said, (END, language)]
    return [{"say": words, "lang": spoken} for words, spoken in runs if words]


def _literal(words: str) -> str:
    """Return authored words as the fonts show them, with the spaces at their ends, where a placeholder may stand."""
    shown = breakable(printable(words))
    before, after = (" " if words[:1].isspace() else ""), (" " if words[-1:].isspace() else "")
    return f"{before}{shown}{after}" if shown else " " * bool(words)


def _words(text: str, values: Mapping[str, Mapping[str, tuple[str, str]]], language: str) -> str:
    return drawing.whole("".join(run["say"] for run in _runs(text, values, language)))


def _signers(facts: CertificateFacts, design: Design) -> list[dict[str, str]]:
    """Who signs: those of the look, each with the place of their picture; else the academy's signatory."""
    own = [
        (number, each)
        for number, each in enumerate(design.look.signers, 1)
        if each or f"signature_{number}" in design.pictures
    ]
    name = LocalizedText(facts.signer_name_ar, facts.signer_name_en)
    house = Signer(name, LocalizedText(facts.signer_role_ar, facts.signer_role_en))
    return [
        {
            "place": f"signature_{number}",
            "name_ar": isolated(each.name.ar), "name_en": isolated(each.name.en),
            "role_ar": isolated(each.role.ar), "role_en": isolated(each.role.en),
        }
        for number, each in own or ([(0, house)] if house else [])
    ]  # fmt: skip


def _drawn(place: str, picture: Picture, facts: CertificateFacts, look: Look) -> dict[str, str]:
    data = base64.b64encode(picture.data).decode()
    svg = SVG.format(width=picture.width, height=picture.height, media_type=picture.media_type, data=data)
    return {"svg": svg, "says": _says(place, facts, look)}


def _says(place: str, facts: CertificateFacts, look: Look) -> str:
    """Return what a picture says to those who do not see it, in both languages."""
    if place.startswith("signature"):
        name = look.signers[int(place[-1]) - 1].name
        return printable(f"توقيع {name.show('ar')} · Signature of {name.show('en')}" if name else "توقيع · Signature")
    academy = LocalizedText(facts.academy_ar, facts.academy_en)
    arabic, english = {"logo": ("شعار", "Logo of"), "seal": ("ختم", "Seal of")}.get(place, ("خلفية", "Background of"))
    return printable(f"{arabic} {academy.show('ar')} · {english} {academy.show('en')}")
