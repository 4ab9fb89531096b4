"""A YAML file walked part by part; a part that is missing or of the wrong sort is refused with its place."""

import json
import math
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from academy.base.text import LocalizedText


class BadContent(Exception):
    """A content file is unreadable or contradicts itself: which file, where in it, and what is wrong."""

    def __init__(self, file: str, place: str, what: str) -> None:
        super().__init__(f"{file}: {place}: {what}" if place else f"{file}: {what}")
        self.file, self.place, self.what = file, place, what


# The same loader in C, seven times as quick, where it was built.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]
    """YAML without Python objects, in which a key may stand only once in a mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build the mapping; PyYAML itself would silently keep the last of two equal keys."""
        keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise yaml.constructor.ConstructorError(None, None, f"the key {twice!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


@dataclass(frozen=True)
class Part:
    """A value inside a file with its place, written like `quiz.questions[q7].stem`."""

    file: str
    place: str
    value: Any

    def bad(self, what: str) -> BadContent:
        """Return the error that blames this part."""
        return BadContent(self.file, self.place, what)

    def has(self, key: str) -> bool:
        """Tell whether the mapping has a value under the key."""
        return self.mapping().get(key) is not None

    def at(self, key: str) -> "Part":
        """Return the part under a key that must be there."""
        inner = Part(
            self.file,
            f"{self.place}.{key}" if self.place else key,
            self.mapping().get(key),
        )
        if inner.value is None:
            raise inner.bad("is missing")
        return inner

    def each(self, key: str, *, optional: bool = False) -> tuple["Part", ...]:
        """Return the parts of the list under a key; with `optional` an absent list is an empty one."""
        if optional and not self.has(key):
            return ()
        whole = self.at(key)
        if not isinstance(whole.value, list):
            raise whole.bad("is not a list")
        return tuple(Part(self.file, f"{whole.place}[{_label(item, n)}]", item) for n, item in enumerate(whole.value))

    def mapping(self) -> dict[Any, Any]:
        """Return the value, which must be a mapping."""
        if not isinstance(self.value, dict):
            raise self.bad("is not a mapping")
        return self.value

    def word(self) -> str:
        """Return the value, which must be a text that is not blank."""
        # YAML reads a bare no, 1.0 or 2024-01-01 as something else than text; saying so beats guessing.
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.bad("is not a text (put it in quotation marks)")
        return self.value.strip()

    def whole(self, lowest: int = 0, highest: int | None = None) -> int:
        """Return the value, which must be a whole number between the bounds, both included."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.bad("is not a whole number")
        if self.value < lowest or (highest is not None and self.value > highest):
            raise self.bad(f"{self.value} is not between {lowest} and {highest}" if highest else f"is below {lowest}")
        return self.value

    def amount(self) -> Decimal:
        """Return the value, which must be a number above zero, exactly as it was written."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool) or not 0 < self.value < math.inf:
            raise self.bad("is not a number above zero")
        return Decimal(str(self.value))

    def yes(self) -> bool:
        """Return the value, which must be true or false."""
        if not isinstance(self.value, bool):
            raise self.bad("is not true or false")
        return self.value

    def text(self) -> LocalizedText:
        """Return the value, which must be a text in both languages."""
        if self.mapping().keys() != {"ar", "en"}:
            raise self.bad("needs exactly the languages ar and en")
        return LocalizedText(ar=self.at("ar").word(), en=self.at("en").word())

    def words(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Return the list of texts under a key."""
        return tuple(part.word() for part in self.each(key, optional=optional))

    def texts(self, key: str, *, optional: bool = False) -> tuple[LocalizedText, ...]:
        """Return the list of texts in two languages under a key."""
        return tuple(part.text() for part in self.each(key, optional=optional))

    def raw(self, *without: str) -> dict[str, Any]:
        """Return the mapping as it stands, less some keys; it must fit into JSON."""
        left = {key: value for key, value in self.mapping().items() if key not in without}
        try:
            json.dumps(left, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise self.bad(f"does not fit into JSON: {error}") from error
        return left


def load(path: Path, form: str) -> Part:
    """Read a YAML file whose `format` is the given one; raises BadContent."""
    try:
        top = Part(path.name, "", yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))  # noqa: S506  (_Loader is a stricter SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadContent(path.name, "", " ".join(f"cannot be read: {error}".split())) from error
    if top.at("format").value != form:
        raise top.at("format").bad(f"is not {form}")
    return top


def _label(item: object, position: int) -> object:
    """Name an item of a list by its id where it has one, else by its position from 0."""
    return item["id"] if isinstance(item, dict) and "id" in item else position
