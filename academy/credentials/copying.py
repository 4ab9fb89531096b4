"""Makes the text of a drawn PDF one that readers copy and search rightly, where the typesetter's way leads them astray.

A ligature of two Arabic letters is one glyph that stands for both; most readers turn the line around glyph by glyph and those two
letters with it, so that "الأكاديمية" is copied as "األكاديمية". Named by the one sign that Unicode has for the pair, it is taken apart
in the right order. And a document that declares the pages of a book to run leftwards has its English lines copied from their end.
No byte of the file moves: every part keeps its place and its length.
"""

import re
import unicodedata
import zlib
from functools import cache
from typing import Final

PAIRED_FORMS: Final = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
_NAMES = re.compile(rb"<</Length (\d+)/Type/CMap/Filter/FlateDecode/WMode 0>>\nstream\n")
_MEANS = re.compile(rb"(?<=> <)([0-9A-F]{8})(?=>)")
_END = b"\nendstream\n"


def copyable(pdf: bytes) -> bytes:
    """Return the PDF with the names of its glyphs as readers need them."""
    made = bytearray(pdf.replace(b"/Direction/R2L", b"/Direction/L2R"))
    for found in _NAMES.finditer(pdf):
        start, length = found.end(), int(found[1])
        names = zlib.decompress(pdf[start : start + length])
        renamed = _MEANS.sub(_one_sign, names)
        packed = zlib.compress(renamed, 9)
        if renamed == names or len(packed) > length:
            continue
        made[found.start(1) : found.end(1)] = str(len(packed)).zfill(len(found[1])).encode()
        room = length + len(_END)
        made[start : start + room] = (packed + _END).ljust(room, b"\n")
    return bytes(made)


def _one_sign(found: re.Match[bytes]) -> bytes:
    pair = bytes.fromhex(found[1].decode()).decode("utf-16-be", "replace")
    sign = _signs().get(pair)
    return f"{ord(sign):04X}".encode() if sign else found[1]


@cache
def _signs() -> dict[str, str]:
    """Every pair of Arabic letters that has a sign of its own, with the first such sign."""
    signs = reversed([chr(code) for code in PAIRED_FORMS])
    return {pair: sign for sign in signs if len(pair := unicodedata.normalize("NFKC", sign)) == 2}
