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

# What is found stays in the page for axe, which is told of which looks it sees a first and a last example.
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
    const examples = Map.groupBy([...speaking].filter(is_judged), look_of);

    const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [role]";
    const boxes = [...root.querySelectorAll(TARGETS)].filter((each) => each.checkVisibility() && !each.closest(beyond))
        .map((each) => [each, each.getBoundingClientRect()]);
    const is_small = ([, box]) => box.width < 24 || box.height < 24;
    const covers = ([one, a], [other, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
        && !one.contains(other) && !other.contains(one);
    const tight = boxes.filter((one) => is_small(one) || boxes.some((other) => covers(one, other))).map(([each]) => each);
    Object.assign(window, {{ look_of, examples, tight }});
    return [...examples.keys()];
}}"""
TRIES = 3  # what axe has passed over that often, over a picture or a gradient, it cannot judge


def to_judge(looks: Iterable[str]) -> list[str]:
    """Return the looks whose contrast axe is to judge: those that it has neither judged in this run nor passed over too often."""
    return [look for look in looks if not is_noted(_note(look)) and not is_noted(_passed_over(look, TRIES))]


def note_judged(looks: Iterable[str], sufficient: Iterable[str]) -> None:
    """Note the looks that axe was asked about, and those of them whose contrast it has found sufficient."""
    for look in sufficient:
        is_first(_note(look))
    for look in set(looks).difference(sufficient):
        any(is_first(_passed_over(look, times)) for times in range(1, TRIES + 1))


def _note(look: str) -> str:
    return f"look {sha1(look.encode()).hexdigest()}"


def _passed_over(look: str, times: int) -> str:
    return f"{_note(look)} passed over {times}"
