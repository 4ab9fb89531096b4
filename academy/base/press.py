"""A warm typesetter: prints sheets of data by a template, one at a time in a process, and can read no file."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from academy.base.late import Late

typst: Any = Late("typst")


class CannotPrint(Exception):
    """The sheet could not be drawn; the message says why, for whoever looks after the job."""


class Press:
    """One template and the compiler that is kept warm for it."""

    def __init__(self, template: Path, fonts: Path) -> None:
        self._template, self._fonts = template, fonts
        self._lock = Lock()
        self._process = 0
        self._compiler: Any = None

    def print(self, sheet: dict[str, Any]) -> bytes:
        """Return a sheet as a PDF. Every word arrives as data, never as source. Raises CannotPrint."""
        # The compiler's threads do not survive a fork.
        if self._process not in (0, os.getpid()):
            raise CannotPrint("This process was forked from one that had already drawn; draw only after the fork.")
        inputs = {"sheet": json.dumps(sheet, ensure_ascii=False)}
        try:
            with self._lock:
                made = self._warm().compile(self._source, format="pdf", sys_inputs=inputs)
        except (typst.TypstError, ValueError) as error:
            raise CannotPrint(str(error)) from error
        return b"".join(made) if isinstance(made, list) else made or b""

    def _warm(self) -> Any:
        if self._compiler is None:
            self._process = os.getpid()
            self._source = self._template.read_bytes()
            self._root = TemporaryDirectory(prefix="press-")
            fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(self._fonts)])
            self._compiler = typst.Compiler(
                root=self._root.name, font_paths=fonts, ignore_system_fonts=True, package_path=self._root.name,
                package_cache_path=self._root.name,
            )  # fmt: skip
        return self._compiler
