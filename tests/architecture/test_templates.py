"""Templates parse, use what they import, and keep their styles and scripts out of the markup."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "academy").rglob("templates/**/*.html"))
NAMES = [str(path.relative_to(ROOT)) for path in TEMPLATES]
IMPORT = re.compile(r"{%-?\s*from\s+[\"'][^\"']+[\"']\s+import\s+(.+?)(?:\s+with(?:out)? context)?\s*-?%}", re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_the_template_parses_and_uses_every_macro_it_imports(path, the_app):
    source = path.read_text()
    the_app.jinja_env.parse(source)
    for match in IMPORT.finditer(source):
        rest = source.replace(match.group(0), "")
        for name in match.group(1).split(","):
            used = name.split(" as ")[-1].strip()
            assert re.search(rf"\b{re.escape(used)}\b", rest), f"{path.name} imports {used} and does not use it"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_style_or_handler_stands_in_the_markup(path):
    source = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", source), (
        f"{path.name}: put it into css/ or js/ (the CSP forbids it here)"
    )
    assert not re.search(r"\|\s*safe\b", source), (
        f"{path.name}: |safe trusts text; return Markup from a tested function"
    )
