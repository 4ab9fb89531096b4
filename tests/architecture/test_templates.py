"""Templates parse, use what they import, and keep their styles and scripts out of the markup."""

import re
from pathlib import Path

from tests.architecture.every import every

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "academy").rglob("templates/**/*.html"))
IMPORT = re.compile(r"{%-?\s*from\s+[\"'][^\"']+[\"']\s+import\s+(.+?)(?:\s+with(?:out)? context)?\s*-?%}", re.S)


def test_every_template_parses_and_uses_every_macro_it_imports(the_app):
    @every(TEMPLATES)
    def each(path):
        source = path.read_text()
        the_app.jinja_env.parse(source)
        for match in IMPORT.finditer(source):
            rest = source.replace(match.group(0), "")
            for name in match.group(1).split(","):
                used = name.split(" as ")[-1].strip()
                assert re.search(rf"\b{re.escape(used)}\b", rest), f"{path.name} imports {used} and does not use it"

    each()


@every(TEMPLATES)
def test_no_style_or_handler_stands_in_the_markup(path):
    source = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", source), (
        f"{path.name}: put it into css/ or js/ (the CSP forbids it here)"
    )
    assert not re.search(r"\|\s*safe\b", source), (
        f"{path.name}: |safe trusts text; return Markup from a tested function"
    )
