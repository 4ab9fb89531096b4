"""What a file that a stranger brings claims to be. Nothing in it is believed, fetched or unpacked without a bound."""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from academy.base.ids import normalise_number
from academy.credentials.badges import baking
from academy.credentials.signing import tokens

MOST_TEXT = 500_000
MOST_STREAMS, MOST_UNPACKED = 400, 8_000_000
PDF = b"%PDF-"
_ADDRESS = re.compile(r"/(?:verify|badges/2)/([0-9A-Za-z-]{20,60})$")
_IN_PAPER = re.compile(rb"/verify/(?:([a-z]{1,20})/)?([0-9A-Za-z-]{20,60})")
# The same as programs write it that save a PDF anew: signs by their octal number, or every sign by its hexadecimal one.
_BY_OCTAL = re.compile(rb"(?:\\057|/)verify(?:\\057|/)(?:[0-9A-Za-z-]|\\05[57]){20,150}")
_BY_HEXADECIMAL = re.compile(rb"2[fF]7665726966792[fF](?:[2-7][0-9a-fA-F]){20,85}")
_STREAM = re.compile(rb"stream\r?\n")


class Claim(NamedTuple):
    """A certificate's number as a file gives it, and what the file says: a token, a document, or the paper itself."""

    number: str
    token: str = ""
    document: dict[str, Any] | None = None


def claim(data: bytes) -> Claim | None:
    """Return what a file claims; None when no number of a certificate can be found in it."""
    if data.startswith(PDF):
        return _of_paper(data)
    try:
        text = _text(data)
    except (baking.NothingBaked, UnicodeDecodeError):
        return None
    return _of_text(text.strip()) if len(text) <= MOST_TEXT else None


def _text(data: bytes) -> str:
    if data.startswith(baking.PNG):
        return baking.from_png(data)
    if len(data) > MOST_TEXT:
        raise baking.NothingBaked
    if baking.is_picture(data):
        return baking.from_svg(data)
    return data.decode("utf-8-sig")


def _of_text(text: str) -> Claim | None:
    if text.startswith("{"):
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return None
        number = _number(document)
        return Claim(number, document=document) if number else None
    try:
        number = _number(tokens.read(text).claims)
    except tokens.NotAToken:
        return None
    return Claim(number, token=text) if number else None


def _number(document: dict[str, Any]) -> str | None:
    found = _ADDRESS.search(str(document.get("id"))[:500])
    if found:
        return normalise_number(found[1])
    subject = document.get("credentialSubject")
    return normalise_number(str(subject.get("licenseNumber"))) if isinstance(subject, dict) else None


def _of_paper(data: bytes) -> Claim | None:
    for folder, number in _addresses(data):
        if not folder:
            return Claim(number)
    return None


def other_paper(data: bytes) -> tuple[str, str] | None:
    """Return the folder of the register and the number that a PDF names, when it is no certificate's: of a transcript, say."""
    return next(((folder, number) for folder, number in _addresses(data) if folder), None)


def _addresses(data: bytes) -> Iterator[tuple[str, str]]:
    """Find addresses of the register in a PDF: plain in ours, perhaps packed in one that another program has saved."""
    for part in (data, *_unpacked(data)) if data.startswith(PDF) else ():
        for written in (part, *_escaped(part)):
            for found in _IN_PAPER.finditer(written):
                number = normalise_number(found[2].decode())
                if number:
                    yield (found[1] or b"").decode(), number


def _escaped(part: bytes) -> Iterator[bytes]:
    for found in _BY_OCTAL.finditer(part):
        yield found[0].replace(rb"\057", b"/").replace(rb"\055", b"-")
    for found in _BY_HEXADECIMAL.finditer(part):
        yield bytes.fromhex(found[0].decode())


def _unpacked(data: bytes) -> Iterator[bytes]:
    left = MOST_UNPACKED
    for count, found in enumerate(_STREAM.finditer(data)):
        if count >= MOST_STREAMS or left <= 0:
            return
        try:
            part = zlib.decompressobj().decompress(
                data[found.end() : found.end() + MOST_UNPACKED], min(left, MOST_TEXT)
            )
        except zlib.error:
            continue
        left -= len(part)
        yield part
