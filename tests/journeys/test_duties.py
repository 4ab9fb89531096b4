"""A rule of duties from the first word to the first duty, in a browser, in both languages."""

import pytest

from academy.devdata import accounts as demo
from tests.journeys.visitor import NARROW, WIDE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "size", "look", "apply", "said"),
    [
        ("ar", WIDE, "عرض من تشملهم", "تطبيق القاعدة", "القاعدة سارية"),
        ("en", NARROW, "Look at whom it concerns", "Put into effect", "The rule is in effect"),
    ],
)
def test_an_administrator_writes_a_rule_and_puts_it_into_effect(academy, person, language, size, look, apply, said):
    """CA5"""
    visitor = person(WIDE).sign_in(demo.ADMINISTRATOR)
    visitor.open("/account").speak(language)
    visitor.page.set_viewport_size(size)
    visitor.open("/manage/duties/new/1")
    page = visitor.page
    page.fill("[name=name-ar]", "قاعدة جديدة للمستجدين")
    page.fill("[name=name-en]", "A new rule for newcomers")
    page.check("[name=due_kind][value=working_days]")
    page.fill("[name=due_count]", "10")
    page.fill("[name=joined_within_number]", "30")
    page.get_by_role("button", name=look).click()
    page.get_by_role("button", name=apply).click()
    assert said in page.inner_text("main")
