"""Forms without a line to the academy: they stay on the page and say so, and go when there is one again."""

import pytest
from playwright.sync_api import expect

from academy.devdata import accounts as demo
from tests.journeys.knowing import arabic
from tests.journeys.pages import Home

pytestmark = [pytest.mark.browser, pytest.mark.appearance, pytest.mark.timeout(300)]
NOTHING_SENT = "لا يوجد اتصال بالشبكة، فلم يُرسل شيء."


def test_a_lesson_that_is_finished_without_a_line_stays_and_says_that_nothing_was_sent(academy, person):
    """R3: offline, done, told; online, done again, and it is done."""
    learner = person().sign_in(demo.EMPLOYEE)
    lesson = Home.of(learner).go_on()
    address = learner.path
    learner.page.context.set_offline(True)
    lesson.press(".stepper form button")
    notice = learner.page.locator(".no-line")
    expect(notice).to_contain_text(NOTHING_SENT)
    assert learner.path == address
    learner.page.context.set_offline(False)
    expect(notice).to_have_count(0)
    assert not lesson.is_done
    lesson.complete().check()
    learner.open(address)
    assert lesson.is_done


def test_what_was_typed_without_a_line_is_not_lost_and_still_guarded(academy, person):
    """R3: a browser that says it is offline while the academy answers hinders nobody either."""
    admin = person().sign_in(demo.ADMINISTRATOR).open("/admin/settings")
    field = admin.page.locator("input[name=short_name-ar]")
    field.fill("أكاديمية الخط")
    admin.page.context.set_offline(True)
    admin.press(admin.page.get_by_role("button", name=arabic("Save"), exact=True))
    expect(admin.page.locator(".no-line")).to_contain_text(NOTHING_SENT)
    admin.page.locator(".no-line [data-close]").click()
    expect(admin.page.locator(".no-line")).to_have_count(0)
    expect(field).to_have_value("أكاديمية الخط")
    admin.page.context.set_offline(False)
    admin.page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    admin.press(admin.page.get_by_role("button", name=arabic("Save"), exact=True))
    expect(admin.page.locator("#flashes")).to_contain_text(arabic("Saved."))
    expect(field).to_have_value("أكاديمية الخط")


def test_a_file_field_speaks_the_language_of_the_page(person):
    """The browser is English: what stands on the field is the page's, the field itself answers fingers, keys and scripts."""
    admin = person(locale="en-GB").sign_in(demo.ADMINISTRATOR).open("/admin/people/import")
    # Held all along: to switch the catching off and on again loses the second chooser now and then.
    admin.page.on("filechooser", lambda _: None)
    box = admin.page.locator(".file-box")
    expect(box).to_contain_text(arabic("Choose file"))
    expect(box).to_contain_text(arabic("No file chosen"))
    with admin.page.expect_file_chooser() as chosen:
        box.click()
    chosen.value.set_files({"name": "people-2026.csv", "mimeType": "text/csv", "buffer": b"name_ar,email\n"})
    expect(box).to_contain_text("people-2026.csv")
    admin.page.locator("input[type=file]").focus()
    with admin.page.expect_file_chooser():
        admin.page.keyboard.press("Enter")
    admin.check()
