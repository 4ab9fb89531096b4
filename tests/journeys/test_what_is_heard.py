"""The check of every page hears what it is there to hear."""

import pytest

from academy.devdata import accounts as demo
from tests.journeys.looking import SCHEMES

pytestmark = [pytest.mark.browser, pytest.mark.appearance]

SHOW = """(address) => new Promise((done) => {
    const picture = Object.assign(new Image(), { src: address, alt: "" });
    picture.onload = picture.onerror = done;
    document.body.append(picture);
})"""

FAINT = """() => {
    const words = Object.assign(document.createElement("blockquote"), { textContent: "كلمات باهتة" });
    words.style.color = "rgb(200, 200, 200)";
    document.querySelector("main").append(words);
}"""
SMALL = """() => {
    for (const name of ["أ", "ب"]) {
        const target = Object.assign(document.createElement("button"), { type: "button", textContent: name });
        Object.assign(target.style, { blockSize: "12px", inlineSize: "12px", padding: 0, fontSize: "9px" });
        document.querySelector("main").append(target);
    }
}"""


@pytest.mark.parametrize("address", ["http://192.0.2.1/dot.png", "https://stranger.example/dot.png"])
def test_a_page_that_contacts_a_stranger_is_heard_by_name_and_by_number(person, address):
    visitor = person(bypass_csp=True).open("/sign-in")
    visitor.page.evaluate(SHOW, address)
    assert f"contacts a stranger: {address}" in visitor.complaints_now()


def test_a_missing_picture_is_heard_once_and_a_page_that_does_not_exist_is_not(person):
    visitor = person().open("/no-such-page")
    assert not visitor.complaints_now()
    visitor.page.evaluate(SHOW, "/no-such-picture.png")
    assert visitor.complaints_now() == ["404 NOT FOUND for /no-such-picture.png"]
    assert not visitor.complaints_now()


def test_what_scripts_complain_of_is_heard(person):
    visitor = person().open("/sign-in")
    visitor.page.evaluate("() => console.error('lost')")
    with visitor.page.expect_event("pageerror"):
        visitor.page.evaluate("() => { setTimeout(() => { throw new Error('broken') }) }")
    heard = "\n".join(visitor.complaints_now())
    assert "console: lost" in heard
    assert "script error: broken" in heard


def test_faint_arabic_words_and_small_targets_are_heard_whatever_was_judged_before(person):
    visitor = person().sign_in(demo.EMPLOYEE)
    assert not visitor.open("/account").axe_says()
    for change, rule in ((FAINT, "color-contrast"), (SMALL, "target-size")):
        visitor.open("/account").page.evaluate(change)
        assert [said.partition(":")[0] for said in visitor.axe_says()] == [rule]


WEAR = """(colour) => {
    document.documentElement.dataset.colour = colour;
    document.documentElement.style.setProperty("--brand", colour);
}"""
# The darkest colour that an organisation may choose, and some of the lightest, on which white can just be read.
COLOURS = ["#000000", "#767676", "#e60000", "#008545", "#7a7a00", "#a64dc0", "#0078d6"]


@pytest.mark.parametrize("path", ["/", "/competencies"])
def test_the_colour_of_an_organisation_can_be_read_in_the_light_and_in_the_dark(person, path):
    visitor = person(bypass_csp=True).sign_in(demo.EMPLOYEE).open(path)
    for scheme in SCHEMES.values():
        visitor.page.emulate_media(color_scheme=scheme)
        for colour in COLOURS:
            visitor.page.evaluate(WEAR, colour)
            assert not visitor.axe_says(), (scheme, colour)
