"""Every act that the trail records has a name in words: an auditor never reads an identifier."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import academy.app  # noqa: F401  (all doors name their acts)
from academy.accounts.kinds import ACTS

SLICES = Path(academy.app.__file__).parent
ACT = re.compile(r"[a-z]+:[a-z_]+:[a-z_]+")
WRITERS = {"record", "record_reading", "_record", "_note"}


def _modules() -> Iterator[tuple[ModuleType, ast.AST]]:
    for path in sorted(SLICES.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "audit" in text or "drafting import" in text:
            dotted = ".".join(("academy", *path.relative_to(SLICES).with_suffix("").parts)).removesuffix(".__init__")
            yield importlib.import_module(dotted), ast.parse(text)


def _value(expression: ast.expr, module: ModuleType) -> set[str]:
    if isinstance(expression, ast.Constant):
        return {str(expression.value)}
    if isinstance(expression, ast.IfExp):
        return _value(expression.body, module) | _value(expression.orelse, module)
    if isinstance(expression, ast.Name):
        return {str(getattr(module, expression.id, ""))}
    if isinstance(expression, ast.Attribute) and isinstance(expression.value, ast.Name):
        return {str(getattr(getattr(module, expression.value.id, None), expression.attr, ""))}
    return set()


def _recorded() -> set[str]:
    found: set[str] = set()
    for module, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in WRITERS:
                    found |= {act for act in _value(node.args[0], module) if ACT.fullmatch(act)}
    return found


def test_every_recorded_act_is_named() -> None:
    recorded = _recorded()
    assert {"catalogue:course:publish", "insights:team:assign", "learning:undertaking:sign"} <= recorded
    assert not recorded - set(ACTS), "Name them with accounts.kinds.name_act, in the routes of their slice."
