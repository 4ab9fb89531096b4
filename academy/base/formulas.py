"""Where formulas stand in running text: numbers joined by mathematical signs, and signed numbers.

Both are written from left to right. In a line of Arabic the signs would follow the line instead: −100 would be read as
100− and a subtraction backwards. What is no formula stays as it is: 7-10, 24/7, 2026-11-30 and 85% alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from academy.base.text import has_arabic

_DIGIT = "[0-9٠-٩]"
_NUMBER = rf"{_DIGIT}+(?:[.,:/٫٬\u00a0\u202f]{_DIGIT}+)*"
_LETTER = "A-Za-z\u0620-\u065f\u066e-\u06d3"
_TOKEN = re.compile(
    rf"""(?P<number>(?:(?<![A-Za-z0-9٠-٩_]){_NUMBER}(?![A-Za-z0-9٠-٩_])|\u2066[−+]?{_NUMBER}\u2069)[%٪‰]?[²³]*)
    | (?P<letter>(?<![{_LETTER}0-9٠-٩_])[\u0621-\u063a\u0641-\u0647\u064a](?![{_LETTER}0-9٠-٩_])[²³]*)
    | (?P<sign>[−+±]) | (?P<times>[×÷]) | (?P<weak>[-–/]) | (?P<relation>[=≈≠<>≤≥]) | (?P<root>√)
    | (?P<open>\() | (?P<close>\)[²³]*[%٪]?) | (?P<space>\s+) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ANY_SIGN = re.compile(f"[−+±×÷=≈≠<>≤≥√]|-{_DIGIT}")
_PHONE = re.compile(rf"(?<!{_DIGIT})\+{_DIGIT}{{1,3}}(?:[ -]{_DIGIT}{{1,4}}){{2,}}(?![ -]?{_DIGIT})")
_WITH_LATIN = re.compile(r"[A-Za-z][0-9٠-٩]*\s*[−+±×÷*=≈≠<>≤≥/-]?\s*\Z")
_DEEPEST, _LONGEST = 8, 4_000
_AND = "و"


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens from `first` up to `after`, whether they hold a digit, and what makes a formula of them."""

    first: int
    after: int
    counts: bool = True
    joined: bool = False


class _Reader:
    """Reads formulas out of the tokens of a text."""

    def __init__(self, text: str) -> None:
        found = list(_TOKEN.finditer(text))
        self.text = text
        self.kinds = [self._kind(each) for each in found]
        self.spans = [each.span() for each in found]

    @staticmethod
    def _kind(found: re.Match[str]) -> str:
        kind = found.lastgroup or "other"
        return "other" if kind == "letter" and found.group() == _AND else kind

    def kind(self, at: int) -> str:
        return self.kinds[at] if 0 <= at < len(self.kinds) else "end"

    def past_space(self, at: int, step: int = 1) -> int:
        return at + step if self.kind(at) == "space" else at

    def _is_signed(self, at: int) -> bool:
        """Whether a sign stands close before its number and apart from what is before it."""
        kind, before = self.kind(at), self.kind(at - 1)
        if self.kind(at + 1) not in ("number", "root", "open"):
            return False
        if kind == "weak":
            return self._said(at) == "-" and before in ("end", "space", "open") and self.kind(at + 1) == "number"
        latin = before == "other" and bool(re.match("[A-Za-z0-9_%٪]", self._said(at - 1)))
        return kind == "sign" and before not in ("number", "close", "letter") and not latin

    def _said(self, at: int) -> str:
        start, end = self.spans[at]
        return self.text[start:end]

    def joins(self, at: int) -> bool:
        """Whether the token is a sign between two terms: with as much room before it as behind it, or one of × ÷ =."""
        kind, before, after = self.kind(at), self.kind(at - 1), self.kind(at + 1)
        if kind == "times" or (kind == "relation" and self._said(at) not in "<>"):
            return True
        if kind not in ("sign", "weak", "relation"):
            return False
        if kind != "sign" or "letter" in (self.kind(self.past_space(at - 1, -1)), before):
            return (before == "space") == (after == "space")
        return not (before != "space" and after == "space") and after != "end"

    def term(self, at: int, depth: int = 0) -> _Part | None:
        """A number, a letter or something in brackets, with the signs and roots before it."""
        first, signed = at, False
        while self.kind(at) == "root" or self._is_signed(at):
            signed, at = True, at + 1
            if self.kind(at - 1) == "root":
                at = self.past_space(at)
        kind = self.kind(at)
        if kind in ("number", "letter"):
            return _Part(first, at + 1, kind == "number", signed)
        if kind != "open" or depth >= _DEEPEST:
            return None
        sides = self.sides(self.past_space(at + 1), depth + 1)
        end = self.past_space(sides[-1].after) if sides else at
        if not sides or self.kind(end) != "close":
            return None
        return _Part(first, end + 1, any(side.counts for side in sides), signed or _is_joined(sides))

    def side(self, at: int, depth: int) -> _Part | None:
        """Terms with signs of arithmetic between them."""
        term = self.term(at, depth)
        if term is None:
            return None
        end, counts, joined = term.after, term.counts, term.joined
        while self.joins(sign := self.past_space(end)) and self.kind(sign) != "relation":
            term = self.term(self.past_space(sign + 1), depth)
            if term is None:
                break
            end, counts = term.after, counts or term.counts
            joined = joined or term.joined or self.kind(sign) != "weak"
        return _Part(at, end, counts, joined)

    def sides(self, at: int, depth: int = 0) -> list[_Part]:
        """What stands on the sides of signs of equality and the like, as far as it can be read."""
        sides: list[_Part] = []
        while (side := self.side(at, depth)) is not None:
            sides.append(side)
            sign = self.past_space(side.after)
            if self.kind(sign) != "relation" or not self.joins(sign):
                break
            at = self.past_space(sign + 1)
        return sides

    def _goes_on(self, at: int) -> bool:
        """Whether arithmetic joins this place to something that cannot be read, as a word."""
        return self.joins(at) and self.kind(at) != "relation"

    def spans_of(self, sides: list[_Part]) -> Iterator[tuple[int, int]]:
        """The formula that the sides make; a side that goes on in words is left to them, but for a signed number."""
        whole = list(sides)
        for cut, edge in ((0, self.past_space(sides[0].first - 1, -1)), (-1, self.past_space(sides[-1].after))):
            if whole and self._goes_on(edge):
                side = whole.pop(cut)
                if self.kind(side.first) in ("sign", "weak") and side.after == side.first + 2:
                    yield self._span(side, side)
        if whole and any(side.counts for side in whole) and _is_joined(whole):
            yield self._span(whole[0], whole[-1])

    def _span(self, first: _Part, last: _Part) -> tuple[int, int]:
        return self.spans[first.first][0], self.spans[last.after - 1][1]

    def formulas(self) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(self.kinds):
            sides = self.sides(at)
            if sides:
                yield from self.spans_of(sides)
            at = sides[-1].after if sides else at + 1


def _is_joined(sides: list[_Part]) -> bool:
    return len(sides) > 1 or any(side.joined for side in sides)


def isolating_tag(formula: str) -> str:
    """Return the element that keeps a formula left to right; Arabic letters in it, as variables, would still go the other way."""
    return "bdo" if has_arabic(formula) else "bdi"


@lru_cache(maxsize=2048)
def formulas(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the formulas of a text begin and end, in order; none in a text without signs, nor in an endless one."""
    if len(text) > _LONGEST or not _ANY_SIGN.search(text):
        return ()
    phones = [found.span() for found in _PHONE.finditer(text)]
    bare = list(text)
    for start, end in phones:
        bare[start:end] = "\ufffc" * (end - start)
    found = [span for span in _Reader("".join(bare)).formulas() if not _WITH_LATIN.search(text[: span[0]])]
    return tuple(sorted(found + phones))
