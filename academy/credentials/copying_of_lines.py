"""Parts what a reader in a browser would mix up: a line of a page in which Arabic and Latin words stand together.

The engine that most browsers show PDFs with sorts what was written one after another at one height by its place, and then turns each
run of Arabic letters around, but not the order of the runs: «نورة العتيبي» beside «Noura Al-Otaibi» is copied as "Noura Al-Otaibi العتيبي نورة".
It does so for a line only, and only something written at another height ends a line. So where its reading would not be what stands
there, a space that is nobody's (an artifact) is written far below the line between the two directions. The words are copied as lines
of their own then, each right and in the order in which they are read. Nothing seen changes, and no other reader minds.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from typing import Final

from academy.credentials.copying_of_pages import Block, Font, blocks_of, way_of

SAME_LINE: Final = 0.25  # of the size of the letters: how far two baselines may lie apart
TOUCHING: Final = 0.15
FAR: Final = 1.5
BELOW: Final = 3.0


def parted(content: bytes, fonts: Mapping[bytes, Font]) -> bytes:
    """Return the content of a page with its lines parted where they would be copied wrongly."""
    made, done = [], 0
    for line in lines_of(blocks_of(content, fonts)):
        if " ".join(_as_browsers_read(line).split()) == " ".join(_as_people_read(line).split()):
            continue
        for piece in _pieces(line)[:-1]:
            at, space = piece[-1].end, _far_space(piece[-1], fonts)
            if space and content.startswith(b"EMC", at):
                at, space = at + 3, b"/Artifact BMC%sEMC" % space
            made += [content[done:at], space]
            done = at
    return b"".join((*made, content[done:]))


def _far_space(block: Block, fonts: Mapping[bytes, Font]) -> bytes:
    """Return a space that no other line is near to, "" when the page has none."""
    named = (
        (name, font.space()) for name, font in sorted(fonts.items(), key=lambda each: each[0] != block.shown[0].font)
    )
    name, space = next(((name, space) for name, space in named if space is not None), (b"", None))
    if space is None:
        return b""
    below = block.y - BELOW * block.size
    height = below if below > 0 else block.y + BELOW * block.size
    return b"\nq 1 0 0 -1 %.3f %.3f cm\nBT 0 Tr/%s 1 Tf 1 0 0 -1 0 0 Tm(\\%03o\\%03o\\%03o\\%03o)Tj\nET\nQ\n" % (
        block.left, height, name, *(space >> 8, space & 255) * 2,
    )  # fmt: skip


def lines_of(blocks: list[Block]) -> Iterator[list[Block]]:
    """Give what is written one after another at one height."""
    line: list[Block] = []
    for block in blocks:
        if line and abs(block.y - line[-1].y) > SAME_LINE * max(block.size, line[-1].size):
            yield line
            line = []
        line.append(block)
    if line:
        yield line


def _pieces(line: list[Block]) -> list[list[Block]]:
    """Cut a line where its direction changes and where it leaves much room."""
    ways = ways_of(line)
    pieces = [[line[0]]]
    for number, (before, after) in enumerate(pairwise(line), 1):
        if ways[number] != ways[number - 1] or _between(before, after) > FAR * after.size:
            pieces.append([])
        pieces[-1].append(after)
    return pieces


def ways_of(line: list[Block]) -> list[str]:
    """Return the direction of each block: digits go with what stands before them, signs with the line's own direction."""
    base = "L" if len(line) < 2 or line[0].left < line[-1].left else "R"
    known = [block.way for block in line]
    for number, way in enumerate(known):
        before = known[number - 1] if number else base
        after = next((each for each in known[number + 1 :] if each in ("L", "R")), base)
        if way not in ("L", "R"):
            known[number] = before if way == "W" or before == after else base
    return known


def _between(before: Block, after: Block) -> float:
    return max(after.left - before.right, before.left - after.right)


def _as_people_read(line: list[Block]) -> str:
    said = _read(line[0])
    for before, after in pairwise(line):
        said += " " * (_between(before, after) > TOUCHING * after.size) + _read(after)
    return said


def _read(block: Block) -> str:
    said = "".join(each.text for each in block.shown)
    return said[::-1] if block.way == "R" else said


def _as_browsers_read(line: list[Block]) -> str:
    """Return what the engine of most browsers makes of a line; brackets are told it as `copying_of_signs` says."""
    among = among_arabic(line)
    places = [
        (
            block.x + block.scale * each.glyphs[0].left,
            block.x + block.scale * each.glyphs[-1].right,
            mirrored(each.text) if block in among else each.text,
        )
        for block in line
        for each in block.shown
    ]
    places.sort(key=lambda place: place[0])
    room = TOUCHING * max(block.size for block in line)
    visual = places[0][2]
    for (_left, end, _before), (left, _right, after) in pairwise(places):
        visual += " " * (left - end > room) + after
    runs = [(way, "".join(letters)) for way, letters in groupby(" ".join(visual.split()), way_of)]
    ways = [way for way, _letters in runs]
    rightmost = ways.count("R") > ways.count("L")
    turned, read = rightmost, ""
    for way, letters in reversed(runs) if rightmost else runs:
        turned = way == "R" or (turned and way != "L")
        read += mirrored(letters)[::-1] if turned and way != "W" else letters
    return read


def among_arabic(line: list[Block]) -> list[Block]:
    """Return the blocks of a line that hold Arabic letters, or signs right beside them."""
    runs = [list(run) for _way, run in groupby(zip(line, ways_of(line), strict=True), lambda each: each[1])]
    return [block for run in runs if any(block.way == "R" for block, _way in run) for block, way in run if way == "R"]


def mirrored(text: str) -> str:
    """Return a text with its brackets the other way."""
    return text.translate(_MIRRORS)


_PAIRS: Final = "()[]{}<>«»"
_MIRRORS: Final = str.maketrans(_PAIRS, "".join(_PAIRS[at ^ 1] for at in range(len(_PAIRS))))
BRACKETS: Final = frozenset(_PAIRS)
