"""A warm typesetter: prints sheets of data by a template, one at a time in a process, and can read no file."""

import json
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from academy.base.late import Late

# Only the job worker prints as a rule; the compiler and its fonts would be a fifth of each web process's memory.
typst: Any = Late("typst")


class CannotPrint(Exception):
    """The sheet could not be drawn; the message says why, for whoever looks after the job."""


class Typesetter:
    """The compiler that is kept warm for a set of fonts; it prints one sheet at a time."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._lock = Lock()
        self._process = 0
        self._compiler: Any = None

    def print(self, source: bytes, sheet: Mapping[str, Any], **how: Any) -> bytes:
        """Return a sheet in the form that `how` says. Every word arrives as data, never as source. Raises CannotPrint."""
        # The compiler's threads do not survive a fork: in the child even a fresh compiler would wait for ever.
        if self._process not in (0, os.getpid()):
            raise CannotPrint("This process was forked from one that had already drawn; draw only after the fork.")
        inputs = {"sheet": json.dumps(sheet, ensure_ascii=False)}
        try:
            with self._lock:
                made = self._warm().compile(source, sys_inputs=inputs, **how)
        except (typst.TypstError, ValueError) as error:
            raise CannotPrint(str(error)) from error
        return b"".join(made) if isinstance(made, list) else made or b""

    def _warm(self) -> Any:
        """Return the compiler, made at first use; it can read no file, for its root is an empty folder."""
        if self._compiler is None:
            self._process = os.getpid()
            self._root = TemporaryDirectory(prefix="press-")
            fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(self._fonts)])
            self._compiler = typst.Compiler(
                root=self._root.name, font_paths=fonts, ignore_system_fonts=True, package_path=self._root.name,
                package_cache_path=self._root.name,
            )  # fmt: skip
        return self._compiler


class Press:
    """One template, read at first use, and the typesetter for it."""

    def __init__(self, template: Path, fonts: Path) -> None:
        self._template, self._typesetter = template, Typesetter(fonts)

    def print(self, sheet: Mapping[str, Any]) -> bytes:
        """Return a sheet as a PDF. Raises CannotPrint."""
        return self._typesetter.print(self._source, sheet, format="pdf")

    @cached_property
    def _source(self) -> bytes:
        return self._template.read_bytes()
