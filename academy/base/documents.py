"""Frozen dataclasses as JSON documents and back: exact, and checked against their types when they are read."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from academy.base.text import LocalizedText

Thing = TypeVar("Thing")


class Unreadable(Exception):
    """The document does not hold what its type says."""


def packed(thing: Any) -> Any:
    """Return a dataclass, a tuple or a plain value as JSON can hold it; fractions stay exact."""
    if isinstance(thing, LocalizedText):
        return thing.as_dict()
    if is_dataclass(thing) and not isinstance(thing, type):
        return {field.name: packed(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, tuple | list):
        return [packed(each) for each in thing]
    if isinstance(thing, Fraction):
        return f"{thing.numerator}/{thing.denominator}"
    if isinstance(thing, date):
        return thing.isoformat()
    return thing


def unpacked(kind: type[Thing], document: Any) -> Thing:
    """Return what `packed` made a document of; `Unreadable` when anything in it is missing, too much or of another type."""
    try:
        return cast(Thing, _read(kind, document))
    except (ValueError, TypeError, AttributeError, ZeroDivisionError) as fault:
        raise Unreadable(str(fault)) from fault


def _read(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _either(get_args(kind), value)
    if origin is Literal:
        return _expect(value in get_args(kind), value)
    if origin is tuple:
        return _tuple(get_args(kind), value)
    if kind in READERS:
        return READERS[kind](value)
    if not is_dataclass(kind):
        raise Unreadable(f"no reader for {kind}")
    hints = _hints(cast(type, kind))
    _expect(type(value) is dict and value.keys() == hints.keys(), value)
    return cast(Any, kind)(**{name: _read(hint, value[name]) for name, hint in hints.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _either(kinds: tuple[Any, ...], value: Any) -> Any:
    for kind in kinds:
        try:
            return _read(kind, value)
        except (Unreadable, ValueError, TypeError):
            continue
    raise Unreadable(f"none of {kinds}")


def _tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    _expect(type(value) is list, value)
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], each) for each in value)
    return tuple(_read(kind, each) for kind, each in zip(kinds, value, strict=True))


def _expect(holds: bool, value: Any) -> Any:
    if not holds:
        raise Unreadable(f"unexpected {value!r:.80}")
    return value


def _localized(value: Any) -> LocalizedText:
    _expect(type(value) is dict and value.keys() <= {"ar", "en"}, value)
    return LocalizedText.of({key: _expect(type(text) is str, text) for key, text in value.items()})


READERS: dict[Any, Callable[[Any], Any]] = {
    NoneType: lambda value: _expect(value is None, value),
    bool: lambda value: _expect(type(value) is bool, value),
    int: lambda value: _expect(type(value) is int, value),
    str: lambda value: _expect(type(value) is str, value),
    float: lambda value: float(_expect(type(value) in (int, float), value)),
    Fraction: lambda value: Fraction(_expect(type(value) is str and "/" in value, value)),
    date: lambda value: date.fromisoformat(_expect(type(value) is str, value)),
    LocalizedText: _localized,
}
