"""What may stand in an address: ids that a database can hold, and text without control signs. Anything else does not exist.

And the addresses that every page gives, built once: `url_for` takes long.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, has_request_context, request, url_for
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

LARGEST = 2**31 - 1
_MARK, _SAFE = "x-part-x", "!$&'()*+,/:;=@"  # what Werkzeug leaves as it is in a path
_CONTROLS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class Id(IntegerConverter):
    """A whole number that fits into an id."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST, **kwargs})


class Text(UnicodeConverter):
    """One part of a path, of signs that can be kept and compared."""

    def to_python(self, value: str) -> str:
        """Refuse control signs, which PostgreSQL would refuse with an error."""
        if _CONTROLS.search(value):
            raise ValidationError
        return value


def install(app: Flask) -> None:
    """Make these the meaning of `<int:…>` and `<…>` in every rule added from now on."""
    app.url_map.converters.update({"int": Id, "default": Text, "string": Text})
    app.extensions["addresses"] = {}


def address_of(endpoint: str, **parts: Any) -> str:
    """Return what `url_for` gives; an address without parts is built once for each place that the academy is served from."""
    if parts or endpoint.startswith(".") or not has_request_context():
        return url_for(endpoint, **parts)
    kept: dict[tuple[str, str], str] = current_app.extensions["addresses"]
    key = request.script_root, endpoint
    found = kept.get(key)
    if found is None:
        found = kept[key] = url_for(endpoint)
    return found


def addresses_of(endpoint: str, part: str, **fixed: object) -> Callable[[str], str]:
    """Return what gives the address for each value of one text part: `url_for` takes long, and a list asks for it per row."""
    before, mark, after = url_for(endpoint, **{part: _MARK}, **fixed).partition(_MARK)  # type: ignore[arg-type]
    if not mark or "?" in before:
        raise ValueError(f"{part} is not a part of the address of {endpoint}")
    return lambda value: f"{before}{quote(value, safe=_SAFE)}{after}"
