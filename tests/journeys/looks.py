"""How words and targets look, by which the two dearest rules of axe need to be asked only where they have something new to say.

A look is the colour of words, their size and boldness, and everything they stand on: elements of one look have one contrast, which axe
judges once a run. Targets of 24 pixels and more, none of which covers another, are large enough whatever else is on the page.
"""

from collections.abc import Iterable
from hashlib import sha1

from tests.journeys.shapes import is_first, is_noted

BEYOND = "main :is(tbody, ul, ol) > :nth-child(n + 16)"  # of a long list axe sees the first rows

# What floats may stand on something else than what contains it, so it is known by its class as well.
LOOK_OF = """
    const grounds = new Map();
    const ground = (element) => {
        if (!element) return "";
        if (grounds.has(element)) return grounds.get(element);
        const look = getComputedStyle(element);
        const floats = /static|relative/.test(look.position) ? "" : `${look.position} ${element.getAttribute("class")}`;
        const faint = look.opacity === "1" ? "" : look.opacity;
        const picture = look.backgroundImage === "none" ? "" : look.backgroundImage;
        const colour = look.backgroundColor === "rgba(0, 0, 0, 0)" ? "" : look.backgroundColor;
        const own = [floats, faint, picture, colour, look.filter === "none" ? "" : look.filter].filter(Boolean).join(" ");
        const covers = colour.startsWith("rgb(") && !faint && !floats;
        const found = covers ? own : `${own}${own && " over "}${ground(element.parentElement)}`;
        grounds.set(element, found);
        return found;
    };
    const look_of = (element) => {
        const look = getComputedStyle(element), size = parseFloat(look.fontSize);
        const weight = size >= 24 ? "large" : size >= 18.66 && look.fontWeight >= 700 ? "bold" : "";
        return `${look.color} ${weight} ${look.textShadow} on ${ground(element)}`;
    };
"""

LOOKS = f"""async ([part, beyond]) => {{
    await document.fonts.ready;
    {LOOK_OF}
    const root = document.querySelector(part);
    const FIELDS = "textarea, select, input:not([type=hidden], [type=checkbox], [type=radio], [type=range], [type=color], [type=image])";
    const speaking = new Set(root.querySelectorAll(FIELDS));
    const words = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) if (words.currentNode.data.trim()) speaking.add(words.currentNode.parentElement);
    const is_judged = (each) => each.checkVisibility({{ visibilityProperty: true }}) && !each.closest(`${{beyond}}, option, .visually-hidden, .skip-link`)
        && !each.closest(":disabled, [aria-disabled=true]") && !each.closest("label")?.control?.disabled;
    const looks = new Set([...speaking].filter(is_judged).map(look_of));

    const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [role]";
    const boxes = [...root.querySelectorAll(TARGETS)].filter((each) => each.checkVisibility() && !each.closest(beyond))
        .map((each) => [each, each.getBoundingClientRect()]);
    const is_small = ([, box]) => box.width < 24 || box.height < 24;
    const covers = ([one, a], [other, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
        && !one.contains(other) && !other.contains(one);
    const is_tight = boxes.some(is_small) || boxes.some((one, place) => boxes.slice(place + 1).some((other) => covers(one, other)));
    return [[...looks], is_tight];
}}"""


def are_judged(looks: Iterable[str]) -> bool:
    """Whether axe has found the contrast of each of these looks sufficient in this run."""
    return all(is_noted(_note(look)) for look in looks)


def note_judged(looks: Iterable[str]) -> None:
    """Note that axe has found the contrast of these looks sufficient."""
    for look in looks:
        is_first(_note(look))


def _note(look: str) -> str:
    return f"look {sha1(look.encode()).hexdigest()}"
