"""A person at a browser who notices what is wrong with any page: what axe finds, sideways scrolling, complaints of scripts."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Locator, Page, Request

from academy.devdata.accounts import Account
from tests.conftest import DATABASE
from tests.journeys.looks import BEYOND, LOOKS, note_judged, to_judge
from tests.journeys.shapes import SHAPES, is_new

if TYPE_CHECKING:
    from tests.journeys.conftest import Academy

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
AXE_ADDRESS = "/axe.min.js"  # the running academy serves it, so that a browser reads and compiles it once
LOAD_AXE = """(address) => "axe" in window || new Promise((found) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.onload = script.onerror = () => { script.remove(); found("axe" in window); };
    document.head.append(script);
})"""
# What was seen in the other language or in other colours differs only in words and colours: these rules ask about words and their room,
# and colours are judged by their looks.
WORDS_AND_ROOM = [
    "scrollable-region-focusable", "landmark-unique", "image-redundant-alt", "html-has-lang", "html-lang-valid",
    "valid-lang", "document-title",
]  # fmt: skip
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# It begins when the letters are there: a page that moves while it measures seems to have targets too close together.
# What sticks to an edge covers a bit of whatever was scrolled under it: it is let go while axe measures targets.
# Axe passes over icons, which some fonts write as joined letters, and takes Arabic words for such: no font here holds icons, so it is shown
# letters that do not join.
RUN_AXE = """async ([part, beyond, rules, looks]) => {
    const letters = { canvas: {}, measureText: (words) => ({ width: 30 * words.length }), fillText() {}, clearRect() {},
        getImageData: () => ({ data: new Uint8Array(4).fill(1) }) };
    const canvas = HTMLCanvasElement.prototype, draw = canvas.getContext;
    await new Promise(requestAnimationFrame);
    await document.fonts.ready;
    const more = [...document.querySelectorAll(beyond)].filter((each) => !each.hidden);
    for (const each of more) each.hidden = true;
    const stuck = [...document.querySelectorAll("main *")].filter((e) => getComputedStyle(e).position === "sticky");
    for (const each of stuck) each.style.position = "static";
    canvas.getContext = () => letters;
    const off = { "color-contrast": { enabled: false }, "target-size": { enabled: false } };
    const { violations } = await axe.run(part, { runOnly: rules, rules: off, resultTypes: ["violations"] });
    const include = [...tight, ...looks.flatMap((look) => [examples.get(look)[0], examples.get(look).at(-1)])];
    const seen = include.length && await axe.run({ include }, { runOnly: ["color-contrast", "target-size"], elementRef: true });
    canvas.getContext = draw;
    for (const each of stuck) each.style.position = "";
    for (const each of more) each.hidden = false;
    const where = (node) => `${node.target.join(" ")} (${node.failureSummary})`;
    const faults = [...violations, ...(seen ? seen.violations : [])]
        .map((v) => `${v.id}: ${v.help} at ${v.nodes.slice(0, 3).map(where).join(" | ")}`);
    const sufficient = seen ? seen.passes.filter((rule) => rule.id === "color-contrast").flatMap((rule) => rule.nodes) : [];
    return [faults, sufficient.map((node) => look_of(node.element))];
}"""
OVERFLOW = """async () => {
    const wide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    for (let frames = 60; frames && wide() > 1; frames -= 1) await new Promise(requestAnimationFrame);
    return wide();
}"""
# Fields one below the other: between a control and the label of the next one there is room, or nobody knows which names which.
CROWDED = """() => {
    const fields = [...document.querySelectorAll("main form .field")].map((field) => [field, field.getBoundingClientRect()]);
    const shown = fields.filter(([field, box]) => box.height && field.innerText.trim());
    const below = (a, b) => b.top - a.bottom > -2 && b.top - a.bottom < 6 && a.left < b.right && b.left < a.right;
    return shown.flatMap(([a, box]) => shown.filter(([b, next]) => a !== b && below(box, next)).map(([b]) => [a, b]))
        .map((pair) => pair.map((field) => field.innerText.split("\\n")[0]).join(" / "));
}"""
WIDE = {"width": 1360, "height": 900}
NARROW = {"width": 390, "height": 844}


class Visitor:
    """A person at a browser of their own."""

    def __init__(self, page: Page, academy: "Academy", *, touch: bool = False) -> None:
        self.academy = academy
        self.touch = touch
        self.complaints: list[str] = []
        self.page = self.watch(page)

    def watch(self, page: Page) -> Page:
        """Listen to what goes wrong on a page of this browser."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error} at {page.url}"))
        page.on("requestfailed", self._follow)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text} at {self.page.url}")

    def _follow(self, request: Request) -> None:
        if not request.url.startswith((self.academy.url, "data:", "blob:")):
            self.complaints.append(f"contacts a stranger: {request.url}")

    def press(self, target: Locator | str) -> None:
        """Press a button or link, with the finger on a touch screen."""
        found = self.page.locator(target).first if isinstance(target, str) else target.first
        if self.touch:
            found.tap()
        else:
            found.click()

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.page.locator("html").get_attribute("lang")

    @property
    def path(self) -> str:
        """The address of the page inside the academy."""
        return self.page.url.removeprefix(self.academy.url)

    def another_tab(self) -> "Visitor":
        """Open a second tab of the same browser."""
        return Visitor(self.page.context.new_page(), self.academy, touch=self.touch)

    def open(self, path: str) -> "Visitor":
        """Open an address of the academy."""
        self.page.goto(self.academy.url + path)
        return self

    def sign_in(self, who: Account) -> "Visitor":
        """Sign in by the form, as a person does."""
        self.open("/sign-in")
        return self.give_credentials(who.email, who.password)

    def give_credentials(self, email: str, password: str) -> "Visitor":
        """Fill the form of the sign-in page and wait until inside."""
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.press("main form button[type=submit]")
        self.page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
        return self

    def speak(self, language: str) -> "Visitor":
        """Switch the language with the button of the page if it is another one."""
        if self.language != language:
            button = self.page.locator("form:has(input[name=language]) button").locator("visible=true")
            if not button.count():
                self.press("summary.avatar-button")
            self.press(button)
            self.page.wait_for_selector(f"html[lang={language}]")
        return self

    def faults(self) -> list[str]:
        """Return what is wrong with the page as it stands now; what axe says of it no database changes."""
        if DATABASE != "sqlite":
            return self.complaints_now()
        return [*self.axe_says(), *self.complaints_now()]

    def axe_says(self) -> list[str]:
        """Return what axe finds on the page, or in its main part, if what is around that is of a shape it has seen."""
        manner, *shapes = self.page.evaluate(SHAPES)
        (around, around_first), (main, main_first) = (is_new(each, manner) for each in shapes)
        if not (around or main):
            return []
        if not self.page.evaluate(LOAD_AXE, AXE_ADDRESS):  # without a line to the academy
            self.page.evaluate(AXE)
        part = "html" if around else "main"
        looks = to_judge(self.page.evaluate(LOOKS, [part, BEYOND]))
        rules = STANDARDS if around_first or main_first else WORDS_AND_ROOM
        faults, sufficient = self.page.evaluate(RUN_AXE, [part, BEYOND, rules, looks])
        note_judged(looks, sufficient)
        return faults

    def complaints_now(self) -> list[str]:
        """Return whether the page scrolls sideways, and what was heard since the last time."""
        found = [*self.too_wide(), *self.crowded(), *self.complaints, *self.academy.complaints]
        self.complaints.clear()
        self.academy.complaints.clear()
        return found

    def too_wide(self) -> list[str]:
        """Return the complaint that the page scrolls sideways, if it does."""
        wide = self.page.evaluate(OVERFLOW)
        return [f"scrolls sideways by {wide} px at {self.page.viewport_size['width']} px"] if wide > 1 else []

    def crowded(self) -> list[str]:
        """Return the fields that stand close upon each other."""
        return [f"fields without room between them: {each}" for each in self.page.evaluate(CROWDED)]

    def check(self) -> None:
        """Hold the page to what every page must be: accessible, in one column on a phone, no complaint."""
        faults = self.faults()
        assert not faults, f"{self.page.url}: " + "\n".join(faults)
