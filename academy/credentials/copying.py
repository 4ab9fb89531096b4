"""Makes the text of a drawn PDF one that readers copy and search rightly, where the typesetter's way leads them astray.

A ligature of two Arabic letters is one glyph that stands for both; most readers turn the line around glyph by glyph and those two
letters with it, so that "الأكاديمية" is copied as "األكاديمية". Named by the one sign that Unicode has for the pair, it is taken apart
in the right order. A letter with its mark is two glyphs, and each is named by both; "تُمنح" is then copied as "تُتُمنح", unless the
glyph that takes no room is named by the mark alone. And a document that declares the pages of a book to run leftwards has its English lines copied from their end.
No byte of the file moves: every part keeps its place and its length.
"""

import re
import unicodedata
import zlib
from functools import cache, partial
from typing import Final

PAIRED_FORMS: Final = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
_NAMES = re.compile(rb"(\d+) 0 obj\n<</Length (\d+)/Type/CMap/Filter/FlateDecode/WMode 0>>\nstream\n")
_MEANS = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{8})>")
_WIDTH = re.compile(rb"(\d+) (\d+) [\d.]+")
_END = b"\nendstream\n"


def copyable(pdf: bytes) -> bytes:
    """Return the PDF with the names of its glyphs as readers need them."""
    made = bytearray(pdf.replace(b"/Direction/R2L", b"/Direction/L2R"))
    for found in _NAMES.finditer(pdf):
        start, length = found.end(), int(found[2])
        names = zlib.decompress(pdf[start : start + length])
        renamed = _renamed(names, _with_room(pdf, found[1]))
        packed = zlib.compress(renamed, 9)
        if renamed == names or len(packed) > length:
            continue
        made[found.start(2) : found.end(2)] = str(len(packed)).zfill(len(found[2])).encode()
        room = length + len(_END)
        made[start : start + room] = (packed + _END).ljust(room, b"\n")
    return bytes(made)


def _with_room(pdf: bytes, names: bytes) -> set[int]:
    """Return which glyphs of the font with these names take room in a line; marks do not."""
    font = re.search(rb"/DescendantFonts\[(\d+) 0 R\]/ToUnicode %s 0 R" % names, pdf)
    widths = font and re.search(rb"\n%s 0 obj\n[^\n]*/DW 0/[^\n]*/W\[([\d. ]+)\]" % font[1], pdf)
    spans = _WIDTH.findall(widths[1]) if widths else []
    return {glyph for first, last in spans for glyph in range(int(first), int(last) + 1)}


def _renamed(names: bytes, with_room: set[int]) -> bytes:
    marks = {pair for glyph, pair in _MEANS.findall(names) if with_room and int(glyph, 16) not in with_room}
    return _MEANS.sub(partial(_one_sign, marks=marks, with_room=with_room), names)


def _one_sign(found: re.Match[bytes], *, marks: set[bytes], with_room: set[int]) -> bytes:
    pair = bytes.fromhex(found[2].decode()).decode("utf-16-be", "replace")
    if found[2] in marks and unicodedata.combining(pair[-1]):
        sign: str | None = pair[0] if int(found[1], 16) in with_room else pair[-1]
    else:
        sign = _signs().get(pair)
    return b"<%s> <%04X>" % (found[1], ord(sign)) if sign else found[0]


@cache
def _signs() -> dict[str, str]:
    """Every pair of Arabic letters that has a sign of its own, with the first such sign."""
    signs = reversed([chr(code) for code in PAIRED_FORMS])
    return {pair: sign for sign in signs if len(pair := unicodedata.normalize("NFKC", sign)) == 2}
