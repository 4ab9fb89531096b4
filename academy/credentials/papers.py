"""The papers of certificates: drawn once by a job when they are issued, kept, and given out as they are.

A paper depends on its facts and on the press alone: the template, the fonts, this program and the libraries that draw.
A PDF is signed besides, when there is a key for it. It is kept under a digest of all these, so other facts or another press can never find it. What is lost, altered or drawn by
an earlier press is drawn anew at its next reading, which gives the same bytes for the same facts and press, but for the signature.
"""

import hashlib
import json
import logging
import sys
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from academy.base import dates, numbers, storage
from academy.base import press as typesetting
from academy.base.documents import packed
from academy.credentials import (
    copying,
    copying_of_lines,
    copying_of_pages,
    copying_of_signs,
    drawing,
    drawing_of_looks,
    rules_of_looks,
    sealing,
    transcripts,
)
from academy.credentials.rules import CertificateFacts
from academy.credentials.rules_of_looks import Design
from academy.credentials.rules_of_transcripts import TranscriptFacts

log = logging.getLogger("academy.credentials")
Form = Literal["pdf", "png"]
FORMS: tuple[Form, ...] = ("pdf", "png")
LIBRARIES = ("typst", "segno", "Babel", "hijridate")


def paper(facts: CertificateFacts, form: Form, design: Design | None = None) -> bytes:
    """Return the paper as it was kept, else draw and keep it. Raises CannotDraw; trouble with the store is only logged.

    `design` is that of the template's version in which it was issued; none for the look that is built in.
    """
    return kept_or_drawn(name_of(facts, form, design), lambda: _draw(facts, form, design))


def kept_or_drawn(name: str, draw: Callable[[], bytes]) -> bytes:
    """Return what is kept under a name, else draw and keep it; trouble with the store is only logged."""
    try:
        kept = storage.made(name)
    except storage.TROUBLE:
        log.exception("the store does not give %s; it is drawn for one reader", name)
        return draw()
    if kept is None:
        kept = draw()
        try:
            storage.keep_made(name, kept)
        except storage.TROUBLE:
            log.exception("the store does not take %s; it is drawn for one reader", name)
    return kept


def prepare(facts: CertificateFacts, design: Design | None = None) -> None:
    """Draw and keep the forms of a paper that are not kept yet. Raises CannotDraw and what the store raises."""
    for form in FORMS:
        name = name_of(facts, form, design)
        if storage.made(name) is None:
            storage.keep_made(name, _draw(facts, form, design))


def name_of(facts: CertificateFacts, form: Form, design: Design | None = None) -> str:
    """Return the name under which a paper is kept: a folder for each press, in it a digest of all that is stated and shown."""
    stated = json.dumps(facts.as_json(), sort_keys=True, ensure_ascii=False)
    stated += sealing.authority() if form == "pdf" else ""
    if design is not None:
        stated += design.digest() + press_of_looks()
    return f"certificates/{press()}/{hashlib.sha256(stated.encode()).hexdigest()}.{form}"


@cache
def press() -> str:
    """Return a digest of all that shapes a drawing beside the facts."""
    whole = hashlib.sha256()
    modules = (
        drawing,
        copying,
        copying_of_lines,
        copying_of_pages,
        copying_of_signs,
        transcripts,
        typesetting,
        dates,
        numbers,
    )
    sources = [Path(module.__file__ or "") for module in modules]
    sheets = (drawing.SHEET, drawing.TEMPLATE, transcripts.TEMPLATE)
    for path in (*sources, *sheets, *sorted(drawing.FONTS.iterdir())):
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    for library in LIBRARIES:
        whole.update(f"{library} {version(library)};".encode())
    whole.update(f"{sys.version_info[:2]} {unicodedata.unidata_version}".encode())
    return whole.hexdigest()[:16]


@cache
def press_of_looks() -> str:
    """Return a digest of what shapes a drawing in the look of a template, beside all that shapes the others."""
    sources = [Path(module.__file__ or "") for module in (drawing_of_looks, rules_of_looks)]
    whole = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in (*sources, drawing_of_looks.TEMPLATE))
    return hashlib.sha256(whole).hexdigest()


def transcript(facts: TranscriptFacts) -> bytes:
    """Return the paper of a transcript as it was kept, else draw, sign and keep it. Raises CannotDraw."""
    stated = json.dumps(packed(facts), sort_keys=True, ensure_ascii=False) + sealing.authority()
    name = f"transcripts/{press()}/{hashlib.sha256(stated.encode()).hexdigest()}.pdf"
    return kept_or_drawn(name, lambda: sealing.signed(transcripts.draw(facts), f"Transcript {facts.number}"))


def _draw(facts: CertificateFacts, form: Form, design: Design | None) -> bytes:
    if form == "png":
        return drawing_of_looks.draw_png(facts, design) if design else drawing.draw_png(facts)
    drawn = drawing_of_looks.draw(facts, design) if design else drawing.draw(facts)
    return sealing.signed(drawn, f"Certificate {facts.number}")
