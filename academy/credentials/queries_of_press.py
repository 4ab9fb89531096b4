"""The press of certificates as higher slices borrow it for papers of their own: drawn from facts alone, signed, kept.

A paper is kept under a digest of what it states and of all that draws and signs it, so other facts or another press never find it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from academy.base.text import LocalizedText
from academy.credentials import papers, sealing
from academy.credentials.drawing import (
    CannotDraw,
    address_shown,
    day_in_words,
    isolated,
    pair,
    printable,
    printed,
    qr_svg,
)

__all__ = ["CannotDraw", "address_shown", "both", "day_in_words", "isolated", "paper", "printable", "qr_svg"]


def both(text: LocalizedText) -> dict[str, str]:
    """Return a text as templates print it: Arabic with English beneath, or the one that is there."""
    arabic, english = pair(text.ar, text.en)
    return {"ar": arabic or english, "en": english if arabic else ""}


def paper(
    folder: str, sources: tuple[Path, ...], stated: Mapping[str, Any], sheet: Callable[[], Mapping[str, object]], *, day: date, reason: str
) -> bytes:  # fmt: skip
    """Return a paper as it was kept, else draw it by the first of its sources, sign it and keep it. Raises CannotDraw.

    `sources` are the template and whatever else shapes the sheet; `reason` stands in the signature.
    """
    return kept(folder, sources, stated, lambda: printed(sources[0], sheet, day), reason=reason)


def kept(folder: str, sources: tuple[Path, ...], stated: object, draw: Callable[[], bytes], *, reason: str) -> bytes:
    """The same for a paper that its slice draws by itself."""
    whole = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in sources))
    whole.update((json.dumps(stated, sort_keys=True, ensure_ascii=False) + sealing.authority()).encode())
    name = f"{folder}/{papers.press()}/{whole.hexdigest()}.pdf"
    return papers.kept_or_drawn(name, lambda: sealing.signed(draw(), reason))
