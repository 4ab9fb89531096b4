"""Reads what the typesetter writes on a page: blocks of letters, each with its font, its size and its place."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final

_NUMBER: Final = rb"-?[\d.]+"
_PLAIN: Final = rb"\\.|[^\\()]"
STRING: Final = rb"(?:<[0-9A-F]*>|\((?:%s%s)*\))" % (
    _PLAIN,
    rb"|\((?:%s" % _PLAIN * 4 + rb")*\)" * 4,
)  # brackets within stand in pairs
_BLOCK: Final = re.compile(
    rb"\nq (?P<scale>%s) 0 0 %s (?P<x>%s) (?P<y>%s) cm(?P<ink>[^\n]*)\nBT(?P<body>.*?)\nET\nQ\n" % ((_NUMBER,) * 4),
    re.DOTALL,
)
_SHOWN: Final = re.compile(
    rb"(?P<turned>/ReversedChars BMC)|/Span<</ActualText(?P<says>%s)>>BDC|/(?P<font>f\d+) (?P<size>%s) Tf"
    rb"|%s %s %s %s (?P<at>%s) (?P<down>%s) Tm|\[(?P<parts>(?:%s|%s)*)\]TJ|(?P<part>%s)Tj|(?P<end>EMC)"
    % (STRING, *(_NUMBER,) * 7, STRING, _NUMBER, STRING),
    re.DOTALL,
)
_PART: Final = re.compile(rb"(?P<text>%s)|(?P<gap>%s)" % (STRING, _NUMBER), re.DOTALL)
_ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True, slots=True)
class Font:
    """What the glyphs of a font say and how wide they are, in thousandths of its size."""

    says: Mapping[int, str]
    widths: Mapping[int, float]

    def space(self) -> int | None:
        """Return the glyph that says a space, if there is one."""
        return next((glyph for glyph, said in self.says.items() if said == " " and self.widths.get(glyph)), None)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a block: its code, what it says, where it begins and ends in the block's own measure."""

    code: int
    says: str
    left: float
    right: float

    @property
    def is_mark(self) -> bool:
        """Whether it is set over or under a letter."""
        return bool(self.says) and all(map(unicodedata.combining, self.says))


@dataclass(frozen=True, slots=True)
class Shown:
    """Glyphs that are shown with one operator, in the order in which they stand, leftmost first."""

    font: bytes
    size: float
    turned: bool
    whole: bool
    down: float
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """What they say from left to right."""
        return "".join(glyph.says for glyph in self.glyphs)


@dataclass(frozen=True)
class Block:
    """What stands between two parts of the page: letters of one size at one height."""

    start: int
    end: int
    scale: float
    x: float
    y: float
    ink: bytes
    shown: tuple[Shown, ...]

    @cached_property
    def left(self) -> float:
        """Where it begins on the page."""
        return self.x + self.scale * min(each.glyphs[0].left for each in self.shown)

    @cached_property
    def right(self) -> float:
        """Where it ends on the page."""
        return self.x + self.scale * max(each.glyphs[-1].right for each in self.shown)

    @property
    def size(self) -> float:
        """How large its letters are on the page."""
        return self.scale * self.shown[0].size

    @cached_property
    def way(self) -> str:
        """Return "R" when there are Arabic letters, "L" when there are others, "W" when there are digits or marks, else ""."""
        ways = {way_of(letter) for each in self.shown for letter in each.text}
        return next((way for way in "RLW" if way in ways), "")

    @property
    def is_mark(self) -> bool:
        """Whether there is nothing but marks."""
        return all(glyph.is_mark for each in self.shown for glyph in each.glyphs)


@cache
def way_of(letter: str) -> str:
    """Return which way a letter runs, in the four classes of the engine that most browsers show PDFs with."""
    way = unicodedata.bidirectional(letter)
    if way in ("R", "AL"):
        return "R"
    return "L" if way == "L" else "W" if way in ("AN", "EN", "NSM", "CS", "ES", "ET", "BN") else ""


def blocks_of(content: bytes, fonts: Mapping[bytes, Font]) -> list[Block]:
    """Return the blocks of a page in the order in which they are written."""
    found = ((each, tuple(_shown_in(each["body"], fonts))) for each in _BLOCK.finditer(content))
    return [
        Block(each.start(), each.end(), float(each["scale"]), float(each["x"]), float(each["y"]), each["ink"], shown)
        for each, shown in found
        if shown
    ]


def _shown_in(body: bytes, fonts: Mapping[bytes, Font]) -> Iterator[Shown]:
    font, size, at, down, turned = b"", 1.0, 0.0, 0.0, False
    says: str | None = None
    for part in _SHOWN.finditer(body):
        if part["turned"]:
            turned = True
        elif part["says"] is not None:
            says = _said(part["says"])
        elif part["font"]:
            font, size = part["font"], float(part["size"])
        elif part["at"]:
            at, down = float(part["at"]), float(part["down"])
        elif part["end"]:
            turned, says = False, None
        elif says != "" and font in fonts:
            glyphs = tuple(_glyphs(part["part"] if part["parts"] is None else part["parts"], fonts[font], size, at))
            if glyphs and says is not None:
                glyphs = (
                    (Glyph(glyphs[0].code, says, glyphs[0].left, glyphs[-1].right),) if len(glyphs) == 1 else glyphs
                )
            if glyphs:
                yield Shown(font, size, turned, says is not None, down, glyphs)
                says = says and ""


def _glyphs(parts: bytes, font: Font, size: float, at: float) -> Iterator[Glyph]:
    for part in _PART.finditer(parts):
        if part["gap"]:
            at -= float(part["gap"]) * size / 1000
            continue
        codes = bytes_of(part["text"])
        for code in (codes[number] << 8 | codes[number + 1] for number in range(0, len(codes) - 1, 2)):
            end = at + font.widths.get(code, 0.0) * size / 1000
            yield Glyph(code, font.says.get(code, ""), at, end)
            at = end


@lru_cache(maxsize=2048)  # a page is read twice
def bytes_of(string: bytes) -> bytes:
    """Return what a string of the page means."""
    return bytes.fromhex(string[1:-1].decode()) if string.startswith(b"<") else _ESCAPED.sub(_unescaped, string[1:-1])


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8) & 255]) if said[:1].isdigit() else _NAMED.get(said, said)


def _said(string: bytes) -> str:
    data = bytes_of(string)
    return data[2:].decode("utf-16-be", "replace") if data.startswith(b"\xfe\xff") else data.decode("latin-1")
