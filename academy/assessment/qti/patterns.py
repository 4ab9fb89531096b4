"""Regular expressions of XML Schema (Part 2, appendix F) matched without backtracking: no pattern can take for ever.

A pattern becomes a net of states; a text is read once while the set of states it may be in is kept (Thompson, Regular
Expression Search Algorithm, 1968). Work is at most states times letters.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from academy.assessment.qti.bounds import MOST_STATES, NotUnderstood, Steps

Test = Callable[[str], bool]
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
_SPECIAL = frozenset(".\\?*+{}()|[]^-$,/")


def _is_name_start(letter: str) -> bool:
    return letter.isalpha() or letter in "_:"


_CLASSES: dict[str, Test] = {
    "d": lambda letter: unicodedata.category(letter) == "Nd",
    "s": lambda letter: letter in " \t\n\r",
    "w": lambda letter: unicodedata.category(letter)[0] not in "PZC",
    "i": _is_name_start,
    "c": lambda letter: _is_name_start(letter) or letter.isdigit() or letter in "-.·",
}


def _any(letter: str) -> bool:
    return letter not in "\n\r"


def _not(test: Test) -> Test:
    return lambda letter: not test(letter)


def _exactly(wanted: str) -> Test:
    return lambda letter: letter == wanted


def _between(low: str, high: str) -> Test:
    return lambda letter: low <= letter <= high


@dataclass(slots=True)
class _Node:
    """A state: `test` lets one letter through to the first of `after`; without a test all of `after` are open at once."""

    test: Test | None = None
    after: list[int] = field(default_factory=list)


Part = tuple[int, int]


class _Parser:
    """Reads a pattern and builds its net; a part is its first and its last state."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.place, self.depth = pattern, 0, 0
        self.nodes: list[_Node] = []

    def node(self, test: Test | None = None) -> int:
        if len(self.nodes) >= MOST_STATES:
            raise NotUnderstood("too_long", "patternMatch")
        self.nodes.append(_Node(test))
        return len(self.nodes) - 1

    def peek(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def next(self) -> str:
        letter = self.peek()
        if not letter:
            raise NotUnderstood(name="patternMatch")
        self.place += 1
        return letter

    def choices(self) -> Part:
        """Read branches divided by |."""
        self.depth += 1
        if self.depth > 30:
            raise NotUnderstood("too_long", "patternMatch")
        parts = [self.row()]
        while self.peek() == "|":
            self.place += 1
            parts.append(self.row())
        self.depth -= 1
        return self.either(parts)

    def either(self, parts: list[Part]) -> Part:
        if len(parts) == 1:
            return parts[0]
        start, end = self.node(), self.node()
        for first, last in parts:
            self.nodes[start].after.append(first)
            self.nodes[last].after.append(end)
        return start, end

    def row(self) -> Part:
        """Read pieces that follow each other."""
        start = last = self.node()
        while self.peek() and self.peek() not in "|)":
            first, end = self.piece()
            self.nodes[last].after.append(first)
            last = end
        return start, last

    def piece(self) -> Part:
        """Read an atom with its count."""
        begin = self.place
        part = self.atom()
        stop = self.place
        least, most = self.count()
        if (least, most) == (1, 1):
            return part
        return self.repeated(part, begin, stop, least, most)

    def count(self) -> tuple[int, int | None]:
        found: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        if self.peek() in found and self.peek():
            return found[self.next()]
        if self.peek() != "{":
            return 1, 1
        self.place += 1
        inside = ""
        while self.peek() != "}":
            inside += self.next()
        self.place += 1
        low, comma, high = inside.partition(",")
        if not low.isascii() or not low.isdigit() or not (high == "" or high.isdigit()) or len(inside) > 9:
            raise NotUnderstood(name="patternMatch")
        return int(low), int(high) if high else None if comma else int(low)

    def repeated(self, part: Part, begin: int, stop: int, least: int, most: int | None) -> Part:
        """Chain copies of a part: read anew for each, the last one turning back where there is no end."""
        if (most is not None and (most < least or most > MOST_STATES)) or least > MOST_STATES:
            raise NotUnderstood("too_long", "patternMatch")
        after, start = self.place, self.node()
        last, copies = start, [part]
        while len(copies) < max(least, most if most is not None else least + 1):
            self.place = begin
            copies.append(self.atom())
            if self.place != stop:
                raise NotUnderstood(name="patternMatch")
        self.place = after
        ends: list[int] = [start] if least == 0 else []
        for number, (first, end) in enumerate(copies[: most if most is not None else None], start=1):
            self.nodes[last].after.append(first)
            last = end
            if number >= least:
                ends.append(end)
            if most is None and number == len(copies):
                self.nodes[end].after.append(first)
        final = self.node()
        for end in ends:
            self.nodes[end].after.append(final)
        return start, final

    def atom(self) -> Part:
        letter = self.next()
        if letter == "(":
            part = self.choices()
            if self.next() != ")":
                raise NotUnderstood(name="patternMatch")
            return part
        if letter in ")?*+{":
            raise NotUnderstood(name="patternMatch")
        return self.single(self.test_of(letter))

    def single(self, test: Test) -> Part:
        start, end = self.node(test), self.node()
        self.nodes[start].after.append(end)
        return start, end

    def test_of(self, letter: str) -> Test:
        match letter:
            case ".":
                return _any
            case "[":
                return self.group()
            case "\\":
                return self.escape()
            case _:
                return _exactly(letter)

    def escape(self) -> Test:
        letter = self.next()
        if letter in "pP":
            return self.category(letter)
        if letter.lower() in _CLASSES:
            return _CLASSES[letter] if letter.islower() else _not(_CLASSES[letter.lower()])
        if letter in _PLAIN or letter in _SPECIAL:
            return _exactly(_PLAIN.get(letter, letter))
        raise NotUnderstood(name="patternMatch")

    def category(self, letter: str) -> Test:
        if self.next() != "{":
            raise NotUnderstood(name="patternMatch")
        name = ""
        while self.peek() != "}":
            name += self.next()
        self.place += 1
        if not 1 <= len(name) <= 2:
            raise NotUnderstood(name="patternMatch")

        def test(found: str) -> bool:
            return unicodedata.category(found).startswith(name)

        return test if letter == "p" else _not(test)

    def group(self) -> Test:
        """Read a class in brackets, with ranges, a leading ^ and a class taken away («-[…]»)."""
        denied = self.peek() == "^"
        self.place += denied
        tests: list[Test] = []
        without: Test | None = None
        while self.peek() != "]" or not tests:
            letter = self.next()
            if letter == "-" and self.peek() == "[" and tests:
                self.place += 1
                without = self.group()
                break
            tests.append(self.member(letter))
        if self.next() != "]":
            raise NotUnderstood(name="patternMatch")
        return _group(tuple(tests), denied, without)

    def member(self, letter: str) -> Test:
        if letter == "\\":
            return self.escape()
        if letter in "[]":
            raise NotUnderstood(name="patternMatch")
        if self.peek() == "-" and self.pattern[self.place + 1 : self.place + 2] not in ("]", "[", ""):
            self.place += 1
            high = self.next()
            if high == "\\":
                escaped = self.next()
                high = _PLAIN.get(escaped, escaped)
            if high < letter:
                raise NotUnderstood(name="patternMatch")
            return _between(letter, high)
        return _exactly(letter)


def _group(tests: tuple[Test, ...], denied: bool, without: Test | None) -> Test:
    def test(letter: str) -> bool:
        inside = any(each(letter) for each in tests) != denied
        return inside and not (without is not None and without(letter))

    return test


@lru_cache(maxsize=256)
def _net(pattern: str) -> tuple[list[_Node], int, int]:
    if len(pattern) > MOST_STATES:
        raise NotUnderstood("too_long", "patternMatch")
    parser = _Parser(pattern)
    start, end = parser.choices()
    if parser.place < len(pattern):
        raise NotUnderstood(name="patternMatch")
    return parser.nodes, start, end


def check_pattern(pattern: str) -> None:
    """Raise NotUnderstood for a pattern that cannot be used."""
    _net(pattern)


def matches(pattern: str, text: str, steps: Steps) -> bool:
    """Whether the whole text matches the pattern (IM 10.4, patternMatch: anchored at both ends). Raises NotUnderstood."""
    nodes, start, end = _net(pattern)
    steps.take(len(text) * len(nodes) // 200)
    states = _open(nodes, {start})
    for letter in text:
        states = _open(nodes, {nodes[place].after[0] for place in states if _lets(nodes[place], letter)})
        if not states:
            return False
    return end in states


def _lets(node: _Node, letter: str) -> bool:
    return node.test is not None and node.test(letter)


def _open(nodes: list[_Node], places: set[int]) -> set[int]:
    """Add every state that is reached without a letter."""
    found, waiting = set(places), list(places)
    while waiting:
        node = nodes[waiting.pop()]
        if node.test is None:
            fresh = [place for place in node.after if place not in found]
            found.update(fresh)
            waiting.extend(fresh)
    return found
