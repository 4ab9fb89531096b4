"""Anyone: the front page, the language, digits and calendar, a forgotten password, other devices, keys alone, and a limit."""

import re

import pytest
from playwright.sync_api import expect

from academy.devdata import accounts as demo
from tests.journeys.desk import Form
from tests.journeys.knowing import arabic
from tests.journeys.office import Letters, NewPassword
from tests.journeys.pages import Home, Place
from tests.journeys.visitor import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
FOCUS = """() => {
    const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect();
    const ring = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2 || look.boxShadow !== "none";
    return { name: at.name || at.className || at.tagName, ring, seen: box.bottom > 0 && box.width > 1 };
}"""
COUNT_MOVES = """() => {
    window.moves = 0;
    document.addEventListener("transitionrun", () => { moves += 1; });
}"""
MOVES_AFTER_TWO_FRAMES = """() => new Promise((said) => {
    requestAnimationFrame(() => requestAnimationFrame(() => said(moves)));
})"""
NEW_PASSWORD = "qahwa-hail-zafaran-9"


def test_the_front_page_speaks_both_languages_and_leads_inside(person):
    visitor = person()
    front = Home.of(visitor).says("أكاديمية تجربة العميل").check()
    visitor.speak("en")
    front.says("CX Academy", "How it works").check()
    visitor.open("/courses")
    assert visitor.language == "en"
    visitor.press("main a[href^='/courses/']")
    Place(visitor).says("Sign in to take this course.").check()
    front.press_and_arrive("a[href^='/sign-in']")
    visitor.give_credentials(demo.PARTNER.email, demo.PARTNER.password)
    assert visitor.path.startswith("/courses/")


def test_nothing_moves_for_whoever_asked_for_less_motion(person):
    """An element whose transition is only very short still makes one of every change of its style, thousands when a window changes."""
    visitor = person(WIDE, reduced_motion="reduce").open("/courses")
    visitor.page.evaluate(COUNT_MOVES)
    visitor.page.set_viewport_size(NARROW)
    assert visitor.page.evaluate(MOVES_AFTER_TWO_FRAMES) == 0


def test_what_was_typed_goes_along_when_the_language_changes(person):
    """Also from a form that was refused; whoever leaves the page otherwise is still asked."""
    writer = person().sign_in(demo.TRAINER).open("/teach/new")
    asked = []
    writer.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form = Form(writer).fill("title-ar", "فن الإصغاء").fill("code", "CXA-901")
    writer.speak("en")
    expect(form.find("[name=title-ar]")).to_have_value("فن الإصغاء")
    expect(form.find("[name=code]")).to_have_value("CXA-901")
    form.fill("title-ar", "").save()
    expect(writer.page.locator(".field.wrong").first).to_be_visible()
    writer.speak("ar")
    expect(form.find("[name=code]")).to_have_value("CXA-901")
    assert not asked
    writer.open("/teach")
    assert asked == ["beforeunload"]


def test_digits_and_calendar_are_the_readers_choice(person):
    reader = person().sign_in(demo.EMPLOYEE)
    choices = {"digits": "arab", "calendar": "hijri"}
    reader.open("/account")
    form = Form(reader)
    for name, value in choices.items():
        form.find(f"input[name={name}][value={value}]").check()
    form.save().says(arabic("Saved."))
    home = Home.of(reader)
    for path in ("/", "/my-courses", "/courses", "/competencies"):
        reader.open(path)
        assert re.search("[٠-٩]", home.words), path
        assert not re.search("[0-9]", home.words), (path, home.words)
    reader.open("/certificates")
    assert re.search("[٠-٩]+ [\u0621-\u064a ]+ ١٤[٠-٩]{2}", home.words)
    assert "م" not in home.find(".summary dd").first.inner_text().split()


def test_a_forgotten_password_is_replaced_through_the_letter_and_ends_other_sessions(academy, person):
    before = person().sign_in(demo.PARTNER)
    forgetful = person()
    forgetful.open("/sign-in")
    form = Form(forgetful)
    form.press_and_arrive("a[href='/password/forgot']")
    form.fill("email", demo.PARTNER.email.upper()).save().says(arabic("Look into your mailbox")).check()
    academy.work()
    letter = Letters(person().sign_in(demo.ADMINISTRATOR)).newest_to(demo.PARTNER.email, "كلمة مرور جديدة")
    choosing = NewPassword.of(forgetful, letter.link).check()
    choosing.choose("password123456789")
    expect(choosing.find("#password-error")).to_be_visible()
    choosing.choose(NEW_PASSWORD)
    NewPassword.of(person(), letter.link).says(arabic("This link no longer works"))
    before.open("/account")
    assert before.path.startswith("/sign-in")
    again = person()
    again.open("/sign-in")
    again.give_credentials(demo.PARTNER.email, NEW_PASSWORD)
    Home.of(again).says("هند")


def test_another_device_can_be_signed_out(person):
    desk, phone = person().sign_in(demo.DIRECTOR), person().sign_in(demo.DIRECTOR)
    desk.open("/account/sessions")
    page = Form(desk).check()
    assert page.find("tbody tr").count() == 2
    expect(page.find(".chip.ok")).to_have_count(1)
    page.press_and_arrive("tbody form button")
    assert page.find("tbody tr").count() == 1
    phone.open("/team")
    assert phone.path.startswith("/sign-in")
    phone.give_credentials(demo.DIRECTOR.email, demo.DIRECTOR.password)
    assert phone.path == "/team"


def test_too_many_tries_say_how_long_to_wait(person):
    guesser = person()
    for _try in range(11):
        guesser.open("/sign-in")
        guesser.page.fill("input[name=email]", demo.TRAINER.email)
        guesser.page.fill("input[name=password]", "not-the-passphrase-7")
        Place(guesser).press_and_arrive("form button[type=submit]")
    page = Place(guesser).check()
    assert page.heading == arabic("Too many tries")
    assert re.search(r"15|14", page.words), page.words


def test_signing_in_needs_no_mouse(person):
    visitor = person()
    visitor.open("/sign-in")
    keys, page = visitor.page.keyboard, visitor.page
    keys.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    keys.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    visited = []
    while "email" not in visited:
        keys.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["ring"] and at["seen"], at
        visited.append(at["name"])
        assert len(visited) < 4, visited
    keys.type(demo.MANAGER.email)
    keys.press("Tab")
    at = page.evaluate(FOCUS)
    assert at["name"] == "password" and at["ring"]
    keys.type(demo.MANAGER.password)
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/$"))
    Home(visitor).says("محمد")
