"""Badges inside pictures: written into ours, and found in those that strangers bring, however those are made."""

import struct
import zlib
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from academy.base.strict_xml import UnsoundXml, inner_text, parse

PICTURES = Path(__file__).parent
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
KEYWORDS = (b"openbadgecredential", b"openbadges")  # of Open Badges 3.0, and of those before
PNG = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS, MOST_TEXT = 500, 500_000


class NothingBaked(Exception):
    """A picture holds no badge, or is no sound picture."""


@cache
def picture(form: str) -> bytes:
    """Return the badge's own picture, "png" or "svg"."""
    return (PICTURES / f"picture.{form}").read_bytes()


def into_png(text: str) -> bytes:
    """Return the picture as PNG with a token or document in it, as Open Badges 3.0 says: one iTXt chunk after the head."""
    plain = picture("png")
    head = len(PNG) + 25  # the signature and the one IHDR, which is always of this length
    body = b"iTXt" + KEYWORDS[0] + b"\0\0\0\0\0" + text.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return plain[:head] + chunk + plain[head:]


def into_svg(text: str) -> bytes:
    """Return the picture as SVG with a document in it."""
    opening, rest = picture("svg").decode().split(">", 1)
    element = f"<openbadges:credential>{escape(text)}</openbadges:credential>"
    return f'{opening} xmlns:openbadges="{NAMESPACE}">\n{element}{rest}'.encode()


def is_picture(data: bytes) -> bool:
    """Whether a file is a PNG or SVG, as far as its first bytes tell."""
    return data.startswith(PNG) or data[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def from_png(data: bytes) -> str:
    """Return the text that a PNG carries. Raises NothingBaked."""
    at = len(PNG)
    for _ in range(MOST_CHUNKS):
        if at + 12 > len(data):
            break
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        keyword, _separator, rest = body[:MOST_TEXT].partition(b"\0")
        if kind in (b"iTXt", b"tEXt") and keyword in KEYWORDS:
            return _text(kind, rest)
        at += 12 + length
    raise NothingBaked


def _text(kind: bytes, rest: bytes) -> str:
    if kind == b"tEXt":
        return rest.decode("latin-1")
    compressed, parts = rest[:1] == b"\1", rest[2:].split(b"\0", 2)
    if len(parts) != 3:
        raise NothingBaked
    try:
        packed = parts[2]
        return (zlib.decompressobj().decompress(packed, MOST_TEXT) if compressed else packed).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise NothingBaked from error


def from_svg(data: bytes) -> str:
    """Return the token or document that an SVG carries; one that declares a document type is not opened. Raises NothingBaked."""
    try:
        root = parse(data)
    except UnsoundXml as error:
        raise NothingBaked from error
    for element in root.iter():
        if element.tag in ("credential", "assertion"):
            return element.get("verify") or inner_text(element).strip()
    raise NothingBaked
