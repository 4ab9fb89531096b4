"""The report builder with the keyboard and on a phone: built step by step, filtered, grouped, drawn, taken away."""

import pytest
from playwright.sync_api import expect

from academy.devdata import accounts as demo
from tests.journeys.knowing import arabic

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.mark.parametrize("width", [1360, 390])
def test_a_manager_builds_a_report_step_by_step(academy, person, width):
    """RE4: every step is a plain form; the keyboard alone suffices, in both languages, wide and narrow."""
    manager = person(viewport={"width": width, "height": 844}).sign_in(demo.MANAGER).speak("ar")
    page = manager.page
    manager.open("/reports/new")
    page.get_by_label(arabic("Name of the report")).fill("متابعة الفريق")
    page.locator("input[name=dataset][value=enrolments]").check()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(arabic("Columns of the report"))
    manager.check()
    first = page.locator(".report-columns li").first.get_attribute("id")
    page.locator("button[value^='down:']").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".report-columns li").nth(1)).to_have_id(first)
    page.locator("form .btn-primary").first.press("Enter")
    expect(page.locator("h1")).to_have_text("متابعة الفريق")
    manager.check()
    manager.open(page.url.removeprefix(academy.url) + "/filter")
    page.locator("select[name='add-r']").select_option("state")
    page.locator("button[value='condition:r']").press("Enter")
    page.locator("input[name='value-r.0'][value=completed]").check()
    manager.check()
    page.locator("form .btn-primary[value=save]").press("Enter")
    expect(page.locator(".report-said")).to_contain_text(arabic("Completed"))
    manager.open(page.url.removeprefix(academy.url) + "/groups")
    page.locator("[name=first]").select_option("course")
    page.locator("[name=figure_1]").select_option("count:")
    page.locator("[name=chart]").select_option("bar")
    page.locator("form .btn-primary").first.press("Enter")
    expect(page.locator("table tbody tr").first).to_be_visible()
    manager.check()
    manager.speak("en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    manager.check()
