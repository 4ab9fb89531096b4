"""An administrator prepares: a framework, a role profile and an announcement, each looked at before it holds, in both languages."""

import pytest

from academy.devdata import accounts as demo
from tests.journeys.visitor import NARROW, WIDE
from tests.turns import turn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LEVEL = {"ar": "المستوى", "en": "Level"}


SPOKEN = [("ar", WIDE), ("ar", NARROW), ("en", NARROW), ("en", WIDE)]


@pytest.mark.parametrize(("language", "size"), turn(SPOKEN, 0, 2))
def test_an_administrator_publishes_a_framework_a_profile_and_an_announcement(academy, person, language, size):
    """CM1, CM2, NO7: nothing holds before its preview was seen; every page on the way is accessible and in one column."""
    boss = person(WIDE).sign_in(demo.ADMINISTRATOR)
    boss.open("/account").speak(language)
    boss.page.set_viewport_size(size)
    name = f"{language}-{size['width']}"
    _publish_framework(boss, name)
    _publish_profile(boss)
    _announce(boss, name)
    assert boss.language == language


def _publish_framework(boss, name):
    boss.open("/manage/frameworks/cx")
    if boss.page.locator("form[action$='/draft'] button").count():
        boss.press("form[action$='/draft'] button")
        boss.page.wait_for_selector("a[href$='/publish']")
    boss.open("/manage/frameworks/cx/details")
    boss.page.fill("[name=label]", f"2.0 {name}")
    boss.page.fill("[name=title-ar]", f"إطار {name}")
    boss.page.fill("[name=title-en]", f"Framework {name}")
    boss.press("form[action$='/details'] button[type=submit]")
    boss.page.wait_for_url(lambda address: not address.endswith("/details"))
    boss.open("/manage/frameworks/cx/publish")
    assert name in boss.page.inner_text("main")
    boss.check()
    boss.press("form[action$='/publish'] button[type=submit]")
    boss.page.wait_for_url(lambda address: not address.endswith("/publish"))
    boss.open("/manage/frameworks/cx/versions")
    assert f"2.0 {name}" in boss.page.inner_text("main")
    boss.check()


def _publish_profile(boss):
    boss.open("/manage/role-profiles/frontline")
    chosen = boss.page.locator("[name='level-D2.5']")
    level = "2" if chosen.input_value() != "2" else "1"
    chosen.select_option(level)
    boss.press("form[action$='/frontline'] button[type=submit]")
    boss.page.wait_for_url(lambda address: address.endswith("/publish"))
    assert "D2.5" in boss.page.inner_text("main") and f"{LEVEL[boss.language]} {level}" in boss.page.inner_text("main")
    boss.check()
    boss.press("form[action$='/publish'] button[type=submit]")
    boss.page.wait_for_url(lambda address: not address.endswith("/publish"))
    boss.open("/manage/role-profiles/frontline")
    assert boss.page.locator("[name='level-D2.5']").input_value() == level


def _announce(boss, name):
    boss.open("/admin/announcements/new")
    for field, said in {
        "title-ar": "إعلان",
        "title-en": "News",
        "text-ar": "نص الإعلان",
        "text-en": "The words",
    }.items():
        boss.page.fill(f"[name={field}]", f"{said} {name}")
    boss.press("form:has([name=title-ar]) button[type=submit]")
    boss.page.wait_for_selector("form[action$='/publish'] button")
    boss.check()
    boss.press("form[action$='/publish'] button")
    if boss.page.locator("dialog[open]").count():
        boss.press("dialog[open] button.btn-primary")
    boss.page.wait_for_selector("form[action$='/withdraw']")
    boss.open("/announcements")
    assert name in boss.page.inner_text("main")
    boss.check()
