"""Makes the text of a drawn PDF one that readers copy and search rightly, where the typesetter's way leads them astray.

A ligature of two Arabic letters is one glyph that stands for both; most readers turn the line around glyph by glyph and those two
letters with it, so that "الأكاديمية" is copied as "األكاديمية". Named by the one sign that Unicode has for the pair, it is taken apart
in the right order. A letter with its marks is two glyphs, and each is named by all of it; "جُمع" is then copied as "جُجُمع", unless the
glyph that takes no room is named by the marks alone and the other by the letter. Where two letters that do not join stand a little apart,
readers take it for a space. And a document that declares the pages of a book to run leftwards has its English lines copied from their end.
What is mended of the lines themselves is told in `copying_of_lines`. Nothing that is seen changes but those gaps, by a twentieth of a letter.
"""

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Final

from academy.credentials.copying_of_lines import parted
from academy.credentials.copying_of_pages import STRING, Font, bytes_of
from academy.credentials.copying_of_signs import mended

PAIRED_FORMS: Final = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
_TABLE: Final = re.compile(
    rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [nf]\r?\n)+)(trailer\n.*?startxref\n)\d+(\n%%EOF\n?)\Z", re.DOTALL
)
_STREAM: Final = re.compile(rb"(\d+ 0 obj\n<</Length )(\d+)([^\n]*/Filter/FlateDecode[^\n]*>>\nstream\n)")
_PAGE: Final = re.compile(rb"<</Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", re.DOTALL)
_FONT: Final = re.compile(rb"/(f\d+) (\d+) 0 R")
_NAMES: Final = re.compile(rb"/DescendantFonts\[(\d+) 0 R\]/ToUnicode (\d+) 0 R")
_WIDTHS: Final = re.compile(rb"/DW 0/[^\n]*/W\[([\d. ]+)\]")
_MEANS: Final = re.compile(rb"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>")
_GLYPH: Final = re.compile(
    rb"/Span<</ActualText<FEFF((?:[0-9A-F]{4})+)>>>BDC((?:/ReversedChars BMC)? 0 Tr/(f\d+) [^()<]*)(%s)" % STRING,
    re.DOTALL,
)
_TURNED: Final = re.compile(rb"(?<=/ReversedChars BMC) 0 Tr[^\[]*\[(?:%s|-?[\d.]+)*\]TJ" % STRING, re.DOTALL)
_GAP: Final = re.compile(rb"(?<=[)>])-([\d.]+)(?=[(<])")
WIDEST_GAP: Final = 80  # thousandths of the size of the letters: beyond a tenth it is taken for a space


def copyable(pdf: bytes) -> bytes:
    """Return the PDF with its text as readers need it; what is no PDF of the typesetter's stays as it is."""
    table = _TABLE.search(pdf)
    if not table:
        return pdf
    parts = dict(_parts(pdf, table))
    for part in list(parts.values()):
        for descendant, names in _NAMES.findall(part):
            widths = _widths(parts[int(descendant)])
            _rewrite(parts, int(names), partial(_renamed, widths=widths))
    for part in list(parts.values()):
        if page := _PAGE.search(part):
            fonts = {name: _font(parts, int(number)) for name, number in _FONT.findall(parts[int(page[1])])}
            _rewrite(parts, int(page[2]), partial(_relaid, fonts=fonts))
    return _joined(parts, pdf[: min(_places(table).values())], table)


def _places(table: re.Match[bytes]) -> dict[int, int]:
    entries = table[2].splitlines()
    return {number: int(entry[:10]) for number, entry in enumerate(entries) if entry[17:18] == b"n"}


def _parts(pdf: bytes, table: re.Match[bytes]) -> Iterator[tuple[int, bytes]]:
    """Give every part of the document with its number, in the order in which they stand."""
    places = sorted((place, number) for number, place in _places(table).items())
    ends = [*(place for place, _number in places[1:]), table.start()]
    for (place, number), end in zip(places, ends, strict=True):
        part = pdf[place:end]
        yield number, part.replace(b"/Direction/R2L", b"/Direction/L2R") if b"/Type/Catalog" in part else part


def _joined(parts: Mapping[int, bytes], head: bytes, table: re.Match[bytes]) -> bytes:
    made, places = bytearray(head), {}
    for number, part in parts.items():
        places[number] = len(made)
        made += part
    entries = [b"0000000000 65535 f\r\n", *(b"%010d 00000 n\r\n" % places[number] for number in sorted(places))]
    return bytes(made) + b"xref\n0 %s\n" % table[1] + b"".join(entries) + table[3] + b"%d" % len(made) + table[4]


def _stream(parts: Mapping[int, bytes], number: int) -> tuple[re.Match[bytes], bytes]:
    head = _STREAM.match(parts[number])
    assert head, "the typesetter packs its streams in another way than it did"
    return head, zlib.decompress(parts[number][head.end() : head.end() + int(head[2])])


def _rewrite(parts: dict[int, bytes], number: int, mended: Callable[[bytes], bytes]) -> None:
    head, data = _stream(parts, number)
    if (new := mended(data)) != data:
        packed = zlib.compress(new, 9)
        tail = parts[number][head.end() + int(head[2]) :]
        parts[number] = head[1] + b"%d" % len(packed) + head[3] + packed + tail


def _font(parts: Mapping[int, bytes], number: int) -> Font:
    found = _NAMES.search(parts[number])
    if not found:
        return Font({}, {})
    says = {
        int(glyph, 16): bytes.fromhex(said.decode()).decode("utf-16-be", "replace")
        for glyph, said in _MEANS.findall(_stream(parts, int(found[2]))[1])
    }
    return Font(says, _widths(parts[int(found[1])]))


def _widths(font: bytes) -> dict[int, float]:
    """Return how much room the glyphs of a font take in a line; marks take none and are not among them."""
    found = _WIDTHS.search(font)
    numbers = found[1].split() if found else []
    spans = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    return {glyph: float(width) for first, last, width in spans for glyph in range(int(first), int(last) + 1)}


def _renamed(names: bytes, widths: Mapping[int, float]) -> bytes:
    return _MEANS.sub(partial(_one_sign, widths=widths), names)


def _one_sign(found: re.Match[bytes], *, widths: Mapping[int, float]) -> bytes:
    said = bytes.fromhex(found[2].decode()).decode("utf-16-be", "replace")
    return b"<%s> <%s>" % (found[1], _hex(_own(said, int(found[1], 16), widths)))


def _own(said: str, glyph: int, widths: Mapping[int, float]) -> str:
    """Return what one glyph says of letters and marks that are named together: the letters, as one sign where there is one, or the marks."""
    letters = "".join(letter for letter in said if not unicodedata.combining(letter))
    if not letters or not widths:
        return said
    marks = "".join(mark for mark in said if unicodedata.combining(mark))
    if marks and glyph not in widths:
        return marks
    turned = letters[::-1] if unicodedata.bidirectional(letters[0]) == "AL" else letters
    return _signs().get(letters, turned)


def _hex(text: str) -> bytes:
    return text.encode("utf-16-be").hex().upper().encode()


def _relaid(content: bytes, fonts: Mapping[bytes, Font]) -> bytes:
    named = _GLYPH.sub(partial(_one_glyph, fonts=fonts), content)
    closed = _TURNED.sub(lambda turned: _GAP.sub(_no_space, turned[0]), named)
    return parted(mended(closed, fonts), fonts)


def _one_glyph(found: re.Match[bytes], *, fonts: Mapping[bytes, Font]) -> bytes:
    said = bytes.fromhex(found[1].decode()).decode("utf-16-be", "replace")
    codes, widths = bytes_of(found[4]), fonts[found[3]].widths
    if len(codes) != 2 or not widths:
        return found[0]
    own = _own(said, int.from_bytes(codes), widths)
    named = own == fonts[found[3]].says.get(int.from_bytes(codes))
    return (b"/Span BMC" if named else b"/Span<</ActualText<FEFF%s>>>BDC" % _hex(own)) + found[2] + found[4]


def _no_space(found: re.Match[bytes]) -> bytes:
    return b"-%d" % WIDEST_GAP if float(found[1]) > WIDEST_GAP else found[0]


@cache
def _signs() -> dict[str, str]:
    """Every pair of Arabic letters that has a sign of its own, with the first such sign."""
    signs = reversed([chr(code) for code in PAIRED_FORMS])
    return {pair: sign for sign in signs if len(pair := unicodedata.normalize("NFKC", sign)) == 2}
