"""Reports on paper: a table that runs over as many pages as it needs, in the reader's language and direction."""

import json
import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final

from academy import credentials
from academy.base.dates import riyadh_day
from academy.base.i18n import current_language, direction
from academy.base.late import Late
from academy.base.text import without_controls

typst: Any = Late("typst")

FONTS: Final = Path(credentials.__file__).parent / "fonts"
TEMPLATE: Final = Path(__file__).parent / "report.typ"
LONGEST: Final = 200


class CannotPrint(Exception):
    """The report could not be drawn; the message says why, for whoever looks after the job."""


def draw(title: str, note: str, names: list[str], rows: Iterable[list[Any]]) -> bytes:
    """Return a report as a PDF."""
    sheet = {
        "title": _clean(title),
        "note": _clean(note),
        "language": current_language(),
        "direction": direction(current_language()),
        "names": [_clean(name) for name in names],
        "rows": [[_clean(_shown(value)) for value in row] for row in rows],
    }
    return _press.print(json.dumps(sheet, ensure_ascii=False))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return riyadh_day(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _clean(text: str) -> str:
    said = " ".join(without_controls(text).split())
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


class _Press:
    """The one warm compiler of this process; it prints one report at a time and can read no file."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process = 0
        self._compiler: Any = None

    def print(self, sheet: str) -> bytes:
        # The compiler's threads do not survive a fork.
        if self._process not in (0, os.getpid()):
            raise CannotPrint("This process was forked from one that had already drawn; draw only after the fork.")
        try:
            with self._lock:
                made = self._warm().compile(self._source, format="pdf", sys_inputs={"sheet": sheet})
        except (typst.TypstError, ValueError) as error:
            raise CannotPrint(str(error)) from error
        return b"".join(made) if isinstance(made, list) else made or b""

    def _warm(self) -> Any:
        if self._compiler is None:
            self._process = os.getpid()
            self._source = TEMPLATE.read_bytes()
            self._root = TemporaryDirectory(prefix="reports-")
            fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
            self._compiler = typst.Compiler(
                root=self._root.name, font_paths=fonts, ignore_system_fonts=True, package_path=self._root.name,
                package_cache_path=self._root.name,
            )  # fmt: skip
        return self._compiler


_press = _Press()
