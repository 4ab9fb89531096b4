"""What makes a test process quick, and changes nothing that it tests."""

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache


def keep_templates(run: str) -> None:
    """Compile each template once a run, however many applications its tests make."""
    folder = Path(tempfile.gettempdir()) / f"academy_templates_{run}"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}
    if "PYTEST_XDIST_WORKER" not in os.environ:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def rarely_look_for_rubbish() -> None:
    """Collect garbage in bigger steps: a test process is large and short-lived, and looking costs a tenth of its time."""
    gc.set_threshold(100_000, 50, 100)
