"""Every field of a file says how large its server takes it, so that a larger one is refused before it is sent."""

import ast
from pathlib import Path

from tests.architecture.every import every

ROOT = Path(__file__).resolve().parents[2] / "academy"
FILES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "web" / "forms.py")


@every(FILES)
def test_a_field_of_a_file_knows_its_limit(path):
    names = {
        name.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("wtforms", "flask_wtf"))
        for name in node.names
    }
    assert not names & {"FileField", "MultipleFileField"}, f"{path.name}: use UploadField of academy.web.forms"
