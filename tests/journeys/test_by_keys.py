"""The frame of a page for whoever goes through it by keys: what has the focus is seen, and what was done is told."""

import pytest
from playwright.sync_api import expect

from academy.devdata import accounts as demo
from tests.journeys.knowing import arabic
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.appearance]
# After two frames: what is scrolled into sight by a script is there then.
IN_SIGHT = """() => new Promise((said) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
    said(left >= -1 && right <= innerWidth + 1 && top >= -1 && bottom <= innerHeight + 1);
})))"""
BOX = "(list) => { const { left, right } = list.getBoundingClientRect(); return [left, innerWidth - right]; }"


@pytest.mark.parametrize("view", [{}, {"viewport": NARROW}])
def test_the_focus_is_seen_all_along_a_long_navigation(person, view):
    """WCAG 2.4.7 and 2.4.11."""
    visitor = person(**view).sign_in(demo.ADMINISTRATOR).open("/admin/jobs")
    entries = visitor.page.locator(".sidenav a")
    entries.first.focus()
    for _each in range(entries.count() - 1):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate(IN_SIGHT), visitor.page.evaluate("document.activeElement.textContent")
    assert "sidenav" in visitor.page.evaluate("document.activeElement.closest('nav').className")


@pytest.mark.parametrize(("who", "path"), [(demo.TRAINER, "/bank"), (demo.ADMINISTRATOR, "/admin/certificates")])
def test_a_menu_opens_inside_the_window_of_a_phone(person, who, path):
    visitor = person(viewport=NARROW).sign_in(who).open(path)
    for menu in visitor.page.locator("main details.menu").all():
        menu.locator("summary").click()
        expect(menu.locator(".menu-list")).to_be_in_viewport()
        assert min(menu.locator(".menu-list").evaluate(BOX)) >= 0


def test_a_menu_closes_when_the_focus_leaves_it(person):
    visitor = person().sign_in(demo.EMPLOYEE)
    menu = visitor.page.locator("details.menu:has(.avatar-button)")
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    for _each in range(menu.locator("a:visible, button:visible").count() + 1):
        visitor.page.keyboard.press("Tab")
    expect(menu).not_to_have_attribute("open", "")


def test_what_was_done_has_the_focus_on_the_page_that_follows(person):
    visitor = person().sign_in(demo.EMPLOYEE).open("/account")
    visitor.press("main .form-acts .btn-primary")
    expect(visitor.page.locator("#flashes .notice")).to_be_focused()
    expect(visitor.page.locator("#flashes .notice")).to_contain_text(arabic("Saved."))


def test_a_button_that_is_pressed_twice_sends_its_form_once(academy, person):
    visitor = person().sign_in(demo.ADMINISTRATOR)
    sent = []
    visitor.page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    visitor.open("/account").page.locator("main .form-acts .btn-primary").dblclick()
    expect(visitor.page.locator("#flashes .notice")).to_be_visible()
    assert len(sent) == 1
