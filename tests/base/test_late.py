"""A late library is read at its first use, once, whoever asks; what few processes need is in no process from the start."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from academy.base.late import Late

ROOT = Path(__file__).resolve().parents[2]
LATE = {"typst", "alembic", "flask_migrate", "xlsxwriter", "python_calamine"}


def test_a_late_library_is_the_library():
    fractions = Late("fractions")
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: fractions.Fraction, range(16)))
    import fractions as real

    assert found == {real.Fraction}


def test_what_the_library_lacks_is_an_error_of_its_own():
    with pytest.raises(AttributeError, match="nothing_like_it"):
        Late("fractions").nothing_like_it  # noqa: B018
    with pytest.raises(ModuleNotFoundError):
        Late("no_such_library_at_all").anything  # noqa: B018


def test_starting_the_academy_reads_none_of_the_heavy_libraries(tmp_path):
    script = "import sys, wsgi; print(*sorted(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT,
        env={"PATH": "/usr/bin", "ACADEMY_MODE": "test", "ACADEMY_DATA": str(tmp_path)},
    )  # fmt: skip
    assert not LATE & set(ran.stdout.split())
