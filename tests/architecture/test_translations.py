"""Arabic is complete: every sentence of code and templates, all six plural forms, the same placeholders."""

import ast
import gettext
import re
import subprocess
import sys

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.architecture.every import ROOT, every

ARABIC = ROOT / "translations" / "ar" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
OPTIONAL = {"num", "count"}


@pytest.fixture(scope="module")
def arabic() -> Catalog:
    with ARABIC.open("rb") as file:
        return read_po(file, locale="ar")


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> Catalog:
    """What the code and the templates ask for now."""
    pot = tmp_path_factory.mktemp("pot") / "messages.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "translations/babel.cfg",
        "-k",
        "_l",
        "-o",
        str(pot),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with pot.open("rb") as file:
        return read_po(file)


def test_every_sentence_has_its_arabic(arabic, asked):
    missing = [
        m.id for m in asked if m.id and (not (found := arabic.get(m.id, m.context)) or not filled(found) or found.fuzzy)
    ]
    assert not missing, f"{len(missing)} sentences lack Arabic (make translations, then fill in): {missing[:20]}"


@every(sorted((ROOT / "academy").rglob("*.py")))
def test_no_sentence_hides_in_an_f_string(path):
    """Whoever collects the sentences does not look into f-strings."""
    hidden = [
        call.lineno
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "_l", "gettext", "ngettext"}
    ]
    assert not hidden, f"give the sentence a name before the f-string, in lines {hidden}"


def filled(message) -> bool:
    return all(message.string) if message.pluralizable else bool(message.string)


def test_nothing_obsolete_is_kept(arabic, asked):
    known = {m.id for m in asked}
    assert not [m.id for m in arabic if m.id and m.id not in known]


def test_arabic_has_six_plural_forms(arabic):
    short = [m.id for m in arabic if m.pluralizable and len(m.string) != 6]
    assert not short


@pytest.mark.parametrize(
    ("n", "form"),
    [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (10, 3),
        (11, 4),
        (26, 4),
        (99, 4),
        (100, 5),
        (101, 5),
        (102, 5),
        (103, 3),
        (111, 4),
        (1000, 5),
    ],
)
def test_the_plural_rule_is_that_of_arabic(arabic, n, form):
    """The six CLDR forms in the order zero, one, two, few, many, other."""
    assert gettext.c2py(arabic.plural_expr)(n) == form


def test_placeholders_survive_translation(arabic):
    for message in arabic:
        if not message.id:
            continue
        wanted = set(PLACEHOLDER.findall(message.id[-1] if message.pluralizable else message.id))
        for text in message.string if message.pluralizable else (message.string,):
            used = set(PLACEHOLDER.findall(text))
            missing = wanted - used - (OPTIONAL if message.pluralizable else set())
            assert used <= wanted and not missing, f"{message.id}: {text}"


def test_arabic_is_not_left_in_english(arabic):
    """A sentence of several words without one Arabic letter is not a translation."""
    bare = re.compile(r"[؀-ۿ]")
    for message in arabic:
        if message.id and not message.pluralizable and len(message.id.split()) > 3:
            assert bare.search(message.string), message.id
