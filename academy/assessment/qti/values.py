"""The values that rules work with: single values, containers and records, exact numbers (IM 2, Values)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from academy.assessment.qti.bounds import LONGEST_TEXT, MOST_MEMBERS, NotUnderstood

Single = str | bool | Fraction
NUMERIC = frozenset(("integer", "float", "duration"))
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_FORMAT = re.compile(r"%[-+ 0#]{0,3}[0-9]{0,2}(?:\.[0-9]{1,2})?[difeEgGs]")
_WIDEST = 256  # bits of a numerator or denominator; beyond that a number continues as the nearest double
_LARGEST = Fraction(10) ** 300


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its type. No members means NULL: the empty container and the empty string are NULL (IM 2.1).

    Members are texts, truths and exact numbers. A pair is its two identifiers in alphabetical order, a directed pair
    as it was given, a point its two numbers, each with one space between. A record names its members.
    """

    base: str = ""
    cardinality: str = "single"
    members: tuple[Single, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def null(self) -> bool:
        """Whether there is no value."""
        return not self.members

    @property
    def number(self) -> Fraction | None:
        """The value as one number; None when it is none."""
        only = self.members[0] if len(self.members) == 1 else None
        return only if isinstance(only, Fraction) else None

    @property
    def truth(self) -> bool | None:
        """The value as a truth; None when it is none."""
        only = self.members[0] if len(self.members) == 1 else None
        return only if isinstance(only, bool) else None

    @property
    def text(self) -> str | None:
        """The value as one text; None when it has not exactly one member."""
        return as_text(self.members[0]) if len(self.members) == 1 else None

    @property
    def numbers(self) -> tuple[Fraction, ...] | None:
        """All members as numbers; None when one is none."""
        found = tuple(member for member in self.members if isinstance(member, Fraction))
        return found if len(found) == len(self.members) else None

    def same(self, other: "Value") -> bool:
        """Whether two values match: ordered ones in their order, others as bags, records field by field (IM 10.4)."""
        if self.cardinality == other.cardinality == "record":
            return dict(zip(self.names, self.members, strict=True)) == dict(
                zip(other.names, other.members, strict=True)
            )
        if "ordered" in (self.cardinality, other.cardinality):
            return self.members == other.members
        return sorted(map(as_text, self.members)) == sorted(map(as_text, other.members))


NULL = Value()
TRUE, FALSE = Value("boolean", "single", (True,)), Value("boolean", "single", (False,))


def truth(value: bool) -> Value:
    """Return a truth as a value."""
    return TRUE if value else FALSE


def number(value: Fraction | int | None) -> Value:
    """Return a number as a value, NULL for none or one beyond the range of a double."""
    found = bounded(Fraction(value)) if value is not None else None
    return NULL if found is None else Value("integer" if found.denominator == 1 else "float", "single", (found,))


def bounded(value: Fraction) -> Fraction | None:
    """Return a number that costs little to work with: exact while short, else the nearest double; None when too large."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) <= _WIDEST:
        return value
    return None if abs(value) > _LARGEST else Fraction(float(value))


def text(value: str) -> Value:
    """Return a text as a value; the empty one is NULL."""
    return Value("string", "single", (value[:LONGEST_TEXT],)) if value else NULL


def container(cardinality: str, members: Iterable[Single], base: str = "") -> Value:
    """Return a container; NotUnderstood when it would hold more than any item needs."""
    found = tuple(members)
    if len(found) > MOST_MEMBERS:
        raise NotUnderstood("too_long")
    return Value(base, cardinality, found)


def parsed_number(typed: str | None) -> Fraction | None:
    """Return a number as files write it (12.5, -1e3); None for anything else and for magnitudes no item needs."""
    bare = (typed or "").strip()
    if len(bare) > 64 or not _NUMBER.fullmatch(bare):
        return None
    try:
        found = Decimal(bare)
    except InvalidOperation:
        return None
    return Fraction(found) if not found or abs(found.adjusted()) <= 30 else None


def parsed(typed: str, base: str) -> Single | None:
    """Return a single value of a base type as its text says; None for the empty text. Raises NotUnderstood."""
    if base in NUMERIC:
        found = parsed_number(typed)
        if found is None:
            raise NotUnderstood(name=typed.strip()[:40])
        return found
    if base == "boolean":
        return typed.strip() in ("true", "1")
    if base in ("pair", "directedPair", "point"):
        words = typed.split()
        return " ".join(sorted(words) if base == "pair" else words) or None
    return typed.strip()[:LONGEST_TEXT] or None


def value_of(texts: Iterable[str], base: str, cardinality: str) -> Value:
    """Return the value that texts spell; empty ones are left out. Raises NotUnderstood."""
    found = [member for each in texts if (member := parsed(each, base)) is not None]
    return container(cardinality, found, base)


def as_text(single: Single) -> str:
    """Return a single value as files write it: numbers as plain decimals, to fifteen digits when they have no end."""
    if isinstance(single, bool):
        return "true" if single else "false"
    return single if isinstance(single, str) else _decimal(single)


def _decimal(value: Fraction) -> str:
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > 30:
        return format(Decimal(f"{float(value):.15g}"), "f")
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    whole = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{whole}" if value < 0 else whole


def printed(value: Value, format_: str = "", separator: str = ", ") -> str:
    """Return a value for reading, by a format in the manner of C ("%.2f") where one is given (IM 9.1, printedVariable)."""
    return separator.join(_printed(member, format_) for member in value.members)


def _printed(member: Single, format_: str) -> str:
    if not _FORMAT.fullmatch(format_):
        return as_text(member)
    if format_[-1] == "s" or not isinstance(member, Fraction):
        return as_text(member)
    return format_ % (int(member) if format_[-1] in "di" else float(member))
