"""The shape of a page: what axe judges of it, without its words. Of pages of one shape it looks at the first."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.conftest import RUN

FOLDER = Path(tempfile.gettempdir()) / f"academy_shapes_{RUN}"
FOLDER.mkdir(exist_ok=True)
if "PYTEST_XDIST_WORKER" not in os.environ:
    atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

# Elements with their classes, roles and states; of lists and tables each kind of entry, of anything else each run of equals.
SHAPE = """() => {
    const VALUES = new Set(["class", "role", "type", "tabindex", "rel", "data-theme", "data-colour"]);
    const WORDS = new Set(["aria-label", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-owns",
        "aria-valuenow", "aria-valuetext", "aria-valuemax", "aria-activedescendant"]);
    const PASSED = /^(id|data-.*|value|max|min|d|width|height|nonce|content|colspan|rowspan|lang|dir|style|maxlength|size)$/;
    const CLOSED = new Set(["svg", "SELECT", "SCRIPT", "DATALIST"]);
    const LISTS = new Set(["TBODY", "UL", "OL", "DL", "HEAD"]);
    const attribute = ({ name, value }) =>
        VALUES.has(name) || (name.startsWith("aria-") && !WORDS.has(name)) ? `${name}=${value}` : `${name}${value ? "" : "!"}`;
    const shape = (element) => {
        const attributes = [...element.attributes].filter((a) => VALUES.has(a.name) || !PASSED.test(a.name)).map(attribute).sort().join();
        const speaks = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const inside = CLOSED.has(element.tagName) ? [] : [...element.children].map(shape);
        const kinds = LISTS.has(element.tagName) ? [...new Set(inside)] : inside.filter((s, place) => s !== inside[place - 1]);
        return `${element.tagName}[${attributes}]${element.checked ? "x" : ""}${speaks ? "t" : ""}(${kinds.join("")})`;
    };
    const theme = document.querySelector("link[href*=theme]")?.href;
    let [one, two] = [0x9e3779b9, 0x85ebca6b];
    for (const letter of `${innerWidth} ${theme} ${shape(document.documentElement)}`) {
        const code = letter.codePointAt(0);
        one = Math.imul(one ^ code, 0x01000193);
        two = Math.imul(two ^ code, 0x5bd1e995) + (two >>> 15);
    }
    return `${one >>> 0} ${two >>> 0}`;
}"""


def is_new(shape: str, language: str) -> tuple[bool, bool]:
    """Note a page that axe is about to see: whether its shape is new in this language, and whether in every language.

    All processes of a run note in one folder, a file for each, and none looks at what another has seen.
    """
    first = not any((FOLDER / f"{shape} {each}").exists() for each in ("ar", "en"))
    try:
        (FOLDER / f"{shape} {language}").touch(exist_ok=False)
    except FileExistsError:
        return False, False
    return True, first
