"""The check of every page hears what it is there to hear."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.appearance]

SHOW = """(address) => new Promise((done) => {
    const picture = Object.assign(new Image(), { src: address, alt: "" });
    picture.onload = picture.onerror = done;
    document.body.append(picture);
})"""


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
