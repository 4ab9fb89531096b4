"""Slices meet only at their face, nobody builds another slice's rows, and no import hides in a function."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.every import every

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "academy").rglob("*.py"))
FACE = {"models", "queries", "services", "policies", "kinds"}
GROUND = {"base", "web", "facts", "config"}
COMPOSERS = {"app", "doors", "launch"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def slice_of(path: Path) -> str:
    return path.relative_to(ROOT / "academy").parts[0].removesuffix(".py")


def meetings(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (slice, module, name) of each import of another slice."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("academy"):
            parts = node.module.split(".")[1:]
            for alias in node.names:
                full = [*parts, alias.name]
                if full[0] not in GROUND and full[0] != slice_of(path) and len(full) > 1:
                    yield full[0], full[1], alias.asname or alias.name


@every(FILES)
def test_slices_meet_only_at_their_face(path):
    if slice_of(path) in COMPOSERS | {"devdata"}:
        return
    strange = {f"{other}.{module}" for other, module, _ in meetings(path) if module not in FACE}
    strange = {name for name in strange if not name.split(".")[1].startswith("queries_")}
    assert not strange, (
        f"{path.name} reaches past a slice's face into {strange}; use its models, queries, services, policies or kinds"
    )


@every(FILES)
def test_nobody_builds_another_slices_rows(path):
    foreign = {name for _, module, name in meetings(path) if module == "models"}
    calls = {
        node.func.id for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not foreign & calls, f"{foreign & calls} belong to another slice: call one of its services"


@every(FILES)
def test_no_import_hides_in_a_function_or_behind_type_checking(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [inner for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{path.name}:{hidden[0].lineno}: move the import to the top, or cut the circle it hides"


@every(FILES)
def test_only_the_three_doors_commit(path):
    if path.relative_to(ROOT / "academy").as_posix() in {"base/db.py", "web/transaction.py"}:
        return
    commits = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not commits, (
        f"{path.name}:{commits[0]} commits; requests, jobs and commands do that (use base.db.transaction in a command)"
    )
