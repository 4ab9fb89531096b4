"""The shape of a page: what axe judges of it, without its words. Of pages of one shape it looks at the first."""

from tests.conftest import RUN
from tests.quick import folder_of_run

FOLDER = folder_of_run("shapes", RUN)

# Elements with their classes, roles and states; of lists and tables each kind of entry, of anything else each run of equals.
# What every page has around its main part is one shape, wherever in the menus the page stands; the main part is another.
SHAPES = """() => {
    const VALUES = new Set(["class", "role", "type", "tabindex", "rel", "data-theme", "data-colour"]);
    const WORDS = new Set(["aria-label", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-owns",
        "aria-valuenow", "aria-valuetext", "aria-valuemax", "aria-activedescendant"]);
    const PASSED = /^(id|data-.*|value|max|min|d|width|height|nonce|content|colspan|rowspan|lang|dir|style|maxlength|size)$/;
    const CLOSED = new Set(["svg", "SELECT", "SCRIPT", "DATALIST"]);
    const LISTS = new Set(["TBODY", "UL", "OL", "DL"]);
    const main = document.querySelector("main");
    const is_kept = (element, { name }) =>
        (VALUES.has(name) || !PASSED.test(name))
        && (main?.contains(element) || !(name === "aria-current" || (name === "class" && element === document.body)));
    const attribute = ({ name, value }) =>
        VALUES.has(name) || (name.startsWith("aria-") && !WORDS.has(name)) ? `${name}=${value}` : `${name}${value ? "" : "!"}`;
    const shape = (element) => {
        const attributes = [...element.attributes].filter((a) => is_kept(element, a)).map(attribute).sort().join();
        const speaks = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const inside = CLOSED.has(element.tagName) ? [] : [...element.children].filter((e) => e !== main).map(shape);
        const kinds = LISTS.has(element.tagName) ? [...new Set(inside)] : inside.filter((s, place) => s !== inside[place - 1]);
        return `${element.tagName}[${attributes}]${element.checked ? "x" : ""}${speaks ? "t" : ""}(${kinds.join("")})`;
    };
    const named = (words) => {
        let [one, two] = [0x9e3779b9, 0x85ebca6b];
        for (const letter of words) {
            const code = letter.codePointAt(0);
            one = Math.imul(one ^ code, 0x01000193);
            two = Math.imul(two ^ code, 0x5bd1e995) + (two >>> 15);
        }
        return `${one >>> 0} ${two >>> 0}`;
    };
    const page = document.documentElement;
    const look = `${innerWidth} ${page.dataset.theme} ${document.querySelector("link[href*=theme]")?.href}`;
    const around = `${look} ${shape(page.cloneNode(false))} ${shape(document.body)}`;
    const manner = `${page.lang} ${matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"}`;
    return [manner, named(around), named(`${look} ${document.body.className} ${main ? shape(main) : ""}`)];
}"""
MANNERS = [f"{language} {scheme}" for language in ("ar", "en") for scheme in ("light", "dark")]


def is_first(note: str) -> bool:
    """Whether no process of this run has noted this before; it is noted then."""
    try:
        (FOLDER / note).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def is_noted(note: str) -> bool:
    """Whether a process of this run has noted this."""
    return (FOLDER / note).exists()


def is_new(shape: str, manner: str) -> tuple[bool, bool]:
    """Note what axe is about to see: whether its shape is new in this language and these colours, and whether in every manner.

    All processes of a run note in one folder, a file for each, and none looks at what another has seen.
    """
    first = not any(is_noted(f"{shape} {each}") for each in MANNERS)
    return (True, first) if is_first(f"{shape} {manner}") else (False, False)
