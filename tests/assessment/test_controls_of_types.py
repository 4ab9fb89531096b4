"""Every type of question has its control in the script of an attempt, else its answers would not be saved as they change."""

from pathlib import Path

import pytest

import academy.web
from academy.assessment.types import all_types

SCRIPT = Path(academy.web.__file__).parent / "static" / "js" / "assessment" / "attempt_controls.js"


@pytest.mark.parametrize("name", [each.name for each in all_types() if each.name != "file"])
def test_the_script_reads_and_fills_every_type_but_files(name):
    """AS5, AS10: files are sent by themselves, all others by the script."""
    assert f"\n  {name}: " in SCRIPT.read_text(encoding="utf-8").partition("const KINDS")[2]
