"""Formulas of questions with numbers of their own: a small language, read into a tree and worked out exactly.

    sum     = product {("+" | "-") product}
    product = signed {("*" | "/") signed}
    signed  = ["-" | "+"] signed | power
    power   = atom ["^" signed]
    atom    = number | name | function "(" sum {"," sum} ")" | "(" sum ")"

So -2^2 is -4 and 2^3^2 is 2^9. × ÷ − and digits of any kind are read too; Arabic commas part arguments. Every step is
bounded: the length of the text, the depth of the tree, the size of each number on the way.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final

from academy.base.numbers import to_ascii_digits

LONGEST = 300
DEEPEST = 40
LARGEST = Fraction(10) ** 15
MOST_BITS = 1024
MOST_POWER = 64
MOST_DECIMALS = 10
MOST_ARGUMENTS = 10
NAME = r"[A-Za-zء-ي_][A-Za-z0-9ء-ي_]{0,19}"
FUNCTIONS: Final = {
    "min": (1, MOST_ARGUMENTS),
    "max": (1, MOST_ARGUMENTS),
    "round": (1, 2),
    "abs": (1, 1),
    "sqrt": (1, 1),
}
_TOKEN = re.compile(rf"\s*(?:([0-9]+(?:\.[0-9]+)?|\.[0-9]+)|({NAME})|([-+*/^(),]))")
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "٫": ".", "،": ",", "؛": ",", ";": ",", "٪": "%"})
_TIGHTNESS = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 3, "^": 4}


class FormulaError(ValueError):
    """A formula that cannot be read or worked out; `code` says why, `near` where."""

    def __init__(self, code: str, near: str = "") -> None:
        super().__init__(code)
        self.code, self.near = code, near


@dataclass(frozen=True, slots=True)
class Number:
    """A number, never negative."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A number that each learner gets drawn."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operation: "+", "-", "*", "/", "^", "negative", or a function of `FUNCTIONS`."""

    operation: str
    over: tuple["Tree", ...]


Tree = Number | Name | Call


def parse(text: str) -> Tree:
    """Return the tree of a formula. Raises FormulaError, nothing else."""
    if len(text) > LONGEST:
        raise FormulaError("formula_long")
    reader = _Reader(_tokens(to_ascii_digits(text).translate(_SIGNS)))
    tree = reader.sum(0)
    if reader.next:
        raise FormulaError("formula_unread", reader.next)
    return tree


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise FormulaError("formula_unread", text[place:].strip()[:12])
        found.append(match[0].strip())
        place = match.end()
    if not found:
        raise FormulaError("formula_missing")
    return found


class _Reader:
    """Reads tokens from the front; each method takes the depth it is called at."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next
        if not token:
            raise FormulaError("formula_ends")
        self.place += 1
        return token

    def expect(self, sign: str) -> None:
        if self.next != sign:
            code = "formula_unread" if self.next else "formula_ends" if sign == "(" else "formula_bracket"
            raise FormulaError(code, self.next)
        self.place += 1

    def sum(self, depth: int) -> Tree:
        tree = self.product(depth)
        while self.next in ("+", "-"):
            tree = Call(self.take(), (tree, self.product(depth)))
        return tree

    def product(self, depth: int) -> Tree:
        tree = self.signed(depth)
        while self.next in ("*", "/"):
            tree = Call(self.take(), (tree, self.signed(depth)))
        return tree

    def signed(self, depth: int) -> Tree:
        if depth > DEEPEST:
            raise FormulaError("formula_deep")
        if self.next in ("-", "+"):
            sign, inner = self.take(), self.signed(depth + 1)
            return Call("negative", (inner,)) if sign == "-" else inner
        base = self.atom(depth)
        if self.next != "^":
            return base
        self.take()
        return Call("^", (base, self.signed(depth + 1)))

    def atom(self, depth: int) -> Tree:
        token = self.take()
        if token == "(":
            inner = self.sum(depth + 1)
            self.expect(")")
            return inner
        if token[0] in "0123456789.":
            return Number(Fraction(token if token[0] != "." else f"0{token}"))
        if token in FUNCTIONS:
            return Call(token, self.arguments(token, depth))
        if not re.fullmatch(NAME, token):
            raise FormulaError("formula_unread", token)
        return Name(token)

    def arguments(self, function: str, depth: int) -> tuple[Tree, ...]:
        self.expect("(")
        found = [self.sum(depth + 1)]
        while self.next == ",":
            self.take()
            found.append(self.sum(depth + 1))
        self.expect(")")
        least, most = FUNCTIONS[function]
        if not least <= len(found) <= most:
            raise FormulaError("formula_arguments", function)
        return tuple(found)


def names_in(tree: Tree) -> set[str]:
    """Return the names that a formula uses."""
    if isinstance(tree, Name):
        return {tree.name}
    return set().union(*map(names_in, tree.over)) if isinstance(tree, Call) else set()


def printed(tree: Tree) -> str:
    """Return a formula as text that `parse` reads into the same tree, with no bracket too many."""
    if isinstance(tree, Name):
        return tree.name
    if isinstance(tree, Number):
        return _decimal(tree.value)
    if tree.operation in FUNCTIONS:
        return f"{tree.operation}({', '.join(map(printed, tree.over))})"
    own = _TIGHTNESS[tree.operation]
    if tree.operation == "negative":
        return f"-{_inside(tree.over[0], own)}"
    left, right = tree.over
    if tree.operation == "^":
        return f"{_inside(left, own + 1)}^{_inside(right, own - 1)}"
    return f"{_inside(left, own)} {tree.operation} {_inside(right, own + 1)}"


def _inside(tree: Tree, tightness: int) -> str:
    loose = isinstance(tree, Call) and _TIGHTNESS.get(tree.operation, 9) < tightness
    return f"({printed(tree)})" if loose else printed(tree)


def _decimal(value: Fraction) -> str:
    return format(Context(prec=LONGEST * 2).divide(Decimal(value.numerator), Decimal(value.denominator)), "f")


def value_of(tree: Tree, values: Mapping[str, Fraction]) -> Fraction:
    """Return what a formula comes to; exactly, but for roots of numbers that are no squares (50 digits).

    Raises FormulaError: "formula_zero" (division by zero), "formula_root", "formula_power", "formula_large",
    "formula_decimals", "formula_name".
    """
    if isinstance(tree, Number):
        return _bounded(tree.value)
    if isinstance(tree, Name):
        if tree.name not in values:
            raise FormulaError("formula_name", tree.name)
        return _bounded(values[tree.name])
    over = [value_of(each, values) for each in tree.over]
    return _bounded(_OPERATIONS[tree.operation](*over))


def _bounded(value: Fraction) -> Fraction:
    if abs(value) > LARGEST or value.denominator.bit_length() > MOST_BITS:
        raise FormulaError("formula_large")
    return value


def _divided(one: Fraction, other: Fraction) -> Fraction:
    if not other:
        raise FormulaError("formula_zero")
    return one / other


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > MOST_POWER:
        raise FormulaError("formula_power")
    if not base and exponent < 0:
        raise FormulaError("formula_zero")
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if size * abs(int(exponent)) > 4 * MOST_BITS:
        raise FormulaError("formula_large")
    return base ** int(exponent)


def rounded(value: Fraction, decimals: Fraction | int = 0) -> Fraction:
    """Return a value rounded to decimals, halves away from zero as schools teach it."""
    places = Fraction(decimals)
    if places.denominator != 1 or not 0 <= places <= MOST_DECIMALS:
        raise FormulaError("formula_decimals")
    scale = 10 ** int(places)
    whole = (abs(value) * scale * 2 + 1) // 2
    return Fraction(whole if value >= 0 else -whole, scale)


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise FormulaError("formula_root")
    context = Context(prec=50)
    found = Fraction(context.sqrt(context.divide(Decimal(value.numerator), Decimal(value.denominator))))
    exact = found.limit_denominator(10**12)
    return exact if exact * exact == value else found


_OPERATIONS: dict[str, Callable[..., Fraction]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": _divided,
    "^": _power,
    "negative": lambda one: -one,
    "min": lambda *over: min(over),
    "max": lambda *over: max(over),
    "abs": abs,
    "round": rounded,
    "sqrt": _root,
}
