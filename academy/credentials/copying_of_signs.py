"""Writes anew what readers take in different ways: letters with marks over or under them, and brackets among Arabic letters.

The typesetter breaks a word where a mark stands higher than the line and writes the pieces from left to right; so «تُمنح» is copied in
pieces, and with its mark before its letter. Here the pieces become one block again. For the one engine (poppler) a letter with its marks
is a /Span with a text for all of it (/ActualText), the marks first, for it turns the line around. The other one (of most browsers) heeds
the innermost such text, which is empty, and then reads the glyphs: to the left of the letter stands the mark once more, unseen. The mark
that is seen would end the line for it; it stands at the end of the page and says nothing to either.

The one engine copies a bracket as it is named, the other takes it for what it looks like and turns it around among Arabic letters. The
first heeds the text of a /Span alone, the second that of any mark; so the second is told the bracket's look in the mark that says that
glyphs stand in reverse (/ReversedChars).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Final

from academy.credentials.copying_of_lines import BRACKETS, among_arabic, lines_of, mirrored
from academy.credentials.copying_of_pages import Block, Font, Glyph, Shown, blocks_of, way_of

NEAR: Final = 0.6  # of the size of the letters: how far a mark may stand off, and pieces of a word from each other
SEEN, UNSEEN = 0, 3  # how glyphs are drawn


def mended(content: bytes, fonts: Mapping[bytes, Font]) -> bytes:
    """Return the content of a page with its marks and brackets as readers need them."""
    blocks = blocks_of(content, fonts)
    arabic = {block.start for line in lines_of(blocks) for block in among_arabic(line)}
    made, over, done = [], [], 0
    for word in _words(blocks):
        if arabic.isdisjoint(block.start for block in word) or not _has_signs(word):
            continue
        first = content[word[0].start : content.index(b"\nBT", word[0].start) + 3]
        laid = list(_laid(word))
        made += [content[done : word[0].start], first, *map(_written, laid), b"\nET\nQ\n"]
        if marks := [mark for _letter, *marks in laid for mark in marks]:
            over += [b"\n/Artifact BMC", first, *map(_silent, marks), b"\nET\nQ\nEMC"]
        for before, after in pairwise(word):
            made += [content[before.end : after.start], b"\n"]
        done = word[-1].end
    return b"".join((*made, content[done:], *over))


def _words(blocks: list[Block]) -> Iterator[list[Block]]:
    """Give blocks one by one, but together those between which stands a mark."""
    word: list[Block] = []
    for block in blocks:
        if word and not _belong(word[-1], block):
            yield word
            word = []
        word.append(block)
    if word:
        yield word


def _belong(before: Block, after: Block) -> bool:
    return (
        (before.is_mark or after.is_mark)
        and (before.scale, before.ink) == (after.scale, after.ink)
        and max(abs(after.y - before.y), abs(after.left - before.right)) < NEAR * after.size
    )


def _has_signs(word: list[Block]) -> bool:
    glyphs = (glyph for block in word for each in block.shown for glyph in each.glyphs)
    return any(glyph.is_mark or BRACKETS.intersection(glyph.says) for glyph in glyphs)


def _laid(word: list[Block]) -> Iterator[tuple[Shown, ...]]:
    """Give what is shown, leftmost first, in the measure of the first block: a letter with its marks together, a bracket alone."""
    marks: list[Shown] = []
    for each in _by_glyph(word):
        glyph = each.glyphs[0]
        if glyph.is_mark:
            marks.append(each)
        elif marks:
            yield (each, *marks)
            marks = []
        else:
            yield (each,)
    yield from ((mark,) for mark in marks)


def _by_glyph(word: list[Block]) -> Iterator[Shown]:
    """Give what is shown cut at marks, at the letters after them and at brackets, which take the spaces and signs beside them along."""
    first = word[0]
    for block in word:
        right, lower = (block.x - first.x) / first.scale, (first.y - block.y) / first.scale
        for each in block.shown:
            glyphs = [replace(one, left=one.left + right, right=one.right + right) for one in each.glyphs]
            for run in _runs(glyphs):
                yield replace(each, glyphs=tuple(run), down=each.down + lower)


def _runs(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    run: list[Glyph] = []
    after_mark = True  # the first letter of a piece may have its mark in the piece before
    signs = _beside_brackets(glyphs)
    for number, glyph in enumerate(glyphs):
        alone = after_mark or glyph.is_mark
        if run and (alone or (number in signs) != (number - 1 in signs)):
            yield run
            run = []
        run.append(glyph)
        if alone and not (number in signs and number + 1 in signs):
            yield run
            run = []
        after_mark = glyph.is_mark
    if run:
        yield run


def _beside_brackets(glyphs: list[Glyph]) -> set[int]:
    """Return the places of the brackets and of the spaces and signs next to them."""
    places: set[int] = set()
    for neutral, run in groupby(range(len(glyphs)), lambda place: not any(map(way_of, glyphs[place].says))):
        among = list(run)
        if neutral and any(BRACKETS.intersection(glyphs[place].says) for place in among):
            places.update(among)
    return places


def _written(shown: tuple[Shown, ...]) -> bytes:
    letter, *marks = shown
    if marks:
        unseen = b"".join(_told("", _operators(_left_of(letter, mark), mode=UNSEEN)) for mark in marks[::-1])
        both = "".join(mark.text[::-1] for mark in marks[::-1]) + letter.text
        return _spoken(both, unseen + _told("", _operators(letter)))
    written = _operators(letter)
    if BRACKETS.intersection(letter.text):
        written = _told(mirrored(letter.text)[::-1], written)
    elif letter.turned and not letter.whole:
        written = b"/ReversedChars BMC%s\nEMC" % written
    return _spoken(letter.text, written) if letter.whole else written


def _left_of(letter: Shown, mark: Shown) -> Shown:
    edge = letter.glyphs[0].left
    glyphs = tuple(replace(each, left=edge, right=edge) for each in mark.glyphs)
    return replace(mark, glyphs=glyphs, down=letter.down)


def _silent(mark: Shown) -> bytes:
    return _spoken("", _told("\1", _operators(mark)))


def _told(text: str, written: bytes) -> bytes:
    return b"/ReversedChars<</ActualText<FEFF%s>>>BDC%s\nEMC" % (_hex(text), written)


def _spoken(says: str, written: bytes) -> bytes:
    return b"/Span<</ActualText<FEFF%s>>>BDC%s\nEMC" % (_hex(says), written)


def _hex(text: str) -> bytes:
    return text.encode("utf-16-be").hex().upper().encode()


def _operators(shown: Shown, mode: int = SEEN) -> bytes:
    parts, at = b"", shown.glyphs[0].left
    for glyph in shown.glyphs:
        gap = (at - glyph.left) * 1000 / shown.size
        parts += (b"%.2f" % gap if abs(gap) > 0.01 else b"") + b"<%04X>" % glyph.code
        at = glyph.right
    place = (shown.size, shown.glyphs[0].left, shown.down)
    return b" %d Tr/%s %.6g Tf 1 0 0 -1 %.5f %.5f Tm[%s]TJ" % (mode, shown.font, *place, parts)
