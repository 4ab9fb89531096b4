"""Files, functions and templates stay small. The cure stands in the message."""

import ast
from pathlib import Path

from tests.architecture.every import every

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "academy").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "academy").rglob("*.html"))


@every(CODE)
def test_files_stay_under_400_lines_and_functions_under_50(path):
    source = path.read_text()
    lines = source.count("\n")
    assert lines <= 400, (
        f"{path.name} has {lines} lines: split it by verb, e.g. services/enrolling.py and services/finishing.py"
    )
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 50, f"{path.name}: {node.name} has {length} lines: name its steps and make each a function"


@every(TESTS)
def test_test_files_stay_under_500_lines(path):
    assert path.read_text().count("\n") <= 500, f"split {path.name}: one test file a file of the house"


@every(TEMPLATES)
def test_templates_stay_under_150_lines(path):
    if path.name == "gallery.html":
        return
    assert path.read_text().count("\n") <= 150, f"{path.name} is two pages or lacks a component"


@every(CODE)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text())), f"{path.name} lacks its one sentence"


def test_nothing_is_left_to_do():
    marks = [
        f"{p.name}:{n}"
        for p in CODE
        for n, line in enumerate(p.read_text().splitlines(), 1)
        if "TODO" in line or "FIXME" in line
    ]
    assert not marks, f"finish it, leave it out, or write an issue: {marks}"


def test_the_top_level_is_as_the_client_fixed_it():
    allowed = {
        "academy",
        "migrations",
        "translations",
        "tests",
        "wsgi.py",
        "requirements.txt",
        "README.md",
        "Makefile",
        "pyproject.toml",
        "docs",
        "bench",
        "var",
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - {"__pycache__"}
    assert found <= allowed, f"move {found - allowed} into a folder"
